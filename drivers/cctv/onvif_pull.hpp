#pragma once

#include <functional>
#include <memory>
#include <string>

#include "drivers/cctv/onvif_talk.hpp"
#include "drivers/link/back_off.hpp"

namespace lobby::cctv {

/// A subscription to what a device tells by itself, from which messages are pulled. It dies often (restarts,
/// other subscribers, age) and is made anew then; the device then tells how everything is, at first.
class OnvifPull {
 public:
  /// A pull that was answered. False: it cannot be understood.
  using Heard = std::function<bool(const OnvifTalk::Said&)>;
  /// What was known ends here; it is tried again, 1 … 15 s apart.
  using Lost = std::function<void(Fault, std::string)>;

  /// Executor, client and device outlive it. A pull waits at the device: the client is this one's alone.
  OnvifPull(link::Executor& executor, std::unique_ptr<http::Client> client,
            std::shared_ptr<http::Login> login, std::shared_ptr<OnvifDevice> device,
            std::function<UtcTime()> utc, Heard heard, Lost lost);

  void start();
  void stop();

 private:
  void subscribe();
  void pull();
  void renew();
  void go_on();
  void lose(Fault fault, std::string reason);

  link::Executor& executor_;
  std::unique_ptr<http::Client> client_;
  OnvifTalk talk_;
  Heard heard_;
  Lost lost_;
  link::Timer next_;
  link::BackOff pause_{std::chrono::seconds(1), std::chrono::seconds(15)};
  std::string address_;  ///< of the subscription; empty: none
  link::MonoTime renewed_at_{};
  link::MonoTime asked_at_{};
  std::uint64_t life_ = 0;  ///< of one start()
};

}  // namespace lobby::cctv
