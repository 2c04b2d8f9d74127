#include "daemon/hall/upstream.hpp"

#include <algorithm>

#include "daemon/hall/limits.hpp"

namespace lobby::hall {
namespace {

void take(std::string& mine, const std::string& theirs) {
  if (!theirs.empty()) {
    mine = theirs;
  }
}

void complete(Matter& matter, const std::vector<UpstreamMatter>& upstream) {
  const auto found =
      std::lower_bound(upstream.begin(), upstream.end(), matter.code,
                       [](const UpstreamMatter& a, const std::string& code) { return a.code < code; });
  if (matter.code.empty() || found == upstream.end() || found->code != matter.code) {
    return;
  }
  take(matter.name, found->name);
  take(matter.promised_limit, found->promised_limit);
  take(matter.statutory_limit, found->statutory_limit);
  take(matter.fee, found->fee);
  take(matter.guide_url, found->guide_url);
  if (matter.short_name.empty()) {
    matter.short_name = found->short_name;
  }
}

}  // namespace

Catalogue completed(Catalogue site, const UpstreamCatalogue& upstream) {
  for (ServiceGroup& group : site.groups) {
    for (Department& department : group.departments) {
      for (Matter& matter : department.matters) {
        complete(matter, upstream.matters);
      }
    }
  }
  for (const Badge& badge : upstream.staff) {
    const auto same = [&badge](const Badge& own) { return own.staff_no == badge.staff_no; };
    if (std::none_of(site.staff.begin(), site.staff.end(), same)) {
      site.staff.push_back(badge);
      if (site.staff_by_number) {
        site.staff.back().name.clear();
      }
    }
  }
  return site;
}

std::string limit_wording(std::string_view limit) {
  const auto read = parse_limit(limit);
  if (!read) {
    return {};
  }
  const std::string n = std::to_string(read->n);
  switch (read->unit) {
    case LimitUnit::workday:
      return n + "个工作日";
    case LimitUnit::day:
      return n + "天";
    case LimitUnit::hour:
      return n + "小时";
    case LimitUnit::immediate:
      return "即办";
    case LimitUnit::none:
      break;
  }
  return {};
}

}  // namespace lobby::hall
