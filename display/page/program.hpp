#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "display/page/playlist.hpp"

/// What a wall on a video output is to show, as it goes from the daemon to the wall: one JSON object.
namespace lobby::display {

struct BoardProgram {
  std::string board;
  std::uint64_t version = 0;
  Instant now = {};           ///< the sender's wall clock (UTC) as it answered
  std::optional<Instant> at;  ///< by the same clock: when this version comes up; none: at once
  /// Not proven anew for so long, the wall shows its rest.
  std::chrono::milliseconds valid_for{10'000};
  int brightness = 100;  ///< 0…100
  bool power = true;     ///< false: the wall is black
  bool closing = false;  ///< the sender ends: this stays, proven or not, until another one comes
  Playlist playlist;
  BoardViews views;
};

/// What is read at most; whoever fills a program keeps within them.
struct ProgramBounds {
  static constexpr std::size_t bytes = std::size_t{1} << 20;
  static constexpr std::size_t depth = 16;
  static constexpr std::size_t zones = 64;
  static constexpr std::size_t items = 64;    ///< of a zone
  static constexpr std::size_t pages = 256;   ///< of the whole board
  static constexpr std::size_t rows = 2'000;  ///< of a page, and of a list in it
  static constexpr int size = 4'096;          ///< dots of a side
};

/// One line of JSON. Of a list that is too long only the first rows are told, bytes that are no UTF-8 become
/// U+FFFD; nothing else is mended.
std::string write_program(const BoardProgram& program);

/// Strict and bounded; nullopt for what is no program. A member that is left out keeps its default, but for
/// those without which there is nothing to show; an unknown one is passed over, so that an old wall goes on
/// with a newer daemon. An unknown kind or word is refused: half a board would pass for the whole.
std::optional<BoardProgram> read_program(std::string_view json);

}  // namespace lobby::display
