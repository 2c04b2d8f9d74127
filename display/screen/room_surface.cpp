#include <algorithm>
#include <chrono>
#include <utility>

#include "display/screen/room_poller.hpp"
#include "display/screen/surface.hpp"

namespace lobby::display {
namespace {

/// Of less room nothing could be read.
constexpr int least_width = 320, least_height = 180;

class RoomSurface final : public Surface {
 public:
  RoomSurface(const ScreenSettings& settings, std::function<void()> wake)
      : poller_({settings.server, settings.id, settings.token_file, std::move(wake), log_screen}) {
    // Until the server is heard it is as silent as one that was lost.
    shown_.monitor.room = settings.id;
    shown_.asked = Instant::min() / 2;
  }

  Instant step(Video& video, Instant now) override {
    poller_.watch();
    auto news = poller_.news();
    if (news) {
      shown_ = std::move(*news);
    }
    const Rect room = video.room();
    const int width = std::max(room.width, least_width);
    const int height = std::max(room.height, least_height);
    const bool has_grown = width != picture_.width() || height != picture_.height();
    if (has_grown) {
      picture_ = Picture(width, height);
    }
    if (news || has_grown || now >= due_) {
      due_ = draw_room_monitor(picture_, glyphs_, shown_.monitor, shown_.asked, now);
      video.show(picture_);
    }
    return due_;
  }

 private:
  Glyphs glyphs_;
  Picture picture_{0, 0};
  RoomPoller::News shown_;
  Instant due_ = {};
  RoomPoller poller_;
};

}  // namespace

std::unique_ptr<Surface> room_surface(const ScreenSettings& settings, std::function<void()> wake) {
  return std::make_unique<RoomSurface>(settings, std::move(wake));
}

}  // namespace lobby::display
