#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "drivers/bus/bus.hpp"

namespace lobby::fakes {

/// A window unit as firmware/wire/REGISTERS.md describes it, register by register, written down again with
/// plain numbers: what host and unit share must not be what the test is made of. With `features` 0 one of the
/// first map: sign text and keys, FC 03, 04 and 16, and nothing besides.
class WindowUnitModel {
 public:
  void press(std::uint8_t key) {
    ++presses;
    const auto number = static_cast<std::uint16_t>(presses);
    ring_[(number + 7U) % 8U] = static_cast<std::uint16_t>((number & 0xffU) << 8 | key);
  }
  void reset() {
    ++boot_id;
    presses = 0;
    acknowledged = 0;
    ring_ = {};
    face = {};
    dots.clear();
    rest.clear();
    lamps.clear();
    brightness = 100;
  }

  bus::Reply answer(const bus::Exchange& request) {
    using Kind = bus::Exchange::Kind;
    ++asked;
    switch (request.kind) {
      case Kind::read_input:
        return read_input(request);
      case Kind::write:
        return write(request.start, request.values);
      case Kind::read_write: {
        const auto written =
            (features & 0x0002) != 0 ? write(request.write_start, request.values) : refusal();
        return written.status == link::Status::ok ? read_input(request) : written;
      }
      default:
        return request.start == 0x100 && request.count == 1 ? ok({acknowledged}) : refusal();
    }
  }

  /// The cells that light, without the empty ones at the end.
  std::vector<std::uint16_t> text() const {
    std::vector<std::uint16_t> cells(face.begin() + 2, face.end());
    while (!cells.empty() && cells.back() == 0) {
      cells.pop_back();
    }
    return cells;
  }
  bool blinks() const { return (face[1] & 1) != 0; }
  bool beeps() const { return (face[1] & 2) != 0; }

  std::array<std::uint16_t, 4> identity{0x4C57, 1, 1, 0x0102};
  std::uint16_t features = 0x00DF;
  std::uint16_t boot_id = 0x7001;
  std::uint32_t presses = 0;  ///< since the reset
  std::uint16_t acknowledged = 0;
  std::array<std::uint16_t, 10> face{};
  std::vector<std::uint16_t> dots;  ///< of the face, when it came as dots
  std::vector<std::uint16_t> rest;  ///< after, mode, text
  std::uint16_t brightness = 100;
  std::optional<std::uint8_t> moves_to;  ///< where it answers from the next request on
  bool is_key_held = false;              ///< pressed just now: it takes the address that is claimed
  std::vector<std::uint16_t> lamps;      ///< lit, blinking
  std::vector<std::uint16_t> beeped;     ///< in 10 ms
  std::vector<std::uint16_t> located;    ///< in seconds
  int faces_written = 0;
  int faces_tried = 0;
  int rings_read = 0;
  int asked = 0;

  // --- what can be wrong with it; `refused`: it says no, `timeout`: it does not answer that ---
  std::optional<std::array<std::uint16_t, 8>> odd_ring;  ///< the ring registers hold this instead
  link::Status ring_answer = link::Status::ok;           ///< reads of the ring
  link::Status face_answer = link::Status::ok;           ///< writes of a face, which then change nothing
  link::Status ack_answer = link::Status::ok;            ///< writes of the acknowledgement
  bool boot_id_changes = false;                          ///< with every status

 private:
  bus::Reply read_input(const bus::Exchange& request) {
    if (request.start == 0 && (request.count == 4 || request.count == 5)) {
      std::vector<std::uint16_t> words(identity.begin(), identity.end());
      words.push_back(features);
      words.resize(request.count);
      return ok(std::move(words));
    }
    if (request.start == 0x30 && request.count == 4 && (features & 0x0080) != 0) {
      return ok({request.address.value, 192, 0, 1});
    }
    if (request.start == 0x10 && (request.count == 3 || request.count == 4)) {
      boot_id = static_cast<std::uint16_t>(boot_id + (boot_id_changes ? 1 : 0));
      std::vector<std::uint16_t> words{boot_id, static_cast<std::uint16_t>(presses),
                                       static_cast<std::uint16_t>(face[0])};
      if (request.count == 4) {
        words.push_back((features & 0x0001) != 0 ? ring_[(presses + 7U) % 8U] : 0);
      }
      return ok(std::move(words));
    }
    if (request.start == 0x20 && request.count == 2 && (features & 0x0080) != 0) {
      return ok({0x0001, static_cast<std::uint16_t>(asked)});
    }
    if (request.start == 0x14 && request.count == 8) {
      ++rings_read;
      const auto& ring = odd_ring ? *odd_ring : ring_;
      return {ring_answer, {ring.begin(), ring.end()}};
    }
    return refusal();
  }
  bus::Reply write(std::uint16_t start, const std::vector<std::uint16_t>& values) {
    if (start == 0x100 && values.size() == 1) {
      acknowledged = ack_answer == link::Status::ok ? values[0] : acknowledged;
      return {ack_answer, {}};
    }
    if (start == 0x10F && values.size() == 11 && (features & 0x0002) != 0) {
      auto reply = write(0x110, {values.begin() + 1, values.end()});
      if (reply.status == link::Status::ok) {
        acknowledged = values[0];
      }
      return reply;
    }
    const bool is_text = start == 0x110 && values.size() == 10;
    const bool is_dots = start == 0x120 && values.size() == 66 && (features & 0x0008) != 0;
    if (is_text || is_dots) {
      return take_face(values, is_dots);
    }
    return (features & 0x0040) != 0 ? order(start, values) : refusal();
  }
  bus::Reply take_face(const std::vector<std::uint16_t>& values, bool is_dots) {
    ++faces_tried;
    if (face_answer != link::Status::ok) {
      return {face_answer, {}};
    }
    ++faces_written;
    face = {};
    std::copy_n(values.begin(), is_dots ? 2 : 10, face.begin());
    dots.assign(is_dots ? values.begin() + 2 : values.end(), values.end());
    return ok({});
  }
  bus::Reply order(std::uint16_t start, const std::vector<std::uint16_t>& values) {
    const bool is_settings = start == 0x1C0 && values.size() == 4 && (features & 0x0080) != 0;
    if (is_settings && values[1] == 192 && values[2] == 0 && values[3] == 0x5AFE) {
      moves_to = static_cast<std::uint8_t>(values[0]);
    } else if (start == 0x180 && values.size() == 10) {
      rest = values;
    } else if (start == 0x101 && values.size() == 2 && (features & 0x0020) != 0) {
      lamps = values;
    } else if (start == 0x103 && values.size() == 1) {
      beeped.push_back(values[0]);
    } else if (start == 0x104 && values.size() == 1) {
      brightness = values[0];
    } else if (start == 0x105 && values.size() == 1) {
      located.push_back(values[0]);
    } else {
      return refusal();
    }
    return ok({});
  }
  static bus::Reply refusal() { return {link::Status::refused, {}}; }
  static bus::Reply ok(std::vector<std::uint16_t> values) { return {link::Status::ok, std::move(values)}; }
  std::array<std::uint16_t, 8> ring_{};
};

}  // namespace lobby::fakes
