#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/bus/bus.hpp"
#include "drivers/link/executor.hpp"
#include "firmware/wire/window_unit.hpp"

namespace lobby::window {

/// What a sign shows: cells of the wire format, made by the caller from text (see cells_of), and the same as
/// dots where the unit cannot draw every character by itself (see needs_dots). One that shows no dots shows
/// the cells.
struct Face {
  std::vector<std::uint16_t> cells;  ///< at most wire::window_unit::text_cells
  bool blink = false;
  bool beep = false;
  std::vector<std::uint16_t> dots = {};  ///< wire::window_unit::dots_words, or none
  friend bool operator==(const Face&, const Face&) = default;
};

/// UTF-8 to cells; a character that GB2312 lacks becomes 〓 and is counted in `lost`.
std::vector<std::uint16_t> cells_of(std::string_view utf8, std::size_t& lost);

/// Is there a character in it that a unit has no glyph for?
bool needs_dots(const std::vector<std::uint16_t>& cells);

/// What a unit does when its host falls silent, and how bright it is. Told again after every loss.
struct Manners {
  std::uint16_t rest_after = wire::window_unit::default_rest_after;  ///< in 100 ms, 5…600
  std::vector<std::uint16_t> rest_cells = {};                        ///< none: the sign goes dark
  std::uint16_t brightness = 100;                                    ///< 0…100 %
  friend bool operator==(const Manners&, const Manners&) = default;
};

/// The lamps of a panel, bit n: lamp n.
struct Lamps {
  std::uint16_t lit = 0;
  std::uint16_t blink = 0;  ///< of those that are lit
  friend bool operator==(const Lamps&, const Lamps&) = default;
};

/// Where a unit is, and which of our units it is to be.
struct UnitPlace {
  bus::BusAddress address;
  std::uint16_t model = wire::window_unit::model;
};

/// Which press of a unit: they are counted, modulo 65536, and anew after each restart of the unit.
struct PressId {
  std::uint16_t boot_id = 0;
  std::uint16_t number = 0;
  friend bool operator==(const PressId&, const PressId&) = default;
};

/// One window unit or button panel on a bus: level-triggered sign and lamps, counted keys. Knows no ticket.
class WindowUnit {
 public:
  struct Listener {
    virtual ~Listener() = default;
    /// A press, each once, in order. Call take() when it is dealt with: only then is it acknowledged to the
    /// unit and the next one given. Whoever records `id` durably with what the press did, and gives it back
    /// as `recorded` after a restart, has no press dealt with twice.
    virtual void key_pressed(wire::window_unit::Key key, PressId id, std::function<void()> take) = 0;
    /// So many presses were read too late for anybody to expect still what they ask for: they are
    /// acknowledged and not given. At most the newest of such presses is given.
    virtual void keys_dropped(unsigned count) = 0;
    /// The sign shows the face last wanted; `tag` as given to want().
    virtual void face_shown(std::uint64_t tag) = 0;
    /// `ok` without a reason: all is well. `ok` with a reason: it answers, but something of it does not work
    /// or was lost. `refused` while it answers: what its sign is to show cannot be written, its keys go on.
    /// Else a fault by name: nothing works. Told once per change; `reason` is a sentence for people.
    virtual void unit_changed(link::Status status, std::string_view reason) = 0;
  };
  struct Timing {
    link::Duration poll = std::chrono::milliseconds(0);  ///< pause between the polls of a living unit
    link::Duration first_retry = std::chrono::milliseconds(200);
    link::Duration last_retry = std::chrono::seconds(5);  ///< what fails is tried ever less
    /// Presses that may be older when they are read are stale, also those of before the start.
    link::Duration stale_after = std::chrono::seconds(2);
    int silent_after = 3;  ///< failed exchanges of one kind in a row, until that is said
  };

  /// `recorded`: the last press that a former life of this program dealt with. The unit may not have been
  /// told: then it is acknowledged and, like all before it, not given.
  WindowUnit(link::Executor& executor, bus::Bus& bus, UnitPlace place, Timing timing, Listener& listener,
             std::optional<PressId> recorded);
  ~WindowUnit();
  WindowUnit(const WindowUnit&) = delete;
  WindowUnit& operator=(const WindowUnit&) = delete;

  void start();
  /// What the sign is to show from now on; the newest wins, and it is shown again after any loss.
  void want(Face face, std::uint64_t tag);
  /// Units of the first map have none; then nothing happens.
  void want(Manners manners);
  void want(Lamps lamps);
  /// For so long it shows its own address instead. Once: a unit that is not there does not do it later.
  void locate(link::Duration length);
  /// Sounds for so long, at most 2 s. Once.
  void buzz(link::Duration length);

 private:
  struct Machine;
  std::shared_ptr<Machine> machine_;
};

}  // namespace lobby::window
