#include "drivers/printer/ticket_printer.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "tests/fakes/scripted_link.hpp"
#include "tests/fakes/virtual_executor.hpp"

namespace ticket_printer_tests {

namespace {

using namespace lobby;
using namespace lobby::printer;
using namespace std::chrono_literals;
using fakes::Bytes;

using Change = std::pair<link::Status, std::string>;
using Outcome = std::pair<PrintResult, std::string>;

const Bytes full_cut{0x1D, 0x56, 0x42, 0x00};

Profile profile_of(Profile::Confirm confirm, bool status = true) {
  Profile profile;
  profile.cut = full_cut;
  profile.confirm = confirm;
  profile.status = status ? Profile::Status::dle_eot : Profile::Status::none;
  return profile;
}

Bytes ask(int n) {
  return {0x10, 0x04, static_cast<std::uint8_t>(n)};
}

/// A printer on a scripted wire, in virtual time.
struct Bench : TicketPrinter::Listener {
  explicit Bench(Profile profile)
      : wire(std::make_shared<fakes::Wire>(executor)), printer(executor, wire->make_link(), profile, *this) {
    answers(0x12, 0x12, 0x12, 0x12);
    printer.start();
  }
  void printer_changed(link::Status status, std::string_view reason) override {
    changes.emplace_back(status, std::string(reason));
  }
  /// From now on DLE EOT 1 to 4 are answered so.
  void answers(std::uint8_t n1, std::uint8_t n2, std::uint8_t n3, std::uint8_t n4) {
    const std::uint8_t bits[] = {n1, n2, n3, n4};
    for (int n = 1; n <= 4; ++n) {
      wire->whenever(ask(n)).answer({bits[n - 1]});
    }
  }
  void silent() {
    for (int n = 1; n <= 4; ++n) {
      wire->whenever(ask(n)).drop();
    }
  }
  void print(std::string text = "A001") {
    Job job;
    job.items.push_back(TextLine{std::move(text)});
    outcome.reset();
    printer.print(job, [this](PrintResult result, std::string reason) {
      CHECK(!outcome.has_value());  // exactly once
      outcome = Outcome{result, std::move(reason)};
    });
    CHECK(!outcome.has_value());  // never inside the call
  }
  void ready() {
    wire->up();
    executor.run_for(100ms);
    if (!printer.is_ready()) {  // it may still answer somebody who was here before
      wire->receive({0x00});
      executor.run_for(3500ms);
    }
    REQUIRE(printer.is_ready());
  }
  /// The last send that is a job, empty when none.
  Bytes job() const {
    for (auto it = wire->sent.rbegin(); it != wire->sent.rend(); ++it) {
      if (it->size() > 2 && (*it)[0] == 0x1B && (*it)[1] == 0x40) {
        return *it;
      }
    }
    return {};
  }
  std::size_t jobs() const {
    return static_cast<std::size_t>(std::count_if(
        wire->sent.begin(), wire->sent.end(),
        [](const Bytes& bytes) { return bytes.size() > 2 && bytes[0] == 0x1B && bytes[1] == 0x40; }));
  }
  /// What a printer answers to the process id at the end of the last job.
  Bytes id_answer() const {
    const auto bytes = job();
    REQUIRE(bytes.size() > 11);
    const Bytes tail(bytes.end() - 11, bytes.end());
    REQUIRE(Bytes(tail.begin(), tail.begin() + 7) == Bytes{0x1D, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30});
    return {0x37, 0x22, tail[7], tail[8], tail[9], tail[10], 0x00};
  }

  fakes::VirtualExecutor executor;
  std::shared_ptr<fakes::Wire> wire;
  std::vector<Change> changes;
  std::optional<Outcome> outcome;
  TicketPrinter printer;
};

}  // namespace

TEST_CASE("a printer that comes up is asked how it is") {
  Bench bench(profile_of(Profile::Confirm::process_id));
  CHECK(!bench.printer.is_ready());
  bench.wire->expect(ask(1)).answer({0x12});
  bench.wire->expect(ask(2)).answer({0x12});
  bench.wire->expect(ask(3)).answer({0x12});
  bench.wire->expect(ask(4)).answer({0x12});
  bench.ready();
  CHECK(bench.wire->steps_left() == 0);
  CHECK(bench.changes == std::vector<Change>{{link::Status::ok, ""}});
}

TEST_CASE("a fault is told once, and its end once") {
  Bench bench(profile_of(Profile::Confirm::process_id));
  bench.ready();
  bench.answers(0x1A, 0x32, 0x12, 0x72);
  bench.executor.run_for(30s);
  bench.answers(0x12, 0x12, 0x12, 0x12);
  bench.executor.run_for(30s);
  CHECK(bench.changes == std::vector<Change>{{link::Status::ok, ""},
                                             {link::Status::refused, "paper out"},
                                             {link::Status::ok, ""}});
}

TEST_CASE("low paper is told and does not stop the printer") {
  Bench bench(profile_of(Profile::Confirm::process_id));
  bench.answers(0x12, 0x12, 0x12, 0x1E);
  bench.ready();
  CHECK(bench.changes == std::vector<Change>{{link::Status::ok, "paper low"}});
}

TEST_CASE("a fault is known within about a second") {
  Bench bench(profile_of(Profile::Confirm::none));
  bench.ready();
  bench.answers(0x1A, 0x16, 0x12, 0x12);
  bench.executor.run_for(1200ms);
  CHECK(bench.changes.back() == Change{link::Status::refused, "cover open"});
  CHECK(!bench.printer.is_ready());
}

TEST_CASE("printed means: the printer's own id for this ticket came back") {
  Bench bench(profile_of(Profile::Confirm::process_id));
  bench.ready();
  bench.print("A017");
  bench.executor.run_for(200ms);
  const auto job = bench.job();
  const Bytes body{0x1B, 0x40, 0x1C, 0x26, 'A', '0', '1', '7', 0x0A, 0x1D, 0x56, 0x42, 0x00};
  CHECK(Bytes(job.begin(), job.begin() + static_cast<std::ptrdiff_t>(body.size())) == body);
  CHECK(!bench.outcome.has_value());
  CHECK(!bench.printer.is_ready());
  bench.wire->receive(bench.id_answer());
  bench.executor.run_for(100ms);
  REQUIRE(bench.outcome.has_value());
  CHECK(bench.outcome->first == PrintResult::printed);
  CHECK(bench.printer.is_ready());
}

TEST_CASE("an id that comes in pieces counts, a damaged one does not") {
  Bench bench(profile_of(Profile::Confirm::process_id));
  bench.ready();
  bench.print();
  bench.executor.run_for(50ms);
  auto damaged = bench.id_answer();
  damaged[4] ^= 0x01;
  bench.wire->receive(damaged);
  bench.executor.run_for(1s);
  CHECK(!bench.outcome.has_value());
  for (const auto byte : bench.id_answer()) {
    bench.wire->receive({byte});
    bench.executor.run_for(10ms);
  }
  bench.executor.run_for(100ms);
  REQUIRE(bench.outcome.has_value());
  CHECK(bench.outcome->first == PrintResult::printed);
}

TEST_CASE("without an answer the ticket is unknown, within 15 s, and is not printed again") {
  Bench bench(profile_of(Profile::Confirm::process_id));
  bench.ready();
  bench.print();
  bench.executor.run_for(15s);
  REQUIRE(bench.outcome.has_value());
  CHECK(bench.outcome->first == PrintResult::unknown);
  bench.executor.run_for(60s);
  CHECK(bench.jobs() == 1);
}

TEST_CASE("the late id of an old ticket is not the present one's") {
  Bench bench(profile_of(Profile::Confirm::process_id));
  bench.ready();
  bench.print("A001");
  bench.executor.run_for(15s);
  const auto late = bench.id_answer();
  bench.print("A002");
  bench.executor.run_for(100ms);
  REQUIRE(bench.jobs() == 2);
  bench.wire->receive(late);
  bench.executor.run_for(1s);
  CHECK(!bench.outcome.has_value());
  bench.wire->receive(bench.id_answer());
  bench.executor.run_for(100ms);
  REQUIRE(bench.outcome.has_value());
  CHECK(bench.outcome->first == PrintResult::printed);
}

TEST_CASE("two lives of the daemon use different ids") {
  Bytes first;
  {
    Bench bench(profile_of(Profile::Confirm::process_id));
    bench.ready();
    bench.print();
    bench.executor.run_for(50ms);
    first = bench.id_answer();
  }
  fakes::VirtualExecutor later;
  later.run_for(3s);
  struct Nobody : TicketPrinter::Listener {
    void printer_changed(link::Status, std::string_view) override {}
  } nobody;
  const auto wire = std::make_shared<fakes::Wire>(later);
  TicketPrinter printer(later, wire->make_link(), profile_of(Profile::Confirm::process_id, false), nobody);
  printer.start();
  wire->up();
  std::optional<PrintResult> result;
  printer.print({}, [&](PrintResult r, const std::string&) { result = r; });
  later.run_for(100ms);
  wire->receive(first);
  later.run_for(1s);
  CHECK(!result.has_value());
}

TEST_CASE("paper that runs out while printing makes the ticket unknown, even when its id comes later") {
  Bench bench(profile_of(Profile::Confirm::process_id));
  bench.ready();
  bench.print();
  bench.executor.run_for(50ms);
  bench.answers(0x1A, 0x32, 0x12, 0x72);
  bench.executor.run_for(3s);
  REQUIRE(bench.outcome.has_value());
  CHECK(bench.outcome->first == PrintResult::unknown);
  CHECK(bench.outcome->second.find("paper out") != std::string::npos);
  bench.wire->receive(bench.id_answer());
  bench.answers(0x12, 0x12, 0x12, 0x12);
  bench.executor.run_for(3s);
  CHECK(bench.jobs() == 1);
}

TEST_CASE("a fault that stands behind the fence spoils it") {
  Bench bench(profile_of(Profile::Confirm::process_id));
  bench.ready();
  bench.print();
  bench.executor.run_for(50ms);
  bench.answers(0x1A, 0x52, 0x1A, 0x12);  // the cutter, before the next poll
  bench.wire->receive(bench.id_answer());
  bench.executor.run_for(1s);
  REQUIRE(bench.outcome.has_value());
  CHECK(bench.outcome->first == PrintResult::unknown);
  CHECK(bench.outcome->second.find("cutter") != std::string::npos);
}

TEST_CASE("an automatic status with a fault counts like a poll") {
  Bench bench(profile_of(Profile::Confirm::process_id));
  bench.ready();
  bench.print();
  bench.executor.run_for(50ms);
  bench.wire->receive({0x18, 0x00, 0x0C, 0x00});
  bench.executor.run_for(1ms);
  REQUIRE(bench.outcome.has_value());
  CHECK(bench.outcome->first == PrintResult::unknown);
}

TEST_CASE("failed means that not one byte of the ticket left") {
  SUBCASE("paper out, known") {
    Bench bench(profile_of(Profile::Confirm::process_id));
    bench.ready();
    bench.answers(0x1A, 0x32, 0x12, 0x72);
    bench.executor.run_for(2s);
    bench.print();
    bench.executor.run_for(1s);
    CHECK(bench.outcome == Outcome{PrintResult::failed, "paper out"});
    CHECK(bench.jobs() == 0);
  }
  SUBCASE("paper out, and the last news is old") {
    Bench bench(profile_of(Profile::Confirm::process_id));
    bench.ready();
    bench.wire->expect(ask(1)).drop();
    bench.executor.run_for(1400ms);
    bench.answers(0x1A, 0x32, 0x12, 0x72);
    bench.print();
    CHECK(bench.jobs() == 0);
    bench.executor.run_for(5s);
    CHECK(bench.outcome == Outcome{PrintResult::failed, "paper out"});
    CHECK(bench.jobs() == 0);
  }
  SUBCASE("silent since the last poll") {
    Bench bench(profile_of(Profile::Confirm::process_id));
    bench.ready();
    bench.silent();
    bench.executor.run_for(1400ms);
    bench.print();
    bench.executor.run_for(4s);
    CHECK(bench.outcome == Outcome{PrintResult::failed, "the printer does not answer"});
    CHECK(bench.jobs() == 0);
    CHECK(bench.changes.back().first == link::Status::timeout);
  }
  SUBCASE("not connected") {
    Bench bench(profile_of(Profile::Confirm::process_id));
    bench.print();
    bench.executor.run_for(1s);
    REQUIRE(bench.outcome.has_value());
    CHECK(bench.outcome->first == PrintResult::failed);
  }
  SUBCASE("the link is full") {
    Bench bench(profile_of(Profile::Confirm::process_id, false));
    bench.ready();
    bench.wire->send_status = link::Status::busy;
    bench.print();
    bench.executor.run_for(1s);
    REQUIRE(bench.outcome.has_value());
    CHECK(bench.outcome->first == PrintResult::failed);
  }
  SUBCASE("the connection is lost while it is asked") {
    Bench bench(profile_of(Profile::Confirm::process_id));
    bench.ready();
    bench.silent();
    bench.executor.run_for(1400ms);
    bench.print();
    bench.wire->down("unplugged");
    bench.executor.run_for(1s);
    CHECK(bench.outcome == Outcome{PrintResult::failed, "unplugged"});
    CHECK(bench.jobs() == 0);
  }
  SUBCASE("another job is in flight") {
    Bench bench(profile_of(Profile::Confirm::process_id));
    bench.ready();
    bench.print();
    std::optional<Outcome> second;
    bench.printer.print({}, [&](PrintResult result, std::string reason) {
      second = Outcome{result, reason};
    });
    bench.executor.run_for(10ms);
    CHECK(second == Outcome{PrintResult::failed, "busy"});
    CHECK(!bench.outcome.has_value());
  }
}

TEST_CASE("a connection lost behind the first byte is unknown") {
  Bench bench(profile_of(Profile::Confirm::process_id));
  bench.ready();
  bench.print();
  bench.executor.run_for(50ms);
  REQUIRE(bench.jobs() == 1);
  bench.wire->down("unplugged");
  bench.executor.run_for(1s);
  REQUIRE(bench.outcome.has_value());
  CHECK(bench.outcome->first == PrintResult::unknown);
  CHECK(bench.changes.back() == Change{link::Status::gone, "unplugged"});

  bench.wire->up();
  bench.executor.run_for(20s);
  CHECK(bench.jobs() == 1);  // the lost one is not sent again
}

TEST_CASE("a printer that cannot confirm has sent, never printed") {
  Bench bench(profile_of(Profile::Confirm::none, false));
  bench.wire->up();
  bench.executor.run_for(1ms);
  bench.print();
  bench.executor.run_for(100ms);
  CHECK(bench.outcome == Outcome{PrintResult::sent, ""});
  CHECK(bench.wire->sent.size() == 1);  // it is not asked what it does not understand
  const auto job = bench.job();
  CHECK(Bytes(job.end() - 4, job.end()) == full_cut);
}

TEST_CASE("an answer in order is a fence") {
  Bench bench(profile_of(Profile::Confirm::in_order_status));
  bench.ready();
  bench.wire->receive({0x00});  // nobody asked: means nothing
  bench.print();
  bench.executor.run_for(50ms);
  const auto job = bench.job();
  CHECK(Bytes(job.end() - 3, job.end()) == Bytes{0x1D, 0x72, 0x01});
  CHECK(!bench.outcome.has_value());
  bench.wire->receive({0x03});  // near its end, and processed
  bench.executor.run_for(100ms);
  CHECK(bench.outcome == Outcome{PrintResult::printed, ""});
}

TEST_CASE("the late answer of an old ticket is not the present one's, though they look alike") {
  Bench bench(profile_of(Profile::Confirm::in_order_status));
  const Bytes fence{0x1D, 0x72, 0x01};
  bench.ready();
  bench.print("A001");
  bench.executor.run_for(15s);
  REQUIRE(bench.outcome.has_value());
  CHECK(bench.outcome->first == PrintResult::unknown);

  const auto asked = [&] { return std::count(bench.wire->sent.begin(), bench.wire->sent.end(), fence); };
  const auto questions = asked();
  CHECK(questions >= 1);  // it is asked again, once the ticket takes too long
  CHECK(!bench.printer.is_ready());

  SUBCASE("the old ones still come") {
    for (auto i = questions; i >= 0; --i) {
      CHECK(!bench.printer.is_ready());
      bench.wire->receive({0x00});
      bench.executor.run_for(100ms);
    }
    CHECK(bench.printer.is_ready());
  }
  SUBCASE("some were lost: the printer works on after a pause") {
    bench.wire->receive({0x00});
    bench.executor.run_for(500ms);
    CHECK(!bench.printer.is_ready());
    bench.executor.run_for(4s);
    CHECK(bench.printer.is_ready());
  }
  SUBCASE("it answers nothing: no second ticket is sent into it") {
    bench.executor.run_for(60s);
    CHECK(!bench.printer.is_ready());
    bench.print("A002");
    bench.executor.run_for(15s);
    REQUIRE(bench.outcome.has_value());
    CHECK(bench.outcome->first == PrintResult::failed);
    CHECK(bench.jobs() == 1);
    bench.wire->receive({0x00});
    bench.executor.run_for(4s);
  }
  CHECK(bench.jobs() == 1);
  bench.print("A002");
  bench.executor.run_for(50ms);
  CHECK(bench.jobs() == 2);  // without a pause now
  CHECK(!bench.outcome.has_value());
  bench.wire->receive({0x00});
  bench.executor.run_for(100ms);
  CHECK(bench.outcome == Outcome{PrintResult::printed, ""});
}

TEST_CASE("silence is told after a while, and one lost answer is not silence") {
  Bench bench(profile_of(Profile::Confirm::process_id));
  bench.ready();
  bench.wire->expect(ask(1)).drop();
  bench.executor.run_for(10s);
  CHECK(bench.changes.size() == 1);
  bench.silent();
  bench.executor.run_for(10s);
  CHECK(bench.changes.back().first == link::Status::timeout);
  bench.answers(0x12, 0x12, 0x12, 0x12);
  bench.executor.run_for(6s);  // old answers might still come
  CHECK(bench.changes.back().first == link::Status::ok);
  CHECK(bench.changes.size() == 3);
}

TEST_CASE("answers that are damaged, split or late are not faults of the paper") {
  Bench bench(profile_of(Profile::Confirm::process_id));
  bench.ready();
  bench.wire->expect(ask(1)).answer({0x12}).corrupt(0, 0x80);
  bench.wire->expect(ask(1)).answer({0x12}).late(700ms);
  bench.executor.run_for(20s);
  CHECK(bench.changes.size() == 1);
  CHECK(bench.printer.is_ready());
}

TEST_CASE("a printer that is taken down in the middle leaves nothing behind") {
  fakes::VirtualExecutor executor;
  const auto wire = std::make_shared<fakes::Wire>(executor);
  struct Nobody : TicketPrinter::Listener {
    void printer_changed(link::Status, std::string_view) override {}
  } nobody;
  {
    TicketPrinter printer(executor, wire->make_link(), profile_of(Profile::Confirm::process_id), nobody);
    printer.start();
    wire->up();
    printer.print({}, [](PrintResult, const std::string&) { FAIL("the owner is gone"); });
    executor.run_for(1ms);
  }
  wire->receive({0x12});
  executor.run_for(30s);
  CHECK(executor.idle());
}

}  // namespace ticket_printer_tests
