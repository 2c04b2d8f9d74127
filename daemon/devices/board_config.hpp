#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/devices/config.hpp"
#include "daemon/devices/on_spans.hpp"
#include "display/page/playlist.hpp"
#include "drivers/board/board.hpp"

namespace lobby::devices {

struct UdpAddress {
  std::string host;
  std::uint16_t port = 0;
};
/// An interface that a wall hangs on with nothing between.
struct EthernetPort {
  std::string name;
};
/// Another maker's sign as a board, or several of them one below the other, on a line that the daemon is
/// master of.
struct SignRows {
  std::string driver;  ///< profile name
  std::variant<window::FrameDialect, window::DisplayMap> protocol;
  hall::DeviceId line;
  bool on_bus = true;        ///< else `line` is its own link
  std::uint8_t address = 1;  ///< of the row on top; those below count up
  int rows = 1;
  int columns = 16;  ///< narrow characters to a row

  /// That each keeps and turns by itself.
  int pages() const {
    const auto* frames = std::get_if<window::FrameDialect>(&protocol);
    return frames == nullptr ? 1 : frames->pages;
  }
};
/// A video output of a machine on which lobby-screen runs: it fetches what it shows.
struct VideoOutput {};

/// An LED board and what it shows.
struct BoardConfig {
  enum class Kind : std::uint8_t {
    onbon_k,
    onbon_5e,
    onbon_6e,
    ddp,
    e131,
    huidu,
    colorlight,
    gbt23828,
    screen,
    sign
  };
  static constexpr std::array<std::string_view, 10> kinds{
      "onbon_k", "onbon_5e", "onbon_6e", "ddp", "e131", "huidu", "colorlight", "gbt23828", "screen", "sign"};
  hall::DeviceId id;
  Kind kind = Kind::onbon_6e;
  std::variant<TcpAddress, SerialPort, UdpAddress, EthernetPort, VideoOutput, SignRows> link;
  std::optional<hall::ZoneId> zone;      ///< whose calls it shows; none: of the whole hall
  std::optional<hall::WindowId> window;  ///< above which it hangs: its calls alone
  std::string group;                     ///< boards of a group turn to something new together; empty: none
  display::Playlist playlist;            ///< with its size in dots; items are named as in board_pages.hpp
  bool rests_dark = false;               ///< when the program ends; else its playlist's `rest`
  board::Brightness brightness = board::Brightness::always(100);
  std::vector<OnSpan> on_spans;  ///< outside of them it is dark; empty: its power is left alone
  std::uint16_t address = 1;     ///< of an Onbon K screen; of GB/T 23828 two digits
  std::uint16_t universe = 1;    ///< of E1.31, the first
  bool is_bgr = false;

  /// The card has the font and takes text.
  bool takes_text() const {
    return kind == Kind::onbon_k || kind == Kind::huidu || kind == Kind::gbt23828 || kind == Kind::sign;
  }
  /// Height in dots of a line of such a card.
  int text_size() const {
    constexpr int usual = 16;
    return playlist.style.size == 0 ? usual : playlist.style.size;
  }
  /// Of Kind::sign, else null.
  const SignRows* sign() const { return std::get_if<SignRows>(&link); }
  std::string_view driver() const {
    return sign() != nullptr ? std::string_view(sign()->driver) : kinds[static_cast<std::size_t>(kind)];
  }
};

}  // namespace lobby::devices
