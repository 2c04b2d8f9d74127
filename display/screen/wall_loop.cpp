#include "display/screen/wall_loop.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "display/canvas/png.hpp"
#include "display/screen/program_poller.hpp"
#include "display/screen/video.hpp"
#include "display/screen/wakeup.hpp"
#include "display/screen/wall_show.hpp"

namespace lobby::display {
namespace {

using namespace std::chrono_literals;

/// The window system is looked after so often, also when nothing moves.
constexpr Instant look_round = 100ms;
/// Without a screen to wait for nothing is drawn more often.
constexpr Instant least_frame = 4ms;

void log(const std::string& sentence) {
  std::fprintf(stderr, "lobby-screen: %s\n", sentence.c_str());
}

class WallLoop {
 public:
  WallLoop(Video& video, ProgramPoller& poller) : video_(video), poller_(poller), show_(glyphs_) {}

  /// Draws what is due; gives when to come again. False: the window system wants the program to end.
  bool step(Instant now, Instant& next) {
    poller_.watch();
    if (!video_.pump()) {
      return false;
    }
    if (take_news() || now >= due_) {
      draw(now);
    }
    next = std::min(due_, now + look_round);
    return true;
  }

 private:
  bool take_news() {
    auto all = poller_.news();
    for (auto& news : all) {
      bool is_known = true;
      if (news.program) {
        is_known = !show_.tell(std::move(*news.program), news.asked, news.answered);
      } else {
        show_.prove(news.answered);
      }
      if (is_known && news.after_loss) {
        told_ = 0;
      }
    }
    return !all.empty();
  }

  void draw(Instant now) {
    const auto drawn = show_.draw(now);
    if (drawn.changed) {
      video_.show(show_.picture());
    }
    due_ = std::max(drawn.next_change.value_or(now + 1h), now + least_frame);
    if (drawn.version && drawn.programs != told_) {
      told_ = drawn.programs;
      poller_.shown(*drawn.version);
    }
  }

  Video& video_;
  ProgramPoller& poller_;
  Glyphs glyphs_;
  WallShow show_;
  Instant due_ = {};
  std::uint64_t told_ = 0;  ///< WallShow's count of programs
};

int write_shot(Video& video, const std::string& path) {
  std::ofstream out(path, std::ios::binary);
  out << png(video.shot());
  out.close();
  if (!out) {
    log("cannot write " + path);
    return 1;
  }
  return 0;
}

int run(const WallSettings& settings, Wakeup& wakeup, Video& video, ProgramPoller& poller) {
  WallLoop loop(video, poller);
  const auto after = Instant(static_cast<std::int64_t>(settings.shot_after_s * 1e6));
  const Instant shot_at = settings.shot_file.empty() ? Instant::max() : steady_now() + after;
  for (;;) {
    const Instant now = steady_now();
    Instant next{};
    if (!loop.step(now, next)) {
      return 0;
    }
    if (now >= shot_at) {
      return write_shot(video, settings.shot_file);
    }
    if (!wakeup.wait(std::min(next, shot_at))) {
      return 0;
    }
  }
}

}  // namespace

int show_wall(const WallSettings& settings) {
  Wakeup wakeup;
  std::string why;
  auto video = Video::open({settings.width, settings.height, !settings.shot_file.empty()}, why);
  if (!video) {
    log(why);
    return 1;
  }
  video->show(Picture(0, 0));
  ProgramPoller poller(
      {settings.server, settings.board, settings.token_file, [&wakeup] { wakeup.wake(); }, log});
  const int status = run(settings, wakeup, *video, poller);
  // At once: a question may be under way to a server that does not answer. Nothing is left to be saved.
  video.reset();
  std::_Exit(status);
}

}  // namespace lobby::display
