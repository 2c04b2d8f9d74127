#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>

/// What people do, as draws: pure, the same for the same generator. Words are those of the API. Where no
/// survey of a hall gives a share it is an assumption, and says so.
namespace lobby::sim {

using Random = std::mt19937_64;

namespace share {

// Lanes, of the tickets. Assumption: the elderly as in a county's population of whom many send their
// children, the others rare; what remains is ordinary.
constexpr double elderly = 0.08;
constexpr double disabled = 0.015;
constexpr double pregnant = 0.02;
constexpr double military = 0.015;
constexpr double firefighter = 0.005;
constexpr double martyr_family = 0.005;
constexpr double agent = 0.015;  ///< of the people; each takes several tickets
constexpr double green = 0.01;

// Of those who are called. Assumption: a few in a hundred each, so that a busy quarter of an hour sees all
// of it.
constexpr double no_show = 0.06;    ///< does not hear it, beside those who have gone home
constexpr double late = 0.06;       ///< comes at the second call only
constexpr double comes_back = 0.4;  ///< of the no-shows: turns up at the desk afterwards
// Of those who come to the window.
constexpr double hold = 0.08;
constexpr double transfer = 0.06;
// Of those who are served to the end.
constexpr double notified = 0.04;
constexpr double other_outcome = 0.06;  ///< delivered, referred or transferred to another office

constexpr double key_pause = 0.3;  ///< of the pauses: made by the key, which has no message

// Ratings are voluntary (GB/T 39735). Assumption: six in ten give one.
constexpr double rates = 0.6;
constexpr double rates_twice = 0.03;

// Appointments. Assumption.
constexpr double never_comes = 0.08;
constexpr double comes_late = 0.12;  ///< after the slot has begun
constexpr double slot_filled = 0.6;  ///< of the places, before the day begins

constexpr double asks_twice = 0.15;  ///< of those who need to be one person

}  // namespace share

bool happens(double share, Random& random);
double between(double least, double most, Random& random);
/// Exponential, for what happens now and then.
double about_every(double minutes, Random& random);

/// `ordinary`, a lane of the law, `green` or `agent`; an appointment comes from a booking, not from here.
std::string_view draw_lane(Random& random);
bool is_preferred(std::string_view lane);

enum class Deed : std::uint8_t { finish, hold, transfer };

/// What becomes of somebody who is called, as far as it is theirs and the clerk's.
struct Plan {
  bool comes = true;
  int recalls = 0;       ///< calls again: before the person comes, or before the clerk gives up
  bool returns = false;  ///< who did not come asks at the desk to be let in again
  Deed deed = Deed::finish;
  std::string_view word = "on_spot";  ///< outcome, kind of hold, or place of the transfer
  bool to_window = false;             ///< the transfer; else to a service
};
Plan draw_plan(Random& random);

struct Rating {
  std::string_view score, by;
};
/// nullopt: the person gives none.
std::optional<Rating> draw_rating(Random& random);

/// Minutes after the slot has begun, negative before it; nullopt: never comes.
std::optional<double> draw_punctuality(Random& random);
/// Minutes that a person waits in the hall before going home: log-normal, median an hour.
double draw_patience(Random& random);
/// Turns round at the door, seeing how many people wait per window. Assumption: nobody minds eight.
bool balks(double waiting_per_window, Random& random);
/// Minutes until a held person is back, by the kind of hold.
double draw_errand(std::string_view hold_kind, Random& random);

struct Pause {
  std::string_view reason, message;
  double minutes = 0;
};
Pause draw_pause(Random& random);

}  // namespace lobby::sim
