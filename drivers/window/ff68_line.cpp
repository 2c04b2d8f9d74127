#include "drivers/window/ff68_line.hpp"

#include <algorithm>
#include <utility>

namespace lobby::window {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A device that missed its acknowledgement says the same again, at most 100 ms later; a thumb is slower.
constexpr milliseconds repeat_within{300};
/// A digit belongs to the OK that comes soon.
constexpr seconds digit_counts_for{5};
/// Between frames to such devices.
constexpr milliseconds pause{100};

constexpr std::uint8_t ok_key = 0x0F;
constexpr unsigned acknowledged_at_most = 3;

}  // namespace

Ff68Line::Device Ff68Line::add(std::uint8_t address, Listener& listener) {
  State state{};
  state.address = address;
  state.listener = &listener;
  state.display = line_.add_slot(pause);
  state.sound = line_.add_slot(pause);
  state.question = line_.add_slot(pause);
  state.digit = no_digit;
  devices_.push_back(std::move(state));
  return devices_.size() - 1;
}

void Ff68Line::received(std::span<const std::uint8_t> bytes) {
  for (const auto byte : bytes) {
    if (const auto frame = decoder_.take(byte)) {
      dispatch(*frame);
    }
  }
}

void Ff68Line::dispatch(const Ff68Frame& frame) {
  const auto found = std::find_if(devices_.begin(), devices_.end(),
                                  [&](const State& each) { return each.address == frame.address; });
  if (found == devices_.end()) {
    return;  // nobody's of this site: who acknowledges it would take the press from somebody else
  }
  auto& device = *found;
  const auto now = executor_.now();
  const bool is_repeated = device.was_heard && frame == device.last && now - device.last_at < repeat_within;
  device.was_heard = true;
  device.last = frame;
  device.last_at = now;
  if (is_repeated) {
    if (device.is_taken) {
      acknowledge(device);
    }
    return;
  }
  ++device.presses;
  device.is_taken = false;
  device.acknowledged = 0;
  const auto index = static_cast<Device>(found - devices_.begin());
  if (frame.function == ff68::score_function) {
    device.listener->rated(frame.data.front(), taker(index));
  } else {
    key(index, frame.data);
  }
}

/// Not for ever: a device that cannot hear us must not keep the line busy.
void Ff68Line::acknowledge(State& device) {
  if (device.acknowledged == acknowledged_at_most) {
    return;
  }
  ++device.acknowledged;
  const auto& frame = device.last;
  const bool is_score = frame.function == ff68::score_function;
  line_.answer(
      encode_ff68(is_score ? Ff68Frame{frame.address, ff68::show_function, {frame.data.front()}} : frame));
}

std::function<void()> Ff68Line::taker(Device index) {
  return [this, index, press = devices_[index].presses] {
    auto& device = devices_[index];
    if (device.presses == press && !device.is_taken) {
      device.is_taken = true;
      acknowledge(device);
    }
  };
}

void Ff68Line::key(Device index, const std::vector<std::uint8_t>& data) {
  auto& device = devices_[index];
  const auto last = data.back();
  if (last <= 9) {
    device.digit = last;
    device.digit_at = executor_.now();
    taker(index)();
    return;
  }
  const auto meant = meaning(device, data);
  device.digit = no_digit;
  device.listener->key_pressed(meant, taker(index));
}

KeypadKey Ff68Line::meaning(State& device, const std::vector<std::uint8_t>& data) const {
  switch (data.back()) {
    case 0x0C:
      return KeypadKey::call;
    case 0x0D:
      return KeypadKey::recall;
    case 0x0B:
      return KeypadKey::ask_rating;
    case 0x12:
      return KeypadKey::pause;
    case 0x13:
      return KeypadKey::transfer;
    case ok_key:
      break;
    default:
      return KeypadKey::other;
  }
  // The digit stands before it in the same frame, or came in one of its own.
  const bool is_fresh = device.digit != no_digit && executor_.now() - device.digit_at < digit_counts_for;
  const auto digit = data.size() > 1 ? data[data.size() - 2] : is_fresh ? device.digit : no_digit;
  switch (digit) {
    case 6:
      return KeypadKey::no_show;
    case 0:
      return KeypadKey::hold;
    case 3:
      return KeypadKey::call_back;
    default:
      return KeypadKey::other;
  }
}

void Ff68Line::show(Device device, const Cells& cells) {
  const auto& state = devices_[device];
  line_.want(state.display,
             [frame = encode_ff68({state.address, ff68::display_function, {cells.begin(), cells.end()}})] {
               return frame;
             });
}

void Ff68Line::beep(Device device) {
  const auto& state = devices_[device];
  line_.once(state.sound, encode_ff68({state.address, ff68::beep_function, {}}));
}

void Ff68Line::ask_rating(Device device) {
  const auto& state = devices_[device];
  line_.once(state.question, encode_ff68({state.address, ff68::show_function, {ff68::start_rating}}));
}

}  // namespace lobby::window
