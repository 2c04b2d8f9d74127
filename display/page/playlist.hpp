#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "display/page/board_page.hpp"

/// Which pages a board shows where, and in which order.
namespace lobby::display {

struct PlaylistItem {
  std::string view;                   ///< by its name in BoardViews
  std::optional<Instant> dwell = {};  ///< else as long as the page needs to be seen once
};

struct PlaylistZone {
  Rect area;  ///< of the board's dots; zones do not overlap
  std::vector<PlaylistItem> items;
};

struct Playlist {
  int width = 0;
  int height = 0;
  std::vector<PlaylistZone> zones;
  BoardStyle style;
  DefaultView rest;  ///< in a zone that has nothing to show
};

struct BoardViews {
  std::map<std::string, BoardView, std::less<>> pages;
  /// Instead of everything, over the whole board: emergency, blank, self-test, the text at the end.
  std::optional<BoardView> over_all;
  friend bool operator==(const BoardViews&, const BoardViews&) = default;
};

/// Which item of its list a zone shows, and since when. One that was never shown begins with the first.
struct Turn {
  std::size_t item = 0;
  Instant since = {};
  bool begun = false;
  /// While a call goes before it: whose turn it was, and for how long. The round goes on there.
  struct Broken {
    std::size_t item = 0;
    Instant shown = {};
    Instant ahead = {};
    friend bool operator==(const Broken&, const Broken&) = default;
  };
  std::optional<Broken> broken = {};
  /// How far what moves is ahead of `since`: its rows stayed where they were when others came or went.
  Instant ahead = {};
  friend bool operator==(const Turn&, const Turn&) = default;
};
/// One per zone, and one for what is over all. Kept by the caller between frames and not looked into.
struct Turns {
  std::vector<Turn> zones;
  Turn over_all;
  friend bool operator==(const Turns&, const Turns&) = default;
};

/// What becomes of the turns when news come up at `now`: rows that are being read as they scroll go on from
/// where they are, whatever came or went before them.
Turns carried_on(const Playlist& playlist, const BoardViews& before, const BoardViews& after, Turns turns,
                 Instant now);

struct FrameResult {
  std::optional<Instant> next_change;  ///< none: as long as nobody changes the views
  MissingGlyphs missing;
  Turns turns;  ///< for the next frame
};

/// What the board shows at `now`, drawn into a picture of the board's size: all of it, also what is black.
/// Items that are not there or are empty are passed over. With the turns given, the same content and instant
/// give the same dots.
FrameResult frame(Picture& picture, const Playlist& playlist, const BoardViews& views, const Turns& turns,
                  Instant now, Glyphs& glyphs);

/// The same for a card that has fonts of its own: its one zone as lines of text.
struct TextFrame {
  std::vector<TextLine> lines;
  std::optional<Instant> next_change;
  Turns turns;
  bool flashes = false;  ///< a new call is on it
};
/// `columns` half-width places in each of `rows`; of the playlist's zones the first counts.
TextFrame text_frame(const Playlist& playlist, const BoardViews& views, const Turns& turns, Instant now,
                     int columns, int rows);

/// Where a round has to find room.
struct TextRoom {
  int columns = 16;
  int rows = 1;
  std::size_t pages = 1;
};
/// One round of it as a whole, for a sign that keeps so many pages and turns them by itself.
struct TextRound {
  std::vector<std::vector<TextLine>> pages;  ///< at least one
  std::vector<std::string> views;            ///< whose they are
  /// When a round from then on has other pages; none: not by itself.
  std::optional<Instant> next_change;
};
/// From the first item on. nullopt: it has more pages, or a new call is shown, which stands alone.
std::optional<TextRound> text_round(const Playlist& playlist, const BoardViews& views, Instant now,
                                    TextRoom room);

}  // namespace lobby::display
