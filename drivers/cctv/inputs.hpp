#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "drivers/bus/bus.hpp"
#include "drivers/cctv/recorder.hpp"
#include "drivers/link/back_off.hpp"

namespace lobby::cctv {

/// Contacts of a room at the inputs of a Modbus board: door, phone locker, wall key.
struct InputSettings {
  bus::BusAddress board{};
  std::uint16_t first = 0;     ///< discrete input (FC 02), zero-based as on the wire
  std::uint16_t count = 1;     ///< 1..64
  std::uint64_t inverted = 0;  ///< a bit for each input, the first in the lowest: it opens when it is active
  link::Duration poll_every = std::chrono::milliseconds(100);
  /// A contact must stand still for so long, at two looks at least.
  link::Duration steady_for = std::chrono::milliseconds(50);
};

/// Looks at them all the time, and tells what changes. On the loop; the bus outlives it.
class Inputs {
 public:
  struct Edge {
    /// `first`: how it was found, after the start; `missed`: it changed while the board was away, nobody saw
    /// when. Neither is a hand at a key.
    enum class Kind : std::uint8_t { seen, first, missed };
    std::size_t input = 0;  ///< from 0
    bool is_active = false;
    Kind kind = Kind::seen;
    link::MonoTime at{};  ///< when it was seen first so
  };
  struct State {
    Fault fault = Fault::unreachable;
    std::string reason = "it has not answered yet";
    link::MonoTime at{};  ///< of its last answer
  };

  /// `edge` runs for each change, in the inputs' order; `changed` when the state's fault does. Never from
  /// within a call; either may end it.
  Inputs(link::Executor& executor, bus::Bus& bus, InputSettings settings,
         std::function<void(const Edge&)> edge, std::function<void()> changed);
  Inputs(const Inputs&) = delete;
  Inputs& operator=(const Inputs&) = delete;

  /// Empty: not known, or the board is away.
  std::optional<bool> is_active(std::size_t input) const;
  const State& state() const { return state_; }
  std::string describe() const;

 private:
  struct Contact {
    std::optional<bool> is;    ///< as it was told last
    std::optional<bool> seen;  ///< at the last look
    link::MonoTime since{};    ///< of `seen`
    bool was_away = false;     ///< nobody has looked since it was told last
  };
  void poll();
  void heard(const bus::Reply& reply, link::MonoTime asked);
  void look(std::size_t input, bool is, link::MonoTime now, std::vector<Edge>& edges);
  void lost(link::Status status);

  link::Executor& executor_;
  bus::Bus& bus_;
  InputSettings settings_;
  std::function<void(const Edge&)> edge_;
  std::function<void()> changed_;
  link::Timer next_;
  link::BackOff pause_{std::chrono::milliseconds(200), std::chrono::seconds(2)};
  std::vector<Contact> contacts_;
  int failures_ = 0;  ///< in a row
  State state_;
  std::shared_ptr<int> life_ = std::make_shared<int>(0);
};

}  // namespace lobby::cctv
