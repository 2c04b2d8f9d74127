#include "daemon/feed/rows.hpp"

#include <utility>

#include "daemon/feed/envelope.hpp"
#include "daemon/feed/records.hpp"
#include "daemon/feed/row_reader.hpp"
#include "daemon/feed/strict_json.hpp"

namespace lobby::feed {
namespace {

namespace json = boost::json;

bool is_outside(const json::value& row, const Resource& resource, std::string_view area) {
  if (!resource.area || area.empty()) {
    return false;
  }
  for (const Pointer& pointer : resource.area->from) {
    const json::value* value = find(row, pointer);
    std::string code;
    if (value != nullptr && scalar_text(*value, code) && !code.empty()) {
      return resource.area->prefix ? !code.starts_with(area) : code != area;
    }
  }
  return !resource.area->keep_missing;
}

void skip(const char* why, Answer& out) {
  ++out.counts.skipped;
  ++out.findings.skipped[why];
}

void read_item(const json::value& item, const Reading& by, Answer& out) {
  if (!item.is_object()) {
    skip("not an object", out);
    return;
  }
  RowReader reader(by, item, out);
  std::string id = reader.id();
  if (id.empty()) {
    return;
  }
  const auto& deleted = by.resource.answer.deleted;
  if (deleted && is_true(find(item, *deleted))) {
    out.removed.push_back(std::move(id));
  } else if (is_outside(item, by.resource, by.scope.area)) {
    ++out.counts.outside_area;
    out.outside.push_back(std::move(id));
  } else {
    std::string line =
        by.resource.what == What::cases ? case_line(id, reader, by) : record_line(id, reader, by);
    if (line.size() > longest_line) {
      skip("longer than a line may be", out);
    } else {
      out.rows.push_back({std::move(id), std::move(line)});
    }
  }
}

}  // namespace

std::variant<Answer, AnswerFault> read_answer(const Mapping& mapping, const Resource& resource,
                                              const Scope& scope, std::string_view body) {
  auto opened = open_envelope(resource.answer, body);
  if (auto* fault = std::get_if<AnswerFault>(&opened)) {
    return std::move(*fault);
  }
  auto& envelope = std::get<Envelope>(opened);
  Answer out;
  out.items = envelope.items.size();
  out.total = envelope.total;
  out.partial = resource.answer.cursor.has_value();
  out.cursor = std::move(envelope.cursor);
  out.has_more = envelope.has_more;
  out.server_time_ms = envelope.server_time_ms;
  const Reading by{mapping, resource, scope};
  for (const json::value& item : envelope.items) {
    read_item(item, by, out);
  }
  return out;
}

}  // namespace lobby::feed
