#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "display/page/board_page.hpp"
#include "tests/display_page/board_samples.hpp"
#include "tests/display_page/golden.hpp"

using namespace lobby::display;
using namespace std::chrono_literals;

namespace {

struct Golden {
  std::string name;
  int width;
  int height;
  BoardView view;
  Instant now = 0s;
  Depth depth = Depth::dual;
  int size = 0;
  bool roll = false;
  bool smooth = false;
};

std::vector<Golden> goldens() {
  return {
      {"cases-256x64", 256, 64, samples::cases()},
      {"cases-256x64-stale-page-2", 256, 64, samples::cases(7, true), 7s},
      {"cases-512x128-full", 512, 128, samples::cases(), 0s, Depth::full},
      {"cases-512x128-size-16-single", 512, 128, samples::cases(7, true), 0s, Depth::single, 16},
      {"cases-1024x64", 1024, 64, samples::cases(7, true)},
      {"cases-1024x64-rolling", 1024, 64, samples::cases(), 3s, Depth::dual, 0, true},
      {"cases-192x32-stale", 192, 32, samples::cases(3, true), 6s},
      {"cases-192x16", 192, 16, samples::cases(1), 6s},
      {"cases-128x64", 128, 64, samples::cases()},
      {"cases-960x540-smooth", 960, 540, samples::cases(7, true), 0s, Depth::full, 0, false, true},
      {"totals-512x32", 512, 32, samples::totals()},
      {"totals-256x64-stale", 256, 64, samples::totals(true)},
      {"windows-256x64", 256, 64, samples::windows()},
      {"windows-512x128-full", 512, 128, samples::windows(), 0s, Depth::full},
      {"notice-256x64", 256, 64, samples::notice()},
      {"notice-512x128", 512, 128, samples::notice()},
      {"openings-512x64", 512, 64, samples::openings()},
      {"openings-1024x128-full", 1024, 128, samples::openings(true), 0s, Depth::full},
      {"room-256x96", 256, 96, samples::room()},
      {"results-1024x64", 1024, 64, samples::results()},
      {"collect-256x64", 256, 64, samples::collect()},
      {"hotlines-512x64", 512, 64, samples::hotlines()},
      {"door-512x128", 512, 128, samples::door()},
      {"calls-128x16", 128, 16, samples::calls(), 7s},
      {"calls-256x64", 256, 64, samples::calls(), 4600ms},
      {"calls-512x128-full", 512, 128, samples::calls(), 9s, Depth::full},
      {"text-256x64", 256, 64, TextView{"通知", "因系统升级，今日16:30停止取号，请合理安排时间。"}},
      {"emergency-512x128", 512, 128, EmergencyView{"请立即从最近的安全出口有序撤离"}},
      {"emergency-192x32", 192, 32, EmergencyView{"请立即从最近的安全出口有序撤离"}},
      {"default-256x64", 256, 64, DefaultView{}},
      {"default-128x16", 128, 16, DefaultView{}},
      {"address-192x32", 192, 32, SelfTestView{"总线2 地址17"}, 20s},
  };
}

}  // namespace

TEST_CASE("what stands on boards of many sizes") {
  Glyphs glyphs;
  for (const auto& one : goldens()) {
    CAPTURE(one.name);
    BoardStyle style;
    style.depth = one.depth;
    style.size = one.size;
    style.roll = one.roll;
    style.smooth = one.smooth;
    Picture picture(one.width, one.height);
    const auto result =
        draw_page(picture, {0, 0, one.width, one.height}, one.view, style, {one.now, 0s}, glyphs);
    CHECK(result.missing.count == 0);
    CHECK(is_golden(one.name, picture));
  }
}
