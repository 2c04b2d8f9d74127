#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "drivers/bus/bus.hpp"

namespace lobby::fakes {

/// A window unit as firmware/wire/window_unit.hpp describes it, register by register, written down again with
/// plain numbers: what host and unit share must not be what the test is made of.
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
  }

  bus::Reply answer(const bus::Exchange& request) {
    using Kind = bus::Exchange::Kind;
    ++asked;
    if (request.kind == Kind::read_input) {
      return read_input(request);
    }
    if (request.kind == Kind::write) {
      return write(request);
    }
    return request.start == 0x100 && request.count == 1 ? ok({acknowledged}) : refusal();
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
  std::uint16_t boot_id = 0x7001;
  std::uint32_t presses = 0;  ///< since the reset
  std::uint16_t acknowledged = 0;
  std::array<std::uint16_t, 10> face{};
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
    if (request.start == 0 && request.count == 4) {
      return ok({identity.begin(), identity.end()});
    }
    if (request.start == 0x10 && request.count == 3) {
      boot_id = static_cast<std::uint16_t>(boot_id + (boot_id_changes ? 1 : 0));
      return ok({boot_id, static_cast<std::uint16_t>(presses), static_cast<std::uint16_t>(face[0])});
    }
    if (request.start == 0x14 && request.count == 8) {
      ++rings_read;
      const auto& ring = odd_ring ? *odd_ring : ring_;
      return {ring_answer, {ring.begin(), ring.end()}};
    }
    return refusal();
  }
  bus::Reply write(const bus::Exchange& request) {
    if (request.start == 0x100 && request.values.size() == 1) {
      acknowledged = ack_answer == link::Status::ok ? request.values[0] : acknowledged;
      return {ack_answer, {}};
    }
    if (request.start == 0x110 && request.values.size() == 10) {
      ++faces_tried;
      if (face_answer == link::Status::ok) {
        std::copy(request.values.begin(), request.values.end(), face.begin());
        ++faces_written;
      }
      return {face_answer, {}};
    }
    return refusal();
  }
  static bus::Reply refusal() { return {link::Status::refused, {}}; }
  static bus::Reply ok(std::vector<std::uint16_t> values) { return {link::Status::ok, std::move(values)}; }
  std::array<std::uint16_t, 8> ring_{};
};

}  // namespace lobby::fakes
