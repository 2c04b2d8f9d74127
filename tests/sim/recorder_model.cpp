#include "tests/sim/recorder_model.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace lobby::sim {
namespace {

struct DateParts {
  int year, month, day, hour, minute, second;
};

DateParts parts_of(RecorderTime at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - day));
  return {int(date.year()),
          static_cast<int>(unsigned(date.month())),
          static_cast<int>(unsigned(date.day())),
          static_cast<int>(time.hours().count()),
          static_cast<int>(time.minutes().count()),
          static_cast<int>(time.seconds().count())};
}

std::string text_of_time(RecorderTime at, char between) {
  const auto p = parts_of(at);
  return fmt::format("{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}", p.year, p.month, p.day, between, p.hour,
                     p.minute, p.second);
}

}  // namespace

std::string iso_text(RecorderTime at) {
  return text_of_time(at, 'T') + "Z";
}

std::string blank_text(RecorderTime at) {
  return text_of_time(at, ' ');
}

std::optional<RecorderTime> parse_recorder_time(std::string text) {
  if (const auto blank = text.find("%20"); blank != std::string::npos) {
    text.replace(blank, 3, " ");
  }
  DateParts p{};
  char between = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2d%c%2d:%2d:%2d", &p.year, &p.month, &p.day, &between, &p.hour,
                  &p.minute, &p.second) != 7 ||
      (between != 'T' && between != ' ')) {
    return std::nullopt;
  }
  using namespace std::chrono;
  const year_month_day date(year(p.year), month(static_cast<unsigned>(p.month)),
                            day(static_cast<unsigned>(p.day)));
  if (!date.ok()) {
    return std::nullopt;
  }
  return RecorderTime(sys_days(date)) + hours(p.hour) + minutes(p.minute) + seconds(p.second);
}

std::string between_tags(std::string_view xml, std::string_view name) {
  for (std::size_t at = xml.find(name); at != std::string_view::npos; at = xml.find(name, at + 1)) {
    const bool is_begun = at > 0 && (xml[at - 1] == '<' || xml[at - 1] == ':');
    const auto end = at + name.size();
    if (is_begun && end < xml.size() && (xml[end] == '>' || xml[end] == ' ')) {
      const auto begin = xml.find('>', end);
      if (begin == std::string_view::npos || xml[begin - 1] == '/') {
        return {};
      }
      return std::string(xml.substr(begin + 1, xml.find('<', begin) - begin - 1));
    }
  }
  return {};
}

RecorderTime RecorderModel::its_time(RecorderTime at) const {
  return has(Fault::clock) ? at + clock_ : at;
}

bool RecorderModel::writes() const {
  for (const Fault fault :
       {Fault::unwritten, Fault::no_picture, Fault::no_disk, Fault::still, Fault::freeze}) {
    if (has(fault)) {
      return false;
    }
  }
  return is_ordered();
}

void RecorderModel::settle() {
  if (writes() == is_recording()) {
    return;
  }
  if (is_recording()) {
    segments_.back().end = now();
  } else {
    segments_.push_back({now(), std::nullopt});
  }
  if (segments_.size() > most_segments) {
    segments_.erase(segments_.begin());
  }
}

HttpReply RecorderModel::answer(const HttpAsk& ask) {
  if (has(Fault::login_page)) {
    return {200, "<html><body><form>user <input name=\"u\"></form></body></html>", "text/html", {}};
  }
  if (has(Fault::garbage)) {
    return {200, "\x01\x7f<{[=&\xff", "application/octet-stream", {}};
  }
  if (has(Fault::refuse)) {
    return {503, "Service Unavailable", "text/plain", {}};
  }
  HttpReply reply = reply_to(ask);
  settle();
  return reply;
}

void RecorderModel::inject(Fault fault, milliseconds slow_by) {
  if (fault == Fault::power_cycle) {
    if (is_recording()) {
      segments_.back().end = now();
    }
    restart();
  } else {
    faults_.add(fault, slow_by);
  }
  settle();
}

void RecorderModel::mend(Fault fault) {
  faults_.remove(fault);
  settle();
}

void RecorderModel::mend_all() {
  faults_.clear();
  settle();
}

void RecorderModel::set_clock(milliseconds offset) {
  clock_ = offset;
}

}  // namespace lobby::sim
