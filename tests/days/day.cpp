#include "tests/days/day.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace lobby::hall::days {

namespace {

constexpr std::int64_t second_ms = 1000;
/// Two peaks and a lunch between them: weight of each half hour from 08:30.
constexpr std::array<double, 17> profile{0.6, 1.0, 1.4, 1.6, 1.5, 1.1, 0.7, 0.3, 0.3,
                                         0.5, 1.0, 1.4, 1.6, 1.4, 1.0, 0.7, 0.4};
constexpr double first_minute = 8.5 * 60;

}  // namespace

Day::Day(const Site& site, State& state, const Plan& plan, std::uint64_t seed)
    : site_(site), state_(state), plan_(plan), random_(seed) {
  learn_services();
}

void Day::run(Date date) {
  date_ = date;
  now_ = {.utc_ms = 0, .offset_min = 8 * 60};
  now_.utc_ms = minute_ms(8 * 60);
  ask(TurnDay{});
  book();
  draw_arrivals();
  draw_shifts();
  while (!due_.empty()) {
    const Due due = due_.top();
    due_.pop();
    now_.utc_ms = std::max(now_.utc_ms, due.at_ms);
    switch (due.act) {
      case Act::arrive:
        arrive(due.at_ms);
        break;
      case Act::check_in:
        check_in(due.index);
        break;
      case Act::come_back:
        come_back(due.index);
        break;
      case Act::clerk:
        work(due.index);
        break;
    }
  }
  now_.utc_ms = std::max(now_.utc_ms, minute_ms(23 * 60));
  ask(ExpireDay{});
}

bool Day::ask(const Command& command, std::string* code) {
  ++commands_;
  const Decision decision = decide(state_, site_, command, {.now = now_, .by = "day"});
  if (const auto* refusal = std::get_if<Refusal>(&decision)) {
    const std::string name{to_text(refusal->code)};
    ++refusals_[name];
    if (code != nullptr) {
      *code = name;
    }
    return false;
  }
  for (const Event& event : std::get<std::vector<Event>>(decision)) {
    apply(state_, event);
    if (see_) {
      see_(event);
    }
  }
  return true;
}

void Day::put(std::int64_t at_ms, Act act, std::size_t index) {
  due_.push({.at_ms = at_ms, .order = order_++, .act = act, .index = index});
}

bool Day::chance(double share) {
  return between(0, 1) < share;
}

double Day::between(double low, double high) {
  return low + (high - low) * static_cast<double>(random_() >> 11U) * 0x1.0p-53;
}

double Day::lognormal(double mean, double cv) {
  const double variance = std::log(1 + cv * cv);
  const double normal =
      std::sqrt(-2 * std::log(1 - between(0, 1))) * std::cos(6.283185307179586 * between(0, 1));
  return mean * std::exp(std::sqrt(variance) * normal - variance / 2);
}

std::int64_t Day::minute_ms(double minute) const {
  const auto midnight_min = std::int64_t{date_.days} * 24 * 60 - 8 * 60;
  return midnight_min * 60 * second_ms + static_cast<std::int64_t>(minute * 60'000);
}

/// What a service takes, and how many come for it: as many as its windows can serve, more or less. Of the
/// hall, not of the day.
void Day::learn_services() {
  std::mt19937_64 random(site_.services.size());
  const auto drawn = [&](double low, double high) {
    return low + (high - low) * static_cast<double>(random() >> 11U) * 0x1.0p-53;
  };
  for (std::size_t i = 0; i < site_.services.size(); ++i) {
    const Service& service = site_.services[i];
    service_place_.emplace(service.id.value, i);
    const double said = service.typical_s == 0 ? 300 : service.typical_s;
    mean_s_.push_back(said * drawn(0.6, 1.0));
    weight_.push_back(0);
  }
  for (const Window& window : site_.windows) {
    for (const ServiceId& id : window.services) {
      const std::size_t place = service_place_.at(id.value);
      if (serves(window, site_.services[place])) {
        weight_[place] += 1.0 / static_cast<double>(window.services.size()) / mean_s_[place];
      }
    }
  }
  const double all = std::accumulate(weight_.begin(), weight_.end(), 0.0);
  for (std::size_t i = 0; i < weight_.size(); ++i) {
    // Nobody prints more numbers than the service has.
    const double numbers = site_.services[i].last - site_.services[i].first + 1;
    weight_[i] =
        std::min(weight_[i] * drawn(0.7, 1.1), 0.85 * all * numbers / static_cast<double>(plan_.citizens));
    // 领证 is called by the case, not by a number from a kiosk.
    if (site_.services[i].kind == ServiceKind::collect) {
      weight_[i] = 0;
    }
  }
}

void Day::book() {
  for (const Service& service : site_.services) {
    const Slots& slots = service.slots;
    for (const Hours& hours : slots.every_min == 0 ? std::vector<Hours>{} : slots.hours) {
      for (int minute = hours.from; minute + slots.every_min <= hours.to; minute += slots.every_min) {
        for (std::uint32_t i = 0; i < slots.capacity; ++i) {
          Booking booking{.service = service.id, .code = std::to_string(100'000 + ++key_)};
          const bool wanted = chance(plan_.booked);
          if (wanted && ask(BookAppointment{.service = service.id,
                                            .date = date_,
                                            .minute = minute,
                                            .applicant = {1'000'000 + key_},
                                            .code = booking.code})) {
            put(minute_ms(minute + between(-15, 8)), Act::check_in, bookings_.size());
            bookings_.push_back(std::move(booking));
          }
        }
      }
    }
  }
}

double Day::arrival_minute() {
  for (;;) {
    const double place = between(0, static_cast<double>(profile.size()));
    if (chance(profile[static_cast<std::size_t>(place)] / 1.6)) {
      return first_minute + place * 30;
    }
  }
}

void Day::draw_arrivals() {
  const auto rush = std::min(plan_.citizens,
                             static_cast<std::size_t>(static_cast<double>(plan_.rush_s) * plan_.rush_per_s));
  for (std::size_t i = 0; i < rush; ++i) {
    put(minute_ms(9 * 60) + static_cast<std::int64_t>(between(0, static_cast<double>(plan_.rush_s)) * 1000),
        Act::arrive, 0);
  }
  for (std::size_t i = rush; i < plan_.citizens; ++i) {
    put(minute_ms(arrival_minute()), Act::arrive, 0);
  }
}

void Day::draw_shifts() {
  for (std::size_t i = 0; i < site_.windows.size(); ++i) {
    const bool for_peaks = chance(0.15);
    Shift shift;
    shift.from_ms = minute_ms(for_peaks ? between(9.25 * 60, 9.75 * 60) : between(8.75 * 60, 9 * 60));
    shift.to_ms = minute_ms(for_peaks ? 16 * 60 : 17.5 * 60);
    shift.lunch_ms = minute_ms(i % 2 == 0 ? between(11.6 * 60, 11.8 * 60) : between(12.3 * 60, 12.5 * 60));
    shift.pace = between(0.8, 1.25);
    shifts_.push_back(shift);
    put(shift.from_ms, Act::clerk, i);
  }
}

/// A service that issues tickets now, by how many come for it; none: the number of services.
std::size_t Day::open_service(std::int64_t at_ms) {
  if (at_ms / 60'000 != upto_minute_) {
    const Instant at{.utc_ms = at_ms, .offset_min = now_.offset_min};
    upto_minute_ = at_ms / 60'000;
    upto_.clear();
    for (std::size_t i = 0; i < site_.services.size(); ++i) {
      const bool open = weight_[i] > 0 && is_open(site_, site_.services[i], at);
      upto_.push_back((upto_.empty() ? 0 : upto_.back()) + (open ? weight_[i] : 0));
    }
  }
  const double drawn = between(0, upto_.back());
  return static_cast<std::size_t>(std::upper_bound(upto_.begin(), upto_.end(), drawn) - upto_.begin());
}

Lane Day::lane() {
  static constexpr std::array<std::pair<Lane, double>, 8> shares{{{Lane::elderly, 0.06},
                                                                  {Lane::pregnant, 0.01},
                                                                  {Lane::military, 0.007},
                                                                  {Lane::disabled, 0.005},
                                                                  {Lane::green, 0.003},
                                                                  {Lane::firefighter, 0.002},
                                                                  {Lane::martyr_family, 0.001},
                                                                  {Lane::agent, 0.01}}};
  double drawn = between(0, 1);
  for (const auto& [lane, share] : shares) {
    drawn -= share;
    if (drawn < 0) {
      return lane;
    }
  }
  return Lane::ordinary;
}

void Day::arrive(std::int64_t at_ms) {
  const std::size_t place = open_service(at_ms);
  if (place == site_.services.size()) {
    // Nothing is open: comes again another time of the day.
    const std::int64_t later_ms = minute_ms(arrival_minute());
    put(later_ms > at_ms ? later_ms : at_ms + 900'000, Act::arrive, 0);
    if (at_ms > minute_ms(18 * 60)) {
      due_ = {};
      throw std::logic_error("nothing opens any more");
    }
    return;
  }
  IssueTicket issue{.service = site_.services[place].id, .lane = lane(), .kiosk = {}, .language = "zh"};
  if (issue.lane == Lane::green) {
    issue.green_type = 1;
    issue.granted_by = "chief";
  }
  if (issue.lane == Lane::agent || site_.services[place].one_per_person) {
    issue.applicant = {2'000'000 + ++key_};
  }
  ask(issue);
}

void Day::check_in(std::size_t booking) {
  const Booking& one = bookings_[booking];
  IssueTicket issue{.service = one.service, .lane = Lane::appointment, .kiosk = {}, .language = "zh"};
  issue.appointment = one.code;
  ask(issue);
}

void Day::come_back(std::size_t place) {
  const Ticket* ticket = state_.find(back_[place]);
  if (ticket->state == TicketState::no_show) {
    ask(ReinstateTicket{.ticket = ticket->id});
  } else if (ticket->state == TicketState::held) {
    here_[ticket->window].push_back(ticket->id);
  }
}

void Waits::add(Lane lane, std::int64_t seconds) {
  auto& counts = counts_[static_cast<std::size_t>(lane)];
  ++counts[std::min(static_cast<std::size_t>(seconds) / step_s, counts.size() - 1)];
}

std::size_t Waits::count(Lane lane) const {
  const auto& counts = counts_[static_cast<std::size_t>(lane)];
  return std::accumulate(counts.begin(), counts.end(), std::size_t{0});
}

std::size_t Waits::percentile(Lane lane, double share) const {
  const auto& counts = counts_[static_cast<std::size_t>(lane)];
  auto left = static_cast<std::int64_t>(share * static_cast<double>(count(lane)) + 0.5);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    left -= counts[i];
    if (left <= 0) {
      return (i + 1) * step_s;
    }
  }
  return longest_s;
}

std::string Waits::table() const {
  std::string text;
  for (std::size_t i = 0; i < lane_count; ++i) {
    const Lane lane = static_cast<Lane>(i);
    if (count(lane) != 0) {
      text += std::string(to_text(lane)) + ": " + std::to_string(count(lane)) + " called, waited p50 " +
              std::to_string(percentile(lane, 0.5)) + " s, p90 " + std::to_string(percentile(lane, 0.9)) +
              " s, longest " + std::to_string(percentile(lane, 1)) + " s\n";
    }
  }
  return text;
}

}  // namespace lobby::hall::days
