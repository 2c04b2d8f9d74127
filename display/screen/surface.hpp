#pragma once

#include <functional>
#include <memory>
#include <string>

#include "display/page/board_views.hpp"
#include "display/screen/video.hpp"

namespace lobby::display {

struct ScreenSettings {
  std::string server;      ///< http://HOST[:PORT]
  std::string id;          ///< of the board or room
  std::string token_file;  ///< may be empty
  int width = 0;           ///< of the window; 0: the whole screen
  int height = 0;
  std::string shot_file;  ///< empty: it shows until it is ended
  double shot_after_s = 0;
};

/// What one screen shows. Used by one thread.
class Surface {
 public:
  virtual ~Surface() = default;
  /// Takes what has come and draws what is due; gives when to come again, if nothing comes until then.
  virtual Instant step(Video& video, Instant now) = 0;
};

/// An LED wall on a video output. `wake`: called from another thread when something has come.
std::unique_ptr<Surface> wall_surface(const ScreenSettings& settings, std::function<void()> wake);
/// The monitor of a room that is recorded; the same.
std::unique_ptr<Surface> room_surface(const ScreenSettings& settings, std::function<void()> wake);

using MakeSurface = std::unique_ptr<Surface> (*)(const ScreenSettings&, std::function<void()>);

/// Shows it until the process is told to end, or until the picture of it is written. The exit status; what is
/// wrong goes to standard error.
int show(const ScreenSettings& settings, MakeSurface make);

/// One line of standard error.
void log_screen(const std::string& sentence);

}  // namespace lobby::display
