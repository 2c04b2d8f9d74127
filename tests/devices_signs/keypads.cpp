// Other makers' keypads and pads, in virtual time: what a press becomes, and what is told back.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "daemon/devices/keypads.hpp"
#include "tests/fakes/scripted_link.hpp"
#include "tests/fakes/virtual_executor.hpp"

namespace keypads_tests {

using namespace lobby;
using namespace std::chrono_literals;
using fakes::Bytes;
using hall::DeviceKind;
using hall::DeviceState;
using hall::WindowState;
using window::KeypadKey;

namespace {

/// FF 68 L L 68 address function data sum 16.
Bytes ff68(std::uint8_t address, std::uint8_t function, const Bytes& data) {
  const auto length = static_cast<std::uint8_t>(2 + data.size());
  Bytes out{0xFF, 0x68, length, length, 0x68, address, function};
  auto sum = static_cast<std::uint8_t>(address + function);
  for (const auto byte : data) {
    out.push_back(byte);
    sum = static_cast<std::uint8_t>(sum + byte);
  }
  out.push_back(sum);
  out.push_back(0x16);
  return out;
}

devices::KeypadConfig keypad(const std::string& id, DeviceKind kind, std::uint8_t address,
                             const std::string& window) {
  devices::KeypadConfig config;
  config.id = {id};
  config.kind = kind;
  config.driver = "ff68";
  config.window = {window};
  config.line = {"keys"};
  config.address = address;
  if (kind == DeviceKind::pad) {
    config.scores = {hall::Score::very_good, hall::Score::fair, hall::Score::very_poor};
  }
  return config;
}

hall::WindowView window_view(WindowState state, const std::string& ticket = "") {
  hall::WindowView view;
  view.id = {"w1"};
  view.number = 1;
  view.state = state;
  if (!ticket.empty()) {
    view.ticket = hall::TicketAtWindow{{1}, ticket, {"s1"}, hall::Lane::ordinary};
  }
  return view;
}

struct Bench {
  explicit Bench(std::optional<hall::KeyPress> recorded = {})
      : lines(
            executor, {{{"keys"}, "ff68", devices::SerialPort{"/dev/x", 9600}, true}},
            [this](const auto&) { return wire->make_link(); }, roster),
        keypads(
            executor,
            {keypad("k1", DeviceKind::keypad, 1, "w1"), keypad("p1", DeviceKind::pad, 101, "w1"),
             keypad("k2", DeviceKind::keypad, 2, "w2")},
            lines,
            [recorded](const hall::DeviceId& id) {
              return recorded && recorded->device == id ? recorded : std::nullopt;
            },
            roster, reports()) {
    lines.start();
    wire->up();
  }
  devices::Keypads::Reports reports() {
    devices::Keypads::Reports out;
    out.key = [this](const hall::WindowId& window, hall::KeyPress press, KeypadKey key,
                     const std::function<void()>& take) {
      keys.emplace_back(window.value, press, key);
      take();
    };
    out.rated = [this](const hall::WindowId& window, hall::KeyPress press, hall::Score score,
                       const std::function<void()>& take) {
      scores.emplace_back(window.value, press, score);
      take();
    };
    return out;
  }
  void hear(const Bytes& bytes) {
    wire->receive(bytes);
    executor.run_for(400ms);
  }
  bool was_sent(const Bytes& frame) const {
    return std::find(wire->sent.begin(), wire->sent.end(), frame) != wire->sent.end();
  }
  const hall::DeviceView& device(const std::string& id) const { return *roster.find({id}); }

  fakes::VirtualExecutor executor;
  std::shared_ptr<fakes::Wire> wire = std::make_shared<fakes::Wire>(executor);
  devices::Roster roster{[] { return hall::Instant{1'000, 480}; }, [](const hall::ReportDevice&) {}};
  std::vector<std::tuple<std::string, hall::KeyPress, KeypadKey>> keys;
  std::vector<std::tuple<std::string, hall::KeyPress, hall::Score>> scores;
  devices::DialectLines lines;
  devices::Keypads keypads;
};

}  // namespace

TEST_CASE("presses are counted by us: a new life at every start, a new number for every press") {
  Bench bench(hall::KeyPress{{"k1"}, 7, 300});
  bench.hear(ff68(1, 0x10, {0x0C}));
  bench.hear(ff68(1, 0x10, {0x0C}));
  bench.hear(ff68(2, 0x10, {0x0D}));
  REQUIRE(bench.keys.size() == 3);
  CHECK(bench.keys[0] == std::tuple(std::string("w1"), hall::KeyPress{{"k1"}, 8, 1}, KeypadKey::call));
  CHECK(bench.keys[1] == std::tuple(std::string("w1"), hall::KeyPress{{"k1"}, 8, 2}, KeypadKey::call));
  CHECK(bench.keys[2] == std::tuple(std::string("w2"), hall::KeyPress{{"k2"}, 1, 1}, KeypadKey::recall));
}

TEST_CASE("a score means what the pad's profile says, one beyond it nothing, and both are answered") {
  Bench bench;
  bench.hear(ff68(101, 0x11, {1}));
  bench.hear(ff68(101, 0x11, {3}));
  REQUIRE(bench.scores.size() == 1);
  CHECK(std::get<2>(bench.scores[0]) == hall::Score::fair);
  CHECK(bench.was_sent(ff68(101, 0x01, {1})));
  CHECK(bench.was_sent(ff68(101, 0x01, {3})));
}

TEST_CASE("the display follows the window: who is called, else how many wait, and dark at the end") {
  Bench bench;
  const auto shows = [&](const Bytes& cells) {
    bench.executor.run_for(1s);
    return !bench.wire->sent.empty() && bench.wire->sent.back() == ff68(1, 0x02, cells);
  };
  bench.keypads.want(window_view(WindowState::idle), 17);
  CHECK(shows({0, 1, 7, 0x0A, 0x0A, 0x0A}));
  bench.keypads.want(window_view(WindowState::called, "A1023"), 16);
  CHECK(shows({0x0A, 0x0A, 0x0A, 0, 2, 3}));
  bench.keypads.want(window_view(WindowState::idle), 12'345);
  CHECK(shows({9, 9, 9, 0x0A, 0x0A, 0x0A}));
  const auto before = bench.wire->sent.size();
  bench.keypads.want(window_view(WindowState::idle), 12'345);
  bench.executor.run_for(1s);
  CHECK(bench.wire->sent.size() == before);
  bench.keypads.want_dark();
  bench.keypads.want(window_view(WindowState::idle), 3);
  bench.executor.run_for(1s);
  CHECK(bench.was_sent(ff68(1, 0x02, Bytes(6, 0x0A))));
  CHECK_FALSE(bench.was_sent(ff68(1, 0x02, {0, 0, 3, 0x0A, 0x0A, 0x0A})));
}

TEST_CASE("a refused key beeps at the keypads of the window only; the question for a score is for its pads") {
  Bench bench;
  bench.keypads.refuse({"w1"});
  bench.keypads.ask_rating({"w1"});
  bench.executor.run_for(1s);
  CHECK(bench.was_sent(ff68(1, 0x03, {})));
  CHECK(bench.was_sent(ff68(101, 0x01, {0x0B})));
  CHECK(bench.wire->sent.size() == 2);
}

TEST_CASE("damaged frames are seen in the detail, and the line's loss in the state") {
  Bench bench;
  auto damaged = ff68(1, 0x10, {0x0C});
  damaged[7] ^= 1;
  bench.hear(damaged);
  CHECK(bench.keys.empty());
  CHECK(bench.device("k1").detail == "presses 0, damaged frames on its line 1");
  CHECK(bench.device("k1").state == DeviceState::ok);
  bench.wire->down("unplugged");
  CHECK(bench.device("k1").state == DeviceState::gone);
  CHECK(bench.device("p1").reason == "unplugged");
}

TEST_CASE("10 000 presses on a line that loses and corrupts frames: each that arrives is one action") {
  Bench bench;
  std::mt19937 random(17);
  const auto happens = [&] { return random() % 20 == 0; };
  std::vector<KeypadKey> arrived;
  int given_up = 0;
  for (int n = 0; n < 10'000; ++n) {
    const bool is_call = random() % 2 == 0;
    const auto frame = ff68(1, 0x10, {static_cast<std::uint8_t>(is_call ? 0x0C : 0x0D)});
    bool has_arrived = false;
    bool is_acknowledged = false;
    // The keypad says it three times, 100 ms apart, or until it is echoed.
    for (int tries = 0; tries < 3 && !is_acknowledged; ++tries) {
      bench.wire->sent.clear();
      auto on_wire = frame;
      const bool is_damaged = happens();
      if (is_damaged) {
        on_wire[random() % on_wire.size()] ^= static_cast<std::uint8_t>(1U << random() % 8);
      }
      const bool is_lost = happens();
      if (!is_lost) {
        bench.wire->receive(on_wire);
      }
      has_arrived = has_arrived || (!is_lost && !is_damaged);
      bench.executor.run_for(100ms);
      is_acknowledged = bench.was_sent(frame) && !happens();  // or the echo is lost
    }
    given_up += is_acknowledged ? 0 : 1;
    if (has_arrived) {
      arrived.push_back(is_call ? KeypadKey::call : KeypadKey::recall);
    }
    bench.executor.run_for(300ms);
  }
  CHECK(given_up > 0);
  CHECK(arrived.size() > 9'900);
  REQUIRE(bench.keys.size() == arrived.size());
  for (std::size_t i = 0; i < arrived.size(); ++i) {
    CHECK(std::get<2>(bench.keys[i]) == arrived[i]);
  }
}

}  // namespace keypads_tests
