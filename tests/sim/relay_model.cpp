#include "tests/sim/relay_model.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

namespace lobby::sim {
namespace {

constexpr std::uint8_t fc_coils = 0x01, fc_inputs = 0x02, fc_coil = 0x05, fc_many_coils = 0x0F,
                       fc_registers = 0x10;
constexpr std::uint16_t pulse_coils = 0x0200, pulse_registers = 0x0003, pulse_stride = 5;
/// Of this board; makers disagree which of 2 and 4 opens and which closes.
constexpr std::uint16_t pulse_on = 4, pulse_off = 2;
constexpr milliseconds tenth{100};

}  // namespace

void RelayModel::set(std::size_t relay, bool is_on, std::optional<milliseconds> pulse, TimePoint now) {
  Relay& one = relays_.at(relay);
  one.is_on = is_on;
  one.falls_at = pulse ? std::optional(now + *pulse) : std::nullopt;
  if (!faults_.has(Fault::contact)) {
    one.contact = is_on;
  }
}

void RelayModel::settle(TimePoint now) {
  for (std::size_t i = 0; i < relays; ++i) {
    if (relays_[i].falls_at && *relays_[i].falls_at <= now) {
      ++falls_;
      set(i, !relays_[i].is_on, std::nullopt, now);
    }
  }
}

bool RelayModel::coil(std::size_t relay, TimePoint now) {
  settle(now);
  return relays_.at(relay).is_on;
}

bool RelayModel::contact(std::size_t relay, TimePoint now) {
  settle(now);
  return relays_.at(relay).contact;
}

bool RelayModel::input(std::size_t input, TimePoint now) {
  return input < led_back ? contact(input, now) : closed_.at(input);
}

Bytes RelayModel::read_bits(const RtuRequest& request, TimePoint now) {
  if (request.count == 0 || std::size_t{request.start} + request.count > relays) {
    return exception_response(request, RtuException::address);
  }
  std::vector<std::uint16_t> bits;
  for (std::size_t i = request.start; i < std::size_t{request.start} + request.count; ++i) {
    bits.push_back((request.function == fc_coils ? coil(i, now) : input(i, now)) ? 1 : 0);
  }
  return bits_response(request, bits);
}

Bytes RelayModel::write_one(const RtuRequest& request, TimePoint now) {
  if (request.values.empty()) {
    return exception_response(request, RtuException::value);
  }
  const bool is_pulse = request.start >= pulse_coils && request.start < pulse_coils + relays;
  if (!is_pulse && request.start >= relays) {
    return exception_response(request, RtuException::address);
  }
  const auto word = request.values.front();
  if (!is_pulse && word != 0xFF00 && word != 0) {
    return exception_response(request, RtuException::value);
  }
  if (!faults_.has(Fault::lie)) {
    ++(is_pulse ? pulses_ : writes_);
    if (is_pulse) {
      set(request.start - pulse_coils, true, tenth * word, now);
    } else {
      set(request.start, word != 0, std::nullopt, now);
    }
  }
  return write_response(request);
}

Bytes RelayModel::write_pulse(const RtuRequest& request, TimePoint now) {
  const std::size_t relay = static_cast<std::size_t>(request.start - pulse_registers) / pulse_stride;
  const bool is_place = request.start >= pulse_registers &&
                        (request.start - pulse_registers) % pulse_stride == 0 && relay < relays;
  if (!is_place || request.values.size() != 2) {
    return exception_response(request, RtuException::address);
  }
  const auto mode = request.values[0];
  if (mode != pulse_on && mode != pulse_off) {
    return exception_response(request, RtuException::value);
  }
  if (!faults_.has(Fault::lie)) {
    ++pulses_;
    set(relay, mode == pulse_on, tenth * request.values[1], now);
  }
  return write_response(request);
}

Bytes RelayModel::carry_out(const RtuRequest& request, TimePoint now) {
  if (faults_.has(Fault::refuse)) {
    return exception_response(request, RtuException::failure);
  }
  switch (request.function) {
    case fc_coils:
    case fc_inputs:
      return read_bits(request, now);
    case fc_coil:
      return write_one(request, now);
    case fc_registers:
      return write_pulse(request, now);
    case fc_many_coils:
      if (request.count == 0 || std::size_t{request.start} + request.count > relays) {
        return exception_response(request, RtuException::address);
      }
      for (std::size_t i = 0; i < request.values.size() && !faults_.has(Fault::lie); ++i) {
        ++writes_;
        set(request.start + i, request.values[i] != 0, std::nullopt, now);
      }
      return write_response(request);
    default:
      return exception_response(request, RtuException::function);
  }
}

std::optional<Bytes> RelayModel::answer(const RtuRequest& request, TimePoint now) {
  if (request.address != address_ || faults_.has(Fault::gone) || faults_.has(Fault::freeze)) {
    return std::nullopt;
  }
  settle(now);
  Bytes bytes = carry_out(request, now);
  if (faults_.has(Fault::corrupt)) {
    bytes.back() = static_cast<std::uint8_t>(bytes.back() ^ 0x5A);
  }
  return faults_.has(Fault::silent) ? std::nullopt : std::optional(std::move(bytes));
}

bool RelayModel::can_have(Fault fault) {
  constexpr Fault all[] = {Fault::gone,   Fault::silent, Fault::slow,    Fault::corrupt,    Fault::freeze,
                           Fault::refuse, Fault::lie,    Fault::contact, Fault::power_cycle};
  return std::find(std::begin(all), std::end(all), fault) != std::end(all);
}

void RelayModel::inject(Fault fault, milliseconds slow_by, TimePoint now) {
  if (fault != Fault::power_cycle) {
    faults_.add(fault, slow_by);
    return;
  }
  for (std::size_t i = 0; i < relays; ++i) {
    set(i, false, std::nullopt, now);
  }
}

void RelayModel::clear(std::optional<Fault> fault) {
  if (fault) {
    faults_.remove(*fault);
  } else {
    faults_.clear();
  }
  // What stuck comes loose.
  for (Relay& one : relays_) {
    one.contact = faults_.has(Fault::contact) ? one.contact : one.is_on;
  }
}

void RelayModel::describe(boost::json::object& out, TimePoint now) {
  boost::json::array coils, contacts, all;
  for (std::size_t i = 0; i < relays; ++i) {
    coils.emplace_back(coil(i, now));
    contacts.emplace_back(contact(i, now));
    all.emplace_back(input(i, now));
  }
  out["relays"] = std::move(coils);
  out["contacts"] = std::move(contacts);
  out["inputs"] = std::move(all);
  out["writes"] = writes_;
  out["pulses"] = pulses_;
  out["falls"] = falls_;
  out["faults"] = faults_.words();
}

}  // namespace lobby::sim
