// Whatever a card sends, and whenever: a board asks one question at a time, does not spin, asks for no
// endless memory, and its end comes within two seconds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "drivers/board/boards.hpp"
#include "tests/fakes/scripted_link.hpp"
#include "tests/fakes/virtual_executor.hpp"

namespace {

using namespace lobby;
using namespace std::chrono_literals;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

struct Quiet final : board::Board::Listener {
  void board_changed() override {}
};

std::unique_ptr<board::Board> make_board(unsigned kind, link::Executor& executor, board::ByteDoor door,
                                         board::Board::Listener& listener) {
  board::BoardOptions options;
  options.size = board::Size{64, 16};
  options.local_time = [] { return board::LocalTime{}; };
  switch (kind % 4) {
    case 0:
      return board::make_onbon_text_board(executor, std::move(door), {}, options, listener);
    case 1:
      return board::make_onbon_graphic_board(executor, std::move(door), {}, options, listener);
    case 2:
      return board::make_huidu_board(executor, std::move(door), {}, options, listener);
    default:
      return board::make_gbt_board(executor, std::move(door), {}, options, listener);
  }
}

board::View view_of(std::uint8_t byte) {
  board::View view;
  view.urgent = byte % 2 == 0;
  if (byte % 3 != 0) {
    view.lines.push_back({std::string(byte % 40, 'A'), {}});
    view.picture.size = {64, 16};
    view.picture.rgb.assign(std::size_t{64} * 16 * 3, byte);
  }
  return view;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 4096) {
    return 0;
  }
  fakes::VirtualExecutor executor;
  const auto wire = std::make_shared<fakes::Wire>(executor);
  Quiet listener;
  const auto board = make_board(data[0], executor, wire->make_link(), listener);
  board->start();
  board->want(view_of(data[1]));
  wire->up();
  link::Duration spent{};
  for (std::size_t at = 2; at + 1 < size; at += 2) {
    const auto value = data[at + 1];
    switch (data[at] % 8) {
      case 0:
        board->want(view_of(value));
        break;
      case 1:
        board->want_at(view_of(value), executor.now() + value * 10ms);
        break;
      case 2:
        wire->down("lost");
        wire->up();
        break;
      case 3:
        executor.run_for(value * 20ms);
        spent += value * 20ms;
        break;
      case 4:
        board->set_power(value % 2 == 0);
        break;
      default: {
        const auto count = std::min<std::size_t>(value, size - at - 2);
        wire->receive({data + at + 2, data + at + 2 + count});
        at += count;
        break;
      }
    }
  }
  // An answer and an act each ask for a frame or two; time alone for a few a second.
  require(wire->sent.size() < 4 * size + 20 * static_cast<std::size_t>(spent / 1s + 1));
  bool is_over = false;
  board->stop([&] { is_over = true; });
  executor.run_for(2s);
  require(is_over);
  return 0;
}
