#include "daemon/hall/bid_rooms.hpp"

#include <algorithm>
#include <tuple>

namespace lobby::hall {

namespace {

/// The same day by the offset of now: a source may write its times with another one.
Date day_of(Instant at, Instant now) {
  return local_date(Instant{at.utc_ms, now.offset_min});
}

/// What one project does in one room.
struct Use {
  const BidOpening* project = nullptr;
  RoomState state = RoomState::free;
  bool is_evaluation = false;
};

RoomState evaluation_state(const BidOpening& project, Instant now) {
  if (project.status == BidStatus::evaluating) {
    return RoomState::evaluating;
  }
  const bool was_today = project.open_at && day_of(*project.open_at, now) == local_date(now);
  return was_today && has_reached(project.status, BidStatus::candidates_published) ? RoomState::ended
                                                                                   : RoomState::free;
}

RoomState opening_state(const BidOpening& project, const RoomRules& rules, Instant now) {
  constexpr std::int64_t ms_per_minute = 60'000;
  if (!project.open_at) {
    return RoomState::free;
  }
  const std::int64_t until_ms = project.open_at->utc_ms - now.utc_ms;
  if (until_ms > 0) {
    return until_ms <= rules.prepare_minutes * ms_per_minute ? RoomState::preparing : RoomState::free;
  }
  const bool is_today = day_of(*project.open_at, now) == local_date(now);
  if (has_reached(project.status, BidStatus::evaluating) || (project.end_at && now > *project.end_at)) {
    return is_today ? RoomState::ended : RoomState::free;
  }
  // Without an end, a source that has said nothing more by the end of the day keeps no room.
  if (!is_today && !project.end_at) {
    return RoomState::free;
  }
  return project.status == BidStatus::opening ? RoomState::opening : RoomState::preparing;
}

Use use_of(const BidOpening& project, const std::string& room, const RoomRules& rules, Instant now) {
  if (is_out(project.status)) {
    return {};
  }
  if (project.eval_room == room) {
    const RoomState state = evaluation_state(project, now);
    if (state != RoomState::free) {
      return {&project, state, true};
    }
  }
  if (project.open_room == room) {
    return {&project, opening_state(project, rules, now), false};
  }
  return {};
}

/// Which of several uses a sign tells of.
int weight(RoomState state) {
  switch (state) {
    case RoomState::evaluating:
      return 4;
    case RoomState::opening:
      return 3;
    case RoomState::preparing:
      return 2;
    case RoomState::ended:
      return 1;
    case RoomState::free:
      break;
  }
  return 0;
}

bool comes_before(const BidOpening& a, const BidOpening& b) {
  const auto key = [](const BidOpening& it) {
    return std::make_tuple(!it.open_at.has_value(), it.open_at ? it.open_at->utc_ms : 0);
  };
  return std::tuple(key(a), std::tie(a.project_no, a.section_no)) <
         std::tuple(key(b), std::tie(b.project_no, b.section_no));
}

void tell_use(Room& room, const Use& use, const RoomRules& rules) {
  room.state = use.state;
  if (use.is_evaluation && !rules.name_while_evaluating) {
    return;
  }
  room.project_name = use.project->project_name;
  room.section_name = use.project->section_name;
  if (!use.is_evaluation) {
    room.from = use.project->open_at;
    room.to = use.project->end_at;
  }
}

void tell_next(Room& room, const BidOpening& project) {
  room.next_at = project.open_at;
  room.next_project = project.project_name;
  room.next_section = project.section_name;
}

Room one_room(const std::vector<const BidOpening*>& ordered, const std::string& name, const RoomRules& rules,
              Instant now) {
  Room room;
  room.name = name;
  Use shown;
  for (const BidOpening* project : ordered) {
    const Use use = use_of(*project, name, rules, now);
    if (weight(use.state) > weight(shown.state)) {
      shown = use;
      room.others = 0;
    } else if (use.state == shown.state && shown.state != RoomState::free) {
      ++room.others;
    }
  }
  if (shown.state != RoomState::free) {
    tell_use(room, shown, rules);
  }
  for (const BidOpening* project : ordered) {
    const bool is_to_come = project->open_room == name && !is_out(project->status) && project->open_at &&
                            *project->open_at > now && !has_reached(project->status, BidStatus::evaluating);
    const bool is_shown =
        use_of(*project, name, rules, now).state == shown.state && shown.state != RoomState::free;
    if (is_to_come && !is_shown) {
      tell_next(room, *project);
      break;
    }
  }
  return room;
}

}  // namespace

std::vector<Room> rooms(const std::vector<BidOpening>& openings, const std::vector<std::string>& names,
                        const RoomRules& rules, Instant now) {
  std::vector<const BidOpening*> ordered;
  ordered.reserve(openings.size());
  for (const BidOpening& opening : openings) {
    ordered.push_back(&opening);
  }
  std::sort(ordered.begin(), ordered.end(),
            [](const BidOpening* a, const BidOpening* b) { return comes_before(*a, *b); });
  std::vector<Room> all;
  all.reserve(names.size());
  for (const std::string& name : names) {
    all.push_back(one_room(ordered, name, rules, now));
  }
  return all;
}

}  // namespace lobby::hall
