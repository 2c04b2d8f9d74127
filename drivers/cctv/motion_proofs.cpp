#include "drivers/cctv/motion_proofs.hpp"

#include <utility>

#include "drivers/cctv/talk.hpp"

namespace lobby::cctv {
namespace {

constexpr std::string_view status_probe = "status";
constexpr std::string_view film_probe = "file";

/// Two clocks of which one tells whole seconds.
constexpr std::int64_t clock_slack_ms = 2000;
/// So many frames that did not come are no hiccup. Of a network camera motion counts none for its first ten
/// seconds: so long it waits for the next picture.
constexpr std::int64_t many_missing = 5;
/// Its clock tells whole seconds: within less it may stand still.
constexpr link::Duration clock_step = std::chrono::milliseconds(1500);

}  // namespace

Proof MotionWatch::judge(const http::Answer& answer, int camera, const std::optional<Session>& session,
                         const RecorderOptions& options) {
  using enum Proof::Seen;
  offset_.reset();
  if (answer.fault != http::Fault::none || status_fault(answer.status) != Fault::none) {
    return no_proof(status_probe, answer);
  }
  const auto said = motion::parse_status(answer.body, camera);
  if (!said.is_understood) {
    return proof_of(status_probe, answer, unknown, Fault::garbled, "motion's status cannot be understood");
  }
  if (!said.camera) {
    return proof_of(status_probe, answer, no, Fault::no_camera, "motion knows no such camera");
  }
  const auto& status = *said.camera;
  Proof proof = judge_frames(answer, status);
  last_ = {status, answer.asked_at};
  if (proof.seen != yes) {
    return proof;
  }
  offset_ = utc_of_seconds(status.current) + std::chrono::milliseconds(500) - options.utc();
  if (!session) {
    return proof_of(status_probe, answer, unknown, Fault::not_recording, "no recording was ordered");
  }
  const auto begun_ms = status.event * 1000 - offset_->count();
  if (status.event == 0 || begun_ms + clock_slack_ms < ms_of(session->since)) {
    return proof_of(status_probe, answer, no, Fault::not_recording, "no event has begun since the start");
  }
  return proof;
}

Proof MotionWatch::judge_frames(const http::Answer& answer, const motion::Status& status) const {
  using enum Proof::Seen;
  if (status.lost_connection != 0 || status.width == 0) {
    return proof_of(status_probe, answer, no, Fault::camera_lost, "motion has no picture of the camera");
  }
  const bool stands =
      last_ && answer.asked_at - last_->at >= clock_step && status.current == last_->status.current;
  const bool is_missing = status.missing >= many_missing ||
                          (last_ && last_->status.missing > 0 && status.missing > last_->status.missing);
  if (stands || is_missing || status.fps == 0) {
    return proof_of(status_probe, answer, no, Fault::frozen, "no new frames come from the camera");
  }
  return proof_of(status_probe, answer, yes, Fault::none, {});
}

void FilmWatch::baseline(const MovieShelf::Look& seen) {
  if (seen.fault.empty()) {
    known_ = Movie{seen.name, seen.size};
  }
}

Proof FilmWatch::judge(const MovieShelf::Look& seen, link::MonoTime at, bool has_session,
                       const MotionSettings& settings) {
  using enum Proof::Seen;
  const auto proof = [&](Proof::Seen what, Fault fault, std::string reason) {
    return Proof{std::string(film_probe), what, fault, std::move(reason), at, {}};
  };
  if (!seen.fault.empty()) {
    return proof(unknown, Fault::storage, seen.fault);
  }
  const bool was_known = known_.has_value();
  const bool is_new = was_known && !seen.name.empty() && seen.name != known_->name;
  const bool has_grown = was_known && seen.name == known_->name && seen.size > known_->size;
  known_ = Movie{seen.name, seen.size};
  if (is_new || has_grown) {
    grown_at_ = at;
  }
  if (!has_session) {
    return proof(unknown, Fault::not_recording, "no recording was ordered");
  }
  if (seen.free < settings.least_free) {
    return proof(no, Fault::storage, "too little room for movies");
  }
  if (!was_known) {
    return proof(unknown, Fault::not_written, "whether a movie grows is seen the next time");
  }
  if (!grown_at_) {
    return proof(no, Fault::not_written, "no movie has grown since the start");
  }
  if (at - *grown_at_ > settings.grows_within) {
    return proof(no, Fault::not_written, "the movie does not grow any more");
  }
  return proof(yes, Fault::none, {});
}

}  // namespace lobby::cctv
