#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "daemon/flows/ports.hpp"
#include "daemon/hall/event.hpp"

namespace lobby::flows {

/// Who has just shown a card or a code at a kiosk. A card makes the next ticket of that kiosk the person's
/// own; it is forgotten when that is issued, and after 30 s whatever happens. A booking code checks in at
/// once.
class Arrivals {
 public:
  static constexpr std::int64_t remembered_ms = 30'000;

  explicit Arrivals(Desk& desk) : desk_(desk) {}

  /// `is_elderly`: the ordinary lane becomes the elderly's.
  void on_person(const hall::KioskId& kiosk, hall::ApplicantKey person, bool is_elderly);
  /// A code that no booking has is nothing. `by`: the reader.
  void on_code(const hall::KioskId& kiosk, std::string_view code, const std::string& by);
  /// A ticket asked for at the kiosk by nobody in particular becomes the one's who stands there.
  void complete(hall::Command& command) const;
  /// Every durable event, in order.
  void on_event(const hall::Event& event);
  /// About once a second.
  void tick();

 private:
  struct Person {
    hall::ApplicantKey key;
    bool is_elderly = false;
    std::int64_t until_ms = 0;
  };
  Desk& desk_;
  std::map<hall::KioskId, Person> persons_;
};

}  // namespace lobby::flows
