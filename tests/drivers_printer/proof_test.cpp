// What `printed` is worth: a printer that answers when it likes, asked by polls that overlap with the ticket.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <string>

#include "drivers/printer/ticket_printer.hpp"
#include "tests/fakes/scripted_link.hpp"
#include "tests/fakes/virtual_executor.hpp"

namespace proof_tests {

namespace {

using namespace lobby;
using namespace lobby::printer;
using namespace std::chrono_literals;
using fakes::Bytes;
using Status = std::array<std::uint8_t, 4>;  ///< the answers to DLE EOT 1 to 4
using std::chrono::milliseconds;

constexpr Status healthy{0x12, 0x12, 0x12, 0x12};

/// Answers in the order of the questions, each as late as the test says.
struct Printer {
  explicit Printer(link::Executor& loop) : executor(loop), wire(std::make_shared<fakes::Wire>(loop)) {
    wire->otherwise = [this](const Bytes& sent) { take(sent); };
  }
  void take(const Bytes& sent) {
    if (sent.size() == 3 && sent[0] == 0x10 && sent[1] == 0x04) {
      const auto n = sent[2];
      asked += std::to_string(n);
      say({status.at(n - 1U)});
      return;
    }
    const bool is_job = sent.size() > 2 && sent[0] == 0x1B && sent[1] == 0x40;
    jobs += is_job ? 1 : 0;
    const bool by_id = sent.size() > 11 && sent[sent.size() - 11] == 0x1D && sent[sent.size() - 10] == 0x28;
    const Bytes id = by_id ? Bytes(sent.end() - 4, sent.end()) : Bytes{};
    if (breaks_after && is_job) {
      executor.after(*breaks_after, [this] { status = fault; });
    }
    printed_at = std::max(printed_at, executor.now()) + (is_job ? prints_for : 0ms);
    executor.after(printed_at - executor.now(), [this, by_id, id] {
      say(by_id ? Bytes{0x37, 0x22, id[0], id[1], id[2], id[3], 0x00} : Bytes{0x00});
    });
  }
  void say(const Bytes& bytes) {
    said_until = std::max(said_until, executor.now() + (delay ? delay() : 0ms));
    executor.after(said_until - executor.now(), [this, bytes] { wire->receive(bytes); });
  }

  link::Executor& executor;
  std::shared_ptr<fakes::Wire> wire;
  std::function<milliseconds()> delay;
  Status status = healthy, fault = healthy;
  std::optional<milliseconds> breaks_after;  ///< of a ticket's first byte
  milliseconds prints_for{300};
  link::MonoTime said_until{}, printed_at{};
  std::string asked;
  int jobs = 0;
};

struct Bench : TicketPrinter::Listener {
  explicit Bench(Profile::Confirm confirm) : driver(executor, printer.wire->make_link(), of(confirm), *this) {
    driver.start();
  }
  static Profile of(Profile::Confirm confirm) {
    Profile profile;
    profile.cut = {0x1D, 0x56, 0x42, 0x00};
    profile.confirm = confirm;
    return profile;
  }
  void printer_changed(link::Status to, std::string_view why) override {
    status = to;
    reason = why;
  }
  void be_ready() {
    printer.wire->up();
    for (int i = 0; i < 100 && !driver.is_ready(); ++i) {
      executor.run_for(200ms);
    }
    REQUIRE(driver.is_ready());
  }
  void print() {
    driver.print({}, [this](PrintResult what, std::string why) {
      CHECK(!result.has_value());
      result = what;
      reason_of_result = std::move(why);
    });
  }

  fakes::VirtualExecutor executor;
  Printer printer{executor};
  link::Status status = link::Status::gone;
  std::string reason, reason_of_result;
  std::optional<PrintResult> result;
  TicketPrinter driver;
};

/// A poll runs and its first answer is on its way when the fence comes; the fault is older than the fence.
PrintResult fence_in_a_poll(Status status) {
  Bench bench(Profile::Confirm::process_id);
  bench.be_ready();
  bench.printer.prints_for = 1010ms;  // the polls come once a second
  bench.printer.breaks_after = 1000ms;
  bench.printer.fault = status;
  bench.print();
  bench.executor.run_for(900ms);
  bench.printer.delay = [] { return 100ms; };
  bench.executor.run_for(20s);
  REQUIRE(bench.result.has_value());
  return *bench.result;
}

struct Circumstances {
  explicit Circumstances(unsigned seed) : random(seed) {}
  int below(int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); }
  milliseconds delay() {
    const bool is_late = manner == 2 && below(10) == 0;
    return milliseconds(is_late ? 500 + below(2000) : below(manner == 1 ? 450 : 80));
  }
  std::mt19937 random;
  int manner = below(3);  ///< quick, slow, quick with a late one now and then
};

/// A ticket in the middle of whatever goes on.
Bench& print_somehow(Bench& bench, Circumstances& given) {
  bench.printer.delay = [&given] { return given.delay(); };
  bench.be_ready();
  bench.executor.run_for(milliseconds(given.below(2500)));
  bench.printer.prints_for = milliseconds(20 + given.below(2500));
  bench.print();
  bench.executor.run_for(16s);
  REQUIRE(bench.result.has_value());
  return bench;
}

Profile::Confirm confirm_of(unsigned seed) {
  return seed % 2 == 0 ? Profile::Confirm::process_id : Profile::Confirm::in_order_status;
}

}  // namespace

TEST_CASE("a fence in the middle of a poll: each answer counts for its own question") {
  CHECK(fence_in_a_poll({0x12, 0x12, 0x1A, 0x12}) == PrintResult::unknown);  // cutter jammed, not paper low
  CHECK(fence_in_a_poll({0x12, 0x12, 0x12, 0x72}) == PrintResult::unknown);  // paper out
  CHECK(fence_in_a_poll({0x16, 0x12, 0x12, 0x12}) == PrintResult::printed);  // a drawer's pin, not the cover
  CHECK(fence_in_a_poll({0x12, 0x12, 0x12, 0x1E}) == PrintResult::printed);
}

TEST_CASE("a late answer is never taken for another question's") {
  Bench bench(Profile::Confirm::process_id);
  bench.printer.status = {0x16, 0x12, 0x12, 0x12};
  bench.be_ready();
  int answers = 0;
  bench.printer.delay = [&] { return ++answers == 1 ? 1700ms : 10ms; };
  for (int i = 0; i < 100; ++i) {
    bench.executor.run_for(100ms);
    CHECK(bench.status == link::Status::ok);
    CHECK(bench.reason.empty());
  }
  CHECK(bench.driver.is_ready());
}

TEST_CASE("a question whose answer is lost holds up the next ticket for seconds, not for good") {
  Bench bench(Profile::Confirm::process_id);
  bench.be_ready();
  bench.printer.wire->expect({0x10, 0x04, 0x01}).drop();
  bench.executor.run_for(1700ms);
  CHECK(bench.printer.wire->steps_left() == 0);
  bench.print();
  bench.executor.run_for(6s);
  CHECK(bench.result == PrintResult::printed);
}

TEST_CASE("a printer that falls silent, or is lost, behind the fence has not said that it is well") {
  Bench bench(Profile::Confirm::process_id);
  bench.be_ready();
  bench.print();
  SUBCASE("silent") {
    bench.executor.run_for(290ms);
    CHECK(bench.printer.jobs == 1);
    bool fence = true;
    bench.printer.delay = [&] { return std::exchange(fence, false) ? 0ms : 60'000ms; };
    bench.executor.run_for(15s);
  }
  SUBCASE("lost") {
    bench.printer.delay = [] { return 10ms; };
    bench.executor.run_for(370ms);
    bench.printer.wire->down("unplugged");
    bench.executor.run_for(1ms);
  }
  CHECK(bench.printer.jobs == 1);
  CHECK(bench.result == PrintResult::unknown);
  CHECK(bench.reason_of_result.find("behind the ticket") != std::string::npos);
}

TEST_CASE("never printed with a fault from before the fence, however late the answers are") {
  constexpr Status faults[] = {{0x1A, 0x52, 0x1A, 0x12}, {0x1A, 0x32, 0x12, 0x72}, {0x1A, 0x16, 0x12, 0x12},
                               {0x12, 0x12, 0x1A, 0x12}, {0x12, 0x12, 0x12, 0x72}, {0x12, 0x16, 0x12, 0x12}};
  for (unsigned seed = 0; seed < 3000; ++seed) {
    Circumstances given(seed);
    Bench bench(confirm_of(seed));
    bench.printer.fault = faults[given.below(6)];
    bench.printer.breaks_after = milliseconds(given.below(20));  // the shortest ticket takes as long
    print_somehow(bench, given);
    const bool spoke_true =
        bench.printer.jobs == 1 ? bench.result == PrintResult::unknown : bench.result == PrintResult::failed;
    CHECK_MESSAGE(spoke_true, "seed ", seed);
  }
}

TEST_CASE("never unknown with a printer that is well, however late the answers are") {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    Circumstances given(seed);
    Bench bench(confirm_of(seed));
    bench.printer.status = {std::uint8_t(given.below(2) == 0 ? 0x12 : 0x16), 0x12, 0x12,
                            std::uint8_t(given.below(2) == 0 ? 0x12 : 0x1E)};
    print_somehow(bench, given);
    if (bench.printer.jobs == 1 || given.manner != 2) {
      CHECK_MESSAGE(bench.result == PrintResult::printed, "seed ", seed, ": ", bench.reason_of_result);
    } else {
      CHECK(bench.result == PrintResult::failed);  // for seconds it did not say whether it can print
    }
  }
}

}  // namespace proof_tests
