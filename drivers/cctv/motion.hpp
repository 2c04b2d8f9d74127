#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/cctv/movie_shelf.hpp"
#include "drivers/cctv/recorder.hpp"
#include "drivers/http/client.hpp"

/// The program motion (Debian 12 has 4.5.1), by its web control in plain text (`webcontrol_interface 1`) and
/// the status of its stream port. Source: the program itself.
namespace lobby::cctv {

struct MotionSettings {
  int camera = 1;
  std::uint64_t least_free = 64U << 20;  ///< bytes; less room than that is a fault of the storage
  /// Movies are written in blocks: at a low bit rate half a minute apart.
  link::Duration grows_within = std::chrono::seconds(30);
};

/// `control`: the port of the web control; `stream`: that of the stream. Without a shelf (nobody can look at
/// the movies) what motion says cannot be verified: it says yes to everything, with a full disk too.
std::unique_ptr<Recorder> make_motion(link::Executor& executor, std::unique_ptr<http::Client> control,
                                      std::unique_ptr<http::Client> stream, std::unique_ptr<MovieShelf> shelf,
                                      MotionSettings settings, RecorderOptions options);

/// What it says, without any wire. Pure.
namespace motion {

/// What became of an order. Every answer has status 200.
enum class Said : std::uint8_t {
  done,
  not_understood,  ///< a camera or an order that it does not know; or it ignores us after wrong passwords
  garbled
};
Said parse_action(std::string_view body, int camera, bool is_start);

enum class Connection : std::uint8_t { ok, lost, not_understood, garbled };
Connection parse_connection(std::string_view body, int camera);

/// One camera of status.json.
struct Status {
  std::int64_t width = 0;  ///< 0: it never had a picture
  std::int64_t fps = 0;
  std::int64_t missing = 0;  ///< frames that should have come since the last one did
  std::int64_t lost_connection = 0;
  std::int64_t current = 0;  ///< its clock at the last frame, seconds since 1970
  std::int64_t event = 0;    ///< when its last event began; it may be over
};
struct StatusAnswer {
  bool is_understood = false;
  std::optional<Status> camera;  ///< empty: it knows no such camera
};
StatusAnswer parse_status(std::string_view body, int camera);

}  // namespace motion
}  // namespace lobby::cctv
