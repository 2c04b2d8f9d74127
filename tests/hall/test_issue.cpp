#include <doctest/doctest.h>

#include "tests/hall/a_hall.hpp"

namespace issue_tests {

using namespace lobby::hall;
using testing::an_issue;
using testing::at;
using testing::Hall;
using testing::Types;
using testing::types;

namespace {

const KioskId k1{"k1"};

Command report(const std::string& device, DeviceState state, const std::string& reason = {},
               bool blocked = false) {
  return ReportDevice{
      .device = {device}, .kind = DeviceKind::printer, .state = state, .reason = reason, .blocked = blocked};
}

Command print_became(TicketId ticket, PrintState state, const std::string& reason = {}) {
  return ReportPrint{.ticket = ticket, .printer = {"p1"}, .state = state, .reason = reason};
}

struct Printing : Hall {
  Printing() {
    open_day();
    connect("p1");
    ticket_id = issue("social", k1);
  }
  TicketId ticket_id;
  void become(PrintState print) {
    must(StartPrint{.ticket = ticket_id, .printer = {"p1"}});
    must(print_became(ticket_id, print));
  }
};

}  // namespace

TEST_CASE("a ticket says who it is, where it prints and how many wait before it") {
  Hall hall;
  hall.open_day();
  hall.connect("p1");
  hall.must(IssueTicket{.service = {"social"}, .lane = Lane::elderly, .kiosk = {}, .language = "zh"});
  hall.issue("tax");
  hall.by = "kiosk-1";
  const auto events =
      hall.must(IssueTicket{.service = {"social"}, .lane = Lane::elderly, .kiosk = k1, .language = "en"});
  REQUIRE(types(events) == Types{"TicketIssued"});
  const auto& body = std::get<TicketIssued>(events[0].body);
  CHECK(body.number == "A002");
  CHECK(body.prefix == "A");
  CHECK(body.n == 2);
  CHECK(body.ahead == 1);
  CHECK(body.lane == Lane::elderly);
  CHECK(body.printer == DeviceId{"p1"});
  CHECK(body.language == "en");
  CHECK(events[0].by == "kiosk-1");
  CHECK(events[0].at == hall.now);
  CHECK(hall.state.find(body.ticket)->print_due);
  CHECK(hall.ticket(body.ticket).printer == DeviceId{"p1"});
  CHECK(hall.ticket(body.ticket).issued_at == hall.now);
}

TEST_CASE("nothing is printed without a kiosk, or at one without paper") {
  Hall hall;
  hall.open_day();
  for (const std::optional<KioskId>& kiosk : {std::optional<KioskId>{}, std::optional<KioskId>{{"k2"}}}) {
    const TicketId ticket = hall.issue("social", kiosk);
    CHECK(!hall.state.find(ticket)->print_due);
    CHECK(!hall.ticket(ticket).printer.has_value());
    CHECK(hall.refused(StartPrint{.ticket = ticket, .printer = {"p1"}}) == "wrong_state");
    CHECK(hall.refused(ReprintTicket{.ticket = ticket, .printer = {}}) == "bad_request");
  }
}

TEST_CASE("an issue is refused by name") {
  Hall hall;
  hall.open_day();
  hall.connect("p1");
  CHECK(hall.refused(an_issue("nowhere")) == "unknown_service");
  CHECK(hall.refused(an_issue("social", KioskId{"k9"})) == "bad_request");
  hall.now = at("2026-11-23T12:00:00+08:00");
  CHECK(hall.refused(an_issue("social")) == "service_closed");
  hall.now = at("2026-11-23T13:30:00+08:00");
  CHECK(hall.refused(an_issue("social")) == "");
}

TEST_CASE("a printer that is away uses no number") {
  Hall hall;
  hall.open_day();
  const Command issue = an_issue("social", k1);
  CHECK(hall.refused(issue) == "printer_unavailable");
  for (const DeviceState away : {DeviceState::gone, DeviceState::absent}) {
    hall.must(report("p1", away, "unplugged"));
    CHECK(hall.refused(issue) == "printer_unavailable");
  }
  hall.must(report("p1", DeviceState::degraded, "paper low"));
  CHECK(hall.number(hall.issue("social", k1)) == "A001");
}

TEST_CASE("the other printer that the site names takes over while the first cannot print, and no longer") {
  Hall hall;
  hall.site.kiosks.at(0).other_printer = {"p2"};
  hall.open_day();
  hall.connect("p1");
  const auto printer_of = [&] { return hall.ticket(hall.issue("social", k1)).printer; };
  hall.must(report("p1", DeviceState::degraded, "paper out", true));
  CHECK(hall.refused(an_issue("social", k1)) == "printer_unavailable");  // p2 was never heard of
  hall.connect("p2");
  CHECK(printer_of() == DeviceId{"p2"});
  hall.must(report("p2", DeviceState::gone, "unplugged"));
  const auto refusal = decide(hall.state, hall.site, an_issue("social", k1), {hall.now, ""});
  CHECK(std::get<Refusal>(refusal).detail.find("p1") != std::string::npos);
  hall.must(report("p1", DeviceState::ok, ""));
  CHECK(printer_of() == DeviceId{"p1"});
}

TEST_CASE("a printer that is there and cannot print uses no number, and says why") {
  Hall hall;
  hall.open_day();
  hall.connect("p1");
  const TicketId ticket = hall.issue("social", k1);
  hall.must(StartPrint{.ticket = ticket, .printer = {"p1"}});
  hall.must(print_became(ticket, PrintState::printed));
  hall.must(report("p1", DeviceState::degraded, "paper out", true));
  CHECK(hall.refused(an_issue("social", k1)) == "printer_unavailable");
  CHECK(hall.refused(ReprintTicket{.ticket = ticket, .printer = {}}) == "printer_unavailable");
  const auto refusal = decide(hall.state, hall.site, an_issue("social", k1), {hall.now, ""});
  CHECK(std::get<Refusal>(refusal).detail.find("paper out") != std::string::npos);
  // The same words, and it prints again: that is a change too.
  CHECK(types(hall.must(report("p1", DeviceState::degraded, "paper out"))) == Types{"DeviceChanged"});
  CHECK(hall.number(hall.issue("social", k1)) == "A002");
}

TEST_CASE("a print goes through its states and every step is an event") {
  struct Row {
    PrintState state;
    const char* event;
  };
  for (const Row row :
       {Row{PrintState::printed, "TicketPrinted"}, Row{PrintState::sent, "TicketSent"},
        Row{PrintState::failed, "TicketUnprinted"}, Row{PrintState::unknown, "TicketPrintUnknown"}}) {
    Printing hall;
    const TicketId id = hall.ticket_id;
    CHECK(hall.refused(print_became(id, row.state)) ==
          (row.state == PrintState::failed ? "" : "wrong_state"));
    CHECK(types(hall.must(StartPrint{.ticket = id, .printer = {"p1"}})) == Types{"TicketPrintStarted"});
    CHECK(hall.ticket(id).print == PrintState::sending);
    CHECK(!hall.state.find(id)->print_due);
    CHECK(hall.refused(StartPrint{.ticket = id, .printer = {"p1"}}) == "wrong_state");
    CHECK(hall.refused(ReprintTicket{.ticket = id, .printer = {}}) == "wrong_state");
    CHECK(hall.refused(SettlePrint{.ticket = id, .printed = true}) == "wrong_state");
    CHECK(types(hall.must(print_became(id, row.state, "why"))) == Types{row.event});
    CHECK(hall.ticket(id).print == row.state);
    const bool may_be_proven = row.state == PrintState::unknown;
    CHECK(hall.refused(print_became(id, row.state)) == "wrong_state");
    CHECK(hall.refused(print_became(id, PrintState::printed)) == (may_be_proven ? "" : "wrong_state"));
  }
}

TEST_CASE(
    "a print that the printer threw away is followed by a marked copy in the same decision, three times") {
  Printing hall;
  const TicketId id = hall.ticket_id;
  const Command voided = ReportPrint{
      .ticket = id, .printer = {"p1"}, .state = PrintState::failed, .reason = "paper out", .voided = true};
  for (std::uint32_t copy = 1; copy <= 3; ++copy) {
    hall.must(StartPrint{.ticket = id, .printer = {"p1"}});
    const auto events = hall.must(voided);
    REQUIRE(types(events) == Types{"TicketUnprinted", "TicketReprinted"});
    CHECK(std::get<TicketUnprinted>(events[0].body).reason == "paper out");
    CHECK(std::get<TicketReprinted>(events[1].body).copy == copy);
    CHECK(std::get<TicketReprinted>(events[1].body).printer == DeviceId{"p1"});
    CHECK(hall.state.find(id)->print_due);
  }
  hall.must(StartPrint{.ticket = id, .printer = {"p1"}});
  CHECK(types(hall.must(voided)) == Types{"TicketPrintUnknown"});  // a person must look
  CHECK(!hall.state.find(id)->print_due);
}

TEST_CASE("a copy that could not be begun may leave a person to look, an original cannot") {
  Printing hall;
  CHECK(hall.refused(print_became(hall.ticket_id, PrintState::unknown)) == "wrong_state");
  hall.become(PrintState::printed);
  hall.must(ReprintTicket{.ticket = hall.ticket_id, .printer = {}});
  CHECK(types(hall.must(print_became(hall.ticket_id, PrintState::unknown))) == Types{"TicketPrintUnknown"});
  CHECK(!hall.state.find(hall.ticket_id)->print_due);
}

TEST_CASE("a print that never began was not thrown away either: no copy by itself") {
  Printing hall;
  const auto events = hall.must(ReportPrint{.ticket = hall.ticket_id,
                                            .printer = {"p1"},
                                            .state = PrintState::failed,
                                            .reason = "too old",
                                            .voided = true});
  CHECK(types(events) == Types{"TicketUnprinted"});
}

TEST_CASE("proof that comes late counts until somebody has settled the matter or asked for a copy") {
  Printing hall;
  const TicketId id = hall.ticket_id;
  hall.become(PrintState::unknown);
  SUBCASE("in time") {
    CHECK(types(hall.must(print_became(id, PrintState::printed))) == Types{"TicketPrinted"});
    CHECK(hall.refused(SettlePrint{.ticket = id, .printed = false}) == "wrong_state");
  }
  SUBCASE("settled") {
    hall.must(SettlePrint{.ticket = id, .printed = false});
    CHECK(hall.refused(print_became(id, PrintState::printed)) == "wrong_state");
  }
  SUBCASE("a copy is due") {
    hall.must(ReprintTicket{.ticket = id, .printer = {}});
    CHECK(hall.refused(print_became(id, PrintState::printed)) == "wrong_state");
  }
}

TEST_CASE("what is in the outlet is taken or retracted, once") {
  for (const PrintState out : {PrintState::printed, PrintState::sent}) {
    for (const PrintState fate : {PrintState::taken, PrintState::retracted}) {
      Printing hall;
      hall.become(out);
      CHECK(types(hall.must(print_became(hall.ticket_id, fate))) ==
            Types{fate == PrintState::taken ? "TicketTaken" : "TicketRetracted"});
      CHECK(hall.ticket(hall.ticket_id).print == fate);
      CHECK(hall.ticket(hall.ticket_id).state == TicketState::waiting);
      CHECK(hall.refused(print_became(hall.ticket_id, PrintState::taken)) == "wrong_state");
      CHECK(hall.refused(ReprintTicket{.ticket = hall.ticket_id, .printer = {}}) == "");
    }
  }
}

TEST_CASE(
    "where the site says so, a number that nobody took is not called, and its owner can be brought back") {
  Printing hall;
  hall.site.rules.skip_retracted = true;
  const TicketId next = hall.issue("social", k1);
  hall.become(PrintState::printed);
  hall.must(print_became(hall.ticket_id, PrintState::retracted));
  CHECK(hall.ticket(hall.ticket_id).state == TicketState::no_show);
  hall.open("w1");
  const auto called = hall.must(CallNext{.window = {"w1"}});
  REQUIRE(!called.empty());
  CHECK(std::get<TicketCalled>(called[0].body).ticket == next);
  hall.must(ReinstateTicket{.ticket = hall.ticket_id});
  CHECK(hall.ticket(hall.ticket_id).state == TicketState::waiting);
}

TEST_CASE("a print that never began can fail; no other report fits it") {
  Printing hall;
  for (const PrintState state : {PrintState::printed, PrintState::sent, PrintState::unknown,
                                 PrintState::taken, PrintState::retracted}) {
    CHECK(hall.refused(print_became(hall.ticket_id, state)) == "wrong_state");
  }
  for (const PrintState state : {PrintState::none, PrintState::sending}) {
    CHECK(hall.refused(print_became(hall.ticket_id, state)) == "bad_request");
  }
  const auto events = hall.must(print_became(hall.ticket_id, PrintState::failed, "too old"));
  CHECK(std::get<TicketUnprinted>(events[0].body).reason == "too old");
  CHECK(!hall.state.find(hall.ticket_id)->print_due);
  CHECK(hall.refused(print_became({77}, PrintState::failed)) == "unknown_ticket");
  CHECK(hall.refused(StartPrint{.ticket = {77}, .printer = {"p1"}}) == "unknown_ticket");
}

TEST_CASE("a report of another printer is not about this print") {
  Printing hall;
  hall.must(StartPrint{.ticket = hall.ticket_id, .printer = {"p1"}});
  CHECK(hall.refused(ReportPrint{
            .ticket = hall.ticket_id, .printer = {"p2"}, .state = PrintState::printed, .reason = {}}) ==
        "wrong_state");
}

TEST_CASE("copies are counted and go where they are asked for") {
  Printing hall;
  const TicketId id = hall.ticket_id;
  CHECK(hall.refused(ReprintTicket{.ticket = id, .printer = {}}) == "wrong_state");
  hall.become(PrintState::printed);
  const auto first = hall.must(ReprintTicket{.ticket = id, .printer = {}});
  REQUIRE(types(first) == Types{"TicketReprinted"});
  CHECK(std::get<TicketReprinted>(first[0].body).copy == 1);
  CHECK(std::get<TicketReprinted>(first[0].body).printer == DeviceId{"p1"});
  CHECK(hall.state.find(id)->print_due);
  CHECK(hall.ticket(id).copies == 1);
  CHECK(hall.refused(ReprintTicket{.ticket = id, .printer = {}}) == "wrong_state");
  hall.become(PrintState::failed);
  CHECK(hall.refused(ReprintTicket{.ticket = id, .printer = DeviceId{"p2"}}) == "printer_unavailable");
  hall.connect("p2");
  const auto second = hall.must(ReprintTicket{.ticket = id, .printer = DeviceId{"p2"}});
  CHECK(std::get<TicketReprinted>(second[0].body).copy == 2);
  CHECK(hall.ticket(id).printer == DeviceId{"p2"});
  hall.must(StartPrint{.ticket = id, .printer = {"p2"}});
  hall.must(ReportPrint{.ticket = id, .printer = {"p2"}, .state = PrintState::unknown, .reason = "silent"});
  CHECK(hall.refused(ReprintTicket{.ticket = id, .printer = {}}) == "");
  hall.must(ReportDevice{.device = {"u1"}, .kind = DeviceKind::window_unit, .state = {}, .reason = {}});
  CHECK(hall.refused(ReprintTicket{.ticket = id, .printer = DeviceId{"u1"}}) == "bad_request");
  CHECK(hall.refused(ReprintTicket{.ticket = {77}, .printer = {}}) == "unknown_ticket");
}

TEST_CASE("only an unknown print waits for a person") {
  for (const PrintState state : {PrintState::printed, PrintState::sent, PrintState::failed}) {
    Printing hall;
    hall.become(state);
    CHECK(hall.refused(SettlePrint{.ticket = hall.ticket_id, .printed = true}) == "wrong_state");
  }
  for (const bool printed : {true, false}) {
    Printing hall;
    hall.become(PrintState::unknown);
    hall.by = "clerk-7";
    const auto events = hall.must(SettlePrint{.ticket = hall.ticket_id, .printed = printed});
    CHECK(types(events) == Types{printed ? "TicketPrinted" : "TicketUnprinted"});
    CHECK(events[0].by == "clerk-7");
    CHECK(hall.ticket(hall.ticket_id).print == (printed ? PrintState::printed : PrintState::failed));
    CHECK(hall.refused(SettlePrint{.ticket = hall.ticket_id, .printed = true}) == "wrong_state");
  }
  Printing hall;
  hall.become(PrintState::unknown);
  hall.must(ReprintTicket{.ticket = hall.ticket_id, .printer = {}});
  CHECK(hall.refused(SettlePrint{.ticket = hall.ticket_id, .printed = false}) == "wrong_state");
  CHECK(hall.refused(SettlePrint{.ticket = {77}, .printed = false}) == "unknown_ticket");
}

}  // namespace issue_tests
