// The server against the contract's table of window states, as a script at a window sees it.
#include <doctest/doctest.h>

#include <optional>

#include "tests/api/house.hpp"
#include "tests/hall/window_table.hpp"

using lobby::fakes::House;
using lobby::fakes::naming;
using lobby::fakes::Reply;
using lobby::hall::testing::looks_of;
using lobby::hall::testing::window_cells;
using lobby::hall::testing::WindowCell;
using lobby::hall::testing::WindowLooks;
namespace json = boost::json;

namespace {

Reply act(House& house, const std::string& window, const std::string& what, const std::string& body = "") {
  return house.post("/api/v1/windows/" + window + "/" + what, "clerk", body);
}

void must(House& house, const std::string& window, const std::string& what, const std::string& body = "") {
  const auto reply = act(house, window, what, body);
  REQUIRE_MESSAGE(reply.status == 200, what << ": " << reply.body);
}

std::uint64_t ticket(House& house) {
  const auto reply = house.post("/api/v1/tickets", "clerk", R"({"service":"social"})");
  REQUIRE_MESSAGE(reply.status == 201, reply.body);
  return reply.json().at("id").to_number<std::uint64_t>();
}

struct Tickets {
  std::uint64_t held = 0, waiting = 0;
};

/// Brings w4 to the state of a column.
void bring(House& house, const std::string& column) {
  const bool paused = column.starts_with("p-");
  const std::string state = paused ? column.substr(2) : column;
  if (state != "closed") {
    must(house, "w4", "open", R"({"clerk":"zhang"})");
  }
  if (state == "walk-in") {
    must(house, "w4", "start", R"({"service":"visa"})");
  } else if (state == "called" || state == "serving") {
    must(house, "w4", "call-next");
  }
  if (state == "serving") {
    must(house, "w4", "start");
  }
  if (paused) {
    must(house, "w4", "pause", R"({"reason":"lunch"})");
  }
}

Tickets prepare(House& house, const WindowCell& cell) {
  Tickets tickets;
  must(house, "w2", "open", R"({"clerk":"wang"})");
  tickets.held = ticket(house);
  must(house, "w2", "call", naming(tickets.held));
  must(house, "w2", "hold");
  ticket(house);
  if (cell.call == "rate-last") {
    must(house, "w4", "open", R"({"clerk":"zhang"})");
    must(house, "w4", "call-next");
    must(house, "w4", "finish");
    must(house, "w4", "close");
    ticket(house);
  }
  bring(house, cell.before);
  tickets.waiting = ticket(house);
  house.backend.pass(30);  // a recall is not made in a breath
  return tickets;
}

/// The path and the body of a call.
std::pair<std::string, std::string> request_of(const std::string& call, const Tickets& tickets) {
  const std::map<std::string, std::pair<std::string, std::string>> bodies{
      {"open", {"open", R"({"clerk":"li"})"}},
      {"call", {"call", naming(tickets.waiting)}},
      {"resume-held", {"resume-held", naming(tickets.held)}},
      {"collect", {"collect", R"({"case_tail":"0123"})"}},
      {"start-service", {"start", R"({"service":"visa"})"}},
      {"transfer-service", {"transfer", R"({"service":"visa"})"}},
      {"transfer-window", {"transfer", R"({"window":"w2"})"}},
      {"pause", {"pause", R"({"reason":"break"})"}},
      {"take-over", {"take-over", R"({"clerk":"li"})"}},
      {"rate", {"rate", R"({"score":"good","by":"screen"})"}},
      {"rate-last", {"rate", R"({"score":"good","by":"screen"})"}}};
  const auto named = bodies.find(call);
  return named == bodies.end() ? std::pair{call, std::string{}} : named->second;
}

WindowLooks looks(const json::value& window) {
  const auto& view = window.as_object();
  return {.state = std::string(view.at("state").as_string()),
          .ticket = !view.at("ticket").is_null(),
          .walk_in = view.contains("walk_in")};
}

json::value window_now(House& house) {
  return house.get("/api/v1/hall", "screen").json().at("windows").at(3);
}

std::optional<std::uint64_t> ticket_at_window(House& house) {
  const auto window = window_now(house);
  const auto& there = window.at("ticket");
  return there.is_null() ? std::nullopt
                         : std::optional(there.is_object() ? there.at("id").to_number<std::uint64_t>()
                                                           : there.to_number<std::uint64_t>());
}

void check(House& house, const WindowCell& cell, const Tickets& tickets) {
  const auto [what, body] = request_of(cell.call, tickets);
  const auto there = ticket_at_window(house);
  const auto events = house.backend.journal().size();
  const auto reply = act(house, "w4", what, body);
  INFO(reply.body);
  if (!cell.refused.empty()) {
    CHECK(reply.status == 409);
    CHECK(reply.code() == cell.refused);
    CHECK(house.backend.journal().size() == events);
    CHECK(looks(window_now(house)) == looks_of(cell.before));
    return;
  }
  REQUIRE(reply.status == 200);
  CHECK(looks(reply.json()) == looks_of(cell.after));
  CHECK(looks(window_now(house)) == looks_of(cell.after));
  const auto becomes = lobby::hall::testing::ticket_becomes.find(cell.call);
  if (there && becomes != lobby::hall::testing::ticket_becomes.end()) {
    const auto now = house.get("/api/v1/tickets/" + std::to_string(*there), "clerk").json();
    CHECK(now.at("state").as_string() == becomes->second);
  }
}

}  // namespace

TEST_CASE("the window table through the server, every state and every call") {
  House house;
  for (const WindowCell& cell : window_cells(lobby::hall::testing::window_table_text)) {
    CAPTURE(cell.call);
    CAPTURE(cell.before);
    // Each on a day of its own, which begins with every window closed and nobody in the hall.
    house.backend.pass(std::int64_t{24} * 3600);
    house.backend.happen(lobby::hall::TurnDay{});
    const Tickets tickets = prepare(house, cell);
    check(house, cell, tickets);
  }
}
