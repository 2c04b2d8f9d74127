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
/// So many statuses running with a lower count are no old answers: another unit has been put at the address,
/// or this one restarted and could not count it.
constexpr unsigned lower_believed = 3;

}  // namespace

std::optional<UnitStatus> parse_status(std::span<const std::uint16_t> words) {
  if (words.size() != wire::status_count && words.size() != wire::status_key_count) {
    return std::nullopt;
  }
  UnitStatus status{words[0], words[1], words[2]};
  if (words.size() == wire::status_key_count) {
    status.last_key = words[3];
  }
  return status;
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

KeyLedger::Seen KeyLedger::see(const UnitStatus& status, link::MonoTime now) {
  is_doubtful_ = false;
  if (status.boot_id != boot_id_) {
    // An old answer in disguise would give every press of the former life again.
    if (std::exchange(suspect_, status.boot_id) != status.boot_id) {
      return Seen::reset_suspect;
    }
    return begin_life(status, now);
  }
  suspect_.reset();
  const bool is_lower = ahead(count_, status.key_count) >= behind;
  lower_ = is_lower ? lower_ + 1 : 0;
  if (lower_ >= lower_believed) {
    return begin_life(status, now);
  }
  const bool has_newer = ahead(count_, status.key_count) < behind && count_ != status.key_count;
  if (unproven_) {
    believe(now, has_newer);
  }
  if (has_newer) {
    count_ = status.key_count;
  }
  if (status.last_key && status.key_count == count_) {
    take_newest(*status.last_key);
  }
  if (count_ == status.key_count) {
    counted_at_ = now;
    if (read_ == count_) {
      fresh_since_ = now;
    }
  }
  return is_ring_due() ? Seen::ring_due : Seen::nothing;
}

KeyLedger::Seen KeyLedger::begin_life(const UnitStatus& status, link::MonoTime now) {
  lost_ += ahead(read_, count_);
  boot_id_ = status.boot_id;
  suspect_.reset();
  lower_ = 0;
  unproven_.reset();
  read_ = 0;
  count_ = status.key_count;
  counted_at_ = now;
  return Seen::reset;
}

/// A press that is the only one not yet read.
void KeyLedger::take_newest(std::uint16_t word) {
  const bool is_of_it = (word >> 8) == (count_ & 0xff);
  if (is_ring_due() && ahead(read_, count_) == 1 && is_of_it) {
    waiting_.push_back({{boot_id_, count_}, static_cast<std::uint8_t>(word & 0xff)});
    read_ = count_;
  }
}

/// The unit is still the same: what was read of it is true.
void KeyLedger::believe(link::MonoTime now, bool has_newer) {
  auto found = *std::exchange(unproven_, std::nullopt);
  const bool is_stale = !fresh_since_ || now - *fresh_since_ > stale_after_;
  const std::size_t kept = is_stale ? (has_newer ? 0 : 1) : found.presses.size();
  while (found.presses.size() > kept) {
    found.presses.pop_front();
    ++dropped_;
  }
  read_ = found.read;
  lost_ += found.lost;
  waiting_.insert(waiting_.end(), found.presses.begin(), found.presses.end());
  fresh_since_ = found.counted_at;
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
  Unproven found{{}, 0, overwritten, counted_at_};
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

unsigned KeyLedger::take_dropped() {
  return std::exchange(dropped_, 0);
}

unsigned KeyLedger::take_lost() {
  return std::exchange(lost_, 0);
}

}  // namespace lobby::window
