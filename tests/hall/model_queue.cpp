#include <algorithm>

#include "tests/hall/model.hpp"
#include "tests/hall/model_words.hpp"

namespace lobby::hall::testing {

bool Model::works(const std::string& window) const {
  const auto it = desks.find(window);
  return it != desks.end() && it->second.state != "closed" && it->second.state != "paused";
}

std::vector<const Model::Person*> Model::line(const std::string& service, Lane lane,
                                              const std::string& only) const {
  std::vector<const Person*> found;
  for (const Person& one : people) {
    const bool here =
        only.empty() ? one.only.empty() && one.service == service && one.lane == lane : one.only == only;
    if (one.state == "waiting" && here) {
      found.push_back(&one);
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Person* a, const Person* b) { return a->place < b->place; });
  return found;
}

std::uint64_t Model::ahead(const Person& person) const {
  std::uint64_t count = 0;
  for (const Lane lane : site_.lanes.order) {
    for (const Person* other : line(person.service, lane, person.only)) {
      const bool before =
          other->place < person.place || (other->place == person.place && other->id < person.id);
      const bool own = !person.only.empty() || lane == person.lane;
      count += own ? (before ? 1U : 0U) : 1U;
    }
    if (lane == person.lane || !person.only.empty()) {
      break;
    }
  }
  return count;
}

std::int64_t Model::place(QueuePlace where, const std::vector<const Person*>& line,
                          const Person& person) const {
  switch (where) {
    case QueuePlace::keep:
      return person.place;
    case QueuePlace::head:
      // Before everybody, but never before one who is overdue.
      return line.empty() ? moment() : std::max(place_at_once(), std::min(moment(), line.front()->place - 1));
    default:
      return line.empty() ? moment() : std::max(moment(), line.back()->place + 1);
  }
}

std::int64_t Model::place_at_once() const {
  return moment() - std::int64_t{site_.lanes.anyone_after_s} * 1000;
}

std::size_t Model::shortest(const std::vector<std::string>& steps) const {
  // People to an open window; where nobody works, behind all others.
  std::size_t found = 0;
  double least = 1e18;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Service& step = *site_.find(ServiceId{steps[i]});
    double windows = 0;
    for (const Window& other : site_.windows) {
      windows += works(other.id.value) && not_here(other, step).empty() ? 1 : 0;
    }
    const auto waiting = static_cast<double>(queue(steps[i]).size());
    const double wait = windows == 0 ? 1e9 + waiting : waiting / windows;
    if (wait < least) {
      least = wait;
      found = i;
    }
  }
  return found;
}

void Model::queue_up(Person& person, std::int64_t place) {
  person.state = "waiting";
  person.place = place;
  person.since = now_.utc_ms;
  person.started = person.ended = 0;
  person.waited = person.served = 0;
  person.recalls = 0;
}

bool Model::may_have(const Window& window, const Person& person) const {
  if (person.state != "waiting") {
    return false;
  }
  const Service& service = *site_.find(ServiceId{person.service});
  if (!person.only.empty()) {
    const auto there = desks.find(person.only);
    const bool overdue = moment() - person.place >= std::int64_t{site_.lanes.anyone_after_s} * 1000;
    return person.only == window.id.value || (there != desks.end() && there->second.state == "paused" &&
                                              overdue && not_here(window, service).empty());
  }
  if (!not_here(window, service).empty()) {
    return false;
  }
  const bool elsewhere = std::any_of(site_.windows.begin(), site_.windows.end(), [&](const Window& other) {
    return other.id != window.id && works(other.id.value) && not_here(other, service).empty();
  });
  return person.avoid != window.id.value || !elsewhere;
}

Model::Person* Model::pick(const Window& window, std::vector<std::uint32_t>& round) {
  const auto rank = [&](Lane lane) {
    return std::find(site_.lanes.order.begin(), site_.lanes.order.end(), lane) - site_.lanes.order.begin();
  };
  const auto earlier = [](const Person* a, const Person* b) {
    return std::pair(a->place, a->id) < std::pair(b->place, b->id);
  };
  const auto lanes_first = [&](const Person* a, const Person* b) {
    return std::tuple(rank(a->lane), a->place, a->id) < std::tuple(rank(b->lane), b->place, b->id);
  };
  const auto exempt = [&](const Person* one) {
    return has(site_.lanes.exempt, one->lane) ||
           (site_.lanes.complaint_exempt &&
            site_.find(ServiceId{one->service})->kind == ServiceKind::complaint);
  };
  const auto fits = [](const Choice& choice, const Person* one) {
    return (choice.services.empty() || has(choice.services, ServiceId{one->service})) &&
           (choice.lanes.empty() || has(choice.lanes, one->lane));
  };
  std::vector<Person*> all;
  bool somebody_now = false;
  for (Person& one : people) {
    if (may_have(window, one)) {
      all.push_back(&one);
      somebody_now = somebody_now || one.place <= moment();
    }
  }
  // Who booked for later waits for those who are due.
  std::erase_if(all, [&](const Person* one) { return somebody_now && one->place > moment(); });
  const auto best = [](const std::vector<Person*>& from, auto less, auto wanted) {
    Person* found = nullptr;
    for (Person* one : from) {
      found = wanted(one) && (found == nullptr || less(one, found)) ? one : found;
    }
    return found;
  };
  const auto anyone = [](const Person*) { return true; };
  if (Person* one = best(all, lanes_first, exempt)) {
    return one;
  }
  const auto overdue = [&](std::uint32_t after) {
    return [&, after](const Person* one) {
      return one->place <= moment() && seconds(one->place, moment()) >= after;
    };
  };
  Person* next = best(all, earlier, overdue(site_.lanes.anyone_after_s));
  const auto profile = std::find_if(site_.profiles.begin(), site_.profiles.end(),
                                    [&](const Profile& one) { return one.id == window.profile; });
  if (next == nullptr && profile != site_.profiles.end()) {
    for (const ProfileCondition& condition : profile->conditions) {
      next = next != nullptr ? next : best(all, earlier, [&](const Person* one) {
        return fits(condition.choice, one) && overdue(condition.waited_s)(one);
      });
    }
  }
  std::vector<ProfileTurn> turns;
  if (profile != site_.profiles.end()) {
    turns = profile->turns;
  } else {
    turns = {{{{}, {}}, site_.lanes.preferred_calls}, {{{}, {}}, site_.lanes.ordinary_calls}};
    for (const Lane lane : site_.lanes.order) {
      turns[rank(lane) < rank(Lane::ordinary) ? 0 : 1].choice.lanes.push_back(lane);
    }
  }
  if (next == nullptr) {
    round.resize(turns.size());
    for (const bool fresh : {false, true}) {
      for (std::size_t i = 0; i < turns.size() && next == nullptr; ++i) {
        if (fresh || round[i] < turns[i].calls) {
          next = best(all, lanes_first, [&](const Person* one) { return fits(turns[i].choice, one); });
        }
        if (next != nullptr) {
          round = fresh ? std::vector<std::uint32_t>(turns.size()) : round;
          ++round[i];
        }
      }
    }
  }
  return next != nullptr ? next : best(all, earlier, anyone);
}

}  // namespace lobby::hall::testing
