#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>

#include "tests/sim/faults.hpp"
#include "tests/sim/key_board.hpp"
#include "tests/sim/rtu.hpp"
#include "tests/sim/sign_decoder.hpp"
#include "tests/sim/wakeup.hpp"

namespace lobby::sim {

/// One MCU with the real firmware, in qemu-system-arm: a child process that ends with this object. What it
/// sends to its sign is always taken (an emulator whose listener sleeps stands still) and decoded; its polls
/// of the keys are answered. Its bus is a socket, for whoever owns the line.
class Emulator {
 public:
  struct Make {
    std::string image;  ///< ELF
    Bytes settings;     ///< what the flash holds at `settings_at`; empty: nothing was saved
    std::uint32_t settings_at = 0;
  };
  /// Before other threads want signals; it lives as long as the thread that started it. A sentence in `why`
  /// when it cannot be had.
  static std::unique_ptr<Emulator> start(const Make& make, std::string& why);
  ~Emulator();
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  /// Non-blocking; -1 when the emulator has ended.
  int bus_fd() const { return bus_; }
  void to_bus(std::span<const std::uint8_t> bytes) const;
  Bytes from_bus();

  void reset() { command("system_reset"); }
  void stop() { command("stop"); }
  void go_on() { command("cont"); }

  /// The keys of the chain, bit n: key n.
  void press(std::uint16_t keys, KeyBoard::How how);
  struct Sight {
    display::Bitmap sign;
    SignDecoder::Counts frames;
    std::uint64_t scans = 0;   ///< of the keys
    bool keys_idle = true;     ///< all that were tapped are up again
    std::uint64_t resets = 0;  ///< since the emulator was started
    bool runs = false;
  };
  Sight look();
  pid_t pid() const { return pid_; }

 private:
  Emulator() = default;
  void run();
  bool hear_monitor();
  void serve_keys();
  void drain_sign();
  void command(const char* word);

  pid_t pid_ = -1;
  int bus_ = -1;
  int sign_ = -1;
  int keys_ = -1;
  int monitor_ = -1;
  std::mutex mutex_;  ///< all below
  SignDecoder decoder_;
  KeyBoard board_;
  std::string told_;  ///< by the monitor, up to the end of a line
  std::uint64_t resets_ = 0;
  bool runs_ = true;
  bool stop_ = false;
  Wakeup wakeup_;
  std::thread thread_;
};

}  // namespace lobby::sim
