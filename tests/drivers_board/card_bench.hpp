#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "drivers/board/boards.hpp"
#include "drivers/board/checksums.hpp"
#include "drivers/board/onbon_frame.hpp"
#include "tests/drivers_board/hex.hpp"
#include "tests/fakes/scripted_link.hpp"
#include "tests/fakes/virtual_executor.hpp"

namespace lobby::tests {

using board::Bytes;
using Clock = std::chrono::nanoseconds;

/// A board's card at the far end of a scripted wire, in virtual time. The test says what it answers.
struct CardBench : board::Board::Listener {
  struct Sent {
    Clock at;  ///< since the link came up
    Bytes bytes;
  };

  CardBench() {
    wire->otherwise = [this](const Bytes& bytes) {
      if (!wire->sent_now.empty() && wire->sent_now.back() == bytes) {
        return;  // a reply, no question
      }
      sent.push_back({executor.now() - up_at, bytes});
      CHECK((!is_busy || executor.now() - asked_at >= std::chrono::seconds(1)));  // one question at a time
      if (!card) {
        return;
      }
      if (auto answer = card(bytes); !answer.empty()) {
        is_busy = true;
        asked_at = executor.now();
        executor.after(thinks, [this, life = life, answer = std::move(answer)] {
          if (life == this->life) {
            is_busy = false;
            wire->receive(answer);
          }
        });
      }
    };
  }
  void board_changed() override { changes.emplace_back(board->report().health, board->report().reason); }

  void up() {
    up_at = executor.now();
    ++life;
    is_busy = false;
    wire->up();
  }
  void run(Clock span) { executor.run_for(span); }
  /// All that was sent since the last call.
  std::vector<Sent> take() { return std::exchange(sent, {}); }
  const board::Report& report() const { return board->report(); }

  fakes::VirtualExecutor executor;
  std::shared_ptr<fakes::Wire> wire = std::make_shared<fakes::Wire>(executor);
  std::function<Bytes(const Bytes&)> card;  ///< empty or an empty answer: silent
  Clock thinks = std::chrono::milliseconds(20);
  bool is_busy = false;
  int life = 0;  ///< of the link: an answer that was on its way is lost with it
  link::MonoTime up_at{}, asked_at{};
  std::vector<Sent> sent;
  std::vector<std::pair<board::Health, std::string>> changes;
  std::unique_ptr<board::Board> board;
};

/// The packet in an Onbon frame of any length, without what the room's own splitter bounds.
inline Bytes onbon_packet(const Bytes& frame) {
  Bytes out;
  for (std::size_t i = 8; i + 1 < frame.size(); ++i) {
    if (frame[i] == 0xA6 || frame[i] == 0x5B) {
      const auto escape = frame[i++];
      out.push_back(static_cast<std::uint8_t>(escape - (frame[i] - 1)));
    } else {
      out.push_back(frame[i]);
    }
  }
  return out;
}

inline board::View lines(std::string text, bool urgent = false) {
  board::View view;
  view.lines.push_back({std::move(text), {255, 0, 0}});
  view.urgent = urgent;
  return view;
}

inline board::View picture(int width, int height, std::uint8_t level) {
  board::View view;
  view.picture.size = {width, height};
  view.picture.rgb.assign(static_cast<std::size_t>(width * height * 3), level);
  return view;
}

}  // namespace lobby::tests
