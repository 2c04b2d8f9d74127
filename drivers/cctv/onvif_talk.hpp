#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "drivers/cctv/onvif.hpp"
#include "drivers/cctv/talk.hpp"
#include "drivers/http/client.hpp"

namespace lobby::cctv {

/// What is known of one device; shared by those who talk to it.
struct OnvifDevice {
  std::string device_path = "/onvif/device_service";
  std::optional<onvif::Services> services{};
  /// It is a legacy device that wants WS-UsernameToken instead of Digest: learnt from a 400.
  bool wants_token = false;
  std::optional<std::chrono::milliseconds> clock_offset{};  ///< its clock less ours
  link::MonoTime clock_at{};
};

/// SOAP over one client: finds the service, gives credentials in the one way that the device wants, and knows
/// a refusal whatever its HTTP status.
class OnvifTalk {
 public:
  struct Said {
    http::Answer answer;
    std::optional<onvif::SoapFault> fault{};  ///< the device says no
    bool is_good() const {
      return answer.fault == http::Fault::none && answer.status >= 200 && answer.status < 300 && !fault;
    }
  };
  using Done = std::function<void(const Said&)>;

  /// Executor and client outlive it; no answer comes once the client is destroyed.
  OnvifTalk(link::Executor& executor, http::Client& client, std::shared_ptr<http::Login> login,
            std::shared_ptr<OnvifDevice> device, std::function<UtcTime()> utc);

  ~OnvifTalk() {
    if (login_) {
      login_->release(this);
    }
  }
  OnvifTalk(const OnvifTalk&) = delete;
  OnvifTalk& operator=(const OnvifTalk&) = delete;

  /// `done` runs once, by `end`. `subscription`: the address, for calls of that service.
  void ask(onvif::Call call, link::MonoTime end, Done done, const std::string& subscription = {});
  /// Reads the device's clock into what is known of it.
  void ask_clock(link::MonoTime end, Done done);

 private:
  struct Question {
    onvif::Call call;
    std::string path, to;
    link::MonoTime end;
    Done done;
    bool had_token = false;
    bool has_clock = false;  ///< the device's clock was read for it: a refusal is the password's
  };
  void with_services(std::shared_ptr<Question> question);
  void send(std::shared_ptr<Question> question);
  void heard(const std::shared_ptr<Question>& question, http::Answer answer);
  void not_authorized(const std::shared_ptr<Question>& question, Said said);
  std::optional<onvif::Token> token() const;

  Turns turns_;
  link::Executor& executor_;
  http::Client& client_;
  std::shared_ptr<http::Login> login_;
  std::shared_ptr<OnvifDevice> device_;
  std::function<UtcTime()> utc_;
};

/// Of an answer that is not good.
Outcome onvif_outcome(const OnvifTalk::Said& said);
Fault onvif_fault(const OnvifTalk::Said& said);

}  // namespace lobby::cctv
