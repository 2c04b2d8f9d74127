#include "drivers/window/ff68.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "drivers/window/ff68_line.hpp"
#include "tests/fakes/scripted_link.hpp"
#include "tests/fakes/virtual_executor.hpp"

namespace ff68_tests {

using namespace lobby;
using namespace std::chrono_literals;
using fakes::Bytes;
using window::KeypadKey;

namespace {

// Written down by hand: FF 68 L L 68 address function data sum 16.
const Bytes call_of_5{0xFF, 0x68, 0x03, 0x03, 0x68, 0x05, 0x10, 0x0C, 0x21, 0x16};
const Bytes recall_of_5{0xFF, 0x68, 0x03, 0x03, 0x68, 0x05, 0x10, 0x0D, 0x22, 0x16};
const Bytes score_2_of_5{0xFF, 0x68, 0x03, 0x03, 0x68, 0x05, 0x11, 0x02, 0x18, 0x16};
const Bytes thanks_of_5{0xFF, 0x68, 0x03, 0x03, 0x68, 0x05, 0x01, 0x02, 0x08, 0x16};

std::vector<window::Ff68Frame> decoded(const Bytes& bytes) {
  window::Ff68Decoder decoder;
  std::vector<window::Ff68Frame> out;
  for (const auto byte : bytes) {
    if (auto frame = decoder.take(byte)) {
      out.push_back(*std::move(frame));
    }
  }
  return out;
}

Bytes joined(const std::vector<Bytes>& all) {
  Bytes out;
  for (const auto& each : all) {
    out.insert(out.end(), each.begin(), each.end());
  }
  return out;
}

struct Desk final : window::PacedLine::Listener, window::Ff68Line::Listener {
  Desk() {
    device = devices.add(5, *this);
    line.start();
    wire->up();
  }
  void line_up() override {}
  void line_down(std::string_view) override {}
  void line_bytes(std::span<const std::uint8_t> bytes) override { devices.received(bytes); }
  void key_pressed(KeypadKey key, std::function<void()> take) override {
    keys.push_back(key);
    took(std::move(take));
  }
  void rated(std::uint8_t score, std::function<void()> take) override {
    scores.push_back(score);
    took(std::move(take));
  }
  void took(std::function<void()> take) {
    if (is_slow) {
      waiting.push_back(std::move(take));
    } else {
      take();
    }
  }
  /// From here on: the receiver is on while the adapter sends.
  void hears_itself() {
    wire->otherwise = [this](const Bytes& bytes) {
      executor.after(10ms, [this, bytes] { wire->receive(bytes); });
    };
  }
  /// A frame from the device, and 50 ms.
  void hear(const Bytes& bytes) {
    wire->receive(bytes);
    executor.run_for(50ms);
  }
  void press(const Bytes& data) {
    Bytes frame{0xFF, 0x68, 0, 0, 0x68, 5, 0x10};
    frame[2] = frame[3] = static_cast<std::uint8_t>(2 + data.size());
    frame.insert(frame.end(), data.begin(), data.end());
    std::uint8_t sum = 0;
    for (std::size_t i = 5; i < frame.size(); ++i) {
      sum = static_cast<std::uint8_t>(sum + frame[i]);
    }
    frame.push_back(sum);
    frame.push_back(0x16);
    hear(frame);
  }

  fakes::VirtualExecutor executor;
  std::shared_ptr<fakes::Wire> wire = std::make_shared<fakes::Wire>(executor);
  window::PacedLine line{executor, wire->make_link(), {9600, 60s}, *this};
  window::Ff68Line devices{executor, line};
  window::Ff68Line::Device device = 0;
  std::vector<KeypadKey> keys;
  std::vector<std::uint8_t> scores;
  bool is_slow = false;  ///< what is pressed is not recorded at once
  std::vector<std::function<void()>> waiting;
};

}  // namespace

TEST_CASE("frames are made and read as the table of the protocol has them") {
  CHECK(window::encode_ff68({5, 0x10, {0x0C}}) == call_of_5);
  CHECK(window::encode_ff68({5, 0x03, {}}) == Bytes{0xFF, 0x68, 2, 2, 0x68, 5, 3, 8, 0x16});
  const auto frames = decoded(joined({call_of_5, score_2_of_5}));
  REQUIRE(frames.size() == 2);
  CHECK(frames[0] == window::Ff68Frame{5, 0x10, {0x0C}});
  CHECK(frames[1] == window::Ff68Frame{5, 0x11, {0x02}});
}

TEST_CASE(
    "what is no frame is dropped: lengths that differ, are too short or too long, a wrong sum or tail") {
  const auto changed = [](std::size_t place, std::uint8_t value) {
    auto bytes = call_of_5;
    bytes[place] = value;
    return bytes;
  };
  for (const auto& bad : {changed(0, 0xFE), changed(1, 0x67), changed(2, 4), changed(3, 4), changed(4, 0x67),
                          changed(5, 6), changed(7, 0x0D), changed(8, 0x20), changed(9, 0x17)}) {
    CHECK(decoded(bad).empty());
    CHECK(decoded(joined({bad, recall_of_5})).size() == 1);
  }
  CHECK(decoded({0xFF, 0x68, 2, 2, 0x68, 5, 3, 8, 0x16}).empty());
  CHECK(decoded({0xFF, 0x68, 6, 6, 0x68, 5, 0x10, 1, 2, 3, 4, 0x1F, 0x16}).empty());
}

TEST_CASE("a byte that is lost or too many costs its own frame only, wherever it is") {
  for (std::size_t lost = 0; lost < call_of_5.size(); ++lost) {
    auto hurt = call_of_5;
    hurt.erase(hurt.begin() + static_cast<std::ptrdiff_t>(lost));
    const auto frames = decoded(joined({recall_of_5, hurt, recall_of_5, score_2_of_5}));
    CHECK(frames.size() == 3);
    for (const std::uint8_t extra : Bytes{0x00, 0xFF, 0x68}) {
      hurt = call_of_5;
      hurt.insert(hurt.begin() + static_cast<std::ptrdiff_t>(lost), extra);
      CHECK(decoded(joined({recall_of_5, hurt, recall_of_5, score_2_of_5})).size() >= 3);
    }
  }
}

TEST_CASE("no noise is taken for a frame whose sum is wrong, and none keeps a good frame out for ever") {
  std::mt19937 random(5);
  for (int round = 0; round < 2000; ++round) {
    Bytes bytes;
    for (int i = 0; i < 40; ++i) {
      // Mostly bytes that frames are made of.
      constexpr std::uint8_t alphabet[] = {0xFF, 0x68, 3, 4, 5, 0x16};
      bytes.push_back(random() % 4 == 0 ? static_cast<std::uint8_t>(random()) : alphabet[random() % 6]);
    }
    const auto noise = decoded(bytes).size();
    // Twelve bytes end whatever the noise began.
    CHECK(decoded(joined({bytes, Bytes(12, 0), call_of_5})).size() == noise + 1);
  }
}

TEST_CASE("a press is acknowledged by its own frame and told once, however often the device repeats it") {
  Desk desk;
  desk.hear(call_of_5);
  CHECK(desk.keys == std::vector{KeypadKey::call});
  REQUIRE(desk.wire->sent == std::vector<Bytes>{call_of_5});
  desk.hear(call_of_5);  // 50 ms later: it did not hear us
  desk.executor.run_for(100ms);
  desk.hear(call_of_5);
  CHECK(desk.keys.size() == 1);
  CHECK(desk.wire->sent.size() == 3);
  desk.executor.run_for(300ms);
  desk.hear(call_of_5);  // somebody presses again
  CHECK(desk.keys.size() == 2);
  desk.hear(recall_of_5);
  desk.hear(call_of_5);  // another key between: no repetition
  CHECK(desk.keys.size() == 4);
}

TEST_CASE("a press is acknowledged when it is recorded, not before") {
  for (const auto& [said, answered] :
       {std::pair(call_of_5, call_of_5), std::pair(score_2_of_5, thanks_of_5)}) {
    Desk desk;
    desk.is_slow = true;
    desk.hear(said);
    desk.executor.run_for(50ms);
    desk.hear(said);  // it says it again, and waits
    CHECK(desk.keys.size() + desk.scores.size() == 1);
    CHECK(desk.wire->sent.empty());
    desk.waiting.at(0)();
    desk.executor.run_for(50ms);
    CHECK(desk.wire->sent == std::vector<Bytes>{answered});
  }
}

TEST_CASE("an adapter that hears itself presses nothing, and does not fill the line") {
  for (const auto& said : {call_of_5, score_2_of_5}) {
    Desk desk;
    desk.hears_itself();
    desk.hear(said);
    desk.executor.run_for(5s);
    CHECK(desk.wire->sent.size() == 1);
    desk.hear(said);
    desk.executor.run_for(5s);
    CHECK(desk.keys.size() + desk.scores.size() == 2);
    CHECK(desk.wire->sent.size() == 2);
  }
  Desk desk;
  desk.hears_itself();
  desk.devices.ask_rating(desk.device);  // 01 0B: as a key it would ask for a rating
  desk.executor.run_for(5s);
  CHECK(desk.keys.empty());
  CHECK(desk.wire->sent.size() == 1);
}

TEST_CASE("a device that never hears us is answered a few times, told once, and costs the line no more") {
  Desk desk;
  for (int i = 0; i < 50; ++i) {
    desk.hear(call_of_5);
    desk.executor.run_for(50ms);
  }
  CHECK(desk.keys.size() == 1);
  CHECK(desk.wire->sent.size() == 3);
}

TEST_CASE("keys mean what the keypads' hosts take them for") {
  const std::pair<Bytes, KeypadKey> all[] = {
      {{0x0C}, KeypadKey::call},       {{0x0D}, KeypadKey::recall},
      {{0x0B}, KeypadKey::ask_rating}, {{0x12}, KeypadKey::pause},
      {{0x13}, KeypadKey::transfer},   {{0x06, 0x0F}, KeypadKey::no_show},
      {{0x00, 0x0F}, KeypadKey::hold}, {{0x03, 0x0F}, KeypadKey::call_back},
      {{0x0E}, KeypadKey::other},      {{0x01, 0x02, 0x0C}, KeypadKey::call},
      {{0x0F}, KeypadKey::other},      {{0x07, 0x0F}, KeypadKey::other}};
  for (const auto& [data, key] : all) {
    Desk desk;
    desk.press(data);
    CAPTURE(data.back());
    CHECK(desk.keys == std::vector{key});
  }
}

TEST_CASE("a digit in a frame of its own belongs to the OK that comes soon, once") {
  Desk desk;
  desk.press({0x06});
  CHECK(desk.keys.empty());
  desk.executor.run_for(1s);
  desk.press({0x0F});
  CHECK(desk.keys == std::vector{KeypadKey::no_show});
  desk.executor.run_for(1s);
  desk.press({0x0F});
  CHECK(desk.keys.back() == KeypadKey::other);
  desk.press({0x06});
  desk.executor.run_for(6s);
  desk.press({0x0F});
  CHECK(desk.keys.back() == KeypadKey::other);
  desk.press({0x06});
  desk.press({0x0C});  // somebody thought better of it
  desk.executor.run_for(1s);
  desk.press({0x0F});
  CHECK(desk.keys.back() == KeypadKey::other);
}

TEST_CASE("a score is answered by function 01 with the same score, and told once") {
  Desk desk;
  desk.hear(score_2_of_5);
  desk.hear(score_2_of_5);
  CHECK(desk.scores == Bytes{2});
  CHECK(desk.keys.empty());
  CHECK(desk.wire->sent == std::vector<Bytes>{thanks_of_5, thanks_of_5});
}

TEST_CASE("frames of an address that nobody has are left alone") {
  Desk desk;
  desk.hear({0xFF, 0x68, 3, 3, 0x68, 6, 0x10, 0x0C, 0x22, 0x16});
  CHECK(desk.wire->sent.empty());
  CHECK(desk.keys.empty());
}

TEST_CASE("what a device is told: digits, a beep, the question for a score") {
  Desk desk;
  desk.devices.show(desk.device, {0, 1, 7, 0x0A, 0x0A, 0x0A});
  desk.devices.beep(desk.device);
  desk.devices.ask_rating(desk.device);
  desk.executor.run_for(1s);
  CHECK(desk.wire->sent ==
        std::vector<Bytes>{{0xFF, 0x68, 8, 8, 0x68, 5, 2, 0, 1, 7, 0x0A, 0x0A, 0x0A, 0x2D, 0x16},
                           {0xFF, 0x68, 2, 2, 0x68, 5, 3, 8, 0x16},
                           {0xFF, 0x68, 3, 3, 0x68, 5, 1, 0x0B, 0x11, 0x16}});
  desk.wire->sent.clear();
  desk.hear(call_of_5);  // the acknowledgement does not wait for anything
  desk.devices.show(desk.device, {0x0A, 0x0A, 0x0A, 0, 2, 3});
  CHECK(desk.wire->sent.front() == call_of_5);
}

}  // namespace ff68_tests
