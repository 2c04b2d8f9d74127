#pragma once

#include <functional>
#include <memory>

#include "daemon/devices/board_config.hpp"
#include "daemon/devices/dialect_lines.hpp"
#include "drivers/bus/bus.hpp"

/// Another maker's sign, or several one below the other, as a board of lines of text. Each row is told only
/// when what it says is another, pages behind everything that somebody waits for on the line.
///
/// Signs of frames only listen: `sent` is all that is ever known, and a sign that lost its power alone is
/// told again within a minute, by its line. One that keeps pages has all of its places filled, the same pages
/// over and over: nobody knows whether it forgets a place that is not written. Modbus displays confirm, are
/// looked after every 10 s, and are told again within a second of answering.
///
/// stop() takes as long as the line needs, which is known from the site (warnings.hpp); whoever stops it has
/// a limit of his own.
namespace lobby::devices {

/// `config.sign()` is there. Joins the line, which then must not have been started. Executor, line, bus and
/// listener outlive it.
std::unique_ptr<board::Board> make_sign_board(const BoardConfig& config, board::BoardOptions options,
                                              DialectLines& lines, board::Board::Listener& listener,
                                              link::Executor& executor);
std::unique_ptr<board::Board> make_display_board(const BoardConfig& config, board::BoardOptions options,
                                                 bus::Bus& bus, board::Board::Listener& listener,
                                                 link::Executor& executor);

}  // namespace lobby::devices
