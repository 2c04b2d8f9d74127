#include "drivers/board/pixel_board.hpp"

#include <algorithm>
#include <utility>

namespace lobby::board {
namespace {

constexpr link::Duration frame_gap = std::chrono::milliseconds(25);
/// A burst that a small controller's buffers hold, and what it needs to empty them.
constexpr int burst = 16;
constexpr link::Duration burst_gap = std::chrono::milliseconds(1);
/// A far end that takes nothing says so within this.
constexpr link::Duration settles_after = std::chrono::milliseconds(300);
constexpr link::Duration longest_end = std::chrono::seconds(2);
constexpr link::Duration lead_time = std::chrono::milliseconds(20);  ///< besides the bursts of a frame
constexpr int silent_after = 3;                                      ///< questions

}  // namespace

Bytes dimmed(ByteView rgb, int percent) {
  Bytes out(rgb.begin(), rgb.end());
  if (percent < 100) {
    const auto factor = static_cast<unsigned>(std::clamp(percent, 0, 100));
    std::transform(out.begin(), out.end(), out.begin(),
                   [factor](std::uint8_t value) { return byte_of((value * factor + 50U) / 100U); });
  }
  return out;
}

PixelBoard::PixelBoard(link::Executor& executor, std::unique_ptr<link::DatagramLink> link,
                       std::unique_ptr<PixelTalk> talk, BoardOptions options, Board::Listener& listener)
    : executor_(executor),
      talk_(std::move(talk)),
      options_(std::move(options)),
      listener_(listener),
      can_answer_(talk_->question().has_value()),
      alarm_(executor),
      pace_(executor),
      settle_(executor),
      question_(executor),
      flip_(executor),
      stop_limit_(executor),
      link_(std::move(link)) {}

// --- what is wanted ---

void PixelBoard::start() {
  link_->start(*this);
}

void PixelBoard::want(View view) {
  if (stop_ != Stop::no) {
    return;
  }
  prepared_.reset();
  flip_.cancel();
  if (!is_view_wanted_ || !view.same_content(view_)) {
    take(std::move(view));
  }
  go();
}

void PixelBoard::want_at(View view, link::MonoTime at) {
  const auto now = executor_.now();
  if (at <= now) {
    want(std::move(view));
    return;
  }
  if (stop_ != Stop::no) {
    return;
  }
  constexpr std::size_t least_datagram = 512;
  const auto bursts = static_cast<int>(view.picture.rgb.size() / least_datagram) / burst + 1;
  const auto lead_at = at - lead_time - bursts * burst_gap;
  prepared_.emplace(Prepared{std::move(view), at, {}, false});
  flip_.start(std::max(lead_at - now, link::Duration::zero()), [this] { lead(); });
}

void PixelBoard::take(View view) {
  view_ = std::move(view);
  is_view_wanted_ = true;
  is_dirty_ = true;
  report_.confirmed = Confirmed::no;
  if (view_.urgent) {
    queue_.clear();
    is_frame_leaving_ = false;
    next_frame_at_ = {};
  }
  tell();
}

/// The picture is brought, and not yet shown.
void PixelBoard::lead() {
  if (link_->is_up() && on_) {
    if (auto frame = frame_of(prepared_->view)) {
      prepared_->show = std::move(frame->show);
      prepared_->is_led = true;
      put(std::move(frame->lead));
    }
  }
  flip_.start(std::max(prepared_->at - executor_.now(), link::Duration::zero()), [this] { flip(); });
}

void PixelBoard::flip() {
  auto prepared = std::exchange(prepared_, std::nullopt);
  const bool is_led = prepared->is_led && link_->is_up();
  prepared->view.urgent = !is_led;
  take(std::move(prepared->view));
  if (is_led) {
    is_dirty_ = false;
    is_frame_leaving_ = true;
    put(std::move(prepared->show));
  }
  go();
}

void PixelBoard::set_power(bool on) {
  if (on_ != on) {
    on_ = on;
    frames_changed();
  }
}

void PixelBoard::set_brightness(const Brightness& brightness) {
  if (options_.brightness != brightness) {
    options_.brightness = brightness;
    frames_changed();
  }
}

/// The same pictures, made otherwise: also one that is already brought.
void PixelBoard::frames_changed() {
  is_dirty_ = is_view_wanted_;
  if (prepared_) {
    prepared_->is_led = false;
  }
  go();
}

void PixelBoard::stop(std::function<void()> done) {
  if (stop_ != Stop::no) {
    executor_.post(std::move(done));
    return;
  }
  stop_ = Stop::closing;
  stopping_ = std::move(done);
  prepared_.reset();
  flip_.cancel();
  if (!link_->is_up()) {
    end_stop();
    return;
  }
  auto closing = options_.closing;
  closing.urgent = true;
  take(std::move(closing));
  stop_limit_.start(longest_end, [this] { end_stop(); });
  go();
}

void PixelBoard::end_stop() {
  stop_ = Stop::done;
  queue_.clear();
  for (auto* timer : {&alarm_, &pace_, &settle_, &question_, &flip_, &stop_limit_}) {
    timer->cancel();
  }
  if (auto done = std::exchange(stopping_, nullptr)) {
    executor_.post(std::move(done));
  }
}

// --- the link ---

void PixelBoard::link_up() {
  is_settled_ = false;
  has_answered_ = false;
  unanswered_ = 0;
  is_dirty_ = is_view_wanted_;
  next_frame_at_ = {};
  if (stop_ == Stop::done) {
    return;
  }
  settle_.start(settles_after, [this] {
    is_settled_ = true;
    judge();
  });
  if (can_answer_) {
    ask();
  }
  go();
}

void PixelBoard::link_datagram(std::span<const std::uint8_t> bytes) {
  if (talk_->hear(bytes)) {
    has_answered_ = true;
    unanswered_ = 0;
    report_.acknowledged_at = executor_.now();
    judge();
  }
}

void PixelBoard::link_down(std::string_view reason) {
  down_reason_ = reason;
  queue_.clear();
  is_frame_leaving_ = false;
  if (prepared_) {
    prepared_->is_led = false;
  }
  for (auto* timer : {&alarm_, &pace_, &settle_, &question_}) {
    timer->cancel();
  }
  judge();
  if (stopping_) {
    end_stop();
  }
}

void PixelBoard::ask() {
  if (unanswered_++ == silent_after) {
    has_answered_ = false;
    judge();
  }
  if (const auto question = talk_->question()) {
    static_cast<void>(link_->send(question->bytes));
  }
  question_.start(options_.poll_every / 2, [this] { ask(); });
}

// --- what leaves ---

int PixelBoard::percent() const {
  return options_.brightness.percent[options_.local_time ? options_.local_time().half_hour() : 0];
}

std::optional<PixelFrame> PixelBoard::frame_of(const View& view) {
  const auto size = view.picture.rgb.empty() ? options_.size : std::optional(view.picture.size);
  if (!size || (options_.size && *size != *options_.size)) {
    picture_fault_ = size ? "the picture is not of the board's size" : "nobody says the board's size";
    judge();
    return std::nullopt;
  }
  Picture dark;
  auto image = view.picture.view();
  if (!on_ || view.picture.rgb.empty()) {
    dark.size = *size;
    dark.rgb.assign(static_cast<std::size_t>(size->width) * static_cast<std::size_t>(size->height) * 3, 0);
    image = dark.view();
  }
  if (!image.is_whole()) {
    picture_fault_ = "the picture is damaged";
    judge();
    return std::nullopt;
  }
  picture_fault_.clear();
  return talk_->frame(image, percent());
}

void PixelBoard::put(std::vector<Datagram> datagrams) {
  std::move(datagrams.begin(), datagrams.end(), std::back_inserter(queue_));
  if (!pace_.pending()) {
    pump();
  }
}

void PixelBoard::pump() {
  for (int left = burst; !queue_.empty(); --left) {
    const auto& next = queue_.front();
    const auto status =
        left == 0 ? link::Status::busy : link_->send(next.bytes, next.group ? &*next.group : nullptr);
    if (status == link::Status::busy) {
      pace_.start(burst_gap, [this] { pump(); });
      return;
    }
    if (status != link::Status::ok) {
      return;  // the link goes down, and says so
    }
    queue_.pop_front();
  }
  if (std::exchange(is_frame_leaving_, false)) {
    frame_left();
  } else if (stop_ == Stop::ending) {
    end_stop();
  } else {
    go();
  }
}

void PixelBoard::frame_left() {
  const auto now = executor_.now();
  next_frame_at_ = now + frame_gap;
  refresh_at_ = now + talk_->refresh_every();
  if (!is_dirty_) {
    report_.confirmed = Confirmed::sent;
    if (stop_ == Stop::closing) {
      stop_ = Stop::ending;
      put(talk_->ending(options_.size.value_or(view_.picture.size)));
      return;
    }
  }
  judge();
  go();
}

void PixelBoard::go() {
  const bool is_able = link_->is_up() && is_view_wanted_ && stop_ != Stop::ending && stop_ != Stop::done;
  if (!is_able || is_frame_leaving_ || !queue_.empty() || (prepared_ && prepared_->is_led)) {
    return;
  }
  const auto now = executor_.now();
  const auto due = is_dirty_ ? next_frame_at_ : refresh_at_;
  if (due > now) {
    alarm_.start(due - now, [this] { go(); });
    return;
  }
  auto frame = frame_of(view_);
  is_dirty_ = false;
  if (!frame && stop_ == Stop::closing) {
    end_stop();
    return;
  }
  if (!frame) {
    refresh_at_ = now + talk_->refresh_every();
    alarm_.start(talk_->refresh_every(), [this] { go(); });
    return;
  }
  is_frame_leaving_ = true;
  auto datagrams = std::move(frame->lead);
  std::move(frame->show.begin(), frame->show.end(), std::back_inserter(datagrams));
  put(std::move(datagrams));
}

// --- how it is ---

void PixelBoard::judge() {
  const auto set = [this](Health health, std::string reason) {
    report_.health = health;
    report_.reason = std::move(reason);
  };
  const auto away = was_there_ ? Health::gone : Health::absent;
  const bool is_heard = can_answer_ ? has_answered_ : is_settled_;
  if (!link_->is_up()) {
    set(away, down_reason_);
    report_.confirmed = Confirmed::no;
  } else if (can_answer_ && unanswered_ > silent_after) {
    set(away, "no receiver card answers");
  } else if (is_heard) {
    was_there_ = true;
    set(picture_fault_.empty() ? Health::ok : Health::degraded, picture_fault_);
  }
  tell();
}

void PixelBoard::tell() {
  const bool is_same = report_.health == told_.health && report_.reason == told_.reason &&
                       report_.confirmed == told_.confirmed;
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

}  // namespace lobby::board
