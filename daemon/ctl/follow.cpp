#include "daemon/ctl/follow.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <ostream>
#include <sstream>
#include <thread>

#include "daemon/ctl/client.hpp"
#include "daemon/ctl/event_stream.hpp"
#include "daemon/ctl/refusal.hpp"
#include "daemon/ctl/table.hpp"
#include "daemon/ctl/tell.hpp"

namespace lobby::ctl {
namespace {

bool is_wanted(const std::string& types, const std::string& type) {
  return types.empty() || ("," + types + ",").find("," + type + ",") != std::string::npos;
}

void print(const ServerEvent& event, const Settings& settings, Console& console) {
  boost::system::error_code error;
  const auto value = boost::json::parse(event.data, error);
  if (settings.json) {
    console.out << event.data << "\n";
  } else if (event.type == "snapshot") {
    console.out << "        too far behind: the events up to " << printable(event.id) << " are left out\n";
  } else {
    console.out << (!error && value.is_object() ? tell(value.get_object()) : printable(event.data)) << "\n";
  }
  console.out << std::flush;
}

/// The journal's lines from `after` on, once.
Exit read_journal(const Arguments& given, const Settings& settings, Console& console) {
  const auto made = journal_request(given);
  if (const auto* misuse = std::get_if<Misuse>(&made)) {
    console.err << misuse->sentence << "\n";
    return Exit::usage;
  }
  const auto outcome = Client(settings.server, settings.token).send(std::get<Request>(made), {});
  if (const auto ended = refusal(outcome, settings, console)) {
    return *ended;
  }
  std::istringstream lines(std::get<Answer>(outcome).body);
  std::string line;
  while (std::getline(lines, line)) {
    boost::system::error_code error;
    const auto value = boost::json::parse(line, error);
    const std::string type =
        !error && value.is_object() ? plain(value.get_object().if_contains("type")) : std::string();
    if (is_wanted(given.one("types"), type)) {
      print({{}, type, line}, settings, console);
    }
  }
  return Exit::done;
}

std::string stream_path(const Arguments& given) {
  std::string path = "/api/v1/events";
  char mark = '?';
  for (const char* name : {"after", "types"}) {
    if (given.has(name)) {
      path += mark + std::string(name) + "=" + encode(given.one(name));
      mark = '&';
    }
  }
  return path;
}

}  // namespace

Exit follow_events(const Arguments& given, const Settings& settings, Console& console) {
  if (!given.has("follow")) {
    return read_journal(given, settings, console);
  }
  const auto checked = journal_request(given);
  if (const auto* misuse = std::get_if<Misuse>(&checked)) {
    console.err << misuse->sentence << "\n";
    return Exit::usage;
  }
  const Client client(settings.server, settings.token);
  EventStream events;
  bool was_connected = false;
  auto pause = std::chrono::milliseconds(200);
  while (console.out.good()) {
    bool readable = true;
    const auto outcome = client.stream(stream_path(given), events.last_id(), [&](std::string_view bytes) {
      was_connected = true;
      pause = std::chrono::milliseconds(200);
      readable = events.feed(bytes, [&](const ServerEvent& event) { print(event, settings, console); });
      return readable && console.out.good();
    });
    const bool answered = std::holds_alternative<Answer>(outcome);
    if (!readable || (answered && std::get<Answer>(outcome).status != 200) || (!answered && !was_connected)) {
      return refusal(outcome, settings, console).value_or(Exit::refused);
    }
    was_connected = true;
    events.restart();
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(5000));
  }
  return Exit::done;
}

}  // namespace lobby::ctl
