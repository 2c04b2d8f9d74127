#include "tests/sim/ff68_device.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace lobby::sim {
namespace {

constexpr milliseconds again_after{100};
constexpr int most_sendings = 3;
constexpr std::uint8_t key_function = 0x10;
constexpr std::uint8_t score_function = 0x11;

/// FF 68 L L 68 address function data sum 16.
Bytes frame_of(std::uint8_t address, std::uint8_t function, const Bytes& data) {
  const auto length = static_cast<std::uint8_t>(2 + data.size());
  Bytes out{0xFF, 0x68, length, length, 0x68, address, function};
  out.insert(out.end(), data.begin(), data.end());
  out.push_back(static_cast<std::uint8_t>(std::accumulate(out.begin() + 5, out.end(), 0U) & 0xFFU));
  out.push_back(0x16);
  return out;
}

std::optional<Bytes> key_data(std::string_view word) {
  static const std::pair<std::string_view, Bytes> all[] = {
      {"call", {0x0C}},          {"recall", {0x0D}},     {"evaluate", {0x0B}},
      {"pause", {0x12}},         {"transfer", {0x13}},   {"cancel", {0x0E}},
      {"no_show", {0x06, 0x0F}}, {"hold", {0x00, 0x0F}}, {"call_back", {0x03, 0x0F}}};
  for (const auto& [name, data] : all) {
    if (name == word) {
      return data;
    }
  }
  if (word.size() == 1 && word[0] >= '0' && word[0] <= '9') {
    return Bytes{static_cast<std::uint8_t>(word[0] - '0')};
  }
  return std::nullopt;
}

std::optional<std::uint8_t> score_of(std::string_view word) {
  constexpr std::string_view words[] = {"very_good", "good", "fair", "poor", "very_poor"};
  const auto* found = std::find(std::begin(words), std::end(words), word);
  return found == std::end(words) ? std::nullopt
                                  : std::optional(static_cast<std::uint8_t>(found - std::begin(words)));
}

}  // namespace

void Ff68Model::hear(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t before = 5, behind = 2, longest = 32;
  heard_.insert(heard_.end(), bytes.begin(), bytes.end());
  while (heard_.size() >= before) {
    const bool begins = heard_[0] == 0xFF && heard_[1] == 0x68 && heard_[4] == 0x68 &&
                        heard_[2] == heard_[3] && heard_[2] >= 2 && heard_[2] < longest;
    const std::size_t size = before + heard_[2] + behind;
    if (begins && heard_.size() < size) {
      return;
    }
    if (begins) {
      take(std::span(heard_).first(size));
    }
    heard_.erase(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(begins ? size : 1));
  }
}

void Ff68Model::take(std::span<const std::uint8_t> frame) {
  const auto sum_at = frame.size() - 2;
  const auto sum = std::accumulate(frame.begin() + 5, frame.end() - 2, 0U);
  if (frame[sum_at] != static_cast<std::uint8_t>(sum & 0xFFU) || frame.back() != 0x16) {
    ++counts_.damaged;
    return;
  }
  if (frame[5] != address_) {
    return;
  }
  const bool is_thanks = !waiting_.empty() && waiting_.front()[6] == score_function && frame[6] == 0x01 &&
                         frame[7] == waiting_.front()[7];
  if (!waiting_.empty() &&
      (std::equal(frame.begin(), frame.end(), waiting_.front().begin(), waiting_.front().end()) ||
       is_thanks)) {
    ++counts_.acknowledged;
    waiting_.pop_front();
    tries_ = 0;
    again_at_ = {};
    is_asking_ = is_asking_ && !is_thanks;
  } else if (frame[6] == 0x02 && sum_at == 13) {
    for (std::size_t i = 0; i < 6; ++i) {
      display_[i] = frame[7 + i] <= 9 ? static_cast<char>('0' + frame[7 + i]) : ' ';
    }
  } else if (frame[6] == 0x03) {
    ++counts_.beeps;
  } else if (frame[6] == 0x01 && frame[7] == 0x0B) {
    ++counts_.asked;
    is_asking_ = true;
  }
}

Bytes Ff68Model::speak(TimePoint now) {
  if (waiting_.empty() || now < again_at_) {
    return {};
  }
  if (tries_ == most_sendings) {
    ++counts_.given_up;
    waiting_.pop_front();
    tries_ = 0;
    return {};
  }
  ++tries_;
  again_at_ = now + again_after;
  return waiting_.front();
}

std::optional<TimePoint> Ff68Model::next() const {
  return waiting_.empty() ? std::nullopt : std::optional(again_at_);
}

void Ff68Model::press(std::uint8_t function, const Bytes& data) {
  ++counts_.presses;
  waiting_.push_back(frame_of(address_, function, data));
}

void Ff68Model::reset() {
  display_ = "      ";
  is_asking_ = false;
  waiting_.clear();
  tries_ = 0;
}

Ff68Device::Ff68Device(std::string id, std::string kind, std::string window, std::uint8_t address)
    : id_(std::move(id)), kind_(std::move(kind)), window_(std::move(window)), model_(address) {}

void Ff68Device::hear(std::span<const std::uint8_t> bytes, TimePoint) {
  const std::lock_guard lock(mutex_);
  if (!is_deaf()) {
    model_.hear(bytes);
  }
}

Bytes Ff68Device::speak(TimePoint now) {
  const std::lock_guard lock(mutex_);
  auto said = is_deaf() ? Bytes() : model_.speak(now);
  if (!said.empty() && faults_.has(Fault::corrupt)) {
    said[said.size() - 2] = static_cast<std::uint8_t>(said[said.size() - 2] ^ 0x5A);
  }
  return faults_.has(Fault::silent) ? Bytes() : said;
}

std::optional<TimePoint> Ff68Device::next() {
  const std::lock_guard lock(mutex_);
  return is_deaf() ? std::nullopt : model_.next();
}

boost::json::object Ff68Device::describe() {
  const std::lock_guard lock(mutex_);
  const auto& counts = model_.counts();
  return {{"id", id_},
          {"kind", kind_},
          {"window", window_},
          {"display", model_.display()},
          {"asking", model_.is_asking()},
          {"asked", counts.asked},
          {"beeps", counts.beeps},
          {"presses", counts.presses},
          {"acknowledged", counts.acknowledged},
          {"given_up", counts.given_up},
          {"damaged", counts.damaged},
          {"faults", faults_.words()}};
}

bool Ff68Device::can_have(Fault fault) const {
  return fault == Fault::gone || fault == Fault::silent || fault == Fault::corrupt ||
         fault == Fault::freeze || fault == Fault::power_cycle;
}

void Ff68Device::inject(Fault fault, milliseconds slow_by) {
  const std::lock_guard lock(mutex_);
  if (fault == Fault::power_cycle || fault == Fault::gone) {
    model_.reset();
  }
  if (fault != Fault::power_cycle) {
    faults_.add(fault, slow_by);
  }
}

void Ff68Device::clear(std::optional<Fault> fault) {
  const std::lock_guard lock(mutex_);
  if (fault) {
    faults_.remove(*fault);
  } else {
    faults_.clear();
  }
}

std::string Ff68Device::press(std::string_view key) {
  const bool is_pad = kind_ == "pad";
  const auto score = is_pad ? score_of(key) : std::nullopt;
  const auto data = is_pad ? std::nullopt : key_data(key);
  if (!score && !data) {
    return is_pad ? "A pad has the keys very_good good fair poor very_poor."
                  : "A keypad has the keys call recall evaluate no_show hold call_back pause transfer cancel "
                    "and digits.";
  }
  {
    const std::lock_guard lock(mutex_);
    if (is_deaf()) {
      return "It has no power.";
    }
    model_.press(score ? score_function : key_function, score ? Bytes{*score} : *data);
  }
  wake();
  return {};
}

}  // namespace lobby::sim
