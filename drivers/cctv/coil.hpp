#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "drivers/bus/bus.hpp"
#include "drivers/cctv/output.hpp"
#include "drivers/link/back_off.hpp"

namespace lobby::cctv {

/// A relay that falls by itself when nobody arms it again: what a dead controller cannot do. Sources
/// disagree on the words, so they are settled by a trial at the board, never assumed.
struct DeadMan {
  /// What is written to arm it: registers (FC 16) as boards of the DAM family have them, five from 0x0003
  /// on for each relay (mode, tenths of a second); or one word to a coil of its own (FC 05) as Waveshare's
  /// have it, from 0x0200 on, in tenths of a second. Source of both: public code.
  bool is_coil = false;
  std::uint16_t place = 0;
  std::vector<std::uint16_t> words{};
  link::Duration every = std::chrono::seconds(10);  ///< a third of the pulse, or less
};

/// A relay of a Modbus board, and what shows whether its contact moved.
struct CoilSettings {
  bus::BusAddress board{};
  std::uint16_t coil = 0;                  ///< zero-based, as on the wire
  std::optional<std::uint16_t> contact{};  ///< the discrete input that its second pole is led back to
  bool is_contact_inverted = false;        ///< that input is on while the relay is off
  std::optional<DeadMan> dead_man{};       ///< on only as long as it is armed
  link::Duration check_every = std::chrono::seconds(2);
};

/// Keeps one relay as it is wanted. Outputs fall when a board is switched on again, and others write to it,
/// too: so it is looked at all the time, and what differs is written again. On the loop; the bus outlives it.
class HeldCoil {
 public:
  /// What one look showed.
  struct Look {
    link::Status status = link::Status::gone;  ///< of the worse of both questions
    std::optional<bool> coil, contact;         ///< contact: as the relay is by it
    link::MonoTime at{};                       ///< when it was asked
  };
  /// An order: what the board said to it, and what was seen afterwards.
  struct Done {
    link::Status written = link::Status::gone;
    Look look;
  };
  /// `changed`: something was seen; also when it is what was seen before.
  HeldCoil(link::Executor& executor, bus::Bus& bus, CoilSettings settings, std::function<void()> changed);
  HeldCoil(const HeldCoil&) = delete;
  HeldCoil& operator=(const HeldCoil&) = delete;

  /// Writes it and keeps it so. `done` runs once, when it is written and looked at, unless a newer order
  /// comes first: then never.
  void hold(bool on, std::function<void(const Done&)> done);
  /// Keeps it so; it is written only when a look shows otherwise.
  void keep(bool on);
  std::optional<bool> held() const { return wanted_; }
  /// One look now, beside the others. Not after the coil's end.
  void look(std::function<void(const Look&)> done);
  const Look& last() const { return last_; }
  link::Status last_written() const { return last_written_; }

 private:
  void step();
  void write(std::function<void(link::Status)> done);
  void looked(std::uint64_t order, link::Status written, const Look& look);
  void ask(bus::Exchange exchange, std::function<void(const bus::Reply&)> done);

  link::Executor& executor_;
  bus::Bus& bus_;
  CoilSettings settings_;
  std::function<void()> changed_;
  link::Timer next_;
  link::BackOff pause_{std::chrono::milliseconds(500), std::chrono::seconds(5)};
  std::optional<bool> wanted_;
  bool needs_write_ = false;
  bool is_stepping_ = false;
  std::uint64_t order_ = 0;
  std::function<void(const Done&)> done_;
  link::MonoTime armed_at_{};
  Look last_;
  link::Status last_written_ = link::Status::ok;
  std::shared_ptr<int> life_ = std::make_shared<int>(0);
};

Fault fault_of(link::Status status);
std::string_view reason_of(link::Status status);

/// A lamp or a sign at such a relay.
std::unique_ptr<Output> make_coil_output(link::Executor& executor, bus::Bus& bus, CoilSettings settings,
                                         std::function<void()> changed);

}  // namespace lobby::cctv
