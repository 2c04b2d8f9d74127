#include <algorithm>
#include <map>
#include <string_view>

#include "daemon/hall/estimate.hpp"

namespace lobby::hall {

namespace {

constexpr std::uint32_t guess_ms = 300'000;  ///< of a service of which nothing is known
constexpr std::uint32_t usual_gap_ms = 10'000;
constexpr std::int64_t look_back_ms = 30 * 60'000;
constexpr std::int64_t look_ahead_ms = 2 * 60 * 60'000;

using Places = std::map<std::string_view, std::size_t>;

template <class Items>
Places places_of(const Items& items) {
  Places places;
  for (std::size_t i = 0; i < items.size(); ++i) {
    places.emplace(items[i].id.value, i);
  }
  return places;
}

class Looking {
 public:
  Looking(const Site& site, const State& state, Instant now)
      : site_(site), state_(state), now_(now), services_(places_of(site.services)) {
    out_.at = now;
    now_.utc_ms = std::max(now.utc_ms, state.last_at.utc_ms);
  }

  Outlook look() {
    out_.site = &site_;
    out_.now = now_;
    out_.gap_ms = state_.gap.count >= Pace::enough ? state_.gap.mean_ms : usual_gap_ms;
    see_queues();
    see_desks();
    expect_bookings();
    expect_by_rate();
    std::stable_sort(out_.arrivals.begin(), out_.arrivals.end(),
                     [](const auto& a, const auto& b) { return a.at_ms < b.at_ms; });
    return std::move(out_);
  }

 private:
  void see_queues() {
    out_.queues.resize(site_.services.size());
    for (std::size_t i = 0; i < site_.services.size(); ++i) {
      const Service& service = site_.services[i];
      Outlook::Queue& queue = out_.queues[i];
      queue.service = &service;
      queue.stay_ms = service.typical_s == 0 ? guess_ms : service.typical_s * 1000;
      queue.is_known = service.typical_s != 0;
      queue.takes_newcomers = !state_.day_closed && is_open(site_, service, now_);
    }
    for (const ServiceState& seen : state_.services) {
      if (const auto place = services_.find(seen.id.value); place != services_.end()) {
        Outlook::Queue& queue = out_.queues[place->second];
        learn(queue, seen.stay);
        for (std::size_t lane = 0; lane < lane_count; ++lane) {
          const auto entries = seen.lanes[lane].entries();
          queue.lanes[lane].assign(entries.begin(), entries.end());
        }
      }
    }
  }

  /// What was measured replaces, one by one, what was said before.
  static void learn(Outlook::Queue& queue, const Pace& stay) {
    const std::uint64_t measured = std::min(stay.count, 3 * Pace::enough);
    const std::uint64_t said = queue.is_known ? Pace::enough : measured == 0 ? 1 : 0;
    queue.stay_ms = static_cast<std::uint32_t>((stay.mean_ms * measured + queue.stay_ms * said) /
                                               std::max<std::uint64_t>(measured + said, 1));
    queue.is_known = queue.is_known || stay.count >= Pace::enough;
  }

  void see_desks() {
    const Places windows = places_of(site_.windows);
    for (const WindowRecord& record : state_.windows) {
      const auto place = windows.find(record.id.value);
      const auto free_ms = place == windows.end() ? std::nullopt : free_of(record);
      if (free_ms) {
        out_.desks.push_back({.window = static_cast<WindowIx>(place->second),
                              .free_ms = *free_ms,
                              .round = record.round,
                              .line = own_line(record)});
      }
    }
  }

  std::vector<Outlook::Own> own_line(const WindowRecord& record) const {
    std::vector<Outlook::Own> line;
    for (const Line::Entry& entry : record.line.entries()) {
      const Ticket* ticket = state_.find(entry.ticket);
      const auto queue = services_.find(state_.services[ticket->service].id.value);
      if (queue != services_.end()) {
        line.push_back({.entry = entry, .queue = queue->second, .lane = ticket->lane});
      }
    }
    return line;
  }

  /// When the window is going to call somebody; nullopt: nobody knows.
  std::optional<std::int64_t> free_of(const WindowRecord& record) const {
    const bool paused = record.state == WindowState::paused;
    if (paused && (!record.back_at || *record.back_at <= now_)) {
      return std::nullopt;
    }
    const std::int64_t from_ms = paused ? record.back_at->utc_ms : now_.utc_ms;
    switch (paused ? record.before_pause : record.state) {
      case WindowState::idle:
        return std::max(from_ms, record.idle_ms + out_.gap_ms);
      case WindowState::called:
      case WindowState::serving:
        return busy_until(record, from_ms);
      default:
        return std::nullopt;
    }
  }

  std::optional<std::int64_t> busy_until(const WindowRecord& record, std::int64_t from_ms) const {
    const Ticket* ticket = state_.find(record.ticket);
    const ServiceIx service = ticket == nullptr ? record.walk_in : ticket->service;
    const std::int64_t since_ms = ticket == nullptr ? record.walk_in_ms : record.came_ms;
    const auto place = service < state_.services.size() ? services_.find(state_.services[service].id.value)
                                                        : services_.end();
    const std::int64_t stay_ms = place == services_.end() ? guess_ms : out_.queues[place->second].stay_ms;
    const std::int64_t gone_ms = std::max<std::int64_t>(now_.utc_ms - since_ms, 0);
    // Nobody takes that long: the clerk left without a word.
    if (gone_ms > 6 * stay_ms + look_back_ms) {
      return std::nullopt;
    }
    // Who has stayed for long will stay for a while yet.
    return from_ms + std::max(stay_ms - gone_ms, stay_ms / 3) + out_.gap_ms;
  }

  void expect_bookings() {
    const std::int64_t late_ms = std::int64_t{site_.rules.check_in_late_s} * 1000;
    for (const Appointment& booked : state_.appointments) {
      const auto place = services_.find(booked.service.value);
      const std::int64_t minute = std::int64_t{booked.date.days} * 24 * 60 + booked.minute - now_.offset_min;
      const std::int64_t at_ms = minute * 60'000;
      const bool comes = !booked.used && booked.date == state_.date && at_ms + late_ms >= now_.utc_ms &&
                         at_ms <= now_.utc_ms + look_ahead_ms;
      if (comes && place != services_.end()) {
        out_.arrivals.push_back(
            {.at_ms = std::max(at_ms, now_.utc_ms), .queue = place->second, .lane = Lane::appointment});
      }
    }
  }

  /// Those of the last half hour will be followed by as many again; also of a day that is younger than that,
  /// because one who came in its first minute does not mean one every minute.
  void expect_by_rate() {
    std::vector<std::array<std::int64_t, lane_count>> came(state_.services.size());
    for (auto it = state_.tickets.rbegin(); it != state_.tickets.rend(); ++it) {
      if (it->issued_ms < now_.utc_ms - look_back_ms) {
        break;
      }
      if (it->service < came.size()) {
        ++came[it->service][static_cast<std::size_t>(it->lane)];
      }
    }
    for (std::size_t i = 0; i < came.size(); ++i) {
      const auto place = services_.find(state_.services[i].id.value);
      for (std::size_t lane = 0; place != services_.end() && lane < lane_count; ++lane) {
        expect(place->second, static_cast<Lane>(lane), came[i][lane]);
      }
    }
  }

  void expect(std::size_t queue, Lane lane, std::int64_t count) {
    if (count == 0 || !can_overtake(site_.services[queue], lane)) {
      return;
    }
    for (std::int64_t i = 0; (2 * i + 1) * look_back_ms / (2 * count) <= look_ahead_ms; ++i) {
      out_.arrivals.push_back(
          {.at_ms = now_.utc_ms + (2 * i + 1) * look_back_ms / (2 * count), .queue = queue, .lane = lane});
    }
  }

  /// May somebody who comes later go before others? Who booked is expected by the slot.
  bool can_overtake(const Service& service, Lane lane) const {
    const auto& order = site_.lanes.order;
    const auto behind = std::find(order.begin(), order.end(), Lane::ordinary);
    const bool preferred = std::find(order.begin(), behind, lane) != behind && lane != Lane::appointment;
    return preferred || (site_.lanes.complaint_exempt && service.kind == ServiceKind::complaint) ||
           (lane != Lane::appointment && !site_.profiles.empty());
  }

  const Site& site_;
  const State& state_;
  Instant now_;
  Places services_;
  Outlook out_;
};

}  // namespace

Outlook look(const Site& site, const State& state, Instant now) {
  return Looking(site, state, now).look();
}

}  // namespace lobby::hall
