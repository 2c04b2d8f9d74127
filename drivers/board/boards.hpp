#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "drivers/board/board.hpp"
#include "drivers/board/colorlight.hpp"
#include "drivers/board/ddp.hpp"
#include "drivers/board/e131.hpp"
#include "drivers/board/gbt23828.hpp"
#include "drivers/board/huidu.hpp"
#include "drivers/board/onbon_area.hpp"
#include "drivers/board/onbon_k.hpp"
#include "drivers/link/byte_link.hpp"
#include "drivers/link/datagram_link.hpp"

/// A board of each kind. Executor and listener outlive it; the link is its own.
namespace lobby::board {

using ByteDoor = std::unique_ptr<link::ByteLink>;
using DatagramDoor = std::unique_ptr<link::DatagramLink>;

/// Onbon BX-5K/6K: text.
struct OnbonTextSettings {
  onbon::KTarget target;
  onbon::KTextHead head;
  onbon::KArea area;
};
std::unique_ptr<Board> make_onbon_text_board(link::Executor& executor, ByteDoor link,
                                             OnbonTextSettings settings, BoardOptions options,
                                             Board::Listener& listener);

/// Onbon BX-5E/6E and their kin: pictures. Where several areas are needed they change one after the other. A
/// BX-6E2X on a panel of less than 80 pixels loses the left 16 columns unless `area.x` is 16 (public code).
struct OnbonGraphicSettings {
  onbon::GraphicArea area;                             ///< its type and planes come from the card
  std::optional<int> planes;                           ///< none: as the card says
  std::optional<std::vector<onbon::OnSpan>> on_spans;  ///< none: the card's timetable is left alone
};
std::unique_ptr<Board> make_onbon_graphic_board(link::Executor& executor, ByteDoor link,
                                                OnbonGraphicSettings settings, BoardOptions options,
                                                Board::Listener& listener);

/// Huidu: text. Without a size from card or site nothing can be placed.
struct HuiduSettings {
  huidu::Settings transport;
  huidu::TextScreen screen;  ///< its size comes from the card, else from the site
};
std::unique_ptr<Board> make_huidu_board(link::Executor& executor, ByteDoor link, HuiduSettings settings,
                                        BoardOptions options, Board::Listener& listener);

/// GB/T 23828: text.
struct GbtSettings {
  gbt23828::Settings wire;
  gbt23828::PlayList list;
};
std::unique_ptr<Board> make_gbt_board(link::Executor& executor, ByteDoor link, GbtSettings settings,
                                      BoardOptions options, Board::Listener& listener);

/// DDP: pictures, of the site's size.
std::unique_ptr<Board> make_ddp_board(link::Executor& executor, DatagramDoor link, ddp::Settings settings,
                                      BoardOptions options, Board::Listener& listener);

/// E1.31: pictures, of the site's size.
struct E131Settings {
  e131::Settings source;
  bool multicast = false;  ///< else all to the link's far end
};
std::unique_ptr<Board> make_e131_board(link::Executor& executor, DatagramDoor link, E131Settings settings,
                                       BoardOptions options, Board::Listener& listener);

/// Colorlight: pictures, of the site's size. The link carries whole Ethernet frames and hears those of
/// colorlight::answer_protocol.
std::unique_ptr<Board> make_colorlight_board(link::Executor& executor, DatagramDoor link,
                                             colorlight::Settings settings, BoardOptions options,
                                             Board::Listener& listener);

}  // namespace lobby::board
