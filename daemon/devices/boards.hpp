#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/devices/board_config.hpp"
#include "daemon/devices/dialect_lines.hpp"
#include "daemon/devices/roster.hpp"
#include "daemon/hall/board.hpp"
#include "display/canvas/glyphs.hpp"
#include "drivers/board/boards.hpp"
#include "drivers/bus/bus.hpp"

namespace lobby::devices {

/// The LED boards. Each follows what its pages say: it is drawn when that changes or when a page's own time
/// has come, and only what looks different is sent. One that is away gets the present when it is back.
class Boards {
 public:
  struct Ports {
    std::function<board::ByteDoor(const BoardConfig&)> byte_link;
    std::function<board::DatagramDoor(const BoardConfig&)> datagram_link;
    std::function<hall::Instant()> now;
    // Of boards that are signs on a line; these lines are not started yet.
    DialectLines* dialect_lines = nullptr;
    std::function<bus::Bus&(const hall::DeviceId&)> find_bus = {};
  };
  Boards(link::Executor& executor, const std::vector<BoardConfig>& configs, Ports ports, Roster& roster);
  ~Boards();
  Boards(const Boards&) = delete;
  Boards& operator=(const Boards&) = delete;

  /// What its pages say from now on. Boards of one group that are told in one turn of the loop turn to it at
  /// one instant; what is told while one is near joins it. `urgent`: somebody is called; then at once, and
  /// before all that is on its way.
  void show(const hall::DeviceId& board, display::BoardViews views, bool urgent);
  /// Colours, rows, columns and its own name, over everything, for half a minute. False: there is no such
  /// board.
  bool self_test(const hall::DeviceId& board);
  /// Somebody is still to be called on it, or nobody is: then its schedule counts again.
  void need(const hall::DeviceId& board, bool is_needed);
  /// The text at the end, for good. `then` once: when all boards that are there show it, or after `at_most`.
  void stop(link::Duration at_most, std::function<void()> then);

  /// In the order of the site.
  std::vector<hall::BoardState> states() const;

  // --- boards on a video output, which ask ---
  struct Program {
    std::string mark;  ///< another one whenever the rest is different, but for the time
    std::string json;  ///< empty: whoever asks has it already
  };
  /// What the wall is to show; nullopt: there is no such wall. Who asks is there, and has what the mark
  /// `known` stands for.
  std::optional<Program> program(const hall::DeviceId& wall, std::string_view known = {});
  /// The wall says that it shows this version. False: there is no such wall.
  bool program_shown(const hall::DeviceId& wall, std::uint64_t version);

 private:
  class Unit;
  class Driven;
  class Wall;
  Unit* find(const hall::DeviceId& board) const;
  /// By which boards move: the wall clock, which may be set, without its steps. One back begins the pages
  /// anew, or they would stand still for as long as it was.
  display::Instant clock();
  display::Instant instant_of(const std::string& group);
  void settle();
  void watch_power();

  link::Executor& executor_;
  Ports ports_;
  Roster& roster_;
  display::Glyphs glyphs_;
  std::map<std::string, display::Instant> flips_;  ///< the last of each group
  std::optional<display::Instant> ahead_;          ///< of the loop's clock
  std::vector<std::unique_ptr<Unit>> units_;
  link::Timer limit_, power_;
  std::function<void()> stopped_;
  bool is_stopped_ = false;
  std::size_t stopping_ = 0;  ///< that are waited for
  std::uint64_t publication_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace lobby::devices
