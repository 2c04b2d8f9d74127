#include <algorithm>
#include <utility>

#include "drivers/board/card_board.hpp"

/// How a card is judged, and what it is asked next.
namespace lobby::board {
namespace {

constexpr int silent_after = 3;  ///< questions without an answer
constexpr link::Duration clock_every = std::chrono::hours(6);

std::string text_of(const Size& size) {
  return std::to_string(size.width) + "x" + std::to_string(size.height);
}

}  // namespace

// --- how it is ---

void CardBoard::judge() {
  const bool is_up = link_->is_up();
  const auto size = report_.size;
  const std::string hindrance = is_known_ ? talk_->hindrance() : greeting_fault_;
  const Order* const orders[] = {&view_order_, &power_, &brightness_, &clock_, &setup_};
  const auto* const faulty = std::find_if(std::begin(orders), std::end(orders),
                                          [](const Order* order) { return !order->fault.empty(); });
  const auto set = [this](Health health, std::string reason) {
    report_.health = health;
    report_.reason = std::move(reason);
  };
  if (!is_up || misses_ >= silent_after) {
    set(was_known_ ? Health::gone : Health::absent, is_up ? "does not answer" : down_reason_);
    report_.confirmed = Confirmed::no;
  } else if (!hindrance.empty()) {
    set(Health::degraded, hindrance);
  } else if (!is_known_) {
    // Not yet, or no longer: what was said of it stands until it has had its time to answer.
  } else if (size && options_.size && *size != *options_.size) {
    set(Health::degraded, "the card is " + text_of(*size) + ", the site says " + text_of(*options_.size));
  } else if (faulty != std::end(orders)) {
    set(Health::degraded, (*faulty)->fault);
  } else {
    set(Health::ok, {});
  }
  tell();
}

void CardBoard::tell() {
  const bool is_same = report_.health == told_.health && report_.reason == told_.reason &&
                       report_.confirmed == told_.confirmed && report_.size == told_.size &&
                       report_.losses == told_.losses && report_.unsupported == told_.unsupported;
  if (is_same || std::exchange(is_word_due_, true)) {
    return;
  }
  executor_.post([this, alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) {
      is_word_due_ = false;
      told_ = report_;
      listener_.board_changed();
    }
  });
}

// --- what comes next ---

bool CardBoard::is_quiet_time() const {
  return prepared_ && prepared_->at - executor_.now() <= options_.answer_within;
}

std::size_t CardBoard::half_hour() const {
  return options_.local_time ? options_.local_time().half_hour() : 0;
}

const View& CardBoard::view_to_tell() const {
  static const View nothing;
  return talk_->has_power() || on_.value_or(true) ? view_ : nothing;
}

void CardBoard::begin_telling(std::vector<Ask> asks, const TextLosses& losses) {
  std::reverse(asks.begin(), asks.end());
  asks_ = std::move(asks);
  report_.losses = losses;
  is_telling_ = true;
  is_outdated_ = false;
  view_order_.is_due = false;
}

/// What is left of it is dropped; the whole view is due again.
void CardBoard::stop_telling() {
  asks_.clear();
  is_telling_ = false;
  is_outdated_ = false;
  refresh_at_ = link::MonoTime::max();
  view_order_.is_due = is_view_wanted_;
}

std::optional<Ask> CardBoard::next_of_view() {
  const auto now = executor_.now();
  if (!is_telling_) {
    const bool is_refresh = !view_order_.is_due && now >= refresh_at_;
    if (!is_refresh && !view_order_.may(now)) {
      return std::nullopt;
    }
    TextLosses losses;
    auto asks = talk_->show(view_to_tell(), losses);
    if (asks.empty()) {
      view_order_.is_due = false;
      view_order_.fault = "this card cannot show what it is to show";
      judge();
      return std::nullopt;
    }
    begin_telling(std::move(asks), losses);
  }
  if (asks_.empty()) {
    return std::nullopt;
  }
  auto ask = std::move(asks_.back());
  asks_.pop_back();
  return ask;
}

std::optional<Ask> CardBoard::order_ask(Topic topic) {
  switch (topic) {
    case Topic::power:
      told_on_ = on_.value_or(true);
      return talk_->power(told_on_);
    case Topic::brightness:
      told_half_hour_ = half_hour();
      return talk_->brightness(options_.brightness, told_half_hour_);
    case Topic::clock:
      return talk_->clock(options_.local_time());
    default:
      return talk_->setup();
  }
}

std::optional<Ask> CardBoard::next_order(Topic& topic) {
  const auto now = executor_.now();
  if (options_.local_time && half_hour() != told_half_hour_) {
    told_half_hour_ = half_hour();
    brightness_.set_due();
  }
  if (options_.local_time && now >= clock_at_) {
    clock_at_ = now + clock_every;
    clock_.is_due = true;
  }
  for (const auto each : {Topic::power, Topic::brightness, Topic::clock, Topic::setup}) {
    auto* order = order_of(each);
    if (!order->may(now)) {
      continue;
    }
    order->is_due = false;
    if (auto ask = order_ask(each)) {
      topic = each;
      return ask;
    }
  }
  return std::nullopt;
}

std::optional<Ask> CardBoard::next(Topic& topic) {
  const auto now = executor_.now();
  if (!is_known_) {
    topic = Topic::greeting;
    if (auto ask = talk_->greeting()) {
      return ask;
    }
    known();
  }
  if (is_quiet_time() && !is_telling_) {
    return std::nullopt;
  }
  topic = Topic::view;
  if (talk_->hindrance().empty()) {
    if (auto ask = next_of_view()) {
      return ask;
    }
    if (!stopping_) {
      if (auto ask = next_order(topic)) {
        return ask;
      }
    }
  }
  if (now >= poll_at_) {
    topic = Topic::poll;
    poll_at_ = now + options_.poll_every;
    return talk_->poll();
  }
  return std::nullopt;
}

void CardBoard::go() {
  if (!link_->is_up() || in_flight_ || is_stopped_) {
    return;
  }
  if (executor_.now() >= not_before_) {
    Topic topic = Topic::greeting;
    if (auto ask = next(topic)) {
      send(topic, std::move(*ask));
      return;
    }
  }
  wait();
}

void CardBoard::wait() {
  const auto now = executor_.now();
  auto when = poll_at_;
  if (!is_known_) {
    when = not_before_;
  } else if (is_quiet_time()) {
    when = prepared_->at;
  } else if (talk_->hindrance().empty()) {
    when = std::min(when, refresh_at_);
    for (const auto* order : {&view_order_, &power_, &brightness_, &clock_, &setup_}) {
      if (order->is_due && order->not_before > now) {
        when = std::min(when, order->not_before);
      }
    }
  }
  constexpr link::Duration shortest = std::chrono::milliseconds(1);
  alarm_.start(std::max<link::Duration>(std::max(when, not_before_) - now, shortest), [this] { go(); });
}

}  // namespace lobby::board
