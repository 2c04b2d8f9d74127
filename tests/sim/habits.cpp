#include "tests/sim/habits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

namespace lobby::sim {
namespace {

using Choice = std::pair<std::string_view, double>;

/// One by its share; the last takes what the others leave.
std::string_view draw(std::span<const Choice> choices, Random& random) {
  double left = std::uniform_real_distribution<double>(0, 1)(random);
  for (const auto& [word, share] : choices) {
    if (left < share) {
      return word;
    }
    left -= share;
  }
  return choices.back().first;
}

constexpr std::array<Choice, 9> lanes{{{"elderly", share::elderly},
                                       {"disabled", share::disabled},
                                       {"pregnant", share::pregnant},
                                       {"military", share::military},
                                       {"firefighter", share::firefighter},
                                       {"martyr_family", share::martyr_family},
                                       {"agent", share::agent},
                                       {"green", share::green},
                                       {"ordinary", 1}}};
// Assumption: most holds are for a paper that lies at home.
constexpr std::array<Choice, 3> holds{{{"away", 0.5}, {"with_papers", 0.25}, {"waiting", 0.25}}};
constexpr std::array<Choice, 3> places{{{"keep", 0.5}, {"head", 0.25}, {"tail", 0.25}}};
constexpr std::array<Choice, 5> endings{{{"notified", share::notified},
                                         {"delivered", share::other_outcome * 0.5},
                                         {"referred", share::other_outcome * 0.3},
                                         {"transferred", share::other_outcome * 0.2},
                                         {"on_spot", 1}}};
// Assumption: satisfied mostly, as published figures of such halls are, and not always.
constexpr std::array<Choice, 5> scores{
    {{"very_good", 0.62}, {"good", 0.25}, {"fair", 0.08}, {"poor", 0.03}, {"very_poor", 0.02}}};
constexpr std::array<Choice, 3> ways{{{"keypad", 0.5}, {"screen", 0.3}, {"qr", 0.2}}};

}  // namespace

bool happens(double share, Random& random) {
  return std::uniform_real_distribution<double>(0, 1)(random) < share;
}

double between(double least, double most, Random& random) {
  return std::uniform_real_distribution<double>(least, most)(random);
}

double about_every(double minutes, Random& random) {
  return std::exponential_distribution<double>(1 / minutes)(random);
}

std::string_view draw_lane(Random& random) {
  return draw(lanes, random);
}

bool is_preferred(std::string_view lane) {
  return lane != "ordinary" && lane != "agent" && lane != "green" && lane != "appointment";
}

Plan draw_plan(Random& random) {
  Plan plan;
  if (happens(share::no_show, random)) {
    plan.comes = false;
    plan.recalls = std::uniform_int_distribution<int>(1, 3)(random);
    plan.returns = happens(share::comes_back, random);
    return plan;
  }
  plan.recalls = happens(share::late / (1 - share::no_show), random) ? 1 : 0;
  const double deed = between(0, 1, random);
  if (deed < share::hold) {
    plan.deed = Deed::hold;
    plan.word = draw(holds, random);
  } else if (deed < share::hold + share::transfer) {
    plan.deed = Deed::transfer;
    plan.word = draw(places, random);
    plan.to_window = happens(0.5, random);
  } else {
    plan.word = draw(endings, random);
  }
  return plan;
}

std::optional<Rating> draw_rating(Random& random) {
  if (!happens(share::rates, random)) {
    return std::nullopt;
  }
  Rating rating;
  rating.score = draw(scores, random);
  rating.by = draw(ways, random);
  return rating;
}

std::optional<double> draw_punctuality(Random& random) {
  if (happens(share::never_comes, random)) {
    return std::nullopt;
  }
  if (happens(share::comes_late / (1 - share::never_comes), random)) {
    return about_every(12, random);
  }
  return -between(0, 25, random);
}

double draw_patience(Random& random) {
  return std::lognormal_distribution<double>(std::log(60), 0.5)(random);
}

bool balks(double waiting_per_window, Random& random) {
  constexpr double nobody_minds = 8, most = 0.6, steep = 24;
  return happens(std::clamp((waiting_per_window - nobody_minds) / steep, 0.0, most), random);
}

double draw_errand(std::string_view hold_kind, Random& random) {
  // Somebody brings the paper that lies at home; the copy shop, the bank and the engraver are next door.
  return hold_kind == "away" ? between(4, 20, random) : between(2, 8, random);
}

Pause draw_pause(Random& random) {
  constexpr std::array<Pause, 3> all{
      {{"material", "取材料，马上回来", 0}, {"meeting", "窗口例会", 0}, {"rest", "暂停受理", 0}}};
  Pause pause = all.at(random() % all.size());
  pause.minutes = between(3, 12, random);
  return pause;
}

}  // namespace lobby::sim
