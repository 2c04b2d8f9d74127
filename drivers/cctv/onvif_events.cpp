#include "drivers/cctv/onvif_events.hpp"

#include <utility>

namespace lobby::cctv {
namespace {

constexpr std::string_view event_probe = "event";
/// A device that answers at once although it may wait is not asked all the time.
constexpr link::Duration pull_every = std::chrono::milliseconds(500);
constexpr link::Duration event_answer_within = std::chrono::seconds(3);

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
    : executor_(executor),
      client_(std::move(client)),
      talk_(executor, *client_, std::move(login), std::move(device), std::move(utc)),
      next_(executor) {}

void OnvifEvents::watch(const std::string& job) {
  if (job == job_) {
    return;
  }
  stop();
  job_ = job;
  subscribe();
}

void OnvifEvents::stop() {
  ++life_;
  next_.cancel();
  if (!address_.empty()) {
    talk_.ask(
        onvif::unsubscribe(), executor_.now() + event_answer_within, [](const OnvifTalk::Said&) {}, address_);
  }
  address_.clear();
  job_.clear();
  state_.reset();
  fault_ = Fault::not_recording;
  reason_ = "no recording was ordered";
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

void OnvifEvents::subscribe() {
  fault_ = Fault::timeout;
  reason_ = "no event has come yet";
  talk_.ask(onvif::create_pull_point(), executor_.now() + event_answer_within,
            [this, life = life_](const OnvifTalk::Said& said) {
              if (life != life_) {
                return;
              }
              const auto address =
                  said.is_good() ? onvif::parse_subscription(said.answer.body) : std::nullopt;
              if (!address) {
                lose(onvif_fault(said), "the recorder gives no subscription to its events");
                return;
              }
              address_ = *address;
              renewed_at_ = executor_.now();
              pull();
            });
}

void OnvifEvents::pull() {
  asked_at_ = executor_.now();
  talk_.ask(
      onvif::pull_messages(), asked_at_ + event_answer_within,
      [this, life = life_](const OnvifTalk::Said& said) {
        if (life != life_) {
          return;
        }
        const auto pulled = said.is_good() ? onvif::parse_messages(said.answer.body, job_) : std::nullopt;
        if (!pulled) {
          lose(onvif_fault(said), "the recorder's events cannot be had");
          return;
        }
        pause_.reset();
        heard_at_ = said.answer.asked_at;
        if (pulled->state) {
          state_ = pulled->state;
          last_raw_ = done_by(said.answer).raw_sha256;
        }
        go_on();
      },
      address_);
}

void OnvifEvents::go_on() {
  const auto passed = executor_.now() - asked_at_;
  next_.start(passed >= pull_every ? link::Duration::zero() : pull_every - passed, [this] {
    if (executor_.now() - renewed_at_ >= onvif::subscription_life / 2) {
      renew();
    } else {
      pull();
    }
  });
}

void OnvifEvents::renew() {
  renewed_at_ = executor_.now();
  // Pulling keeps most subscriptions alive: whether this one still is shows with the next pull.
  talk_.ask(
      onvif::renew(), executor_.now() + event_answer_within,
      [this, life = life_](const OnvifTalk::Said&) {
        if (life == life_) {
          pull();
        }
      },
      address_);
}

void OnvifEvents::lose(Fault fault, std::string reason) {
  address_.clear();
  state_.reset();
  next_.start(pause_.next(), [this] { subscribe(); });
  fault_ = fault;
  reason_ = std::move(reason);
}

}  // namespace lobby::cctv
