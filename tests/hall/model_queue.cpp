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
      return line.empty() ? now_.utc_ms : std::min(now_.utc_ms, line.front()->place - 1);
    default:
      return line.empty() ? now_.utc_ms : std::max(now_.utc_ms, line.back()->place + 1);
  }
}

std::int64_t Model::place_at_once(const std::vector<const Person*>& line) const {
  const std::int64_t overdue = now_.utc_ms - std::int64_t{site_.lanes.anyone_after_s} * 1000;
  return line.empty() ? overdue : std::min(overdue, line.front()->place - 1);
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
  if (!person.only.empty()) {
    return person.only == window.id.value;
  }
  const Service& service = *site_.find(ServiceId{person.service});
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
  std::vector<Person*> all, own;
  for (Person& one : people) {
    if (may_have(window, one)) {
      (one.only.empty() ? all : own).push_back(&one);
    }
  }
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
  Person* mine = best(own, earlier, anyone);
  const auto before = round;
  const auto overdue = [&](std::uint32_t after) {
    return [&, after](const Person* one) {
      return one->place <= now_.utc_ms && seconds(one->place, now_.utc_ms) >= after;
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
  next = next != nullptr ? next : best(all, earlier, anyone);
  if (mine != nullptr && (next == nullptr || earlier(mine, next))) {
    round = before;
    return mine;
  }
  return next;
}

}  // namespace lobby::hall::testing
