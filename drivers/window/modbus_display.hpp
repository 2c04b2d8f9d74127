#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/bus/bus.hpp"
#include "drivers/link/back_off.hpp"
#include "drivers/link/executor.hpp"

namespace lobby::window {

/// Where another maker's Modbus display keeps what it shows (public code, tried on no display yet).
struct DisplayMap {
  enum class Form : std::uint8_t {
    digits,    ///< one register to a place, ASCII; blank is a space
    number,    ///< one register, 0 while nothing is shown
    number24,  ///< two: sign, decimals and the upper 8 bits; the lower 16
    text       ///< two bytes of GBK to a register, the first above; filled up with spaces
  };
  Form form = Form::digits;
  std::uint16_t start = 0;  ///< register, zero-based
  int places = 4;           ///< digits, or narrow characters
  bool one_by_one = false;  ///< knows FC 06 only
  bool is_readable = true;  ///< FC 03 gives back what it shows
  std::optional<std::uint16_t> brightness_register = {};
  std::uint16_t brightness = 0;
};

/// What stands in the map's registers for this text. A number too long keeps its end, a text its beginning;
/// what is no digit is left out where only digits can be, what GBK lacks becomes 〓 and is counted in `lost`.
std::vector<std::uint16_t> display_registers(const DisplayMap& map, std::string_view text, std::size_t& lost);

/// One such display on a bus: level-triggered, confirmed by the answer to the write, and read again where it
/// can be. Looked after every 10 s: one that lost its power shows the present again.
class ModbusDisplay {
 public:
  struct Listener {
    virtual ~Listener() = default;
    /// It shows what was last wanted; `tag` as given to want().
    virtual void text_shown(std::uint64_t tag) = 0;
    /// It did what it was asked.
    virtual void display_heard() {}
    /// As WindowUnit::Listener::unit_changed.
    virtual void display_changed(link::Status status, std::string_view reason) = 0;
  };

  ModbusDisplay(link::Executor& executor, bus::Bus& bus, bus::BusAddress address, DisplayMap map,
                Listener& listener);
  ~ModbusDisplay();
  ModbusDisplay(const ModbusDisplay&) = delete;
  ModbusDisplay& operator=(const ModbusDisplay&) = delete;

  /// Gives back how many characters the display lacks. `turn`: of its exchanges until it is shown.
  std::size_t want(std::string_view text, std::uint64_t tag, bus::Turn turn = bus::Turn::urgent);

 private:
  enum class Step : std::uint8_t { brightness, write, read };

  void go();
  Step step() const;
  bus::Exchange next_exchange() const;
  void heard(Step step, const bus::Reply& reply);
  void worked(Step step, const std::vector<std::uint16_t>& values);
  void failed(Step step, link::Status status);
  void tell(link::Status status, std::string_view reason);

  bus::Bus& bus_;
  bus::BusAddress address_;
  DisplayMap map_;
  Listener& listener_;
  std::vector<std::uint16_t> registers_;  ///< wanted; empty: nothing yet
  std::uint64_t tag_ = 0;
  std::uint64_t version_ = 0;
  std::size_t written_ = 0;  ///< registers that were taken
  bus::Turn turn_ = bus::Turn::poll;
  bool is_bright_ = false;  ///< brightness was taken, or refused for good
  bool is_shown_ = false;
  bool is_asking_ = false;
  int failures_ = 0;  ///< in a row
  int unlike_ = 0;    ///< times in a row that it gave back something else
  std::optional<link::Status> told_;
  std::string told_reason_;
  link::BackOff back_off_;
  link::Timer alarm_;
  std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);
};

}  // namespace lobby::window
