#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "daemon/devices/board_units.hpp"

/// What a board says that takes text: its screen at an instant, or all that a sign turns by itself.
namespace lobby::devices {

namespace {

constexpr std::chrono::seconds all_lamps_for{8};  ///< of a sign's self-test

/// A line has one colour: that of its first words.
board::TextLine line_of(const display::TextLine& spans, const display::BoardStyle& style) {
  board::TextLine line;
  for (const auto& span : spans) {
    line.text += span.text;
  }
  if (!spans.empty()) {
    const auto colour = display::colour_of(spans.front().ink, style);
    line.colour = {colour.red, colour.green, colour.blue};
  }
  return line;
}

std::vector<board::TextLine> lines_of(const std::vector<display::TextLine>& lines,
                                      const display::BoardStyle& style) {
  std::vector<board::TextLine> out;
  std::transform(lines.begin(), lines.end(), std::back_inserter(out),
                 [&style](const display::TextLine& spans) { return line_of(spans, style); });
  return out;
}

}  // namespace

Boards::Driven::Look Boards::Driven::text(const display::BoardViews& views, const display::Turns& turns,
                                          display::Instant now) const {
  const auto& style = config_.playlist.style;
  const int size = config_.text_size();
  if (config_.sign() != nullptr) {
    if (views.over_all && std::holds_alternative<display::SelfTestView>(*views.over_all)) {
      return sign_test(turns, now);
    }
    if (auto kept = kept_round(views, now)) {
      return *std::move(kept);
    }
  }
  auto frame = display::text_frame(config_.playlist, views, turns, now, config_.playlist.width * 2 / size,
                                   config_.playlist.height / size);
  Look out;
  out.view.lines = lines_of(frame.lines, style);
  out.view.blinks = config_.sign() != nullptr && frame.flashes;
  out.turns = std::move(frame.turns);
  out.next_change = frame.next_change;
  return out;
}

/// All lamps; then each row says at which address it is: two that say the same are two at one address.
Boards::Driven::Look Boards::Driven::sign_test(const display::Turns& turns, display::Instant now) const {
  const auto& sign = *config_.sign();
  const auto since = turns.over_all.begun ? turns.over_all.since : now;
  Look out;
  out.turns = {turns.zones, {0, since, true, {}}};
  const bool is_all_on = now - since < all_lamps_for;
  if (is_all_on) {
    out.next_change = since + all_lamps_for;
  }
  for (int row = 0; row < sign.rows; ++row) {
    auto& line = out.view.lines.emplace_back();
    for (int column = 1; is_all_on && column < sign.columns; column += 2) {
      line.text += "■";
    }
    line.text += is_all_on ? "" : "地址 " + std::to_string(sign.address + row);
  }
  return out;
}

/// Everything that is to be seen in turn, when the sign keeps as much and turns it by itself.
std::optional<Boards::Driven::Look> Boards::Driven::kept_round(const display::BoardViews& views,
                                                               display::Instant now) const {
  const auto& sign = *config_.sign();
  const auto pages = static_cast<std::size_t>(sign.pages());
  auto round = pages < 2
                   ? std::nullopt
                   : display::text_round(config_.playlist, views, now, {sign.columns, sign.rows, pages});
  if (!round) {
    return std::nullopt;
  }
  const auto& style = config_.playlist.style;
  Look out;
  out.view.lines = lines_of(round->pages.front(), style);
  for (std::size_t i = 1; i < round->pages.size(); ++i) {
    out.view.further_pages.push_back(lines_of(round->pages[i], style));
  }
  out.names = std::move(round->views);
  out.next_change = round->next_change;
  return out;
}

}  // namespace lobby::devices
