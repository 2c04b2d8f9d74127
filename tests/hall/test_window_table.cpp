#include <set>
#include <type_traits>

#include "tests/hall/a_hall.hpp"
#include "tests/hall/window_table.hpp"

namespace window_table_tests {

// The hall against the contract's table of window states: whatever stands at a window, whatever is asked of
// it.

using namespace lobby::hall;
using testing::Hall;
using testing::looks_of;
using testing::window_cells;
using testing::WindowCell;
using testing::WindowLooks;

namespace {

const WindowId w1{"w1"};
const TicketId held{1};

/// Brings w1 to the state of a column that is not paused.
void bring(Hall& hall, const std::string& state) {
  if (state == "closed") {
    return;
  }
  hall.open("w1");
  if (state == "walk-in") {
    hall.must(StartService{.window = w1, .service = ServiceId{"social"}});
  } else if (state != "idle") {
    hall.must(CallNext{.window = w1});
    if (state == "serving") {
      hall.must(StartService{.window = w1});
    }
  }
}

/// w1 in the state of the column, w2 open and idle; ticket 1 is held, further ones wait. `served_before`:
/// somebody was finished at w1 who has not rated.
Hall hall_in(const std::string& column, bool served_before) {
  Hall hall;
  hall.site.services.push_back(testing::a_service("licences", "L", 1, 99));
  hall.site.services.back().kind = ServiceKind::collect;
  hall.site.windows[0].services = {{"social"}, {"licences"}};
  hall.open_day();
  hall.open("w2");
  REQUIRE(hall.issue("social") == held);
  hall.must(CallTicket{.window = {"w2"}, .ticket = held});
  hall.must(HoldTicket{.window = {"w2"}});
  hall.issue("social");
  if (served_before) {
    hall.open("w1");
    hall.must(CallNext{.window = w1});
    hall.must(FinishService{.window = w1, .case_no = {}, .notice_slip_no = {}});
    hall.must(CloseWindow{.window = w1});
    hall.issue("social");
  }
  const bool paused = column.starts_with("p-");
  bring(hall, paused ? column.substr(2) : column);
  if (paused) {
    hall.must(PauseWindow{.window = w1, .reason = "lunch", .message = "午休", .back_at = {}});
  }
  hall.issue("social");
  hall.issue("social");
  return hall;
}

Command command_of(const std::string& call, const Hall& hall) {
  const RateService rate{.window = w1, .score = Score::good, .via = RatedVia::screen};
  const std::map<std::string, Command> commands{
      {"open", OpenWindow{.window = w1, .clerk = {"c-2"}}},
      {"close", CloseWindow{.window = w1}},
      {"call-next", CallNext{.window = w1}},
      {"key-next", CallNext{.window = w1, .finish_first = true}},
      {"call", CallTicket{.window = w1, .ticket = hall.state.tickets.back().id}},
      {"resume-held", ResumeHeld{.window = w1, .ticket = held}},
      {"collect", CollectLicence{.window = w1, .case_tail = "0123"}},
      {"recall", RecallTicket{.window = w1}},
      {"no-show", MarkNoShow{.window = w1, .reason = {}}},
      {"start", StartService{.window = w1}},
      {"start-service", StartService{.window = w1, .service = ServiceId{"social"}}},
      {"finish", FinishService{.window = w1, .case_no = {}, .notice_slip_no = {}}},
      {"hold", HoldTicket{.window = w1}},
      {"transfer-service", TransferTicket{.window = w1, .to_service = ServiceId{"tax"}}},
      {"transfer-window", TransferTicket{.window = w1, .to_window = WindowId{"w2"}}},
      {"pause", PauseWindow{.window = w1, .reason = "break", .message = {}, .back_at = {}}},
      {"resume", ResumeWindow{.window = w1}},
      {"help", CallHelp{.window = w1}},
      {"help-done", EndHelp{.window = w1}},
      {"take-over", TakeOverWindow{.window = w1, .clerk = {"c-2"}}},
      {"rate", rate},
      {"rate-last", rate}};
  return commands.at(call);
}

WindowLooks looks(const Hall& hall) {
  const WindowView view = hall.window("w1");
  return {.state = std::string{to_text(view.state)},
          .ticket = view.ticket.has_value(),
          .walk_in = view.walk_in.has_value()};
}

void check_refused(Hall& hall, const WindowCell& cell) {
  const std::string before = encode(hall.state);
  CHECK(hall.refused(command_of(cell.call, hall)) == cell.refused);
  CHECK(encode(hall.state) == before);
}

void check_done(Hall& hall, const WindowCell& cell) {
  const auto stood_there = hall.window("w1").ticket;
  const ClerkId clerk = hall.window("w1").clerk;
  hall.must(command_of(cell.call, hall));
  CHECK(looks(hall) == looks_of(cell.after));
  const auto becomes = testing::ticket_becomes.find(cell.call);
  if (stood_there && becomes != testing::ticket_becomes.end()) {
    CHECK(to_text(hall.ticket(stood_there->id).state) == becomes->second);
  } else if (stood_there) {
    CHECK(hall.window("w1").ticket->id == stood_there->id);
  }
  const bool other_clerk = cell.call == "open" || cell.call == "take-over";
  if (other_clerk || cell.call == "close") {
    CHECK(hall.window("w1").clerk == ClerkId{other_clerk ? "c-2" : ""});
  } else {
    CHECK(hall.window("w1").clerk == clerk);
  }
  // A pause hides the state before it; it comes back with the resume.
  if (cell.after.starts_with("p-")) {
    hall.must(ResumeWindow{.window = w1});
    CHECK(looks(hall) == looks_of(cell.after.substr(2)));
  }
}

void check_all(std::string_view table) {
  for (const WindowCell& cell : window_cells(table)) {
    CAPTURE(cell.call);
    CAPTURE(cell.before);
    Hall hall = hall_in(cell.before, cell.call == "rate-last");
    REQUIRE(looks(hall) == looks_of(cell.before));
    Hall elsewhere = hall;
    elsewhere.site.windows.erase(elsewhere.site.windows.begin());
    CHECK(elsewhere.refused(command_of(cell.call, hall)) == "unknown_window");
    if (cell.refused.empty()) {
      check_done(hall, cell);
    } else {
      check_refused(hall, cell);
    }
  }
}

template <class C>
constexpr bool is_at_window = requires(C command) {
  requires std::is_same_v<decltype(command.window), WindowId>;
};

/// The places in Command of everything that somebody asks of a window.
template <std::size_t... Is>
std::set<std::size_t> window_commands(std::index_sequence<Is...>) {
  std::set<std::size_t> all;
  (void)std::initializer_list<int>{
      (is_at_window<std::variant_alternative_t<Is, Command>> ? (all.insert(Is), 0) : 0)...};
  all.erase(Command{ReportCallShown{}}.index());  // a device says what is, and asks for nothing
  return all;
}

}  // namespace

TEST_CASE("the window table, every state and every call") {
  check_all(testing::window_table_text);
}

TEST_CASE("the window table, the key that finishes and calls") {
  check_all(testing::key_table_text);
}

TEST_CASE("the window table leaves out nothing that can be asked of a window") {
  const Hall hall = hall_in("idle", false);
  std::set<std::size_t> asked;
  for (const WindowCell& cell : window_cells(testing::window_table_text)) {
    asked.insert(command_of(cell.call, hall).index());
  }
  CHECK(asked == window_commands(std::make_index_sequence<std::variant_size_v<Command>>{}));
}

}  // namespace window_table_tests
