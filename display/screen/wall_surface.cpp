#include <algorithm>
#include <chrono>
#include <utility>

#include "display/screen/program_poller.hpp"
#include "display/screen/surface.hpp"
#include "display/screen/wall_show.hpp"

namespace lobby::display {
namespace {

using namespace std::chrono_literals;

/// Without a screen to wait for nothing is drawn more often.
constexpr Instant least_frame = 4ms;

class WallSurface final : public Surface {
 public:
  WallSurface(const ScreenSettings& settings, std::function<void()> wake)
      : show_(glyphs_),
        poller_({settings.server, settings.id, settings.token_file, std::move(wake), log_screen}) {}

  Instant step(Video& video, Instant now) override {
    poller_.watch();
    if (take_news() || now >= due_) {
      draw(video, now);
    }
    return due_;
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

  void draw(Video& video, Instant now) {
    const auto drawn = show_.draw(now);
    if (drawn.changed) {
      video.show(show_.picture());
    }
    due_ = std::max(drawn.next_change.value_or(now + 1h), now + least_frame);
    if (drawn.version && drawn.programs != told_) {
      told_ = drawn.programs;
      poller_.shown(*drawn.version);
    }
  }

  Glyphs glyphs_;
  WallShow show_;
  Instant due_ = {};
  std::uint64_t told_ = 0;  ///< WallShow's count of programs
  ProgramPoller poller_;
};

}  // namespace

std::unique_ptr<Surface> wall_surface(const ScreenSettings& settings, std::function<void()> wake) {
  return std::make_unique<WallSurface>(settings, std::move(wake));
}

}  // namespace lobby::display
