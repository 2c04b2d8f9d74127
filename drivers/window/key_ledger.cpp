#include "drivers/window/key_ledger.hpp"

#include <utility>

namespace lobby::window {
namespace {

namespace wire = lobby::wire::window_unit;

/// How far `to` is ahead of `from`; half the circle and more is behind.
std::uint16_t ahead(std::uint16_t from, std::uint16_t to) {
  return static_cast<std::uint16_t>(to - from);
}
constexpr std::uint16_t behind = 0x8000;

}  // namespace

std::optional<UnitStatus> parse_status(std::span<const std::uint16_t> words) {
  if (words.size() != wire::status_count) {
    return std::nullopt;
  }
  return UnitStatus{words[0], words[1], words[2]};
}

bool KeyLedger::begin(const UnitStatus& status, std::uint16_t acknowledged, std::optional<PressId> recorded) {
  begun_ = true;
  boot_id_ = status.boot_id;
  suspect_.reset();
  unproven_.reset();
  count_ = status.key_count;
  // A unit cannot have handed over more than it saw.
  read_ = ahead(acknowledged, status.key_count) < behind ? acknowledged : status.key_count;
  const bool is_unknown = recorded && recorded->boot_id == boot_id_ && recorded->number != read_ &&
                          ahead(read_, recorded->number) <= ahead(read_, count_);
  if (is_unknown) {
    read_ = recorded->number;
  }
  return is_unknown;
}

KeyLedger::Seen KeyLedger::see(const UnitStatus& status) {
  is_doubtful_ = false;
  if (status.boot_id != boot_id_) {
    // An old answer in disguise would give every press of the former life again.
    if (std::exchange(suspect_, status.boot_id) != status.boot_id) {
      return Seen::reset_suspect;
    }
    lost_ += ahead(read_, count_);
    boot_id_ = status.boot_id;
    suspect_.reset();
    unproven_.reset();
    read_ = 0;
    count_ = status.key_count;
    return Seen::reset;
  }
  suspect_.reset();
  if (unproven_) {
    read_ = unproven_->read;
    lost_ += unproven_->lost;
    waiting_.insert(waiting_.end(), unproven_->presses.begin(), unproven_->presses.end());
    unproven_.reset();
  }
  if (ahead(count_, status.key_count) < behind) {
    count_ = status.key_count;
  }
  return is_ring_due() ? Seen::ring_due : Seen::nothing;
}

bool KeyLedger::is_ring_due() const {
  return begun_ && !is_status_due() && read_ != count_ && waiting_.size() < wire::key_ring;
}

bool KeyLedger::read_ring(std::span<const std::uint16_t> words) {
  if (!is_ring_due()) {
    return true;
  }
  is_doubtful_ = true;
  if (words.size() != wire::key_ring) {
    return false;
  }
  const std::uint16_t unread = ahead(read_, count_);
  const auto overwritten = static_cast<std::uint16_t>(unread > wire::key_ring ? unread - wire::key_ring : 0);
  std::uint16_t read = static_cast<std::uint16_t>(read_ + overwritten);
  Unproven found{{}, 0, overwritten};
  while (read != count_) {
    const auto number = static_cast<std::uint16_t>(read + 1);
    const std::uint16_t word = words[static_cast<std::uint16_t>(number - 1) % wire::key_ring];
    const auto newer = static_cast<std::uint8_t>((word >> 8) - (number & 0xff));
    if (newer % wire::key_ring != 0 || newer >= 0x80) {
      return false;
    }
    if (newer == 0) {
      found.presses.push_back({{boot_id_, number}, static_cast<std::uint8_t>(word & 0xff)});
    } else {
      ++found.lost;  // a press later than our count has taken its place
    }
    read = number;
  }
  found.read = read;
  is_doubtful_ = false;
  unproven_ = std::move(found);
  return true;
}

std::optional<Press> KeyLedger::next() {
  if (waiting_.empty()) {
    return std::nullopt;
  }
  const Press press = waiting_.front();
  waiting_.pop_front();
  return press;
}

unsigned KeyLedger::take_lost() {
  return std::exchange(lost_, 0);
}

}  // namespace lobby::window
