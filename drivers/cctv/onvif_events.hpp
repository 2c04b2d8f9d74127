#pragma once

#include <memory>
#include <optional>
#include <string>

#include "drivers/cctv/onvif_talk.hpp"
#include "drivers/link/back_off.hpp"

namespace lobby::cctv {

/// What a device tells of its recording jobs by itself: a subscription from which messages are pulled. It
/// dies often (restarts, other subscribers, age) and is made anew then; what is known ends with it.
class OnvifEvents {
 public:
  OnvifEvents(link::Executor& executor, std::unique_ptr<http::Client> client,
              std::shared_ptr<http::Login> login, std::shared_ptr<OnvifDevice> device,
              std::function<UtcTime()> utc);

  /// Goes on until stop(). Another job than before begins anew.
  void watch(const std::string& job);
  void stop();
  /// As old as the last pull that was answered.
  Proof proof(link::MonoTime now) const;

 private:
  void subscribe();
  void pull();
  void renew();
  void go_on();
  void lose(Fault fault, std::string reason);

  link::Executor& executor_;
  std::unique_ptr<http::Client> client_;
  OnvifTalk talk_;
  link::Timer next_;
  link::BackOff pause_{std::chrono::seconds(1), std::chrono::seconds(15)};
  std::string job_;
  std::string address_;  ///< of the subscription; empty: none
  link::MonoTime renewed_at_{};
  link::MonoTime asked_at_{};
  std::optional<onvif::JobState> state_;
  link::MonoTime heard_at_{};
  std::uint64_t life_ = 0;  ///< of what is watched
  std::string last_raw_;
  Fault fault_ = Fault::not_recording;
  std::string reason_;
};

/// What a state of a job says about the recording.
Proof judge_job(std::string_view probe, std::optional<onvif::JobState> state);

}  // namespace lobby::cctv
