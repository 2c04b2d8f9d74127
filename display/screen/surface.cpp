#include "display/screen/surface.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "display/canvas/png.hpp"
#include "display/screen/server_link.hpp"
#include "display/screen/wakeup.hpp"

namespace lobby::display {
namespace {

/// The window system is looked after so often, also when nothing moves.
constexpr Instant look_round = std::chrono::milliseconds(100);

int write_shot(Video& video, const std::string& path) {
  std::ofstream out(path, std::ios::binary);
  out << png(video.shot());
  out.close();
  if (!out) {
    log_screen("cannot write " + path);
    return 1;
  }
  return 0;
}

int run(const ScreenSettings& settings, Wakeup& wakeup, Video& video, Surface& surface) {
  const auto after = Instant(static_cast<std::int64_t>(settings.shot_after_s * 1e6));
  const Instant shot_at = settings.shot_file.empty() ? Instant::max() : steady_now() + after;
  for (;;) {
    const Instant now = steady_now();
    if (!video.pump()) {
      return 0;
    }
    const Instant next = std::min(surface.step(video, now), now + look_round);
    if (now >= shot_at) {
      return write_shot(video, settings.shot_file);
    }
    if (!wakeup.wait(std::min(next, shot_at))) {
      return 0;
    }
  }
}

}  // namespace

void log_screen(const std::string& sentence) {
  std::fprintf(stderr, "lobby-screen: %s\n", sentence.c_str());
}

int show(const ScreenSettings& settings, MakeSurface make) {
  Wakeup wakeup;
  std::string why;
  auto video = Video::open({settings.width, settings.height, !settings.shot_file.empty()}, why);
  if (!video) {
    log_screen(why);
    return 1;
  }
  video->show(Picture(0, 0));
  const auto surface = make(settings, [&wakeup] { wakeup.wake(); });
  const int status = run(settings, wakeup, *video, *surface);
  // At once: a question may be under way to a server that does not answer. Nothing is left to be saved.
  video.reset();
  std::_Exit(status);
}

}  // namespace lobby::display
