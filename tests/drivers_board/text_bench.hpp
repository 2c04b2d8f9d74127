#pragma once

#include <string>
#include <vector>

#include "tests/drivers_board/card_bench.hpp"

namespace lobby::tests {

inline Bytes k_answer(const std::string& data) {
  auto packet = hex("00 80 01 00 00 00 00 00 00 00 51 02 05 00");
  const auto more = hex(data);
  packet.insert(packet.end(), more.begin(), more.end());
  board::put_le(packet, board::crc16_arc(packet), 2);
  return board::onbon::wrap(packet);
}

inline const Bytes yes = k_answer("a0 00 00 00 00");

/// An Onbon card that holds the font.
struct TextBench : CardBench {
  explicit TextBench(board::BoardOptions options = {}, board::OnbonTextSettings settings = {}) {
    card = [](const Bytes&) { return yes; };
    settings.area.width = 192;
    settings.area.height = 32;
    settings.area.colours = false;
    board = board::make_onbon_text_board(executor, wire->make_link(), settings, std::move(options), *this);
    board->start();
  }
  /// `ping`, `clock`, `brightness 16`, or what a text order says.
  static std::string name_of(const Bytes& frame) {
    const auto packet = onbon_packet(frame);
    const auto group = packet.at(14), command = packet.at(15);
    if (group == 0xA2) {
      return command == 0 ? "ping" : "clock";
    }
    if (command == 2) {
      return "brightness " + std::to_string(packet.at(20));
    }
    return {packet.begin() + 14 + 5 + 4 + 27, packet.end() - 2};
  }
  std::vector<std::string> said() {
    std::vector<std::string> out;
    for (const auto& each : take()) {
      out.push_back(name_of(each.bytes));
    }
    return out;
  }
  void ready() {
    board->want(lines("A001"));
    up();
    run(std::chrono::seconds(1));
    REQUIRE(report().health == board::Health::ok);
    take();
  }
};

}  // namespace lobby::tests
