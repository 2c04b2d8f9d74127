#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "drivers/link/executor.hpp"
#include "drivers/link/status.hpp"

/// The RS-485 master: one exchange at a time.
namespace lobby::bus {

struct BusAddress {
  std::uint8_t value = 0;  ///< 1..247
  friend auto operator<=>(const BusAddress&, const BusAddress&) = default;
};

/// Turns are given in this order; within one, first come first served. Every turn keeps a share of the line,
/// however many hurry (turn_queue.hpp).
enum class Turn : std::uint8_t { urgent, normal, poll };

/// One request and its answer.
struct Exchange {
  enum class Kind : std::uint8_t {
    read_input,     ///< FC 04
    read_holding,   ///< FC 03
    write,          ///< FC 16
    write_one,      ///< FC 06, for units that know no other
    read_write,     ///< FC 23: writes `values` from `write_start` on, then reads `count` from `start` on
    broadcast,      ///< FC 16 to every unit, answered by none: ok means that it left; `address` is not used
    read_coils,     ///< FC 01
    read_discrete,  ///< FC 02
    write_coil,     ///< FC 05: one word as it is on the wire, coil_on or coil_off; some makers have others
    write_coils,    ///< FC 15: a 0 or 1 for each coil
  };
  static constexpr std::uint16_t coil_on = 0xFF00, coil_off = 0;

  BusAddress address;
  Kind kind = Kind::read_input;
  std::uint16_t start = 0;  ///< register, coil or input, zero-based as on the wire
  std::uint16_t count = 0;  ///< registers to read, 1..125; coils or inputs 1..2000
  /// Registers to write, 1..123 (read_write 1..121, write_one 1); coils 1..1968 (write_coil 1).
  std::vector<std::uint16_t> values;
  Turn turn = Turn::poll;
  std::uint16_t write_start = 0;  ///< of read_write
  /// Asks whether anybody is there: its silence is held against no unit, and it is never put off.
  bool is_probe = false;
};

struct Reply {
  link::Status status = link::Status::gone;
  std::vector<std::uint16_t> values;  ///< of a read that is ok; of coils and inputs a 0 or 1 each
  bool was_late = false;              ///< a timeout, and something came after its time
};

/// How one unit has answered since the line was made.
struct UnitCounts {
  std::uint64_t asked = 0;
  std::uint64_t answered = 0;  ///< ok, or refused by a whole answer
  std::uint64_t refused = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t corrupt = 0;
};

/// What a unit's driver needs of its line. Real: libmodbus on a thread of its own (modbus_line.hpp); in
/// tests: a line in virtual time.
class Bus {
 public:
  virtual ~Bus() = default;
  /// `done` runs on the loop, exactly once. At most 256 exchanges wait; more are answered `busy` at once.
  /// While the adapter is away every exchange is answered `gone`.
  virtual void exchange(Exchange exchange, std::function<void(Reply)> done) = 0;
  /// On the loop.
  virtual UnitCounts counts(BusAddress address) const = 0;
};

}  // namespace lobby::bus
