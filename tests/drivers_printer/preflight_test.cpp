#include <doctest/doctest.h>

#include <optional>

#include "drivers/printer/ticket_printer.hpp"
#include "tests/fakes/scripted_link.hpp"
#include "tests/fakes/virtual_executor.hpp"

namespace preflight_tests {

// Whoever gives a number asks first whether it can come out on paper.

namespace {

using namespace lobby;
using namespace std::chrono_literals;
using fakes::Bytes;

struct Bench : printer::TicketPrinter::Listener {
  explicit Bench(bool has_status = true)
      : wire(std::make_shared<fakes::Wire>(executor)),
        printer(executor, wire->make_link(), profile(has_status), *this) {
    answers(0x12);
    printer.start();
    wire->up();
    executor.run_for(100ms);
  }
  static printer::Profile profile(bool has_status) {
    printer::Profile profile;
    profile.cut = {0x1D, 0x56, 0x42, 0x00};
    profile.status = has_status ? printer::Profile::Status::dle_eot : printer::Profile::Status::none;
    return profile;
  }
  void printer_changed(link::Status now, std::string_view why) override {
    status = now;
    reason = why;
  }
  /// DLE EOT 1 to 3 say that all is well, 4 says this of the paper.
  void answers(std::uint8_t paper) {
    for (std::uint8_t n = 1; n <= 4; ++n) {
      wire->whenever({0x10, 0x04, n}).answer({n == 4 ? paper : std::uint8_t{0x12}});
    }
  }
  void is_silent() {
    for (std::uint8_t n = 1; n <= 4; ++n) {
      wire->whenever({0x10, 0x04, n}).drop();
    }
  }
  /// How long it took, and what was known of the printer then.
  std::pair<link::Duration, link::Status> look() {
    std::optional<link::MonoTime> done;
    const auto began = executor.now();
    auto known = link::Status::busy;
    printer.refresh([&] {
      done = executor.now();
      known = status;
    });
    for (int i = 0; !done && i < 5000; ++i) {
      executor.run_for(1ms);
    }
    REQUIRE(done);
    return {*done - began, known};
  }

  fakes::VirtualExecutor executor;
  std::shared_ptr<fakes::Wire> wire;
  link::Status status = link::Status::busy;
  std::string reason;
  printer::TicketPrinter printer;
};

}  // namespace

TEST_CASE("news of a second ago will do, and asks nothing") {
  Bench bench;
  const auto sent = bench.wire->sent.size();
  CHECK(bench.look() == std::pair{link::Duration::zero(), link::Status::ok});
  CHECK(bench.wire->sent.size() == sent);
}

TEST_CASE("paper that ran out since the printer was asked last is known before a number is given") {
  Bench bench;
  for (int i = 0; i < 40; ++i) {  // wherever between two questions it happens
    bench.answers(0x12);
    bench.executor.run_for(3s + i * 27ms);
    REQUIRE(bench.status == link::Status::ok);
    bench.answers(0x72);
    const auto since = bench.executor.now();
    bench.executor.run_for(1001ms);
    const auto [took, known] = bench.look();
    CHECK(known == link::Status::refused);
    CHECK(bench.reason == "paper out");
    CHECK(bench.executor.now() - since < 1400ms);
    bench.executor.run_for(1ms);
  }
}

TEST_CASE("a printer that has fallen silent is away 300 ms after somebody wants to print, not three rounds") {
  Bench bench;
  bench.executor.run_for(2s);
  bench.is_silent();
  bench.executor.run_for(1100ms);
  const auto [took, known] = bench.look();
  CHECK(took <= 300ms);
  CHECK(known == link::Status::timeout);
  bench.answers(0x12);
  bench.executor.run_for(5s);
  CHECK(bench.status == link::Status::ok);
  CHECK(bench.look().second == link::Status::ok);
}

TEST_CASE("nobody waits for a printer that is unplugged, or that cannot be asked") {
  Bench bench;
  bench.executor.run_for(2s);
  bench.is_silent();
  bench.executor.run_for(1200ms);
  bool is_told = false;
  bench.printer.refresh([&] { is_told = true; });
  bench.wire->down();
  CHECK(is_told);
  CHECK(bench.look().first == link::Duration::zero());
  Bench mute(false);
  mute.executor.run_for(1min);
  CHECK(mute.look() == std::pair{link::Duration::zero(), link::Status::ok});
}

}  // namespace preflight_tests
