#include "daemon/hall/lanes.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/hall/lookup.hpp"

namespace lobby::hall {

namespace {

std::size_t rank_of(const LanesRule& rule, Lane lane) {
  return static_cast<std::size_t>(std::find(rule.order.begin(), rule.order.end(), lane) - rule.order.begin());
}

bool is_in(const Choice& choice, const Service& service, Lane lane) {
  return (choice.services.empty() || has(choice.services, service.id)) &&
         (choice.lanes.empty() || has(choice.lanes, lane));
}

class Choosing {
 public:
  Choosing(const Site& site, const Caller& caller, std::span<const Head> heads, std::int64_t now_ms)
      : site_(site), caller_(caller), heads_(heads), now_ms_(now_ms) {
    somebody_is_due_ = std::any_of(heads.begin(), heads.end(), [&](const Head& one) { return is_due(one); });
  }

  const Head* choose(std::vector<std::uint32_t>& round) const {
    const Head* exempt = first_in_lanes([&](const Head& one) { return is_exempt(one); });
    return exempt != nullptr ? exempt : by_rules(round);
  }

 private:
  bool is_exempt(const Head& head) const {
    return has(site_.lanes.exempt, head.lane) ||
           (site_.lanes.complaint_exempt && head.service->kind == ServiceKind::complaint);
  }

  bool is_due(const Head& head) const { return head.entry.place_ms <= now_ms_; }
  /// Who booked for later does not go before those who wait now.
  bool may_go(const Head& head) const { return !somebody_is_due_ || is_due(head); }

  bool has_waited(const Head& head, std::uint32_t seconds) const {
    return is_due(head) && seconds_between(head.entry.place_ms, now_ms_) >= seconds;
  }

  /// Among those that fit, the earliest place.
  template <class Fits>
  const Head* earliest(Fits fits) const {
    const Head* found = nullptr;
    for (const Head& head : heads_) {
      if (may_go(head) && (found == nullptr || head.entry < found->entry) && fits(head)) {
        found = &head;
      }
    }
    return found;
  }

  /// Among those that fit, the first lane of the site's order, and there the earliest place.
  template <class Fits>
  const Head* first_in_lanes(Fits fits) const {
    const Head* found = nullptr;
    std::size_t best = 0;
    for (const Head& head : heads_) {
      const auto rank = rank_of(site_.lanes, head.lane);
      const bool better = found == nullptr || rank < best || (rank == best && head.entry < found->entry);
      if (better && may_go(head) && fits(head)) {
        found = &head;
        best = rank;
      }
    }
    return found;
  }

  const Head* by_rules(std::vector<std::uint32_t>& round) const {
    const std::uint32_t anyone_after_s = site_.lanes.anyone_after_s;
    if (const Head* head = earliest([&](const Head& one) { return has_waited(one, anyone_after_s); })) {
      return head;
    }
    if (caller_.profile != nullptr) {
      for (const ProfileCondition& condition : caller_.profile->conditions) {
        const auto fits = [&](const Head& one) {
          return has_waited(one, condition.waited_s) && is_in(condition.choice, *one.service, one.lane);
        };
        if (const Head* head = earliest(fits)) {
          return head;
        }
      }
    }
    if (const Head* head = by_turns(round)) {
      return head;
    }
    return earliest([](const Head&) { return true; });
  }

  const Head* by_turns(std::vector<std::uint32_t>& round) const {
    const auto& turns = caller_.turns;
    round.resize(turns.size());
    const auto take = [&](bool within_round) -> const Head* {
      for (std::size_t i = 0; i < turns.size(); ++i) {
        const auto fits = [&](const Head& one) { return is_in(turns[i].choice, *one.service, one.lane); };
        const Head* head = within_round && round[i] >= turns[i].calls ? nullptr : first_in_lanes(fits);
        if (head != nullptr) {
          if (!within_round) {
            std::fill(round.begin(), round.end(), 0U);
          }
          ++round[i];
          return head;
        }
      }
      return nullptr;
    };
    const Head* head = take(true);
    return head != nullptr ? head : take(false);
  }

  const Site& site_;
  const Caller& caller_;
  std::span<const Head> heads_;
  std::int64_t now_ms_;
  bool somebody_is_due_ = false;
};

/// The heads of the lines that a window may call from.
class Lookout {
 public:
  Lookout(const State& state, const Site& site, const Window& window, Instant now)
      : state_(state), site_(site), window_(window), now_ms_(now.utc_ms), place_(state.find(window.id)) {
    for (const ServiceState& queue : state.services) {
      if (has(window.services, queue.id)) {
        add_heads(queue);
      }
    }
    for (const WindowRecord& record : state.windows) {
      if (&record == place_) {
        add_line(record, 0);
      } else if (record.state == WindowState::paused) {
        add_line(record, site.lanes.anyone_after_s);
      }
    }
  }

  const std::vector<Head>& heads() const { return heads_; }

 private:
  void add_heads(const ServiceState& queue) {
    const Service* service = nullptr;
    std::optional<bool> elsewhere;
    for (std::size_t lane = 0; lane < lane_count; ++lane) {
      const Line& line = queue.lanes[lane];
      if (line.empty()) {
        continue;
      }
      service = service == nullptr ? site_.find(queue.id) : service;
      if (service == nullptr || !serves(window_, *service)) {
        return;
      }
      if (const Line::Entry* entry = first_allowed(line, *service, elsewhere)) {
        heads_.push_back({.entry = *entry, .lane = static_cast<Lane>(lane), .service = service});
      }
    }
  }

  /// Who waits for one window alone: the first of each lane, when it has waited so long.
  void add_line(const WindowRecord& record, std::uint32_t waited_s) {
    std::array<bool, lane_count> seen{};
    for (const Line::Entry& entry : record.line.entries()) {
      const Ticket& ticket = *state_.find(entry.ticket);
      const Service* service = site_.find(state_.services[ticket.service].id);
      bool& is_seen = seen[static_cast<std::size_t>(ticket.lane)];
      const bool waited = waited_s == 0 || now_ms_ - entry.place_ms >= std::int64_t{waited_s} * 1000;
      const bool here = &record == place_ || (service != nullptr && serves(window_, *service));
      if (service != nullptr && !is_seen && waited && here) {
        heads_.push_back({.entry = entry, .lane = ticket.lane, .service = service});
        is_seen = true;
      }
    }
  }

  /// A ticket that this window sent away is not for it while another open window can have it.
  const Line::Entry* first_allowed(const Line& line, const Service& service,
                                   std::optional<bool>& elsewhere) const {
    for (const Line::Entry& entry : line.entries()) {
      const Ticket* ticket = state_.find(entry.ticket);
      const bool sent_away = ticket != nullptr && place_ != nullptr && ticket->avoid != no_ix &&
                             &state_.windows[ticket->avoid] == place_;
      if (sent_away && !elsewhere) {
        elsewhere = is_served_elsewhere(service);
      }
      if (!sent_away || !*elsewhere) {
        return &entry;
      }
    }
    return nullptr;
  }

  bool is_served_elsewhere(const Service& service) const {
    return std::any_of(state_.windows.begin(), state_.windows.end(), [&](const WindowRecord& other) {
      const bool open = other.state != WindowState::closed && other.state != WindowState::paused;
      const Window* window = open && &other != place_ ? site_.find(other.id) : nullptr;
      return window != nullptr && serves(*window, service);
    });
  }

  const State& state_;
  const Site& site_;
  const Window& window_;
  std::int64_t now_ms_;
  const WindowRecord* place_ = nullptr;
  std::vector<Head> heads_;
};

}  // namespace

Caller caller_of(const Site& site, const Window& window) {
  return {.profile = site.profile(window.profile), .turns = turns_of(site, window)};
}

const Head* choose(const Site& site, const Caller& caller, std::span<const Head> heads,
                   std::vector<std::uint32_t>& round, std::int64_t now_ms) {
  return Choosing(site, caller, heads, now_ms).choose(round);
}

std::optional<Pick> pick_next(const State& state, const Site& site, const Window& window, Instant now) {
  const WindowRecord* place = state.find(window.id);
  auto round = place == nullptr ? std::vector<std::uint32_t>{} : place->round;
  const Lookout lookout(state, site, window, now);
  const Head* head = choose(site, caller_of(site, window), lookout.heads(), round, now.utc_ms);
  const Ticket* ticket = head == nullptr ? nullptr : state.find(head->entry.ticket);
  return ticket == nullptr ? std::nullopt : std::optional(Pick{.ticket = ticket, .round = std::move(round)});
}

std::vector<ProfileTurn> turns_of(const Site& site, const Window& window) {
  const Profile* profile = site.profile(window.profile);
  if (profile != nullptr && !profile->turns.empty()) {
    return profile->turns;
  }
  ProfileTurn preferred{.choice = {}, .calls = site.lanes.preferred_calls};
  ProfileTurn others{.choice = {}, .calls = site.lanes.ordinary_calls};
  bool behind = false;
  for (const Lane lane : site.lanes.order) {
    behind = behind || lane == Lane::ordinary;
    (behind ? others : preferred).choice.lanes.push_back(lane);
  }
  if (preferred.choice.lanes.empty()) {
    return {others};
  }
  return {preferred, others};
}

std::uint32_t ahead_of(const Site& site, const ServiceState& service, Lane lane, Line::Entry entry) {
  std::size_t ahead = service.lane(lane).before(entry);
  for (const Lane before : site.lanes.order) {
    if (before == lane) {
      break;
    }
    ahead += service.lane(before).size();
  }
  return static_cast<std::uint32_t>(ahead);
}

WaitBound bound_of(const Site& site, const Window& window) {
  WaitBound bound;
  bound.anyone_after_s = site.lanes.anyone_after_s;
  for (const ProfileTurn& turn : turns_of(site, window)) {
    bound.round_calls += turn.calls;
  }
  bound.exempt = site.lanes.exempt;
  bound.complaint_exempt = site.lanes.complaint_exempt;
  return bound;
}

}  // namespace lobby::hall
