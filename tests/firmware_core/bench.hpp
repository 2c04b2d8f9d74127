#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <vector>

#include "firmware/core/unit.hpp"

namespace lobby::firmware {

using Bytes = std::vector<std::uint8_t>;
using Words = std::vector<std::uint16_t>;

/// CRC-16/MODBUS by the table-free definition, written apart from the firmware's.
inline std::uint16_t crc_of(const Bytes& bytes) {
  std::uint16_t crc = 0xFFFF;
  for (const std::uint8_t byte : bytes) {
    crc = static_cast<std::uint16_t>(crc ^ byte);
    for (int i = 0; i < 8; ++i) {
      crc = static_cast<std::uint16_t>((crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1);
    }
  }
  return crc;
}
inline Bytes with_crc(Bytes frame) {
  const auto crc = crc_of(frame);
  frame.push_back(static_cast<std::uint8_t>(crc & 0xFF));
  frame.push_back(static_cast<std::uint8_t>(crc >> 8));
  return frame;
}
inline void append(Bytes& bytes, unsigned word) {
  bytes.push_back(static_cast<std::uint8_t>(word >> 8));
  bytes.push_back(static_cast<std::uint8_t>(word & 0xFF));
}

/// Flash of three pages as silicon has it: erased is all ones, programming clears bits, and the power may
/// fail after any number of writes.
struct FakeFlash final : Flash {
  static constexpr unsigned half_words = 512;
  std::array<std::array<std::uint16_t, half_words>, 3> pages;
  int writes_left = 100'000'000;  ///< until the power fails; then nothing is written any more
  int writes = 0;

  FakeFlash() {
    for (auto& page : pages) {
      page.fill(0xFFFF);
    }
  }
  std::uint16_t read(unsigned page, unsigned index) const override { return pages[page][index]; }
  void erase(unsigned page) override {
    if (spend()) {
      pages[page].fill(0xFFFF);
    }
  }
  void program(unsigned page, unsigned index, std::uint16_t value) override {
    if (spend()) {
      pages[page][index] = static_cast<std::uint16_t>(pages[page][index] & value);
    }
  }

 private:
  bool spend() {
    ++writes;
    return writes_left-- > 0;
  }
};

/// A unit at address 17 with a master that speaks bytes, a character each 0.5 ms, and time that is given.
struct Bench {
  explicit Bench(Unit::Model model = Unit::Model::window_unit, std::uint16_t boot_id = 7) {
    Settings settings;
    settings.address = 17;
    SettingsStore store(flash);
    store.load();
    store.save(settings);
    unit.emplace(Unit::Birth{model, boot_id, wire::window_unit::ResetCause::power}, flash, now);
  }
  /// Time passes; the loop comes round every half millisecond.
  void pass(std::uint32_t ms) {
    for (std::uint32_t i = 0; i < 2 * ms; ++i) {
      now += 500;
      unit->tick(now);
      answer_keys();
      take_slot();
    }
  }
  void hear(const Bytes& bytes) {
    for (const std::uint8_t byte : bytes) {
      now += 500;
      unit->bus_byte(byte, now);
      unit->tick(now);
    }
  }
  /// What it answers to a frame, behind at most 20 ms; empty: nothing.
  Bytes ask(const Bytes& frame) {
    hear(frame);
    for (int i = 0; i < 40; ++i) {
      now += 500;
      unit->tick(now);
      const auto reply = unit->take_reply(now);
      if (!reply.empty()) {
        Bytes bytes(reply.begin(), reply.end());
        unit->take_line_change();
        pass(3);
        return bytes;
      }
    }
    return {};
  }
  Bytes request(std::uint8_t function, std::initializer_list<unsigned> words, std::uint8_t address = 17) {
    Bytes frame{address, function};
    for (const unsigned word : words) {
      append(frame, word);
    }
    return ask(with_crc(frame));
  }
  Bytes write(unsigned start, const Words& values, std::uint8_t address = 17) {
    Bytes frame{address, 16};
    append(frame, start);
    append(frame, static_cast<unsigned>(values.size()));
    frame.push_back(static_cast<std::uint8_t>(2 * values.size()));
    for (const auto value : values) {
      append(frame, value);
    }
    return ask(with_crc(frame));
  }
  /// FC 04; empty: refused.
  Words read(unsigned start, unsigned count, std::uint8_t function = 4) {
    const auto reply = request(function, {start, count});
    Words words;
    for (std::size_t i = 3; i + 3 < reply.size() && reply[1] == function; i += 2) {
      words.push_back(static_cast<std::uint16_t>(reply[i] << 8 | reply[i + 1]));
    }
    return words;
  }
  Words text(std::uint16_t number, std::uint16_t style, std::initializer_list<std::uint16_t> cells) {
    Words words{number, style};
    words.insert(words.end(), cells);
    words.resize(10);
    return words;
  }
  void tap(unsigned key, std::uint32_t ms = 100) {
    keys = static_cast<std::uint16_t>(1U << key);
    pass(ms);
    keys = 0;
    pass(100);
  }

  Micros now = 4'294'900'000;  ///< wraps soon
  FakeFlash flash;
  std::optional<Unit> unit;
  std::uint16_t keys = 0;  ///< that are held
  bool has_keypad = true;
  Bytes sign_bytes;  ///< all that went to the sign, when wanted
  bool records_sign = false;

 private:
  void answer_keys() {
    const auto poll = unit->key_poll(now);
    if (!poll || !has_keypad) {
      return;
    }
    const std::uint8_t byte = *poll == 0x51   ? static_cast<std::uint8_t>(~keys & 0xFF)
                              : *poll == 0x52 ? static_cast<std::uint8_t>(~keys >> 8 & 0xFF)
                                              : 0x69;
    unit->key_byte(byte, now + 100);
  }
  void take_slot() {
    const auto slot = unit->next_slot();
    if (records_sign) {
      sign_bytes.insert(sign_bytes.end(), slot.begin(), slot.end());
    }
  }
};

}  // namespace lobby::firmware
