#include "drivers/board/card_board.hpp"

#include <algorithm>
#include <utility>

namespace lobby::board {
namespace {

constexpr link::Duration longest_stop = std::chrono::seconds(2);
constexpr link::Duration longest_leaving = std::chrono::seconds(5);  ///< of a frame that nobody answers

}  // namespace

CardBoard::CardBoard(link::Executor& executor, std::unique_ptr<link::ByteLink> link,
                     std::unique_ptr<CardTalk> talk, BoardOptions options, Board::Listener& listener)
    : executor_(executor),
      talk_(std::move(talk)),
      options_(std::move(options)),
      listener_(listener),
      patience_(executor),
      alarm_(executor),
      flip_(executor),
      stop_limit_(executor),
      link_(std::move(link)) {
  view_order_.back_off = link::BackOff();
}

// --- what is wanted ---

void CardBoard::start() {
  link_->start(*this);
}

void CardBoard::want(View view) {
  if (is_stopped_ || stopping_) {
    return;
  }
  prepared_.reset();
  flip_.cancel();
  if (!is_view_wanted_ || !view.same_content(view_)) {
    take(std::move(view));
  }
  go();
}

void CardBoard::want_at(View view, link::MonoTime at) {
  if (at <= executor_.now()) {
    want(std::move(view));
    return;
  }
  if (is_stopped_ || stopping_) {
    return;
  }
  prepared_.emplace(Prepared{std::move(view), at, {}, {}});
  if (is_known_ && talk_->hindrance().empty()) {
    if (talk_->has_power() || on_.value_or(true)) {
      prepared_->asks = talk_->show(prepared_->view, prepared_->losses);
    }
  }
  flip_.start(at - executor_.now(), [this] { flip(); });
  go();
}

void CardBoard::flip() {
  auto prepared = std::exchange(prepared_, std::nullopt);
  if (!prepared || (is_view_wanted_ && prepared->view.same_content(view_))) {
    return;
  }
  prepared->view.urgent = true;
  take(std::move(prepared->view));
  if (!prepared->asks.empty() && is_known_ && !in_flight_) {
    begin_telling(std::move(prepared->asks), prepared->losses);
  }
  go();
}

void CardBoard::take(View view) {
  view_ = std::move(view);
  is_view_wanted_ = true;
  report_.confirmed = Confirmed::no;
  report_.losses = {};
  view_order_.set_due();
  is_outdated_ = is_telling_;
  if (view_.urgent) {
    stop_telling();
    not_before_ = {};
  }
  tell();
}

void CardBoard::set_power(bool on) {
  const bool was_on = on_.value_or(true);
  if (on_ == on) {
    return;
  }
  on_ = on;
  if (talk_->has_power()) {
    power_.set_due();
  } else if (was_on != on) {
    if (prepared_) {
      prepared_->asks.clear();
    }
    if (is_view_wanted_) {
      take(View(view_));
    }
  }
  go();
}

void CardBoard::set_brightness(const Brightness& brightness) {
  if (options_.brightness != brightness) {
    options_.brightness = brightness;
    brightness_.set_due();
    go();
  }
}

void CardBoard::stop(std::function<void()> done) {
  if (is_stopped_ || stopping_) {
    executor_.post(std::move(done));
    return;
  }
  stopping_ = std::move(done);
  prepared_.reset();
  flip_.cancel();
  if (!link_->is_up()) {
    end_stop();
    return;
  }
  View closing = on_.value_or(true) ? options_.closing : View();
  closing.urgent = closing.stays = true;
  take(std::move(closing));
  stop_limit_.start(longest_stop, [this] { end_stop(); });
  go();
}

void CardBoard::end_stop() {
  is_stopped_ = true;
  ++life_;
  in_flight_.reset();
  for (auto* timer : {&patience_, &alarm_, &flip_, &stop_limit_}) {
    timer->cancel();
  }
  if (auto done = std::exchange(stopping_, nullptr)) {
    executor_.post(std::move(done));
  }
}

// --- the link ---

void CardBoard::link_up() {
  talk_->begin();
  is_known_ = false;
  misses_ = 0;
  not_before_ = {};
  back_off_.reset();
  report_.unsupported.clear();
  for (auto* each : {&view_order_, &power_, &brightness_, &clock_, &setup_}) {
    each->not_before = {};
    each->back_off.reset();
    each->fault.clear();
  }
  go();
}

void CardBoard::link_down(std::string_view reason) {
  ++life_;
  in_flight_.reset();
  patience_.cancel();
  alarm_.cancel();
  stop_telling();
  down_reason_ = reason;
  is_known_ = false;
  judge();
  if (stopping_) {
    end_stop();
  }
}

void CardBoard::link_bytes(std::span<const std::uint8_t> bytes) {
  for (const auto& heard : talk_->hear(bytes)) {
    hear(heard);
  }
}

void CardBoard::hear(const Heard& heard) {
  if (is_stopped_) {
    return;
  }
  if (!heard.reply.empty()) {
    link_->send_now(heard.reply, [](link::Status) {});
  }
  if (heard.kind == Heard::Kind::unasked || !in_flight_ || !is_answer_due_) {
    return;
  }
  if (heard.kind == Heard::Kind::yes) {
    succeeded(true);
  } else if (heard.kind == Heard::Kind::unknown) {
    unsupported(heard.text);
  } else {
    refused(heard.text);
  }
}

void CardBoard::send(Topic topic, Ask ask) {
  in_flight_ = topic;
  is_answer_due_ = ask.is_answered;
  talk_->asking(ask);
  const auto speed = link_->bytes_per_s();
  const link::Duration on_wire =
      speed == 0 ? link::Duration::zero() : link::Duration(std::chrono::seconds(ask.bytes.size())) / speed;
  patience_.start(on_wire + (ask.is_answered ? options_.answer_within : longest_leaving),
                  [this] { unanswered(); });
  link_->send(std::move(ask.bytes),
              [this, life = ++life_, alive = std::weak_ptr(alive_)](link::Status status) {
                if (!alive.expired()) {
                  left(life, status);
                }
              });
}

void CardBoard::left(std::uint64_t life, link::Status status) {
  if (life != life_ || !in_flight_ || status == link::Status::gone) {
    return;  // of a link that goes down, more is heard
  }
  if (status != link::Status::ok) {
    unanswered();
  } else if (!is_answer_due_) {
    succeeded(false);
  }
}

// --- what became of a question ---

void CardBoard::succeeded(bool was_answered) {
  const auto topic = *std::exchange(in_flight_, std::nullopt);
  patience_.cancel();
  const auto now = executor_.now();
  misses_ = 0;
  back_off_.reset();
  greeting_fault_.clear();
  poll_at_ = now + options_.poll_every;
  if (was_answered) {
    report_.acknowledged_at = now;
  }
  if (topic == Topic::view && is_telling_ && asks_.empty()) {
    view_told(was_answered);
  } else if (topic == Topic::poll) {
    look_at_power();
  } else if (topic == Topic::power) {
    power_is(told_on_, was_answered);
  }
  if (auto* order = order_of(topic); order != nullptr && topic != Topic::view) {
    order->fault.clear();
    order->back_off.reset();
  }
  judge();
  go();
}

void CardBoard::view_told(bool was_answered) {
  is_telling_ = false;
  view_order_.fault.clear();
  view_order_.back_off.reset();
  if (std::exchange(is_outdated_, false)) {
    return;
  }
  if (!is_off_ || !on_.value_or(true)) {
    report_.confirmed = was_answered ? Confirmed::shown : Confirmed::sent;
  }
  const auto every = talk_->refresh_every();
  refresh_at_ = every > link::Duration::zero() ? executor_.now() + every : link::MonoTime::max();
  if (stopping_) {
    end_stop();
  }
}

/// What was told to a card that is off is seen when it is on.
void CardBoard::power_is(bool is_on, bool was_answered) {
  is_off_ = !is_on;
  const bool is_hidden = is_off_ && on_.value_or(true);
  const bool stands = is_view_wanted_ && !is_telling_ && !view_order_.is_due && view_order_.fault.empty();
  if (is_hidden) {
    report_.confirmed = Confirmed::no;
  } else if (stands && report_.confirmed == Confirmed::no) {
    report_.confirmed = was_answered ? Confirmed::shown : Confirmed::sent;
  }
}

void CardBoard::refused(const std::string& reason) {
  const auto topic = *std::exchange(in_flight_, std::nullopt);
  patience_.cancel();
  misses_ = 0;
  poll_at_ = executor_.now() + options_.poll_every;
  failed(topic, reason);
  if (topic == Topic::greeting) {
    greeting_fault_ = reason;
    talk_->begin();
    not_before_ = executor_.now() + back_off_.next();
  }
  judge();
  go();
}

/// Nothing is wrong with a card that lacks an order; asking again would not help. What it must have is
/// another matter.
void CardBoard::unsupported(const std::string& reason) {
  constexpr std::string_view names[] = {"", "", "power", "brightness", "clock", "setup", ""};
  const auto topic = *in_flight_;
  if (topic == Topic::greeting || topic == Topic::view || topic == Topic::poll) {
    refused(reason);
    return;
  }
  if (std::string name(names[static_cast<std::size_t>(topic)]);
      std::find(report_.unsupported.begin(), report_.unsupported.end(), name) == report_.unsupported.end()) {
    report_.unsupported.push_back(std::move(name));
  }
  told_on_ = told_on_ || topic == Topic::power;  // it is as it was
  succeeded(true);
}

/// It may have been without power, and then has forgotten all it was told.
void CardBoard::unanswered() {
  const auto topic = *std::exchange(in_flight_, std::nullopt);
  ++life_;
  patience_.cancel();
  ++misses_;
  failed(topic, topic == Topic::view ? "does not acknowledge what it is to show" : "no answer");
  stop_telling();
  talk_->begin();
  is_known_ = false;
  not_before_ = executor_.now() + back_off_.next();
  judge();
  go();
}

void CardBoard::failed(Topic topic, const std::string& reason) {
  constexpr std::string_view names[] = {"", "", "power: ", "brightness: ", "clock: ", "setup: ", ""};
  auto* order = order_of(topic);
  if (order == nullptr || (topic == Topic::view && !is_telling_)) {
    return;  // of a view that nobody wants any more
  }
  const bool is_outdated = topic == Topic::view && is_outdated_;
  if (topic == Topic::view) {
    stop_telling();
    report_.confirmed = Confirmed::no;
  }
  if (!is_outdated) {
    order->is_due = true;
    order->not_before = executor_.now() + order->back_off.next();
    order->fault = std::string(names[static_cast<std::size_t>(topic)]) + reason;
  }
}

void CardBoard::known() {
  is_known_ = true;
  was_known_ = true;
  report_.size = talk_->size();
  brightness_.is_due = true;
  setup_.is_due = true;
  power_.is_due = on_.has_value();
  clock_at_ = executor_.now();
  look_at_power();
  judge();
}

/// A card that somebody else switched is switched back.
void CardBoard::look_at_power() {
  const auto is_on = talk_->is_on();
  report_.size = talk_->size();
  if (is_on) {
    power_is(*is_on, true);
  }
  if (is_on && on_) {
    power_.is_due = *is_on != *on_;
  }
}

CardBoard::Order* CardBoard::order_of(Topic topic) {
  switch (topic) {
    case Topic::view:
      return &view_order_;
    case Topic::power:
      return &power_;
    case Topic::brightness:
      return &brightness_;
    case Topic::clock:
      return &clock_;
    case Topic::setup:
      return &setup_;
    case Topic::greeting:
    case Topic::poll:
      break;
  }
  return nullptr;
}

}  // namespace lobby::board
