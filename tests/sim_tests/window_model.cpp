#include "tests/sim_tests/window_model.hpp"

#include <array>
#include <utility>

namespace lobby::sim {
namespace {

bool is_any(const std::string& word, std::initializer_list<std::string_view> of) {
  for (const std::string_view each : of) {
    if (word == each) {
      return true;
    }
  }
  return false;
}

}  // namespace

WindowModel::WindowModel() {
  hall.services = {{"s1", "ordinary", true, 1},
                   {"s2", "ordinary", true, 0},
                   {"ask", "inquiry", true, 0},
                   {"give", "collect", true, 0},
                   {"theirs", "tenant", true, 9}};
  hall.windows.resize(2);
  hall.windows[0].id = "w1";
  hall.windows[0].state = "closed";
  hall.windows[0].services = {"s1", "ask", "give"};
  hall.windows[0].waiting = 1;
  hall.windows[1].id = "w2";
  hall.windows[1].state = "idle";
  hall.windows[1].services = {"s1", "s2"};
}

std::string WindowModel::refusal(const std::string& verb, const boost::json::object& body) const {
  using States = std::set<std::string>;
  static const std::map<std::string, States> table{{"open", {"closed"}},
                                                   {"close", {"idle"}},
                                                   {"call-next", {"idle"}},
                                                   {"resume-held", {"idle"}},
                                                   {"collect", {"idle"}},
                                                   {"start a walk-in", {"idle"}},
                                                   {"start", {"called"}},
                                                   {"recall", {"called"}},
                                                   {"no-show", {"called"}},
                                                   {"finish", {"called", "serving"}},
                                                   {"hold", {"called", "serving"}},
                                                   {"transfer", {"called", "serving"}},
                                                   {"pause", {"idle", "called", "serving"}},
                                                   {"resume", {"paused"}},
                                                   {"take-over", {"idle", "called", "serving", "paused"}}};
  if (verb == "rate") {
    return rateable_ ? "" : "already_rated";
  }
  const auto row = table.find(verb == "start" && body.contains("service") ? "start a walk-in" : verb);
  const bool needs_ticket = verb == "hold" || verb == "transfer";
  if (row == table.end() || (needs_ticket && window().ticket == 0)) {
    return "no_ticket_at_window";
  }
  return row->second.contains(state()) ? "" : "wrong_state";
}

void WindowModel::come(std::uint64_t ticket) {
  hall.windows[0].ticket = ticket;
  hall.windows[0].state = "called";
  hall.windows[0].service = "s1";
}

void WindowModel::apply(const std::string& verb, const boost::json::object& body) {
  WindowSight& at = hall.windows[0];
  if (verb == "call-next" || verb == "collect") {
    come(++tickets_);
  } else if (verb == "resume-held") {
    const auto ticket = body.at("ticket").to_number<std::uint64_t>();
    held.erase(ticket);
    come(ticket);
  } else if (verb == "start") {
    at.walk_in = body.contains("service");
    at.state = "serving";
  } else if (verb == "pause") {
    before_pause_ = std::exchange(at.state, "paused");
  } else if (verb == "resume") {
    at.state = before_pause_;
  } else if (verb == "open") {
    at.state = "idle";
  } else if (verb == "close") {
    at.state = "closed";
  } else if (is_any(verb, {"finish", "no-show", "hold", "transfer"})) {
    if (verb == "hold") {
      held.insert(at.ticket);
    }
    rateable_ = verb == "finish" || rateable_;
    at.ticket = 0;
    at.walk_in = false;
    at.state = "idle";
  } else if (verb == "rate") {
    rateable_ = false;
  }
}

std::string WindowModel::ask(const std::string& verb, const boost::json::object& body) {
  ++asked[verb];
  last_body = body;
  std::string code = grudge(verb);
  if (code.empty()) {
    code = refusal(verb, body);
  }
  if (code.empty()) {
    ++done[verb];
    for (const auto& [name, value] : body) {
      words[name].insert(value.is_string() ? std::string(value.get_string()) : "a number");
    }
    apply(verb, body);
  }
  return code;
}

std::string WindowModel::press(const std::string& key) {
  const bool goes_on = key == "pause" && state() == "paused";
  return ask(key == "call" ? "call-next" : key == "no_show" ? "no-show" : goes_on ? "resume" : key, {});
}

}  // namespace lobby::sim
