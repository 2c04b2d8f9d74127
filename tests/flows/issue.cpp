#include "daemon/flows/issue.hpp"

#include <doctest/doctest.h>

#include <utility>

#include "tests/fakes/memory_desk.hpp"

namespace {

using namespace lobby;
using hall::PrintState;
using Result = flows::Paper::Result;
using Later = flows::Paper::Later;

struct ScriptedPaper final : flows::Paper {
  struct Sheet {
    hall::TicketId ticket;
    std::uint32_t copy;
    Told told;
    void done(Result result, std::string reason) const { told.done(result, std::move(reason)); }
  };
  bool is_ready(const hall::DeviceId&) const override { return ready; }
  void print(hall::TicketId ticket, std::uint32_t copy, const hall::DeviceId&, Told told) override {
    sheets.push_back({ticket, copy, std::move(told)});
  }
  bool ready = true;
  std::vector<Sheet> sheets;
};

struct IssueHall {
  explicit IssueHall(hall::Site site = fakes::small_site()) : desk(std::move(site)) {
    desk.recorded = [this](const hall::Event& event) { issue.on_event(event); };
    give(hall::TurnDay{});
    give(hall::ReportDevice{{"p1"}, hall::DeviceKind::printer, hall::DeviceState::ok, ""});
  }
  void give(hall::Command command) {
    desk.report(std::move(command), "");
    desk.drain();
  }
  void take_ticket() { give(hall::IssueTicket{{"s1"}, hall::Lane::ordinary, hall::KioskId{"k1"}, ""}); }
  PrintState print_of(std::uint64_t id) const { return desk.state().find(hall::TicketId{id})->print; }

  fakes::MemoryDesk desk;
  ScriptedPaper paper;
  flows::Issue issue{desk, paper, 20'000};
};

}  // namespace

TEST_CASE(
    "a ticket's first byte leaves only after TicketPrintStarted is recorded, and its outcome is recorded") {
  IssueHall hall;
  hall.desk.report(hall::IssueTicket{{"s1"}, hall::Lane::ordinary, hall::KioskId{"k1"}, ""}, "");
  CHECK(hall.paper.sheets.empty());
  hall.desk.drain();
  REQUIRE(hall.paper.sheets.size() == 1);
  CHECK(hall.desk.types().back() == "TicketPrintStarted");
  CHECK(hall.paper.sheets[0].copy == 0);
  hall.paper.sheets[0].done(Result::printed, "");
  hall.desk.drain();
  CHECK(hall.desk.types().back() == "TicketPrinted");
  CHECK(hall.print_of(1) == PrintState::printed);
}

TEST_CASE("one ticket is in flight per printer, the next follows the outcome") {
  IssueHall hall;
  hall.take_ticket();
  hall.take_ticket();
  REQUIRE(hall.paper.sheets.size() == 1);
  hall.paper.sheets[0].done(Result::unknown, "line lost");
  hall.desk.drain();
  REQUIRE(hall.paper.sheets.size() == 2);
  CHECK(hall.paper.sheets[1].ticket == hall::TicketId{2});
  CHECK(hall.print_of(1) == PrintState::unknown);
}

TEST_CASE("an unknown print is never repeated by itself; a person's copy is marked") {
  IssueHall hall;
  hall.take_ticket();
  hall.paper.sheets[0].done(Result::unknown, "line lost");
  hall.desk.drain();
  hall.issue.on_printer({"p1"});
  hall.issue.tick();
  hall.desk.drain();
  CHECK(hall.paper.sheets.size() == 1);
  hall.give(hall::ReprintTicket{{1}, std::nullopt});
  REQUIRE(hall.paper.sheets.size() == 2);
  CHECK(hall.paper.sheets[1].copy == 1);
}

TEST_CASE("a printer that is away delays the paper, and too late a ticket is not printed at all") {
  IssueHall hall;
  hall.paper.ready = false;
  hall.take_ticket();
  hall.desk.advance(19'000);
  hall.issue.tick();
  hall.desk.drain();
  CHECK(hall.paper.sheets.empty());

  SUBCASE("it comes back in time") {
    hall.paper.ready = true;
    hall.issue.on_printer({"p1"});
    hall.desk.drain();
    CHECK(hall.paper.sheets.size() == 1);
  }
  SUBCASE("it comes back too late") {
    hall.desk.advance(2'000);
    hall.issue.tick();
    hall.desk.drain();
    CHECK(hall.desk.types().back() == "TicketUnprinted");
    CHECK(hall.print_of(1) == PrintState::failed);
    hall.paper.ready = true;
    hall.issue.on_printer({"p1"});
    hall.desk.drain();
    CHECK(hall.paper.sheets.empty());
  }
}

TEST_CASE(
    "a disk that fails before the record keeps the paper in; the ticket is printed when the disk is back") {
  IssueHall hall;
  hall.paper.ready = false;
  hall.take_ticket();
  hall.desk.disk_fails = true;
  hall.paper.ready = true;
  hall.issue.on_printer({"p1"});
  hall.desk.drain();
  CHECK(hall.paper.sheets.empty());
  hall.desk.disk_recovers();
  hall.issue.tick();
  hall.desk.drain();
  CHECK(hall.paper.sheets.size() == 1);
}

TEST_CASE("an outcome that the disk refuses is recorded when the disk is back") {
  IssueHall hall;
  hall.take_ticket();
  hall.desk.disk_fails = true;
  hall.paper.sheets[0].done(Result::printed, "");
  hall.desk.drain();
  CHECK(hall.print_of(1) == PrintState::sending);
  hall.desk.disk_recovers();
  hall.desk.drain();
  CHECK(hall.print_of(1) == PrintState::printed);
}

TEST_CASE("after a restart: what was being sent is unknown, what had not begun is printed") {
  IssueHall hall;
  hall.take_ticket();  // in flight when the daemon dies
  hall.take_ticket();  // not begun
  ScriptedPaper fresh;
  flows::Issue again(hall.desk, fresh, 20'000);
  hall.desk.recorded = [&](const hall::Event& event) { again.on_event(event); };
  again.start();
  hall.desk.drain();
  CHECK(hall.print_of(1) == PrintState::unknown);
  REQUIRE(fresh.sheets.size() == 1);
  CHECK(fresh.sheets[0].ticket == hall::TicketId{2});
  CHECK(fresh.sheets[0].copy == 0);
}

TEST_CASE("whoever sets the clock neither ends nor prolongs the wait of a ticket") {
  IssueHall hall;
  hall.paper.ready = false;
  hall.take_ticket();
  SUBCASE("forward: it is still printed in time") {
    hall.desk.time.utc_ms += 3'600'000;
    hall.issue.tick();
    hall.desk.drain();
    CHECK(hall.print_of(1) != PrintState::failed);
    hall.paper.ready = true;
    hall.issue.on_printer({"p1"});
    hall.desk.drain();
    CHECK(hall.paper.sheets.size() == 1);
  }
  SUBCASE("back: it is not printed too late") {
    hall.desk.time.utc_ms -= 3'600'000;
    hall.desk.advance(21'000);
    hall.paper.ready = true;
    hall.issue.tick();
    hall.desk.drain();
    CHECK(hall.paper.sheets.empty());
    CHECK(hall.print_of(1) == PrintState::failed);
  }
}

TEST_CASE("after a restart the clock says how old a ticket is, and one from the future is too old") {
  IssueHall hall;
  hall.paper.ready = false;
  hall.take_ticket();
  hall.desk.mono = 77;  // the machine was off, too
  ScriptedPaper fresh;
  fresh.ready = false;
  flows::Issue again(hall.desk, fresh, 20'000);
  hall.desk.recorded = [&](const hall::Event& event) { again.on_event(event); };
  const auto start_after = [&](std::int64_t ms) {
    hall.desk.time.utc_ms += ms;
    again.start();
    hall.desk.drain();
  };
  SUBCASE("young: what is left of its time") {
    start_after(15'000);
    hall.desk.advance(4'000);
    again.tick();
    hall.desk.drain();
    CHECK(hall.print_of(1) != PrintState::failed);
    hall.desk.advance(2'000);
    again.tick();
    hall.desk.drain();
    CHECK(hall.print_of(1) == PrintState::failed);
  }
  SUBCASE("old") {
    start_after(21'000);
    CHECK(hall.print_of(1) == PrintState::failed);
  }
  SUBCASE("from the future: the battery is dead") {
    start_after(-86'400'000);
    CHECK(hall.print_of(1) == PrintState::failed);
  }
  CHECK(fresh.sheets.empty());
}

TEST_CASE("stopping begins nothing more and waits for what is being printed") {
  IssueHall hall;
  int idle = 0;
  SUBCASE("nothing is: idle at once") {
    hall.issue.stop([&] { ++idle; });
    CHECK(idle == 1);
    hall.take_ticket();
    hall.issue.tick();
    hall.desk.drain();
    CHECK(hall.paper.sheets.empty());
    CHECK(hall.desk.types().back() == "TicketIssued");
  }
  SUBCASE("a sheet is on its way, another ticket waits") {
    hall.take_ticket();
    hall.take_ticket();
    hall.issue.stop([&] { ++idle; });
    CHECK(idle == 0);
    hall.paper.sheets.at(0).done(Result::printed, "");
    CHECK(idle == 1);
    hall.issue.tick();
    hall.desk.drain();
    CHECK(hall.print_of(1) == PrintState::printed);
    CHECK(hall.paper.sheets.size() == 1);
    CHECK(hall.desk.types().back() == "TicketPrinted");
  }
  SUBCASE("its start is just being recorded: it is printed") {
    hall.desk.report(hall::IssueTicket{{"s1"}, hall::Lane::ordinary, hall::KioskId{"k1"}, ""}, "");
    hall.desk.step();
    hall.issue.stop([&] { ++idle; });
    CHECK(idle == 0);
    hall.desk.drain();
    REQUIRE(hall.paper.sheets.size() == 1);
    hall.paper.sheets[0].done(Result::printed, "");
    CHECK(idle == 1);
  }
  SUBCASE("its start cannot be recorded: nothing left") {
    hall.desk.report(hall::IssueTicket{{"s1"}, hall::Lane::ordinary, hall::KioskId{"k1"}, ""}, "");
    hall.desk.step();
    hall.issue.stop([&] { ++idle; });
    hall.desk.disk_fails = true;
    hall.desk.drain();
    CHECK(idle == 1);
    CHECK(hall.paper.sheets.empty());
  }
}

TEST_CASE(
    "a ticket that the printer threw away is printed again by itself, marked, and both are recorded "
    "together") {
  IssueHall hall;
  hall.take_ticket();
  hall.paper.ready = false;  // it is out of paper
  hall.paper.sheets[0].done(Result::voided, "paper out while printing");
  hall.desk.drain();
  const auto types = hall.desk.types();
  REQUIRE(types.size() >= 2);
  CHECK(types[types.size() - 2] == "TicketUnprinted");
  CHECK(types.back() == "TicketReprinted");
  CHECK(hall.paper.sheets.size() == 1);
  hall.paper.ready = true;
  hall.issue.on_printer({"p1"});
  hall.desk.drain();
  REQUIRE(hall.paper.sheets.size() == 2);
  CHECK(hall.paper.sheets[1].copy == 1);
  // Killed instead of that: the copy is due in the next life too.
  CHECK(hall.desk.types().back() == "TicketPrintStarted");
}

TEST_CASE("a ticket that was thrown away comes before those that wait, and is never dropped silently") {
  IssueHall hall;
  hall.take_ticket();
  hall.take_ticket();
  hall.paper.ready = false;
  hall.paper.sheets[0].done(Result::voided, "paper out while printing");
  hall.desk.drain();
  SUBCASE("in time") {
    hall.paper.ready = true;
    hall.issue.on_printer({"p1"});
    hall.desk.drain();
    REQUIRE(hall.paper.sheets.size() == 2);
    CHECK(hall.paper.sheets[1].ticket == hall::TicketId{1});
    CHECK(hall.paper.sheets[1].copy == 1);
  }
  SUBCASE("too late") {
    hall.desk.advance(21'000);
    hall.issue.tick();
    hall.desk.drain();
    CHECK(hall.print_of(1) == PrintState::unknown);  // its owner has nothing in his hand
    CHECK(hall.print_of(2) == PrintState::failed);
  }
}

TEST_CASE("what is learnt of a sheet later is recorded when it is still news of the ticket") {
  IssueHall hall;
  hall.take_ticket();
  SUBCASE("proof, of an unknown one") {
    hall.paper.sheets[0].done(Result::unknown, "no answer");
    hall.desk.drain();
    hall.paper.sheets[0].told.later(Later::proven);
    hall.desk.drain();
    CHECK(hall.print_of(1) == PrintState::printed);
    CHECK(hall.desk.types().back() == "TicketPrinted");
  }
  SUBCASE("proof, when a person has settled it") {
    hall.paper.sheets[0].done(Result::unknown, "no answer");
    hall.desk.drain();
    hall.give(hall::SettlePrint{{1}, false});
    const auto events = hall.desk.types().size();
    hall.paper.sheets[0].told.later(Later::proven);
    hall.desk.drain();
    CHECK(hall.desk.types().size() == events);
  }
  SUBCASE("proof, when a copy was asked for") {
    hall.paper.sheets[0].done(Result::unknown, "no answer");
    hall.desk.drain();
    hall.give(hall::ReprintTicket{{1}, std::nullopt});
    hall.paper.sheets[0].told.later(Later::proven);
    hall.desk.drain();
    CHECK(hall.print_of(1) == PrintState::sending);  // the copy
    hall.paper.sheets[1].done(Result::unknown, "no answer");
    hall.desk.drain();
    hall.paper.sheets[0].told.later(Later::proven);
    hall.desk.drain();
    CHECK(hall.print_of(1) == PrintState::unknown);
  }
  SUBCASE("taken, and retracted") {
    hall.paper.sheets[0].done(Result::printed, "");
    hall.desk.drain();
    hall.paper.sheets[0].told.later(Later::taken);
    hall.desk.drain();
    CHECK(hall.print_of(1) == PrintState::taken);
    hall.take_ticket();
    hall.paper.sheets[1].done(Result::sent, "");
    hall.desk.drain();
    hall.paper.sheets[1].told.later(Later::retracted);
    hall.desk.drain();
    CHECK(hall.print_of(2) == PrintState::retracted);
  }
}

TEST_CASE("proof that comes while the disk still refuses the outcome is recorded behind it, not lost") {
  IssueHall hall;
  hall.take_ticket();
  hall.desk.disk_fails = true;
  SUBCASE("of an unknown one") {
    hall.paper.sheets[0].done(Result::unknown, "no answer");
    hall.paper.sheets[0].told.later(Later::proven);
    hall.desk.drain();
    CHECK(hall.print_of(1) == PrintState::sending);
    hall.desk.disk_recovers();
    hall.desk.drain();
    CHECK(hall.print_of(1) == PrintState::printed);
  }
  SUBCASE("that somebody took the paper") {
    hall.paper.sheets[0].done(Result::printed, "");
    hall.paper.sheets[0].told.later(Later::taken);
    hall.desk.disk_recovers();
    hall.desk.drain();
    CHECK(hall.print_of(1) == PrintState::taken);
  }
}

TEST_CASE(
    "two kiosks at one printer: one ticket in flight, in the order they were issued, and both get paper") {
  auto site = fakes::small_site();
  site.kiosks.push_back({{"k2"}, "取号机", {"A"}, {"p1"}});
  IssueHall hall(std::move(site));
  constexpr std::uint64_t tickets = 6;
  for (std::uint64_t n = 0; n < tickets; ++n) {
    const auto* kiosk = n % 2 == 0 ? "k1" : "k2";
    hall.desk.report(hall::IssueTicket{{"s1"}, hall::Lane::ordinary, hall::KioskId{kiosk}, ""}, "");
  }
  hall.desk.drain();
  for (std::uint64_t n = 1; n <= tickets; ++n) {
    REQUIRE(hall.paper.sheets.size() == n);  // the next one only when this one is out
    CHECK(hall.paper.sheets.back().ticket == hall::TicketId{n});
    CHECK(hall.paper.sheets.back().copy == 0);
    hall.paper.sheets.back().done(Result::printed, "");
    hall.desk.drain();
  }
  for (std::uint64_t n = 1; n <= tickets; ++n) {
    CHECK(hall.print_of(n) == PrintState::printed);
  }
}
