// From a ticket's paper to the bytes on the wire and back to a print state, with the roster beside it.
#include "daemon/devices/printers.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>

#include "tests/fakes/scripted_link.hpp"
#include "tests/fakes/virtual_executor.hpp"

namespace {

using namespace lobby;
using namespace std::chrono_literals;
using fakes::Bytes;
using hall::DeviceState;
using printer::PrintResult;

using Outcome = std::pair<PrintResult, std::string>;

devices::PrinterConfig config_of(std::string id, printer::Profile::Confirm confirm, int columns) {
  devices::PrinterConfig config;
  config.id.value = std::move(id);
  config.profile.name = "generic-80";
  config.profile.columns = columns;
  config.profile.cut = {0x1D, 0x56, 0x42, 0x00};
  config.profile.confirm = confirm;
  return config;
}

devices::PrinterConfig with_count(std::string id, int tickets_when_low) {
  auto config = config_of(std::move(id), printer::Profile::Confirm::process_id, 48);
  config.tickets_when_low = tickets_when_low;
  return config;
}

display::TicketPaper paper() {
  display::TicketPaper out;
  out.hall_name = "什邡市人民政府政务服务中心";
  out.number = "A017";
  out.service_name = "社会保险";
  out.issued_at = "2026-03-16 09:05:31";
  out.serial = "No.000123-k2";
  return out;
}

/// Two printers: p1 proves by process id, p2 cannot prove.
struct Hall {
  Hall()
      : roster(
            [this] {
              return hall::Instant{clock_ms, 480};
            },
            [this](const hall::ReportDevice& report) { reports.push_back(report); }),
        printers(executor,
                 {config_of("p1", printer::Profile::Confirm::process_id, 48),
                  config_of("p2", printer::Profile::Confirm::none, 32), with_count("p3", 3)},
                 [this](const devices::PrinterConfig& config) {
                   auto& wire = wires[config.id.value];
                   wire = std::make_shared<fakes::Wire>(executor);
                   return wire->make_link();
                 },
                 roster,
                 {{}, {}, {{"p3"}}, [this](const hall::DeviceId& id) { readied.push_back(id.value); }}) {
    for (auto& [id, wire] : wires) {
      answers(*wire, 0x12, 0x12, 0x12, 0x12);
    }
  }

  static void answers(fakes::Wire& wire, std::uint8_t n1, std::uint8_t n2, std::uint8_t n3, std::uint8_t n4) {
    const std::uint8_t bits[] = {n1, n2, n3, n4};
    for (int n = 1; n <= 4; ++n) {
      wire.whenever({0x10, 0x04, static_cast<std::uint8_t>(n)}).answer({bits[n - 1]});
    }
  }

  void print(const std::string& id, const display::TicketPaper& what) {
    outcome.reset();
    printers.print({id}, what, [this](PrintResult state, std::string reason) {
      CHECK(!outcome.has_value());
      outcome = Outcome{state, std::move(reason)};
    });
    CHECK(!outcome.has_value());
  }

  Bytes last_job(const std::string& id) {
    for (auto it = wires[id]->sent.rbegin(); it != wires[id]->sent.rend(); ++it) {
      if (it->size() > 3) {
        return *it;
      }
    }
    return {};
  }

  const hall::DeviceView& view(const std::string& id) { return *roster.find({id}); }

  fakes::VirtualExecutor executor;
  std::int64_t clock_ms = 1'000'000;
  std::vector<hall::ReportDevice> reports;
  std::vector<std::string> readied;
  std::map<std::string, std::shared_ptr<fakes::Wire>> wires;
  devices::Roster roster;
  devices::Printers printers;
  std::optional<Outcome> outcome;
};

bool holds(const Bytes& bytes, const Bytes& part) {
  return std::search(bytes.begin(), bytes.end(), part.begin(), part.end()) != bytes.end();
}

}  // namespace

TEST_CASE("a printer that was never heard of is absent, and says why") {
  Hall hall;
  CHECK(hall.view("p1").state == DeviceState::absent);
  CHECK(hall.view("p1").kind == hall::DeviceKind::printer);
  CHECK(hall.view("p1").driver == "generic-80");
  hall.wires["p1"]->down("connection refused");
  CHECK(hall.view("p1").state == DeviceState::absent);
  CHECK(hall.view("p1").reason == "connection refused");
  CHECK(!hall.printers.can_print({"p1"}));
}

TEST_CASE("a ticket becomes bytes, and the printer's proof becomes printed") {
  Hall hall;
  hall.wires["p1"]->up();
  hall.executor.run_for(100ms);
  CHECK(hall.view("p1").state == DeviceState::ok);
  hall.print("p1", paper());
  hall.executor.run_for(100ms);
  const auto job = hall.last_job("p1");
  CHECK(holds(job, {0x1D, 0x21, 0x33}));  // the number, four times as large
  CHECK(holds(job, {'A', '0', '1', '7', 0x0A}));
  CHECK(holds(job, {0xC9, 0xE7, 0xBB, 0xE1, 0xB1, 0xA3, 0xCF, 0xD5, 0x0A}));  // 社会保险
  CHECK(!holds(job, {0xD6, 0xD8, 0xB4, 0xF2}));                               // no 重打 on an original
  REQUIRE(job.size() > 4);
  hall.wires["p1"]->receive(
      {0x37, 0x22, *(job.end() - 4), *(job.end() - 3), *(job.end() - 2), job.back(), 0x00});
  hall.executor.run_for(100ms);
  CHECK(hall.outcome == Outcome{PrintResult::printed, ""});
}

TEST_CASE("a copy is marked") {
  Hall hall;
  hall.wires["p2"]->up();
  hall.executor.run_for(100ms);
  auto copy = paper();
  copy.copy = 1;
  hall.print("p2", copy);
  hall.executor.run_for(5s);
  CHECK(holds(hall.last_job("p2"), {0xD6, 0xD8, 0xB4, 0xF2}));
  CHECK(holds(hall.last_job("p2"), {0x1D, 0x21, 0x33}));  // four times as large on 58 mm too
  CHECK(hall.outcome == Outcome{PrintResult::sent, ""});
}

TEST_CASE("a fault is one report, fails tickets at once, and ends by itself") {
  Hall hall;
  auto& wire = *hall.wires["p1"];
  wire.up();
  hall.executor.run_for(2s);
  hall.reports.clear();
  Hall::answers(wire, 0x1A, 0x32, 0x12, 0x72);
  hall.executor.run_for(60s);
  REQUIRE(hall.reports.size() == 1);
  CHECK(hall.reports[0].device.value == "p1");
  CHECK(hall.reports[0].state == DeviceState::degraded);
  CHECK(hall.reports[0].reason == "paper out");
  CHECK(hall.reports[0].blocked);
  CHECK(!hall.printers.can_print({"p1"}));
  hall.print("p1", paper());
  hall.executor.run_for(1ms);
  CHECK(hall.outcome == Outcome{PrintResult::failed, "paper out"});
  CHECK(hall.last_job("p1").empty());
  Hall::answers(wire, 0x12, 0x12, 0x12, 0x12);
  hall.executor.run_for(3s);
  CHECK(hall.view("p1").state == DeviceState::ok);
  CHECK(hall.view("p1").reason.empty());
  CHECK(!hall.view("p1").blocked);
}

TEST_CASE("whatever keeps a printer from printing blocks it; low paper and silence do not") {
  struct Row {
    std::uint8_t n1, n2, n3, n4;
    const char* reason;
    bool blocked;
  };
  for (const Row row :
       {Row{0x1A, 0x32, 0x12, 0x72, "paper out", true}, Row{0x1A, 0x16, 0x12, 0x12, "cover open", true},
        Row{0x1A, 0x52, 0x1A, 0x12, "cutter jammed", true},
        Row{0x12, 0x12, 0x12, 0x1E, "paper low", false}}) {
    CAPTURE(row.reason);
    Hall hall;
    auto& wire = *hall.wires["p1"];
    wire.up();
    hall.executor.run_for(2s);
    Hall::answers(wire, row.n1, row.n2, row.n3, row.n4);
    hall.executor.run_for(10s);
    CHECK(hall.view("p1").state == DeviceState::degraded);
    CHECK(hall.view("p1").reason == row.reason);
    CHECK(hall.view("p1").blocked == row.blocked);
    wire.down("unplugged");
    CHECK(hall.view("p1").state == DeviceState::gone);
    CHECK(!hall.view("p1").blocked);
  }
}

TEST_CASE("low paper is degraded, and it prints") {
  Hall hall;
  Hall::answers(*hall.wires["p2"], 0x12, 0x12, 0x12, 0x1E);
  hall.wires["p2"]->up();
  hall.executor.run_for(100ms);
  CHECK(hall.view("p2").state == DeviceState::degraded);
  CHECK(hall.view("p2").reason == "paper low");
  CHECK(hall.printers.can_print({"p2"}));
  hall.print("p2", paper());
  hall.executor.run_for(5s);
  CHECK(hall.outcome == Outcome{PrintResult::sent, ""});
}

TEST_CASE("a printer whose wire is lost is gone and comes back by itself; the other prints on") {
  Hall hall;
  hall.wires["p1"]->up();
  hall.wires["p2"]->up();
  hall.executor.run_for(1s);
  hall.wires["p1"]->down("unplugged");
  CHECK(hall.view("p1").state == DeviceState::gone);
  CHECK(hall.view("p1").reason == "unplugged");
  hall.print("p1", paper());
  hall.executor.run_for(1ms);
  CHECK(hall.outcome == Outcome{PrintResult::failed, "unplugged"});
  hall.print("p2", paper());
  hall.executor.run_for(5s);
  CHECK(hall.outcome == Outcome{PrintResult::sent, ""});
  hall.wires["p1"]->up();
  hall.executor.run_for(1s);
  CHECK(hall.view("p1").state == DeviceState::ok);
}

TEST_CASE("a printer that falls silent on a wire that stays is gone too") {
  Hall hall;
  auto& wire = *hall.wires["p1"];
  wire.up();
  hall.executor.run_for(1s);
  for (std::uint8_t n = 1; n <= 4; ++n) {
    wire.whenever({0x10, 0x04, n}).drop();
  }
  hall.executor.run_for(10s);
  CHECK(hall.view("p1").state == DeviceState::gone);
  CHECK(hall.view("p1").reason == "the printer does not answer");
}

TEST_CASE("a ticket whose fate nobody knows is unknown, once") {
  Hall hall;
  hall.wires["p1"]->up();
  hall.executor.run_for(1s);
  hall.print("p1", paper());
  hall.executor.run_for(100ms);
  hall.wires["p1"]->down("unplugged");
  hall.executor.run_for(1ms);
  REQUIRE(hall.outcome.has_value());
  CHECK(hall.outcome->first == PrintResult::unknown);
  const auto sends = hall.wires["p1"]->sent.size();
  hall.wires["p1"]->up();
  hall.executor.run_for(2s);
  const auto& sent = hall.wires["p1"]->sent;
  for (std::size_t i = sends; i < sent.size(); ++i) {
    CHECK(!holds(sent[i], {'A', '0', '1', '7'}));  // questions, and a cut, not the ticket again
  }
}

TEST_CASE("a printer that is not of this site") {
  Hall hall;
  hall.print("p9", paper());
  hall.executor.run_for(1ms);
  REQUIRE(hall.outcome.has_value());
  CHECK(hall.outcome->first == PrintResult::failed);
  CHECK(!hall.printers.can_print({"p9"}));
}

TEST_CASE("a slip and a ticket for one printer come out one behind the other, neither is refused") {
  Hall hall;
  hall.wires["p2"]->up();
  hall.executor.run_for(100ms);
  std::vector<PrintResult> states;
  for (int i = 0; i < 3; ++i) {
    hall.printers.print({"p2"}, paper(),
                        [&](PrintResult state, const std::string&) { states.push_back(state); });
  }
  hall.executor.run_for(15s);
  CHECK(states == std::vector(3, PrintResult::sent));
}

TEST_CASE("low paper is counted down, and counted up where nobody knows what a roll gives") {
  Hall hall;
  Hall::answers(*hall.wires["p1"], 0x12, 0x12, 0x12, 0x1E);
  hall.wires["p1"]->up();
  hall.executor.run_for(100ms);
  CHECK(hall.view("p1").detail == "scripted; 0 tickets since the paper became low");
  hall.reports.clear();
  for (int i = 0; i < 2; ++i) {
    hall.print("p1", paper());
    hall.executor.run_for(100ms);
    const auto job = hall.last_job("p1");
    hall.wires["p1"]->receive(
        {0x37, 0x22, *(job.end() - 4), *(job.end() - 3), *(job.end() - 2), job.back(), 0x00});
    hall.executor.run_for(100ms);
    CHECK(hall.outcome == Outcome{PrintResult::printed, ""});
  }
  CHECK(hall.view("p1").detail == "scripted; 2 tickets since the paper became low");
  CHECK(hall.reports.empty());  // a count is no event
  Hall::answers(*hall.wires["p1"], 0x12, 0x12, 0x12, 0x12);
  hall.executor.run_for(3s);
  CHECK(hall.view("p1").detail == "scripted");
}

TEST_CASE(
    "where the daemon was stopped amid a ticket, what hangs there is cut off before anything is printed") {
  Hall hall;
  Hall::answers(*hall.wires["p3"], 0x12, 0x12, 0x12, 0x1E);
  hall.wires["p3"]->up();
  hall.executor.run_for(100ms);
  CHECK(hall.printers.can_print({"p3"}));
  CHECK(!hall.printers.is_ready({"p3"}));
  CHECK(hall.view("p3").detail == "scripted; about 3 tickets left on the roll");
  const auto cut = hall.last_job("p3");
  CHECK(holds(cut, {0x1D, 0x56, 0x42, 0x00}));
  hall.wires["p3"]->receive(
      {0x37, 0x22, *(cut.end() - 4), *(cut.end() - 3), *(cut.end() - 2), cut.back(), 0x00});
  hall.executor.run_for(10ms);
  CHECK(hall.printers.is_ready({"p3"}));
  REQUIRE(!hall.readied.empty());
  CHECK(hall.readied.back() == "p3");
}

TEST_CASE("characters that nobody has a picture of are counted where staff look") {
  Hall hall;
  hall.wires["p2"]->up();
  hall.executor.run_for(100ms);
  auto rare = paper();
  rare.service_name = "𠮷祥㐀";  // without fonts there are no pictures
  hall.print("p2", rare);
  hall.executor.run_for(5s);
  CHECK(hall.view("p2").detail == "scripted; 2 characters printed as 〓, no font has them");
}
