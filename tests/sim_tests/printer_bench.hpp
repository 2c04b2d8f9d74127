#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/printer_model.hpp"

namespace lobby::sim {

using namespace std::chrono_literals;

using Raw = std::vector<std::uint8_t>;

inline Raw raw(std::initializer_list<int> bytes) {
  Raw out;
  for (const int byte : bytes) {
    out.push_back(static_cast<std::uint8_t>(byte));
  }
  return out;
}

inline Raw operator+(Raw left, const Raw& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

inline Raw ascii(std::string_view text) {
  return {text.begin(), text.end()};
}

/// A printer on a bench: bytes in, time on, answers out.
struct Bench {
  PrinterModel printer{PrinterModel::Shape{}};
  TimePoint now{1h};

  Bench() = default;
  explicit Bench(PrinterModel::Shape shape) : printer(std::move(shape)) {}

  void send(const Raw& bytes) { printer.receive(bytes, now); }
  /// Step by step, as a thread that sleeps until there is something to do.
  Raw wait(milliseconds time) {
    const TimePoint end = now + time;
    Raw answers;
    for (;;) {
      printer.advance(now);
      answers = answers + printer.take_answers(now);
      const auto next = printer.next(now);
      if (!next || *next > end) {
        now = end;
        return answers;
      }
      now = *next;
    }
  }
  Raw ask(const Raw& bytes) {
    send(bytes);
    return wait(0ms);
  }
};

inline const Raw initialise = raw({0x1B, 0x40});
inline const Raw chinese = raw({0x1C, 0x26});
inline const Raw newline = raw({0x0A});
inline const Raw cut = raw({0x1D, 0x56, 0x42, 0x00});

// 你好 and 号 in GB 18030, from the standard's table.
inline const Raw ni_hao = raw({0xC4, 0xE3, 0xBA, 0xC3});
inline const Raw hao = raw({0xBA, 0xC5});
inline const Raw clear_buffers = raw({0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08});

/// DLE EOT n.
inline Raw ask_status(int n) {
  return raw({0x10, 0x04, n});
}
/// GS ( H fn 48 with four characters, and what answers it.
inline Raw ask_id(std::string_view id) {
  return raw({0x1D, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30}) + ascii(id);
}
inline Raw answer_id(std::string_view id) {
  return raw({0x37, 0x22}) + ascii(id) + raw({0x00});
}
inline Raw line_of(std::string_view text) {
  return ascii(text) + newline;
}

}  // namespace lobby::sim
