#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "daemon/app/site_reader.hpp"
#include "drivers/board/e131.hpp"

namespace lobby::app {
namespace {

using devices::BoardConfig;
using BoardKind = BoardConfig::Kind;

constexpr int usual_width = 192;
constexpr int usual_height = 32;
constexpr int narrow_dots = 8, row_dots = 16;  ///< of a sign's characters
constexpr std::int64_t minutes_of_half_hour = 30;
constexpr std::uint32_t onbon_baud = 57'600, other_baud = 9'600;  ///< as cards leave their makers
constexpr std::int64_t last_of_two_digits = 99;
constexpr std::size_t last_universe = 63'999;

BoardKind kind_of(const SiteReader& reader, const toml::table& row) {
  const auto word = get_text(row, "protocol");
  const auto& kinds = BoardConfig::kinds;
  const auto found = std::find(kinds.begin(), kinds.end(), word);
  if (found == kinds.end()) {
    reader.file.fail(at(row, "protocol"), fmt::format("no driver speaks {}: write one of {}", in_quotes(word),
                                                      fmt::join(kinds, ", ")));
  }
  return static_cast<BoardKind>(found - kinds.begin());
}

bool is_onbon(BoardKind kind) {
  return kind == BoardKind::onbon_k || kind == BoardKind::onbon_5e || kind == BoardKind::onbon_6e;
}

bool is_datagrams(BoardKind kind) {
  return kind == BoardKind::ddp || kind == BoardKind::e131;
}

[[noreturn]] void refuse_link(const SiteReader& reader, const toml::table& row, const std::string& board,
                              std::string_view instead) {
  reader.file.fail(at(row, "link"),
                   fmt::format("{} cannot be reached that way: write {}", in_quotes(board), instead));
}

void read_board_link(SiteReader& reader, const toml::table& row, BoardConfig& board) {
  const auto text = get_text(row, "link");
  const auto& id = board.id.value;
  if (board.kind == BoardKind::sign) {
    return read_sign_rows(reader, row, board);
  }
  if (board.kind != BoardKind::screen && !has(row, "link")) {
    reader.file.fail(at(row, "id"), fmt::format("{} hangs on nothing: write \"link\"", in_quotes(id)));
  }
  if (board.kind == BoardKind::screen) {
    if (has(row, "link")) {
      refuse_link(reader, row, id, "no link: lobby-screen on that machine asks for what it shows");
    }
    board.link = devices::VideoOutput{};
  } else if (is_datagrams(board.kind)) {
    const auto address =
        text.starts_with("udp:") ? split_address(std::string_view(text).substr(4)) : devices::TcpAddress{};
    if (address.host.empty()) {
      refuse_link(reader, row, id, "\"udp:HOST:PORT\"");
    }
    board.link = devices::UdpAddress{address.host, address.port};
  } else if (board.kind == BoardKind::colorlight) {
    if (!text.starts_with("ether:") || text.size() == 6) {
      refuse_link(reader, row, id, "\"ether:INTERFACE\", for instance \"ether:eth1\"");
    }
    board.link = devices::EthernetPort{text.substr(6)};
    take_wire(reader, at(row, "link"), text, id);
  } else {
    auto link = read_link(reader, row, id);
    if (auto* serial = std::get_if<devices::SerialPort>(&link); serial != nullptr && !has(row, "baud")) {
      serial->baud = is_onbon(board.kind) ? onbon_baud : other_baud;
    }
    std::visit([&board](const auto& where) { board.link = where; }, link);
    if (board.kind == BoardKind::huidu && std::holds_alternative<devices::SerialPort>(link)) {
      refuse_link(reader, row, id, "\"tcp:HOST:PORT\", the only way to a card of this make");
    }
  }
}

/// A controller may have several boards, each in universes of its own.
void take_universes(SiteReader& reader, const toml::table& row, const BoardConfig& board) {
  const auto link = get_text(row, "link");
  if (board.kind != BoardKind::e131) {
    take_wire(reader, at(row, "link"), link, board.id.value);
    return;
  }
  const auto pixels =
      static_cast<std::size_t>(board.playlist.width) * static_cast<std::size_t>(board.playlist.height);
  const auto last = board.universe + board::e131::universes_of(pixels) - 1;
  if (last > last_universe) {
    reader.file.fail(at(row, "universe"),
                     fmt::format("this board needs universes {} to {}, and {} is the last: "
                                 "begin lower",
                                 board.universe, last, last_universe));
  }
  for (std::size_t universe = board.universe; universe <= last; ++universe) {
    take_wire(reader, at(row, "link"), fmt::format("{} universe {}", link, universe), board.id.value);
  }
}

/// `18:00 40`: from then on 40 %.
struct Level {
  int minute = 0;
  std::uint8_t percent = 0;
};
Level level_of(const SiteReader& reader, const toml::node& node) {
  const auto text = text_of(node);
  const int minute = minutes_of(std::string_view(text).substr(0, std::min<std::size_t>(5, text.size())));
  unsigned percent = 0;
  const auto* const begin = text.data() + std::min<std::size_t>(6, text.size());
  const auto* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(begin, end, percent);
  const bool is_right = text.size() > 6 && text[5] == ' ' && error == std::errc() && last == end;
  if (!is_right || minute < 0 || minute % minutes_of_half_hour != 0 || percent > 100) {
    reader.file.fail(node, fmt::format("{} is no brightness: write the half-hour and the percent, as "
                                       "\"18:00 40\"",
                                       in_quotes(text)));
  }
  return {minute, static_cast<std::uint8_t>(percent)};
}

board::Brightness brightness_of(const SiteReader& reader, const toml::table& row) {
  const auto usual = static_cast<std::uint8_t>(get_integer(row, "brightness", 100));
  auto brightness = board::Brightness::always(usual);
  int last = -1;
  std::vector<Level> levels;
  for (const auto* node : get_elements(row, "brightness_at")) {
    const auto level = level_of(reader, *node);
    if (level.minute <= last) {
      reader.file.fail(*node, fmt::format("{} comes too late in the list: put the levels in the order of the "
                                          "day, each time once",
                                          in_quotes(text_of(*node))));
    }
    last = level.minute;
    levels.push_back(level);
  }
  // What counts at the end of the day counts from midnight on.
  auto percent = levels.empty() || has(row, "brightness") ? usual : levels.back().percent;
  std::size_t next = 0;
  for (std::size_t i = 0; i < brightness.percent.size(); ++i) {
    if (next < levels.size() && levels[next].minute == static_cast<int>(i) * minutes_of_half_hour) {
      percent = levels[next++].percent;
    }
    brightness.percent[i] = percent;
  }
  return brightness;
}

std::vector<display::PlaylistItem> items_of(const SiteReader& reader, const toml::table& row,
                                            const std::string& room) {
  std::vector<display::PlaylistItem> items;
  for (const auto& page : texts_once(reader.file, row, "pages")) {
    if (page == "room" && room.empty()) {
      reader.file.fail(at(row, "pages"), "the page \"room\" is of one room: name it by the board's \"room\"");
    }
    items.push_back({page, {}});
  }
  return items;
}

std::vector<display::PlaylistItem> usual_items(const BoardSite& board) {
  std::vector<std::string> pages{"calls", "texts", "cases", "totals", "notices", "hotlines"};
  if (board.wire.window) {
    pages = {"calls", "windows", "texts"};
  } else if (!board.room.empty()) {
    pages = {"room", "texts"};
  } else if (!board.wire.zone) {
    pages = {"door", "texts", "totals", "openings", "results", "notices", "hotlines"};
  }
  std::vector<display::PlaylistItem> items;
  std::transform(pages.begin(), pages.end(), std::back_inserter(items), [](const std::string& page) {
    return display::PlaylistItem{page, {}};
  });
  return items;
}

bool overlap(const display::Rect& a, const display::Rect& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

void read_parts(const SiteReader& reader, const toml::table& row, BoardSite& board) {
  auto& playlist = board.wire.playlist;
  for (const auto* part : get_rows(row, "part")) {
    const auto number = [&](const char* key) { return static_cast<int>(get_integer(*part, key, 0)); };
    const display::Rect area{number("x"), number("y"), number("width"), number("height")};
    if (area.x + area.width > playlist.width || area.y + area.height > playlist.height) {
      reader.file.fail(*part, fmt::format("this part leaves the board of {} x {} dots: make it smaller",
                                          playlist.width, playlist.height));
    }
    if (std::any_of(playlist.zones.begin(), playlist.zones.end(),
                    [&](const auto& zone) { return overlap(zone.area, area); })) {
      reader.file.fail(*part, "this part lies over another one of the board: move it");
    }
    playlist.zones.push_back({area, items_of(reader, *part, board.room)});
  }
}

/// Pages for the whole board, or parts with pages each.
void read_pages(const SiteReader& reader, const toml::table& row, BoardSite& board) {
  auto& playlist = board.wire.playlist;
  playlist.width = static_cast<int>(get_integer(row, "width", usual_width));
  playlist.height = static_cast<int>(get_integer(row, "height", usual_height));
  if (const auto* sign = board.wire.sign()) {
    playlist.width = sign->columns * narrow_dots;
    playlist.height = sign->rows * row_dots;
  }
  const bool has_parts = has(row, "part");
  if (has_parts && has(row, "pages")) {
    reader.file.fail(at(row, "pages"),
                     "a board has \"pages\", or parts with pages each: take one of them out");
  }
  if (has_parts && board.wire.takes_text()) {
    reader.file.fail(at(row, "protocol"),
                     "the card of this board takes lines of text, which have no parts: write \"pages\"");
  }
  read_parts(reader, row, board);
  if (!has_parts) {
    playlist.zones.push_back({{0, 0, playlist.width, playlist.height},
                              has(row, "pages") ? items_of(reader, row, board.room) : usual_items(board)});
  }
}

/// Nothing moves on a card that takes a picture or a text at a time, and what flashes does so as slowly as
/// the card follows.
void fit_to_card(const BoardConfig& board, display::BoardStyle& style) {
  const bool takes_pictures = board.kind == BoardKind::onbon_5e || board.kind == BoardKind::onbon_6e;
  if (takes_pictures || board.takes_text()) {
    style.scroll_speed = 0;
    style.roll = false;
    style.blink = takes_pictures ? std::chrono::milliseconds(500) : style.flash;
  }
}

void read_style(const toml::table& row, BoardConfig& board) {
  using std::chrono::seconds;
  auto& style = board.playlist.style;
  const auto* usual = is_onbon(board.kind) ? "dual" : board.kind == BoardKind::sign ? "single" : "full";
  const auto colour = get_text(row, "colour", usual);
  style.depth = colour == "single" ? display::Depth::single
                : colour == "dual" ? display::Depth::dual
                                   : display::Depth::full;
  style.smooth = board.kind == BoardKind::screen;
  style.size = static_cast<int>(get_integer(row, "size", 0));
  style.dwell = seconds(get_integer(row, "dwell_s", 6));
  style.call_keep = seconds(get_integer(row, "call_keep_s", 1800));
  style.scroll_speed = static_cast<int>(get_integer(row, "scroll_speed", style.scroll_speed));
  style.roll = get_boolean(row, "roll", false);
  fit_to_card(board, style);
  board.playlist.rest.text = get_text(row, "text", board.playlist.rest.text);
  board.rests_dark = get_text(row, "at_end", "text") == "dark";
}

/// Screens of Onbon K count from 1; GB/T 23828 has two digits, and 00 alone on its line.
std::uint16_t address_of(const SiteReader& reader, const toml::table& row, BoardKind kind) {
  if (kind == BoardKind::sign) {
    return 1;  // its rows have theirs
  }
  const bool has_digits = kind == BoardKind::gbt23828;
  const auto address = get_integer(row, "address", has_digits ? 0 : 1);
  if (has_digits ? address > last_of_two_digits : address == 0) {
    reader.file.fail(at(row, "address"), fmt::format("{} is no address of such a board: write one of {}",
                                                     address, has_digits ? "0 to 99" : "1 to 247"));
  }
  return static_cast<std::uint16_t>(address);
}

/// Whose calls and matters it shows; its zone is the window's.
void read_window(const SiteReader& reader, const toml::table& row, BoardConfig& board) {
  if (!has(row, "window")) {
    return;
  }
  board.window = hall::WindowId{get_text(row, "window")};
  reader.windows.require(reader.file, at(row, "window"), board.window->value);
  const auto& zone = reader.site.hall.find(*board.window)->zone;
  if (board.zone && *board.zone != zone) {
    reader.file.fail(at(row, "zone"), fmt::format("window {} is in zone {}: take \"zone\" out, or correct it",
                                                  in_quotes(board.window->value), in_quotes(zone.value)));
  }
  board.zone = zone;
}

void refuse_keys_of_signs(const SiteReader& reader, const toml::table& row, const BoardConfig& board) {
  if (board.kind == BoardKind::sign) {
    return;
  }
  if (has(row, "bus")) {
    reader.file.fail(at(row, "bus"),
                     fmt::format("{} has a line of its own, \"link\": only signs share one, by "
                                 "protocol = \"sign\" and a profile",
                                 in_quotes(board.id.value)));
  }
  for (const auto* key : {"profile", "rows"}) {
    if (has(row, key)) {
      reader.file.fail(at(row, key),
                       fmt::format("{} is for protocol = \"sign\" only: take it out", in_quotes(key)));
    }
  }
}

void read_board(SiteReader& reader, const toml::table& row) {
  BoardSite board;
  board.wire.id.value = reader.devices.take(reader.file, row);
  board.wire.kind = kind_of(reader, row);
  refuse_keys_of_signs(reader, row, board.wire);
  board.wire.zone = read_zone(reader, row);
  read_window(reader, row, board.wire);
  board.wire.group = get_text(row, "group");
  board.wire.address = address_of(reader, row, board.wire.kind);
  board.wire.universe = static_cast<std::uint16_t>(get_integer(row, "universe", 1));
  board.wire.is_bgr = get_text(row, "order") == "bgr";
  board.room = get_text(row, "room");
  read_board_link(reader, row, board.wire);
  read_style(row, board.wire);
  read_pages(reader, row, board);
  if (is_datagrams(board.wire.kind)) {
    take_universes(reader, row, board.wire);
  }
  board.wire.brightness = brightness_of(reader, row);
  board.wire.on_spans = on_spans_in(reader.file, row, "on_spans");
  reader.site.hall.boards.push_back(board.wire.id);
  reader.site.boards.push_back(std::move(board));
}

}  // namespace

void read_boards(SiteReader& reader) {
  for (const auto* row : get_rows(reader.file.root(), "board")) {
    read_board(reader, *row);
  }
  fit_pages_to_lines(reader.site);
}

}  // namespace lobby::app
