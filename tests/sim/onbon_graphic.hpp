#pragma once

#include <memory>
#include <utility>

#include "tests/sim/onbon_areas.hpp"
#include "tests/sim/onbon_bitmap.hpp"
#include "tests/sim/onbon_clock.hpp"
#include "tests/sim/onbon_wire.hpp"

namespace lobby::sim {

/// A BX-5E or BX-6E card: bitmaps in dynamic areas. Assumed of its answers: the command header of its
/// generation with the addresses changed over and the request's sequence, also behind an area frame; A0 00
/// or A0 01 with the error in the first of its two bytes; what the status answer has behind the clock.
class OnbonGraphic final : public BoardCard {
 public:
  struct Identity {
    OnbonGeneration generation = OnbonGeneration::six;
    std::uint16_t type = 0x0174;
    /// The type that such a card says by default.
    static Identity of(OnbonGeneration generation);
  };
  OnbonGraphic(BoardShape shape, Identity identity, std::shared_ptr<const display::DotFont> font);

  void hang_up() override { wire_.reset(); }
  void describe(boost::json::object& into, TimePoint now) const override;

 protected:
  void hear(std::span<const std::uint8_t> bytes, TimePoint now) override;
  void carry_out(const Bytes& frame, TimePoint now) override;
  void forget() override;
  display::Picture draw(TimePoint now) const override;

 private:
  struct Body {
    std::uint8_t group = 0, command = 0;
    std::span<const std::uint8_t> data;
  };
  struct Lamp {
    bool is_on = true;
    std::vector<std::pair<int, int>> timetable;  ///< minutes of the day, on and off
    int mode = 0;
    Bytes levels = Bytes(48, 15);
    std::uint8_t locked_screen = 0, locked_programme = 0;
  };

  bool is_six() const { return identity_.generation == OnbonGeneration::six; }
  void carry_out_command(std::span<const std::uint8_t> frame, TimePoint now);
  void carry_out_area(std::span<const std::uint8_t> frame, TimePoint now);
  std::size_t header_size(std::span<const std::uint8_t> frame) const;
  bool has_header_sum(std::span<const std::uint8_t> frame, std::size_t header) const;
  bool has_type(std::span<const std::uint8_t> frame) const;
  bool read_body(std::span<const std::uint8_t> bytes, Body& body);
  /// Takes or turns away; answers with `data` when there is some, else with A0.
  void conclude(const Body& body, OnbonError error, const Bytes& data, TimePoint now);
  void send(const Bytes& body);
  OnbonError obey(const Body& body, Bytes& data, TimePoint now);
  OnbonError set_lamp(const Body& body, TimePoint now);
  OnbonError set_timetable(std::span<const std::uint8_t> data);
  OnbonError update(std::span<const std::uint8_t> data, TimePoint now);
  OnbonError remove(std::span<const std::uint8_t> data);
  Bytes ping() const;
  Bytes status(TimePoint now) const;
  bool is_lit(TimePoint now) const;

  const Identity identity_;
  const std::shared_ptr<const display::DotFont> font_;
  OnbonWire wire_;
  OnbonAreas areas_;
  OnbonClock clock_;
  Lamp lamp_;
  std::uint64_t lit_outside_ = 0;
  std::uint16_t sequence_ = 0;  ///< of the request that is being answered
  bool must_answer_ = true;
};

}  // namespace lobby::sim
