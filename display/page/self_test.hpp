#pragma once

#include <string>

#include "display/canvas/canvas.hpp"
#include "display/page/board_page.hpp"

namespace lobby::display {

enum class TestStep : std::uint8_t { all, red, green, blue, row, column, address };

struct TestState {
  TestStep step = TestStep::all;
  int line = 0;  ///< of a row or column that runs over the board
  Instant next_change = {};
  Instant length = {};
};

/// Where a self-test is. A colour that the board has not is left out.
TestState test_state(const BoardStyle& style, int width, int height, PageTime time);

/// Everything but the address.
void draw_test(Canvas& canvas, const TestState& state, const BoardStyle& style);

}  // namespace lobby::display
