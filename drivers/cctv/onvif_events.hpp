#pragma once

#include <memory>
#include <optional>
#include <string>

#include "drivers/cctv/onvif_pull.hpp"

namespace lobby::cctv {

/// What a device tells of its recording jobs by itself. What is known ends with the subscription.
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
  bool heard(const OnvifTalk::Said& said);

  std::string job_;
  std::optional<onvif::JobState> state_;
  link::MonoTime heard_at_{};
  std::string last_raw_;
  Fault fault_ = Fault::not_recording;
  std::string reason_;
  OnvifPull pull_;
};

/// What a state of a job says about the recording.
Proof judge_job(std::string_view probe, std::optional<onvif::JobState> state);

}  // namespace lobby::cctv
