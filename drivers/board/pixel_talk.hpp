#pragma once

#include <optional>
#include <vector>

#include "drivers/board/board.hpp"
#include "drivers/link/datagram_link.hpp"

namespace lobby::board {

struct Datagram {
  Bytes bytes;
  std::optional<link::DatagramLink::Group> group;  ///< none: to the link's far end
};

/// A picture on its way: `lead` brings it, `show` makes it seen.
struct PixelFrame {
  std::vector<Datagram> lead, show;
};

/// How the controllers of one pixel protocol are spoken to. Knows no time and no link.
class PixelTalk {
 public:
  virtual ~PixelTalk() = default;
  /// The picture is whole; `percent` of its brightness.
  virtual PixelFrame frame(const ImageView& image, int percent) = 0;
  /// What ends it all; may be empty.
  virtual std::vector<Datagram> ending(const Size& /*size*/) { return {}; }
  /// Who is there? nullopt: nobody can say.
  virtual std::optional<Datagram> question() { return std::nullopt; }
  /// True when this is a controller's answer.
  virtual bool hear(ByteView /*datagram*/) { return false; }
  /// How often a standing picture is told again.
  virtual link::Duration refresh_every() const = 0;
};

/// The picture at `percent` of its brightness.
Bytes dimmed(ByteView rgb, int percent);

}  // namespace lobby::board
