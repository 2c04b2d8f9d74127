#pragma once

#include <linux/input.h>

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "drivers/kiosk/secret_line.hpp"
#include "drivers/link/executor.hpp"

namespace lobby::kiosk {

/// Lines of a card reader or QR scanner, from its bytes. What does not end within two seconds of its last
/// character is wiped: half a number is nobody's.
class LineReader {
 public:
  /// The line without its end; valid within the call only.
  using Taken = std::function<void(std::string_view line)>;

  LineReader(link::Executor& executor, Taken taken);
  virtual ~LineReader() = default;
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  virtual void received(std::span<const std::uint8_t> bytes) = 0;
  /// The link was lost.
  virtual void forget() { line_.wipe(); }

 protected:
  void character(char c);
  void end();

 private:
  Taken taken_;
  SecretLine line_;
  link::Timer patience_;
};

/// Lines on a serial port or a socket, ended by CR, LF or both. Characters are ASCII; others end no line and
/// stand in none.
class SerialLines final : public LineReader {
 public:
  using LineReader::LineReader;
  void received(std::span<const std::uint8_t> bytes) override;
};

/// What a keyboard wedge types, from its `struct input_event`s: digits and letters of the usual layout, ended
/// by Enter. Its other keys say nothing.
class WedgeKeys final : public LineReader {
 public:
  using LineReader::LineReader;
  ~WedgeKeys() override;
  void received(std::span<const std::uint8_t> bytes) override;
  void forget() override;

 private:
  /// Two words of time, as wide as the machine has them, then type, code and value.
  static constexpr std::size_t event_size = sizeof(input_event);
  void event();
  void key(std::uint16_t code, bool is_down);

  std::array<std::uint8_t, event_size> event_{};
  std::size_t filled_ = 0;
  bool is_shifted_ = false;
};

}  // namespace lobby::kiosk
