#include <doctest/doctest.h>

#include "drivers/window/window_unit.hpp"

namespace cells_tests {

using namespace lobby;
using Cells = std::vector<std::uint16_t>;

TEST_CASE("text becomes ASCII and GB2312 codes, one per cell") {
  std::size_t lost = 99;
  CHECK(window::cells_of("A017", lost) == Cells{'A', '0', '1', '7'});
  CHECK(lost == 0);
  CHECK(window::cells_of("3号窗口", lost) == Cells{'3', 0xBAC5, 0xB4B0, 0xBFDA});
  CHECK(lost == 0);
  CHECK(window::cells_of("", lost).empty());
}

TEST_CASE("what GB2312 lacks becomes 〓 and is counted; nothing spills into the neighbours") {
  std::size_t lost = 0;
  CHECK(window::cells_of("朱镕基", lost) == Cells{0xD6EC, 0xA1FE, 0xBBF9});
  CHECK(lost == 1);
  CHECK(window::cells_of("a\xff"
                         "b",
                         lost) == Cells{'a', 0xA1FE, 'b'});
  CHECK(lost == 1);
  CHECK(window::cells_of("𠮷é", lost) == Cells{0xA1FE, 0xA8A6});
  CHECK(lost == 1);
}

TEST_CASE("a sign has eight cells") {
  std::size_t lost = 0;
  CHECK(window::cells_of("0123456789", lost) == Cells{'0', '1', '2', '3', '4', '5', '6', '7'});
}

}  // namespace cells_tests
