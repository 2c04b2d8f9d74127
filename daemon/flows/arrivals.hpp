#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/flows/ports.hpp"
#include "daemon/hall/event.hpp"

namespace lobby::flows {

/// Who has just shown a card or a code at a kiosk. A card makes the next ticket of that kiosk the person's
/// own; it is forgotten when that is issued, and after 30 s whatever happens. Whom the hall refuses has 10 s
/// for another try: the next who presses may be a stranger. A booking code checks in at once.
class Arrivals {
 public:
  static constexpr std::int64_t remembered_ms = 30'000;

  static constexpr std::int64_t refused_ms = 10'000;

  /// Tells whoever stands at the kiosk that the code did not check them in.
  using Refuse = std::function<void(const hall::KioskId&)>;
  Arrivals(Desk& desk, Refuse refuse) : desk_(desk), refuse_(std::move(refuse)) {}

  /// `is_elderly`: the ordinary lane becomes the elderly's.
  void on_person(const hall::KioskId& kiosk, hall::ApplicantKey person, bool is_elderly);
  /// A code that no booking has changes nothing. `by`: the reader.
  void on_code(const hall::KioskId& kiosk, std::string_view code, const std::string& by);
  /// A ticket asked for at the kiosk by nobody in particular becomes the one's who stands there.
  /// What comes back is to be told of the refusal, when the hall does.
  std::function<void(hall::Refused)> complete(hall::Command& command);
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
  void refused(const hall::KioskId& kiosk, hall::Refused why);

  Desk& desk_;
  Refuse refuse_;
  std::map<hall::KioskId, Person> persons_;
};

}  // namespace lobby::flows
