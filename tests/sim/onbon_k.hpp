#pragma once

#include <map>
#include <memory>

#include "tests/sim/onbon_areas.hpp"
#include "tests/sim/onbon_clock.hpp"
#include "tests/sim/onbon_wire.hpp"

namespace lobby::sim {

/// A BX-5K or 6K card: text in GBK, drawn with its own font of 16 × 16. Its answers are assumed: the head of
/// a request with the addresses changed over, then A0 00 or A0 01 with the error.
class OnbonK final : public BoardCard {
 public:
  struct Identity {
    std::uint16_t screen = 1;
    std::uint8_t type = 0x51;
  };
  OnbonK(BoardShape shape, Identity identity, std::shared_ptr<const display::DotFont> font);

  void hang_up() override { wire_.reset(); }
  void describe(boost::json::object& into, TimePoint now) const override;

 protected:
  void hear(std::span<const std::uint8_t> bytes, TimePoint now) override;
  void carry_out(const Bytes& frame, TimePoint now) override;
  void forget() override;
  display::Picture draw(TimePoint now) const override;

 private:
  struct Request {
    std::uint8_t group = 0, command = 0, response = 0, mode = 0;
    std::span<const std::uint8_t> payload;
  };
  struct File {
    std::uint32_t size = 0;
    std::uint32_t blocks = 0;
    Bytes content;
    bool is_whole = false;
  };
  /// What of the frame is wrong before it is looked at as a request; empty: nothing.
  const char* head_fault(std::span<const std::uint8_t> frame) const;
  bool has_sum(std::span<const std::uint8_t> frame) const;
  void reply(const Request& request, OnbonError error, TimePoint now);
  OnbonError obey(const Request& request, TimePoint now);
  OnbonError control(const Request& request, TimePoint now);
  OnbonError set_brightness(std::span<const std::uint8_t> payload);
  OnbonError change_areas(const Request& request, TimePoint now);
  OnbonError start_file(ByteReader payload);
  OnbonError add_block(ByteReader payload);

  const Identity identity_;
  const std::shared_ptr<const display::DotFont> font_;
  OnbonWire wire_;
  OnbonAreas areas_;
  OnbonClock clock_;
  int brightness_ = 16;
  std::map<std::string, File> files_;
};

}  // namespace lobby::sim
