#include "drivers/cctv/onvif_events.hpp"

#include <utility>

namespace lobby::cctv {
namespace {

constexpr std::string_view event_probe = "event";

}  // namespace

Proof judge_job(std::string_view probe, std::optional<onvif::JobState> state) {
  using enum Proof::Seen;
  const auto proof = [&](Proof::Seen seen, Fault fault, std::string reason) {
    return Proof{std::string(probe), seen, fault, std::move(reason), {}, {}};
  };
  if (!state) {
    return proof(unknown, Fault::garbled, "the recorder's state of the job cannot be understood");
  }
  switch (*state) {
    case onvif::JobState::active:
      return proof(yes, Fault::none, {});
    case onvif::JobState::partially:
      return proof(no, Fault::partial, "the recorder records a part only");
    case onvif::JobState::idle:
      return proof(no, Fault::not_recording, "the recording job is idle");
    case onvif::JobState::error:
      return proof(no, Fault::not_recording, "the recording job is in error");
    case onvif::JobState::other:
      break;
  }
  return proof(unknown, Fault::garbled, "the recording job is in no state that is known");
}

OnvifEvents::OnvifEvents(link::Executor& executor, std::unique_ptr<http::Client> client,
                         std::shared_ptr<http::Login> login, std::shared_ptr<OnvifDevice> device,
                         std::function<UtcTime()> utc)
    : pull_(
          executor, std::move(client), std::move(login), std::move(device), std::move(utc),
          [this](const OnvifTalk::Said& said) { return heard(said); },
          [this](Fault fault, std::string reason) {
            state_.reset();
            fault_ = fault;
            reason_ = std::move(reason);
          }) {}

void OnvifEvents::watch(const std::string& job) {
  if (job == job_) {
    return;
  }
  stop();
  job_ = job;
  fault_ = Fault::timeout;
  reason_ = "no event has come yet";
  pull_.start();
}

void OnvifEvents::stop() {
  pull_.stop();
  job_.clear();
  state_.reset();
  fault_ = Fault::not_recording;
  reason_ = "no recording was ordered";
}

bool OnvifEvents::heard(const OnvifTalk::Said& said) {
  const auto pulled = onvif::parse_messages(said.answer.body, job_);
  if (!pulled) {
    return false;
  }
  heard_at_ = said.answer.asked_at;
  if (pulled->state) {
    state_ = pulled->state;
    last_raw_ = done_by(said.answer).raw_sha256;
  }
  return true;
}

Proof OnvifEvents::proof(link::MonoTime now) const {
  if (!state_) {
    return {std::string(event_probe), Proof::Seen::unknown, fault_, reason_, now, {}};
  }
  Proof out = judge_job(event_probe, state_);
  out.at = heard_at_;
  out.raw_sha256 = last_raw_;
  return out;
}

}  // namespace lobby::cctv
