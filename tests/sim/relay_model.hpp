#pragma once

#include <array>
#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "tests/sim/faults.hpp"
#include "tests/sim/rtu.hpp"

namespace lobby::sim {

/// A Modbus relay board with eight relays and eight inputs, as those of the DAM family and Waveshare's: FC
/// 01, 02, 05 and 15; a pulse that the board itself ends, by registers from 0x0003 on (FC 16) or by coils
/// from 0x0200 on (FC 05), both in tenths of a second. The second poles of relays 0 to 3 are led back to
/// inputs 0 to 3; to the others hang a door, a locker, a key. In given time. Not locked.
class RelayModel {
 public:
  static constexpr std::size_t relays = 8, inputs = 8, led_back = 4;

  explicit RelayModel(std::uint8_t address) : address_(address) {}

  /// The whole answer; nullopt: it is meant for another, or the board says nothing.
  std::optional<Bytes> answer(const RtuRequest& request, TimePoint now);
  void set_input(std::size_t input, bool is_closed) { closed_.at(input) = is_closed; }
  bool coil(std::size_t relay, TimePoint now);
  bool contact(std::size_t relay, TimePoint now);
  bool input(std::size_t input, TimePoint now);

  static bool can_have(Fault fault);
  void inject(Fault fault, milliseconds slow_by, TimePoint now);
  void clear(std::optional<Fault> fault);
  const FaultSet& faults() const { return faults_; }
  void describe(boost::json::object& out, TimePoint now);

 private:
  struct Relay {
    bool is_on = false;
    bool contact = false;
    std::optional<TimePoint> falls_at{};  ///< the end of its pulse
  };
  void settle(TimePoint now);
  void set(std::size_t relay, bool is_on, std::optional<milliseconds> pulse, TimePoint now);
  Bytes carry_out(const RtuRequest& request, TimePoint now);
  Bytes write_one(const RtuRequest& request, TimePoint now);
  Bytes write_pulse(const RtuRequest& request, TimePoint now);
  Bytes read_bits(const RtuRequest& request, TimePoint now);

  const std::uint8_t address_;
  std::array<Relay, relays> relays_{};
  std::array<bool, inputs> closed_{};
  FaultSet faults_;
  std::uint64_t writes_ = 0, pulses_ = 0, falls_ = 0;
};

}  // namespace lobby::sim
