#include "display/page/page_turn.hpp"

#include <algorithm>

namespace lobby::display {

PageTurn turn_of(const std::vector<Instant>& dwells, PageTime time) {
  PageTurn turn;
  for (const Instant dwell : dwells) {
    turn.length += dwell;
  }
  if (dwells.size() < 2 || turn.length.count() <= 0) {
    return turn;
  }
  const Instant into = std::max(Instant{}, time.now - time.since) % turn.length;
  Instant behind{};
  for (; turn.page + 1 < dwells.size(); ++turn.page) {
    behind += dwells[turn.page];
    if (into < behind) {
      break;
    }
  }
  if (turn.page + 1 == dwells.size()) {
    behind = turn.length;
  }
  turn.next_change = std::max(time.now, time.since) + (behind - into);
  return turn;
}

Instant reading_time(int columns, const BoardStyle& style) {
  const Instant reading{std::int64_t{columns} * 500'000 / std::max(1, style.reading_speed)};
  return std::max<Instant>(reading, style.least_dwell);
}

}  // namespace lobby::display
