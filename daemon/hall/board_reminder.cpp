#include "daemon/hall/board_reminder.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace lobby::hall {
namespace {

/// FNV-1a over fields, each with its end.
class Mark {
 public:
  void add(std::string_view text) {
    for (const char c : text) {
      take(static_cast<unsigned char>(c));
    }
    take(0xFF);  // in no UTF-8
  }
  void add(std::int64_t number) { add(std::to_string(number)); }
  void add(const WeekHours& week) {
    for (const auto& day : week) {
      for (const Hours& hours : day) {
        add(std::int64_t{hours.from});
        add(std::int64_t{hours.to});
      }
      add("");
    }
  }
  std::string text() const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (int shift = 60; shift >= 0; shift -= 4) {
      out += digits[sum_ >> static_cast<unsigned>(shift) & 0xFU];
    }
    return out;
  }

 private:
  void take(std::uint64_t byte) { sum_ = (sum_ ^ byte) * 0x100000001b3; }
  std::uint64_t sum_ = 0xcbf29ce484222325;
};

void add(Mark& mark, const Matter& matter) {
  for (const auto& text : {matter.code, matter.name, matter.short_name, matter.promised_limit,
                           matter.statutory_limit, matter.fee, matter.service.value}) {
    mark.add(text);
  }
}

bool is_after(const std::optional<Instant>& moved, const std::optional<Instant>& looked) {
  return moved && (!looked || moved->utc_ms > looked->utc_ms);
}

std::optional<Instant> later(const std::optional<Instant>& a, const std::optional<Instant>& b) {
  return is_after(b, a) ? b : a;
}

std::optional<Instant> checked_at(const State& state, const DeviceId& board) {
  const auto& checks = state.catalogue.checks;
  const auto found =
      std::find_if(checks.begin(), checks.end(), [&board](const auto& one) { return one.board == board; });
  return found == checks.end() ? std::nullopt : std::optional(found->at);
}

bool has_notice_on(const Site& site, Date today) {
  const auto& notices = site.catalogue.notices;
  return std::any_of(notices.begin(), notices.end(), [today](const PublicNotice& notice) {
    return (notice.from == Date{} || notice.from <= today) &&
           (notice.until == Date{} || notice.until >= today);
  });
}

}  // namespace

std::string catalogue_mark(const Site& site) {
  Mark mark;
  for (const auto& group : site.catalogue.groups) {
    mark.add(group.name);
    for (const auto& department : group.departments) {
      mark.add(department.name);
      std::for_each(department.matters.begin(), department.matters.end(),
                    [&mark](const Matter& matter) { add(mark, matter); });
    }
  }
  for (const auto& service : site.services) {
    mark.add(service.id.value);
    mark.add(service.name);
    mark.add(service.hours);
    mark.add(service.extended);
  }
  for (const auto& window : site.windows) {
    mark.add(std::int64_t{window.number});
    mark.add(window.name);
    for (const auto& service : window.services) {
      mark.add(service.value);
    }
    mark.add("");
  }
  return mark.text();
}

bool is_checked(const State& state, const DeviceId& board) {
  const auto& watch = state.catalogue;
  return !is_after(later(watch.site_moved, watch.above_moved), checked_at(state, board));
}

std::optional<OldWords> old_words(const Site& site, const State& state, const DeviceId& board,
                                  const HandPages& pages, Instant now) {
  const auto& watch = state.catalogue;
  const auto checked = checked_at(state, board);
  const auto moved = later(watch.site_moved, watch.above_moved);
  OldWords words;
  if (pages.texts && is_after(moved, checked)) {
    for (const BoardText& text : state.texts) {
      const bool is_up = text.board == board && !text.approved_by.empty() && !has_ended(text, now);
      if (is_up && is_after(moved, text.approved_at)) {
        words.texts.push_back(text.draft);
      }
    }
  }
  words.notices =
      pages.notices && is_after(watch.above_moved, checked) && has_notice_on(site, local_date(now));
  if (words.texts.empty() && !words.notices) {
    return std::nullopt;
  }
  words.since = words.texts.empty() ? *watch.above_moved : *moved;
  return words;
}

}  // namespace lobby::hall
