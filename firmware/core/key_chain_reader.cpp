#include "firmware/core/key_chain_reader.hpp"

namespace lobby::firmware {

namespace key_chain = wire::key_chain;

std::optional<std::uint8_t> KeyChainReader::poll(Micros now) {
  switch (phase_) {
    case Phase::waiting:
      if (since(now, at_) >= patience) {
        is_missing_ = true;
        keys_ = 0;
        index_ = 0;
        phase_ = Phase::draining;
        at_ = now;
      }
      return std::nullopt;
    case Phase::draining:
      if (since(now, at_) >= stillness) {
        phase_ = Phase::idle;
        at_ = now - period;
      }
      return std::nullopt;
    case Phase::idle:
      break;
  }
  if (index_ == 0 && since(now, at_) < period) {
    return std::nullopt;
  }
  phase_ = Phase::waiting;
  at_ = now;
  return key_chain::polls[index_];
}

void KeyChainReader::byte(std::uint8_t value, Micros now) {
  if (phase_ != Phase::waiting) {
    index_ = 0;
    at_ = now;  // nobody asked: wait until it is still
    phase_ = Phase::draining;
    return;
  }
  bytes_[index_] = value;
  phase_ = Phase::idle;
  if (++index_ == bytes_.size()) {
    finish(now);
  }
}

void KeyChainReader::finish(Micros now) {
  index_ = 0;
  at_ = now;
  is_missing_ = bytes_[2] != key_chain::presence;
  const auto held = static_cast<std::uint16_t>(~(bytes_[0] | bytes_[1] << 8));
  keys_ = is_missing_ ? std::uint16_t{0} : held;
}

std::optional<std::uint16_t> KeyChainReader::take_keys() {
  const auto keys = keys_;
  keys_.reset();
  return keys;
}

Debouncer::Change Debouncer::see(std::uint16_t keys) {
  Change change;
  for (unsigned key = 0; key < key_chain::keys; ++key) {
    const auto bit = static_cast<std::uint16_t>(1U << key);
    if (((keys ^ down_) & bit) == 0) {
      differing_[key] = 0;
    } else if (++differing_[key] == agreeing) {
      differing_[key] = 0;
      std::uint16_t& changed = (keys & bit) != 0 ? change.down : change.up;
      changed = static_cast<std::uint16_t>(changed | bit);
    }
  }
  down_ = static_cast<std::uint16_t>(down_ ^ (change.down | change.up));
  return change;
}

}  // namespace lobby::firmware
