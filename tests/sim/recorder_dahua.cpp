#include "tests/sim/recorder_dahua.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lobby::sim {
namespace {

constexpr std::chrono::hours dahua_zone{8};
constexpr std::size_t most_finders_at_once = 8;

HttpReply dahua_text(std::string body, int status = 200) {
  return {status, std::move(body), "text/plain;charset=utf-8", {}};
}

/// A value of the query, as it stands there.
std::string query_value(const std::string& target, const std::string& name) {
  for (const char lead : {'?', '&'}) {
    const auto at = target.find(lead + name + "=");
    if (at != std::string::npos) {
      const auto begin = at + name.size() + 2;
      return target.substr(begin, target.find('&', begin) - begin);
    }
  }
  return {};
}

/// As firmware told it that was seen to call its modes by names.
std::string mode_name(const std::string& mode) {
  return mode == "0" ? "Auto" : mode == "1" ? "Manual" : "Off";
}

}  // namespace

bool DahuaRecorder::can_have(Fault fault) const {
  constexpr Fault all[] = {Fault::unwritten,  Fault::no_picture,   Fault::no_disk,     Fault::no_state,
                           Fault::mode_names, Fault::stale,        Fault::nonce_once,  Fault::lock_out,
                           Fault::lie,        Fault::clock,        Fault::login_page,  Fault::garbage,
                           Fault::busy,       Fault::error_inside, Fault::unauthorised};
  return std::find(std::begin(all), std::end(all), fault) != std::end(all);
}

void DahuaRecorder::describe(boost::json::object& out) const {
  out["mode"] = mode_;
  out["finders"] = finders_.size();
}

void DahuaRecorder::set_mode(std::string mode) {
  mode_ = std::move(mode);
  settle();
}

RecorderTime DahuaRecorder::local(RecorderTime at) const {
  return its_time(at) + dahua_zone;
}

HttpReply DahuaRecorder::configuration(const std::string& target) {
  const std::string set = "/cgi-bin/configManager.cgi?action=setConfig&RecordMode[0].Mode=";
  if (target.starts_with(set)) {
    const auto wanted = target.substr(set.size());
    if (has(Fault::error_inside) || (wanted != "0" && wanted != "1" && wanted != "2")) {
      return dahua_text("Error\r\nBad Request!\r\n");
    }
    if (has(Fault::busy)) {
      return dahua_text("Error\r\nBusy\r\n", 503);
    }
    if (!has(Fault::lie) && !habits.keeps_mode) {
      mode_ = wanted;
    }
    return dahua_text("OK\r\n");
  }
  if (target != "/cgi-bin/configManager.cgi?action=getConfig&name=RecordMode" || !habits.tells_mode) {
    return dahua_text("Error\r\n", 500);
  }
  // Who lies of an order says what he was told, too.
  return dahua_text(fmt::format(
      "table.RecordMode[0].Mode={}\r\ntable.RecordMode[0].ModeExtra1=2\r\ntable.RecordMode[1].Mode=0\r\n",
      has(Fault::lie)          ? "1"
      : has(Fault::mode_names) ? mode_name(mode_)
                               : mode_));
}

HttpReply DahuaRecorder::find(const std::string& target, Window& window) const {
  const auto from = parse_recorder_time(query_value(target, "condition.StartTime"));
  const auto until = parse_recorder_time(query_value(target, "condition.EndTime"));
  // Channels count from 1 here, from 0 in the configuration.
  if (!from || !until || query_value(target, "condition.Channel") != "1") {
    return dahua_text("Error\r\nBad Request!\r\n", 400);
  }
  window = {*from, *until, false};
  return dahua_text("OK\r\n");
}

HttpReply DahuaRecorder::next(Window& window) const {
  std::string items;
  std::size_t count = 0;
  for (const Segment& one : segments()) {
    const auto begin = local(one.begin);
    const auto end = local(one.end.value_or(now()));
    if (window.is_told || end <= window.from || begin >= window.until) {
      continue;
    }
    items += fmt::format(
        "items[{0}].Channel=1\r\nitems[{0}].StartTime={1}\r\nitems[{0}].EndTime={2}\r\n"
        "items[{0}].Type=dav\r\nitems[{0}].VideoStream=Main\r\n",
        count++, blank_text(begin), blank_text(end));
  }
  window.is_told = true;
  return dahua_text(fmt::format("found={}\r\n{}", count, items));
}

HttpReply DahuaRecorder::files(const std::string& target) {
  const auto action = query_value(target, "action");
  if (action == "factory.create") {
    if (finders_.size() >= most_finders_at_once) {
      return dahua_text("Error\r\nNo more finders\r\n", 500);
    }
    const auto number = fmt::format("{:05}", ++made_);
    finders_[number] = {};
    most_finders_ = std::max(most_finders_, finders_.size());
    return dahua_text("result=" + number + "\r\n");
  }
  const auto finder = finders_.find(query_value(target, "object"));
  if (finder == finders_.end()) {
    return dahua_text("Error\r\nBad Request!\r\n", 400);
  }
  if (action == "findFile") {
    return find(target, finder->second);
  }
  if (action == "findNextFile") {
    return next(finder->second);
  }
  if (action == "destroy") {
    finders_.erase(finder);
  }
  return dahua_text("OK\r\n");
}

HttpReply DahuaRecorder::event(const std::string& target) const {
  const auto code = query_value(target, "code");
  const bool holds = code == "VideoLoss"         ? has(Fault::no_picture)
                     : code == "StorageNotExist" ? has(Fault::no_disk)
                                                 : false;
  return holds ? dahua_text("channels[0]=0\r\n") : dahua_text("Error: No Events\r\n", 400);
}

HttpReply DahuaRecorder::reply_to(const HttpAsk& ask) {
  const auto& target = ask.target;
  if (target.starts_with("/cgi-bin/configManager.cgi?")) {
    return configuration(target);
  }
  if (target.starts_with("/cgi-bin/mediaFileFind.cgi?")) {
    return files(target);
  }
  if (target.starts_with("/cgi-bin/eventManager.cgi?action=getEventIndexes&")) {
    return event(target);
  }
  if (target == "/cgi-bin/api/recordManager/getStateAll" && ask.method == "POST" && ask.body == "{}") {
    const bool says = is_ordered() || has(Fault::lie);
    return has(Fault::no_state)
               ? dahua_text("Error\r\nNot Implemented!\r\n", 501)
               : HttpReply{200,
                           fmt::format("{{\"state\":[{{\"Main\":{{\"State\":{}}}}}]}}", says ? 1 : 0),
                           "application/json",
                           {}};
  }
  if (target == "/cgi-bin/global.cgi?action=getCurrentTime") {
    return dahua_text("result=" + blank_text(local(now())) + "\r\n");
  }
  if (target == "/cgi-bin/magicBox.cgi?action=getSoftwareVersion") {
    return dahua_text("version=4.001.0000000.3,build:2022-09-22\r\n");
  }
  return dahua_text("Error\r\nNot Found\r\n", 404);
}

}  // namespace lobby::sim
