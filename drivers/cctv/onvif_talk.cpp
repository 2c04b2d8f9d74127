#include "drivers/cctv/onvif_talk.hpp"

#include <algorithm>
#include <utility>

#include "drivers/http/digest.hpp"

namespace lobby::cctv {
namespace {

constexpr std::size_t nonce_size = 16;
/// A token is good for some seconds of the device's clock, which runs away from ours.
constexpr link::Duration token_clock_every = std::chrono::hours(1);

}  // namespace

OnvifTalk::OnvifTalk(link::Executor& executor, http::Client& client, std::shared_ptr<http::Login> login,
                     std::shared_ptr<OnvifDevice> device, std::function<UtcTime()> utc)
    : turns_(executor),
      executor_(executor),
      client_(client),
      login_(std::move(login)),
      device_(std::move(device)),
      utc_(std::move(utc)) {}

void OnvifTalk::ask(onvif::Call call, link::MonoTime end, Done done, const std::string& subscription) {
  const auto question = std::make_shared<Question>();
  question->call = std::move(call);
  question->end = end;
  question->done = std::move(done);
  using Service = onvif::Call::Service;
  if (question->call.service == Service::device) {
    question->path = device_->device_path;
    send(question);
  } else if (question->call.service == Service::subscription) {
    question->path = onvif::path_of(subscription);
    question->to = subscription;
    send(question);
  } else {
    with_services(question);
  }
}

void OnvifTalk::with_services(std::shared_ptr<Question> question) {
  if (!device_->services) {
    ask(onvif::get_services(), question->end, [this, question](const Said& said) {
      device_->services = said.is_good() ? onvif::parse_services(said.answer.body) : std::nullopt;
      if (device_->services) {
        with_services(question);
      } else {
        question->done(said);
      }
    });
    return;
  }
  const auto& services = *device_->services;
  using Service = onvif::Call::Service;
  switch (question->call.service) {
    case Service::device_io:
      question->path = services.device_io.empty() ? device_->device_path : services.device_io;
      break;
    case Service::recording:
      question->path = services.recording;
      break;
    case Service::search:
      question->path = services.search;
      break;
    default:
      question->path = services.events;
      break;
  }
  question->to = question->path;
  if (question->path.empty()) {
    turns_.later([done = question->done] { done({{}, onvif::SoapFault{"ServiceNotSupported"}}); });
    return;
  }
  send(question);
}

std::optional<onvif::Token> OnvifTalk::token() const {
  if (!login_ || !device_->clock_offset) {
    return std::nullopt;
  }
  const auto& credentials = login_->credentials();
  return onvif::Token{credentials.user, credentials.password, http::random_bytes(nonce_size),
                      iso_time(utc_() + *device_->clock_offset)};
}

void OnvifTalk::send(std::shared_ptr<Question> question) {
  const bool wants_token = device_->wants_token && !question->call.is_pre_auth && login_;
  const bool is_clock_old =
      !device_->clock_offset || executor_.now() - device_->clock_at >= token_clock_every;
  if (wants_token && is_clock_old) {
    question->has_clock = true;
    ask_clock(question->end, [this, question](const Said& said) {
      if (device_->clock_offset) {
        send(question);
      } else {
        question->done(said);
      }
    });
    return;
  }
  const auto token_now = wants_token ? token() : std::nullopt;
  // A password that was not accepted yet is tried by one at a time.
  if (token_now && !login_->claim(this)) {
    turns_.later([done = question->done] {
      http::Answer answer;
      answer.fault = http::Fault::busy;
      answer.reason = "another one is trying the same credentials";
      done({answer});
    });
    return;
  }
  http::Request request;
  request.method = "POST";
  request.target = question->path;
  request.fields = {
      {"Content-Type", "application/soap+xml; charset=utf-8; action=\"" + question->call.action + "\""}};
  request.body = onvif::envelope(question->call, token_now ? &*token_now : nullptr, question->to);
  request.within = std::max(question->end - executor_.now(), link::Duration::zero());
  request.repeatable = question->call.repeatable;
  question->had_token = token_now.has_value();
  client_.ask(std::move(request),
              [this, question](http::Answer answer) { heard(question, std::move(answer)); });
}

void OnvifTalk::heard(const std::shared_ptr<Question>& question, http::Answer answer) {
  Said said{std::move(answer)};
  if (said.answer.fault == http::Fault::none) {
    said.fault = onvif::parse_fault(said.answer.body);
  }
  if (said.fault && said.fault->code == "NotAuthorized") {
    not_authorized(question, std::move(said));
    return;
  }
  if (question->had_token) {
    if (said.answer.fault == http::Fault::none) {
      login_->accepted();
    }
    login_->release(this);
  }
  question->done(said);
}

void OnvifTalk::not_authorized(const std::shared_ptr<Question>& question, Said said) {
  if (!login_ || question->call.is_pre_auth) {
    question->done(said);
    return;
  }
  if (!question->had_token) {
    // Without credentials, and no challenge of HTTP: then it wants them in the message.
    device_->wants_token = true;
    send(question);
    return;
  }
  // Also before the next try the clock is read anew, so that it is one.
  device_->clock_offset.reset();
  login_->release(this);
  if (!question->has_clock) {
    send(question);
    return;
  }
  login_->refused(executor_.now());
  question->done(said);
}

void OnvifTalk::ask_clock(link::MonoTime end, Done done) {
  ask(onvif::get_date_and_time(), end, [this, done = std::move(done)](const Said& said) {
    const auto clock = said.is_good() ? onvif::parse_date_and_time(said.answer.body) : std::nullopt;
    device_->clock_offset.reset();
    if (clock) {
      // It tells whole seconds.
      device_->clock_offset = clock->utc + std::chrono::milliseconds(500) - utc_();
      device_->clock_at = executor_.now();
    }
    done(said);
  });
}

Fault onvif_fault(const OnvifTalk::Said& said) {
  if (said.answer.fault != http::Fault::none) {
    return fault_of(said.answer.fault);
  }
  if (said.fault) {
    return onvif::fault_of(*said.fault);
  }
  const auto fault = status_fault(said.answer.status);
  return fault == Fault::none ? Fault::garbled : fault;
}

Outcome onvif_outcome(const OnvifTalk::Said& said) {
  if (said.answer.fault != http::Fault::none) {
    return outcome_of(said.answer);
  }
  const auto fault = onvif_fault(said);
  if (said.fault) {
    return failed_by(said.answer, fault, "the recorder says no: " + said.fault->code);
  }
  Outcome out = failed_by(said.answer, fault, "the recorder's answer cannot be understood");
  out.word = fault == Fault::garbled ? Word::unknown : Word::failed;
  return out;
}

}  // namespace lobby::cctv
