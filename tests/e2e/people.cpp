#include <doctest/doctest.h>
#include <fmt/format.h>
#include <httplib.h>

#include <boost/json.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <sstream>

#include "tests/support/lobby.hpp"

// The simulated people at a real daemon: a short run of a fast day has everything that a hall knows.

namespace {

using namespace lobby::tests;
using boost::json::object;

/// Windows without units, kiosks without printers, and one service of each kind.
std::string busy_site() {
  std::string text = bare_site(8, 44);
  const auto add = [&](const char* id, const char* prefix, const char* more) {
    text += fmt::format(
        "[[service]]\nid = \"{}\"\nname = \"业务\"\nzone = \"A\"\nprefix = \"{}\"\nfirst = 1\nlast = "
        "9999\nhours = "
        "\"always\"\n{}\n",
        id, prefix, more);
  };
  add("ask", "J", "kind = \"inquiry\"");
  add("give", "K", "kind = \"collect\"");
  add("booked", "L", "slots = {hours = \"always\", every_min = 5, capacity = 6}");
  add("once", "N", "one_per_person = true");
  add("both", "D", "steps = [\"s1\", \"s2\"]");
  for (int i = 45; i <= 50; ++i) {
    text += fmt::format(
        "[[window]]\nid = \"w{0}\"\nnumber = {0}\nname = \"窗口\"\nzone = \"A\"\nservices = [\"once\", "
        "\"booked\", "
        "\"ask\", \"give\"]\n",
        i);
  }
  return text + "[rules]\nrecall_least_s = 0\n";
}

/// What is to be seen in the journal, each with the event that shows it.
const std::map<std::string, std::function<bool(const object&)>>& signs() {
  const auto is = [](const object& event, std::string_view type) {
    return event.at("type").get_string() == type;
  };
  const auto has = [](const object& event, std::string_view name, std::string_view word) {
    const auto* value = event.if_contains(name);
    return value != nullptr && value->is_string() && value->get_string() == word;
  };
  const auto issued = [=](std::string_view lane) {
    return [=](const object& event) { return is(event, "TicketIssued") && has(event, "lane", lane); };
  };
  const auto with = [=](std::string_view type, std::string_view field) {
    return [=](const object& event) { return is(event, type) && event.contains(field); };
  };
  const auto of_kind = [=](std::string_view type, std::string_view field, std::string_view word) {
    return [=](const object& event) { return is(event, type) && has(event, field, word); };
  };
  const auto any = [=](std::string_view type) {
    return [=](const object& event) { return is(event, type); };
  };
  static const std::map<std::string, std::function<bool(const object&)>> all{
      {"elderly", issued("elderly")},
      {"pregnant", issued("pregnant")},
      {"agent", issued("agent")},
      {"green, granted by somebody",
       [=](const object& event) { return issued("green")(event) && event.contains("granted_by"); }},
      {"appointment booked", any("AppointmentBooked")},
      {"appointment checked in", with("TicketIssued", "appointment")},
      {"package", with("TicketIssued", "package")},
      {"next step of a package", with("TicketTransferred", "next_step")},
      {"recall", any("TicketRecalled")},
      {"no-show", any("TicketNoShow")},
      {"reinstated", any("TicketReinstated")},
      {"held away", of_kind("TicketHeld", "kind", "away")},
      {"held with papers", of_kind("TicketHeld", "kind", "with_papers")},
      {"held waiting", of_kind("TicketHeld", "kind", "waiting")},
      {"resumed", any("TicketResumed")},
      {"transferred to a service", with("TicketTransferred", "to_service")},
      {"transferred to a window", with("TicketTransferred", "to_window")},
      {"transferred to the head", of_kind("TicketTransferred", "place", "head")},
      {"transferred to the tail", of_kind("TicketTransferred", "place", "tail")},
      {"served without a ticket",
       [=](const object& event) { return is(event, "ServiceStarted") && event.at("ticket") == 0; }},
      {"licence collected", with("TicketIssued", "case_tail")},
      {"notified with a slip", with("ServiceFinished", "notice_slip_no")},
      {"back with the slip", with("TicketIssued", "notice_slip_no")},
      {"pause with whereabouts", with("WindowPaused", "message")},
      {"pause with its end", with("WindowPaused", "back_at")},
      {"pause over", any("WindowResumed")},
      {"taken over", with("WindowOpened", "took_over_from")},
      {"rated at the keypad", of_kind("ServiceRated", "via", "keypad")},
      {"rated at a screen", of_kind("ServiceRated", "via", "screen")},
      {"rated by a code", of_kind("ServiceRated", "via", "qr")},
  };
  return all;
}

struct Day {
  TemporaryFolder folder;
  std::string site = folder.path() + "/site.toml";
  std::string state = folder.path() + "/state";
  std::unique_ptr<Daemon> daemon;
  std::unique_ptr<Process> simulator;
  std::string control;
  std::uint64_t last = 0;
  std::map<std::string, int> events;
  int collected = 0;
  std::set<std::string> unseen;

  Day() {
    constexpr const char* monday = "2026-03-16T09:55:00+08:00";
    write_file(site, busy_site());
    make_accounts(state);
    daemon = std::make_unique<Daemon>(site, state, monday);
    simulator = std::make_unique<Process>(
        std::vector<std::string>{std::string(LOBBY_BIN_DIR) + "/lobby-sim", "--site", site, "--control",
                                 "127.0.0.1:0", "--clock", monday, "--people", "600", "--server",
                                 "http://" + daemon->address(), "--token-dir", state + "/demo-tokens"},
        folder.path() + "/sim.log");
    const auto line = simulator->line();
    REQUIRE(line);
    control = line->substr(std::string("ready ").size());
    for (const auto& [name, unused] : signs()) {
      unseen.insert(name);
    }
  }
  boost::json::value people() const {
    httplib::Client client(control);
    return boost::json::parse(client.Get("/sim/people")->body);
  }
  void send_home() const {
    httplib::Client client(control);
    REQUIRE(client.Post("/sim/people", R"({"speed":0})", "application/json")->status == 200);
  }
  /// What has happened since the last time.
  void read() {
    for (bool more = true; more;) {
      std::istringstream lines(
          daemon->client("supervisor").get(fmt::format("/journal?after={}&limit=1000", last)).body);
      more = false;
      for (std::string line; std::getline(lines, line);) {
        more = true;
        const object event = boost::json::parse(line).as_object();
        last = event.at("seq").to_number<std::uint64_t>();
        ++events[event.at("type").as_string().c_str()];
        collected += event.contains("case_tail") && event.at("type") == "TicketIssued" ? 1 : 0;
        std::erase_if(unseen, [&](const std::string& name) { return signs().at(name)(event); });
      }
    }
  }
};

int sum(const boost::json::value& codes) {
  int all = 0;
  for (const auto& [code, count] : codes.as_object()) {
    all += count.to_number<int>();
  }
  return all;
}

}  // namespace

TEST_CASE("a fast day shows everything that a hall knows, and what people counted is what the journal has") {
  Day day;
  std::mutex mutex;
  std::condition_variable never;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(45);
  do {
    std::unique_lock lock(mutex);
    never.wait_for(lock, std::chrono::milliseconds(200));
    day.read();
  } while (!day.unseen.empty() && std::chrono::steady_clock::now() < until);
  for (const std::string& name : day.unseen) {
    FAIL_CHECK(name);
  }
  day.send_home();
  day.read();
  const auto people = day.people();
  const auto said = [&](const char* what) { return people.at(what).to_number<int>(); };
  CHECK(said("issued") == day.events["TicketIssued"] - day.collected);
  CHECK(said("arrived") == said("issued") + said("left") + sum(people.at("refused")));
  CHECK(said("collected") == day.collected);
  CHECK(said("booked") == day.events["AppointmentBooked"]);
  CHECK(said("recalled") == day.events["TicketRecalled"]);
  CHECK(said("rated") == day.events["ServiceRated"]);
  CHECK(said("resumed_held") == day.events["TicketResumed"]);
  CHECK(said("reinstated") == day.events["TicketReinstated"]);
  // Nothing is asked that no clerk or kiosk could mean.
  const auto codes = people.at("clerk_refused").as_object();
  for (const char* nonsense :
       {"bad_request", "400", "403", "forbidden", "not_found", "unauthorized", "unreachable"}) {
    CHECK_MESSAGE(!codes.contains(nonsense), nonsense);
    CHECK_MESSAGE(!people.at("refused").as_object().contains(nonsense), nonsense);
  }
  MESSAGE(boost::json::serialize(people));
}
