#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "drivers/cctv/motion.hpp"
#include "drivers/http/message.hpp"

/// What follows from what motion and its disk show one probe after the other. Pure.
namespace lobby::cctv {

/// Is an event open that began since the start, and do frames come? By status.json: all that it says besides
/// stays good when the picture stands still.
class MotionWatch {
 public:
  Proof judge(const http::Answer& answer, int camera, const std::optional<Session>& session,
              const RecorderOptions& options);
  /// As of the last answer; whole seconds, so it may be half of one wrong.
  std::optional<std::chrono::milliseconds> clock_offset() const { return offset_; }
  void forget() { last_.reset(); }

 private:
  struct Seen {
    motion::Status status;
    link::MonoTime at;
  };
  Proof judge_frames(const http::Answer& answer, const motion::Status& status) const;

  std::optional<Seen> last_;
  std::optional<std::chrono::milliseconds> offset_;
};

/// Does a movie grow that is new since the start, and is there room? By the disk alone.
class FilmWatch {
 public:
  /// As it was before the start.
  void baseline(const MovieShelf::Look& seen);
  bool has_baseline() const { return known_.has_value(); }
  void forget() { *this = {}; }
  Proof judge(const MovieShelf::Look& seen, link::MonoTime at, bool has_session,
              const MotionSettings& settings);

 private:
  struct Movie {
    std::string name;
    std::uint64_t size = 0;
  };
  std::optional<Movie> known_;              ///< as it was seen last
  std::optional<link::MonoTime> grown_at_;  ///< when that was bigger than before, or new
};

}  // namespace lobby::cctv
