#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "display/screen/wall_show.hpp"
#include "tests/bench/benches.hpp"
#include "tests/bench/figures.hpp"

#ifdef LOBBY_SDL_TTF
#include <SDL_ttf.h>
#endif

namespace lobby::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int walls = 8;
constexpr int wall_width = 1024;
constexpr int wall_height = 64;
constexpr int letter_size = 48;
constexpr int frames_a_second = 60;

std::string sentence() {
  const std::string one =
      "因系统升级，今日16:30停止取号，请合理安排时间。办理不动产登记的群众请到二楼综合窗口取号，谢谢配合。";
  return one + one + one;
}

display::BoardProgram scrolling_wall() {
  display::BoardProgram program;
  program.board = "wall-1";
  program.version = 1;
  program.valid_for = std::chrono::hours(1);
  auto& list = program.playlist;
  list.width = wall_width;
  list.height = wall_height;
  list.style.depth = display::Depth::full;
  list.style.size = letter_size;
  list.style.smooth = true;
  list.style.scroll_speed = frames_a_second;  // another dot in each frame
  list.zones = {{{0, 0, wall_width, wall_height}, {{"text"}}}};
  program.views.pages["text"] = display::TextView{"", sentence()};
  return program;
}

double processor_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

void wait_until(Clock::time_point moment) {
  const auto left = std::chrono::nanoseconds(std::max(Clock::duration{}, moment - Clock::now())).count();
  const timespec limit{left / 1'000'000'000, left % 1'000'000'000};
  ::ppoll(nullptr, 0, &limit, nullptr);
}

struct Drawing {
  double share = 0;  ///< of a core
  double frame_ms = 0;
  Figures late;  ///< how far frames end from where they should
};

/// `draw` makes all walls of a frame; it gets how long it has run.
Drawing paced(int frames, const std::function<void(display::Instant)>& draw) {
  draw({});  // whatever is made once
  Drawing result;
  const auto begin = Clock::now();
  double busy = 0;
  Clock::time_point last{};
  for (int i = 1; i <= frames; ++i) {
    const auto due = begin + std::chrono::microseconds(std::int64_t{1'000'000} * i / frames_a_second);
    wait_until(due);
    const double before = processor_seconds();
    draw(std::chrono::duration_cast<display::Instant>(due - begin));
    busy += processor_seconds() - before;
    const auto end = Clock::now();
    if (i > 1) {
      const auto between = end - last;
      const auto wanted = std::chrono::microseconds(1'000'000 / frames_a_second);
      result.late.add(between > wanted ? between - wanted : wanted - between);
    }
    last = end;
  }
  result.share = busy * frames_a_second / frames;
  result.frame_ms = busy * 1000 / frames / walls;
  return result;
}

void print_drawing(const std::string& how, const Drawing& drawing, const std::string& more) {
  fmt::print(
      "drawing: {} walls of {}x{}, {} frames/s, {}: {:.1f} % of a core{} = {:.3f} ms a wall and frame; "
      "jitter "
      "p50 {:.2f} p99 {:.2f} max {:.2f} ms\n",
      walls, wall_width, wall_height, frames_a_second, how, drawing.share * 100, more, drawing.frame_ms,
      drawing.late.percentile(50), drawing.late.percentile(99), drawing.late.percentile(100));
}

Drawing our_drawing(int frames, int brightness) {
  display::Glyphs glyphs;
  std::vector<std::unique_ptr<display::WallShow>> shows;
  constexpr display::Instant start = std::chrono::seconds(100);
  for (int i = 0; i < walls; ++i) {
    auto program = scrolling_wall();
    program.now = start;
    program.brightness = brightness;
    shows.push_back(std::make_unique<display::WallShow>(glyphs));
    shows.back()->tell(std::move(program), start, start);
  }
  // Full of text from the first frame on.
  const display::Instant full = start + std::chrono::seconds(wall_width / frames_a_second + 1);
  int changes = 0;
  auto result = paced(frames, [&](display::Instant since) {
    for (auto& show : shows) {
      changes += show->draw(full + since).changed ? 1 : 0;
    }
  });
  if (changes < frames * walls / 2) {
    throw std::runtime_error("the walls did not scroll");
  }
  return result;
}

#ifdef LOBBY_SDL_TTF

struct TextLibrary {
  TextLibrary() {
    if (TTF_Init() != 0) {
      throw std::runtime_error("no SDL_ttf");
    }
  }
  ~TextLibrary() { TTF_Quit(); }
  TextLibrary(const TextLibrary&) = delete;
  TextLibrary& operator=(const TextLibrary&) = delete;
};

using Surface = std::unique_ptr<SDL_Surface, void (*)(SDL_Surface*)>;
using TextFont = std::unique_ptr<TTF_Font, void (*)(TTF_Font*)>;

Surface surface_of(SDL_Surface* surface) {
  if (surface == nullptr) {
    throw std::runtime_error("SDL_ttf draws nothing");
  }
  return {surface, SDL_FreeSurface};
}

/// The same sentence by SDL_ttf: its line drawn anew for each frame, or once and moved.
Drawing peer_drawing(int frames, bool is_kept) {
  const TextLibrary library;
  const TextFont font(TTF_OpenFont("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", letter_size),
                      TTF_CloseFont);
  if (!font) {
    throw std::runtime_error("SDL_ttf does not open the font");
  }
  const std::string text = sentence();
  const auto render = [&] {
    return surface_of(TTF_RenderUTF8_Blended(font.get(), text.c_str(), SDL_Color{255, 255, 255, 255}));
  };
  std::vector<Surface> pictures;
  pictures.reserve(walls);
  for (int i = 0; i < walls; ++i) {
    pictures.push_back(
        surface_of(SDL_CreateRGBSurfaceWithFormat(0, wall_width, wall_height, 32, SDL_PIXELFORMAT_RGB888)));
  }
  const Surface once = render();
  return paced(frames, [&](display::Instant since) {
    for (auto& picture : pictures) {
      const Surface anew = is_kept ? Surface(nullptr, SDL_FreeSurface) : render();
      SDL_Surface* const line = is_kept ? once.get() : anew.get();
      SDL_FillRect(picture.get(), nullptr, 0);
      SDL_Rect at{-static_cast<int>(since.count() * frames_a_second / 1'000'000) % 512, 8, 0, 0};
      SDL_BlitSurface(line, nullptr, picture.get(), &at);
    }
  });
}

#endif

}  // namespace

void drawing(double seconds) {
  const int frames = std::max(10, static_cast<int>(seconds * frames_a_second));
  const auto ours = our_drawing(frames, 100);
  print_drawing("ours", ours, " (aim < 10)");
  print_drawing("ours at half brightness", our_drawing(frames, 50), "");
#ifdef LOBBY_SDL_TTF
  const auto ratio = [&](const Drawing& peer) {
    return fmt::format(" = {:.2f} x ours", peer.share / ours.share);
  };
  const auto anew = peer_drawing(frames, false);
  print_drawing("SDL_ttf, the line anew in each frame", anew, ratio(anew));
  const auto kept = peer_drawing(frames, true);
  print_drawing("SDL_ttf, the line drawn once and moved", kept, ratio(kept));
#else
  fmt::print("drawing: built without SDL_ttf, so nothing to compare with\n");
#endif
}

}  // namespace lobby::bench
