#pragma once

#include <memory>
#include <string>

#include "display/canvas/picture.hpp"
#include "display/canvas/rect.hpp"

namespace lobby::display {

/// The one window of this process, and in it one picture, black around. One thread uses it.
class Video {
 public:
  struct Settings {
    /// Of a window in the upper left corner, without a frame; 0: the whole screen.
    int width = 0;
    int height = 0;
    bool may_be_unseen = false;  ///< without a screen it goes on in memory
  };
  /// nullptr without a screen: `why` is then a sentence.
  static std::unique_ptr<Video> open(const Settings& settings, std::string& why);
  ~Video();
  Video(const Video&) = delete;
  Video& operator=(const Video&) = delete;

  /// Shows the picture, which it keeps: after the screen was lost it shows it again. Waits for the screen's
  /// next frame where there is one to wait for.
  void show(const Picture& picture);
  /// Does what the window system asks for; to be called now and then. False: it wants the program to end,
  /// or the screen is lost for good.
  bool pump();
  /// How much room there is for a picture; may change while the program runs.
  Rect room() const;
  /// What stands in the window.
  Picture shot();

 private:
  struct Window;
  explicit Video(std::unique_ptr<Window> window);
  std::unique_ptr<Window> window_;
};

}  // namespace lobby::display
