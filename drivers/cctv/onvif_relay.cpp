#include "drivers/cctv/onvif_relay.hpp"

#include <utility>

#include "drivers/cctv/onvif_pull.hpp"
#include "drivers/link/back_off.hpp"

namespace lobby::cctv {
namespace {

constexpr link::Duration relay_order_within = std::chrono::seconds(3);
/// Told again now and then: a device that was switched off and on has forgotten it, and without events
/// nothing shows that.
constexpr link::Duration tell_again = std::chrono::seconds(30);

class OnvifRelay final : public Output {
 public:
  OnvifRelay(link::Executor& executor, OnvifRelayWires wires, OnvifRelaySettings settings,
             const std::function<UtcTime()>& utc, std::function<void()> changed)
      : executor_(executor),
        settings_(std::move(settings)),
        changed_(std::move(changed)),
        client_(std::move(wires.orders)),
        device_(std::make_shared<OnvifDevice>()),
        talk_(executor, *client_, wires.login, device_, utc),
        next_(executor) {
    device_->device_path = settings_.device_path;
    if (wires.events) {
      pull_ = std::make_unique<OnvifPull>(
          executor, std::move(wires.events), wires.login, device_, utc,
          [this](const OnvifTalk::Said& said) { return heard(said); },
          [this](Fault fault, std::string reason) { lost(fault, std::move(reason)); });
      pull_->start();
    }
  }

  void want(bool on) override {
    if (wanted_ == on) {
      return;
    }
    wanted_ = on;
    follows_by_ = executor_.now() + settings_.follows_within;
    tell();
  }
  State state() const override {
    State out;
    out.at = at_;
    out.is_contact = contact_.has_value();
    out.is_on = contact_ ? contact_ : pull_ ? std::nullopt : told_;
    if (order_.word != Word::done && wanted_) {
      out.fault = order_.fault;
      out.reason = order_.reason;
    } else if (pull_ && events_.word != Word::done) {
      out.fault = events_.fault;
      out.reason = events_.reason;
    } else if (wanted_ && !follows() && executor_.now() >= follows_by_) {
      out.fault = Fault::refused;
      out.reason = "the relay does not follow what it was told";
    } else {
      out.fault = Fault::none;
      out.reason.clear();
    }
    return out;
  }
  std::string describe() const override {
    return "relay " + settings_.relay + " of an ONVIF device" +
           (pull_ ? "" : "\nits events are not listened to, so whether it moved is not known");
  }

 private:
  bool follows() const { return !contact_ || contact_ == wanted_; }

  void tell() {
    if (is_telling_ || !wanted_) {
      return;
    }
    is_telling_ = true;
    is_resting_ = false;
    next_.cancel();
    talk_.ask(onvif::set_relay_state(settings_.relay, *wanted_), executor_.now() + relay_order_within,
              [this, told = *wanted_](const OnvifTalk::Said& said) {
                is_telling_ = false;
                const bool is_done =
                    said.is_good() && onvif::is_answer_to(said.answer.body, "SetRelayOutputState");
                order_ = is_done ? done_by(said.answer) : onvif_outcome(said);
                told_ = is_done ? std::optional(told) : std::nullopt;
                at_ = is_done ? executor_.now() : at_;
                go_on(told, is_done);
                notify();
              });
  }

  void go_on(bool told, bool is_done) {
    if (told != wanted_) {
      tell();
    } else if (is_done) {
      next_.start(settings_.follows_within, [this] { look_after(); });
    } else {
      next_.start(pause_.next(), [this] { tell(); });
    }
  }

  /// Does it follow? Then it is told again only now and then.
  void look_after() {
    is_resting_ = follows();
    if (is_resting_) {
      pause_.reset();
    }
    next_.start(is_resting_ ? tell_again : pause_.next(), [this] { tell(); });
    notify();
  }

  bool heard(const OnvifTalk::Said& said) {
    const auto pulled = onvif::parse_relay_messages(said.answer.body, settings_.relay);
    if (!pulled) {
      return false;
    }
    const bool was_listening = events_.word == Word::done;
    events_ = done_by(said.answer);
    at_ = executor_.now();
    if (pulled->is_active) {
      contact_ = pulled->is_active;
      // Another hand moved it: back.
      if (wanted_ && !follows() && is_resting_) {
        follows_by_ = executor_.now() + settings_.follows_within;
        tell();
      }
    }
    if (!was_listening || pulled->is_active) {
      notify();
    }
    return true;
  }

  void lost(Fault fault, std::string reason) {
    contact_.reset();
    events_ = failed(fault, std::move(reason));
    notify();
  }

  void notify() {
    if (changed_) {
      changed_();
    }
  }

  link::Executor& executor_;
  OnvifRelaySettings settings_;
  std::function<void()> changed_;
  std::unique_ptr<http::Client> client_;
  std::shared_ptr<OnvifDevice> device_;
  OnvifTalk talk_;
  link::Timer next_;
  link::BackOff pause_{std::chrono::seconds(1), std::chrono::seconds(15)};
  std::unique_ptr<OnvifPull> pull_;
  std::optional<bool> wanted_;
  std::optional<bool> told_, contact_;  ///< as it was told and understood; as events tell
  Outcome order_{Word::failed, Fault::unreachable, "it has not answered yet", {}};
  Outcome events_{Word::failed, Fault::timeout, "no event has come yet", {}};
  link::MonoTime at_{}, follows_by_{};
  bool is_telling_ = false;
  bool is_resting_ = false;  ///< it followed: the next telling is far off
};

}  // namespace

std::unique_ptr<Output> make_onvif_relay(link::Executor& executor, OnvifRelayWires wires,
                                         OnvifRelaySettings settings, std::function<UtcTime()> utc,
                                         std::function<void()> changed) {
  return std::make_unique<OnvifRelay>(executor, std::move(wires), std::move(settings), utc,
                                      std::move(changed));
}

}  // namespace lobby::cctv
