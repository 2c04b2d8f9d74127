#include "display/page/self_test.hpp"

#include <algorithm>

#include "display/page/page_turn.hpp"

namespace lobby::display {
namespace {

constexpr Instant plain_time = std::chrono::seconds(2);
constexpr Instant sweep_time = std::chrono::seconds(6);

std::vector<TestStep> steps_of(Depth depth) {
  std::vector<TestStep> steps = {TestStep::all};
  if (depth != Depth::single) {
    steps.push_back(TestStep::red);
    steps.push_back(TestStep::green);
  }
  if (depth == Depth::full) {
    steps.push_back(TestStep::blue);
  }
  steps.insert(steps.end(), {TestStep::row, TestStep::column, TestStep::address});
  return steps;
}

bool is_sweep(TestStep step) {
  return step == TestStep::row || step == TestStep::column;
}

Colour whole_colour(const BoardStyle& style) {
  return style.depth == Depth::single ? style.single
         : style.depth == Depth::dual ? Colour{255, 255, 0}
                                      : Colour{255, 255, 255};
}

}  // namespace

TestState test_state(const BoardStyle& style, int width, int height, PageTime time) {
  const auto steps = steps_of(style.depth);
  std::vector<Instant> dwells;
  dwells.reserve(steps.size());
  for (const TestStep step : steps) {
    dwells.push_back(is_sweep(step) || step == TestStep::address ? sweep_time : plain_time);
  }
  const auto turn = turn_of(dwells, time);
  TestState state;
  state.step = steps[turn.page];
  state.length = turn.length;
  state.next_change = *turn.next_change;
  if (is_sweep(state.step)) {
    const std::int64_t lines = std::max(1, state.step == TestStep::row ? height : width);
    const Instant begin = state.next_change - sweep_time;
    const auto line =
        std::min(lines - 1, (std::max(time.now, time.since) - begin).count() * lines / sweep_time.count());
    state.line = static_cast<int>(line);
    state.next_change = begin + Instant(((line + 1) * sweep_time.count() + lines - 1) / lines);
  }
  return state;
}

void draw_test(Canvas& canvas, const TestState& state, const BoardStyle& style) {
  Rect area{0, 0, canvas.width(), canvas.height()};
  Colour colour = whole_colour(style);
  switch (state.step) {
    case TestStep::red:
      colour = {255, 0, 0};
      break;
    case TestStep::green:
      colour = {0, 255, 0};
      break;
    case TestStep::blue:
      colour = {0, 0, 255};
      break;
    case TestStep::row:
      area = {0, state.line, canvas.width(), 1};
      break;
    case TestStep::column:
      area = {state.line, 0, 1, canvas.height()};
      break;
    case TestStep::address:
      return;
    case TestStep::all:
      break;
  }
  canvas.fill(area, colour);
}

}  // namespace lobby::display
