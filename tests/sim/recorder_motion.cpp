#include "tests/sim/recorder_motion.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lobby::sim {
namespace {

constexpr const char* bad_request = "Bad Request \nThe server did not understand your request. \n";
/// The muxer gives its bytes away in blocks, 20 s apart at a low bit rate.
constexpr std::chrono::seconds block_every{20};
constexpr std::uint64_t block_bytes = 32'768;
constexpr std::uint64_t usual_room = 1U << 30;
/// motion before 4.4: a start makes one movie, which ends by itself.
constexpr std::chrono::seconds old_movie{5};

HttpReply motion_text(std::string body) {
  return {200, std::move(body), "text/plain", {}};
}

}  // namespace

bool MotionRecorder::can_have(Fault fault) const {
  constexpr Fault all[] = {Fault::no_picture, Fault::no_disk,  Fault::still,       Fault::mode_names,
                           Fault::stale,      Fault::lock_out, Fault::lie,         Fault::nonce_once,
                           Fault::clock,      Fault::garbage,  Fault::unauthorised};
  return std::find(std::begin(all), std::end(all), fault) != std::end(all);
}

void MotionRecorder::describe(boost::json::object& out) const {
  out["mode"] = is_in_event_ ? "event" : "idle";
}

HttpReply MotionRecorder::locked(const DigestGate&) const {
  return motion_text(bad_request);
}

void MotionRecorder::set_source(Source source) {
  source_ = source;
  settle();
}

void MotionRecorder::end_event() {
  is_in_event_ = false;
  settle();
}

std::int64_t MotionRecorder::seconds(RecorderTime at) const {
  return std::chrono::floor<std::chrono::seconds>(its_time(at)).time_since_epoch().count();
}

MotionRecorder::Movie MotionRecorder::movie() {
  const std::uint64_t room = has(Fault::no_disk) ? 0 : usual_room;
  if (is_in_event_ && room > 0 && now() - written_ >= block_every) {
    written_ = now();
    movie_.size += block_bytes;
  }
  movie_.free = room;
  return movie_;
}

HttpReply MotionRecorder::order(const std::string& target) {
  if (target == "/1/action/eventstart") {
    if (!has(Fault::lie) && source_ != Source::never_connected && !is_in_event_) {
      is_in_event_ = true;
      event_time_ = seconds(now());
      began_ = now();
      written_ = now();
      movie_ = {fmt::format("1-{}.mp4", event_time_), 0, usual_room};
    }
    return motion_text("Start event for camera 1 \nDone\n");
  }
  if (target == "/1/action/eventend") {
    is_in_event_ = false;
    return motion_text("End event for camera 1 \nDone \n");
  }
  if (target == "/1/detection/connection") {
    const bool is_lost = has(Fault::no_picture) || source_ == Source::refused;
    return motion_text(std::string("Camera hall \nCamera 1 -- hall ") +
                       (is_lost ? "Lost connection" : "Connection OK") + " \n");
  }
  return motion_text(bad_request);
}

HttpReply MotionRecorder::status() const {
  const bool is_still = has(Fault::still), was_never = source_ == Source::never_connected;
  const bool is_lost = has(Fault::no_picture) || source_ == Source::refused;
  const auto still_for = std::chrono::floor<std::chrono::seconds>(now() - last_frame_).count();
  return {200,
          fmt::format("{{\"camera_status\":[{{\"id\":1,\"image_width\":{},\"image_height\":{},\"fps\":{},"
                      "\"missing_frame_counter\":{},\"running\":1,\"lost_connection\":{},\"currenttime\":{},"
                      "\"lasttime\":{},\"lasttime_elapsed\":0,\"eventtime\":{},\"eventtime_elapsed\":{},"
                      "\"connectionlosttime\":0,\"connectionlosttime_elapsed\":null}}]}}",
                      was_never ? 0 : 320, was_never ? 0 : 240, is_still ? 2 : 10,
                      is_still ? 9 + 2 * still_for : 0, is_lost ? 1 : 0, was_never ? 1 : seconds(now()),
                      was_never ? 1 : seconds(now()), event_time_, seconds(now()) - event_time_),
          "application/json",
          {}};
}

HttpReply MotionRecorder::reply_to(const HttpAsk& ask) {
  if (has(Fault::mode_names) && is_in_event_ && now() - began_ >= old_movie) {
    is_in_event_ = false;
  }
  if (!has(Fault::still)) {
    last_frame_ = now();
  }
  if (ask.door == 0) {
    return order(ask.target);
  }
  return ask.target == "/1/status.json" ? status() : HttpReply{404, "", "text/plain", {}};
}

}  // namespace lobby::sim
