#include "drivers/cctv/onvif_pull.hpp"

#include <utility>

namespace lobby::cctv {
namespace {

/// A device that answers at once although it may wait is not asked all the time.
constexpr link::Duration pull_every = std::chrono::milliseconds(500);
constexpr link::Duration event_answer_within = std::chrono::seconds(3);

}  // namespace

OnvifPull::OnvifPull(link::Executor& executor, std::unique_ptr<http::Client> client,
                     std::shared_ptr<http::Login> login, std::shared_ptr<OnvifDevice> device,
                     std::function<UtcTime()> utc, Heard heard, Lost lost)
    : executor_(executor),
      client_(std::move(client)),
      talk_(executor, *client_, std::move(login), std::move(device), std::move(utc)),
      heard_(std::move(heard)),
      lost_(std::move(lost)),
      next_(executor) {}

void OnvifPull::start() {
  stop();
  subscribe();
}

void OnvifPull::stop() {
  ++life_;
  next_.cancel();
  if (!address_.empty()) {
    talk_.ask(
        onvif::unsubscribe(), executor_.now() + event_answer_within, [](const OnvifTalk::Said&) {}, address_);
  }
  address_.clear();
}

void OnvifPull::subscribe() {
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

void OnvifPull::pull() {
  asked_at_ = executor_.now();
  talk_.ask(
      onvif::pull_messages(), asked_at_ + event_answer_within,
      [this, life = life_](const OnvifTalk::Said& said) {
        if (life != life_) {
          return;
        }
        if (!said.is_good() || !heard_(said)) {
          lose(onvif_fault(said), "the recorder's events cannot be had");
          return;
        }
        pause_.reset();
        go_on();
      },
      address_);
}

void OnvifPull::go_on() {
  const auto passed = executor_.now() - asked_at_;
  next_.start(passed >= pull_every ? link::Duration::zero() : pull_every - passed, [this] {
    if (executor_.now() - renewed_at_ >= onvif::subscription_life / 2) {
      renew();
    } else {
      pull();
    }
  });
}

void OnvifPull::renew() {
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

void OnvifPull::lose(Fault fault, std::string reason) {
  address_.clear();
  next_.start(pause_.next(), [this] { subscribe(); });
  lost_(fault, std::move(reason));
}

}  // namespace lobby::cctv
