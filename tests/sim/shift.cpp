#include "tests/sim/shift.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace lobby::sim {
namespace {

using What = CrowdCounts::What;

constexpr double opening = 8.5 * 60;
constexpr double closing_minute = 17.5 * 60;
/// Who stands in the hall when we begin came within so many minutes.
constexpr double already_there = 4;
/// Of those who went for an errand and may go on at any window: who takes another one.
constexpr double takes_another_window = 0.3;
/// Of those who come back with what was missing: who asks at the desk and keeps the old ticket.
constexpr double keeps_the_ticket = 0.3;

}  // namespace

Shift::Shift(const Site& site, std::vector<std::shared_ptr<Unit>> units, const WallClock& clock,
             CrowdCounts& counts, Settings settings)
    : site_(site),
      units_(std::move(units)),
      clock_(clock),
      counts_(counts),
      settings_(std::move(settings)),
      random_(settings_.seed),
      client_(settings_.server, settings_.clerk_token),
      citizens_(site, random_()),
      hotline_([this](const std::string& path) { return client_.get(path); },
               [this](const std::string& path, const auto& body) { return client_.post(path, body); }, counts,
               settings_.speed, random_()) {
  const std::tm now = local_time(clock_.now());
  minute_ = now.tm_hour * 60 + now.tm_min;
  weekday_ = now.tm_wday;
  equip();
}

void Shift::equip() {
  for (const Counter& service : site_.services) {
    zones_[service.id] = service.zone;
  }
  const auto stamp = std::chrono::system_clock::now().time_since_epoch().count();
  const auto line = [&](const std::string& kiosk, const std::string& token, bool paper) {
    const std::string keys = fmt::format("sim-{:x}-{:x}-{}", stamp, ::getpid(), kiosk);
    const auto seated = [this](std::uint64_t ticket, const Visit& visit) {
      crowd_.sit_down(ticket, Clock::now() + real_time(visit.patience_min, settings_.speed));
    };
    return std::make_unique<KioskLine>(
        KioskLine::Place{kiosk, settings_.server, token, keys, settings_.speed, paper}, counts_, seated);
  };
  for (const Counter& kiosk : site_.kiosks) {
    kiosks_.push_back({kiosk.zone, line(kiosk.id, settings_.kiosk_token, !kiosk.printer.empty())});
  }
  desk_ = line("", settings_.clerk_token, false);
}

std::size_t Shift::in_line() const {
  std::size_t people = desk_->length();
  for (const Line& line : kiosks_) {
    people += line.people->length();
  }
  return people;
}

KioskLine& Shift::line_for(const Visit& visit) {
  if (visit.at_desk || kiosks_.empty()) {
    return *desk_;
  }
  const auto zone = zones_.find(visit.service);
  const auto is_near = [&](const Line& line) { return zone != zones_.end() && line.zone == zone->second; };
  const bool any_near = std::any_of(kiosks_.begin(), kiosks_.end(), is_near);
  // People take the shortest line they see.
  KioskLine* best = nullptr;
  for (const Line& line : kiosks_) {
    if ((!any_near || is_near(line)) && (best == nullptr || line.people->length() < best->length())) {
      best = line.people.get();
    }
  }
  return *best;
}

void Shift::come(Visit visit) {
  counts_.add(What::arrived);
  KioskLine& line = line_for(visit);
  if (!line.join(std::move(visit))) {
    counts_.add(What::left);
  }
}

bool Shift::live(TimePoint now, Clock::duration passed) {
  const HallClient::Answer answer = client_.get("/hall");
  if (!answer.ok()) {
    return false;
  }
  hall_ = hall_sight(answer.body);
  const double minutes = std::chrono::duration<double>(passed).count() * settings_.speed / 60.0;
  const bool begins = !std::exchange(began_, true);
  if (begins) {
    hotline_.book_before(clock_.now(), now);
  }
  hotline_.ring(clock_.now(), now);
  // The daemon's day does not run at our speed: ours starts over when it is through.
  minute_ += minutes;
  if (minute_ > closing_minute || minute_ < opening) {
    minute_ = opening;
  }
  come_of_their_own(begins ? already_there : minutes);
  come_back(now);
  work(now);
  return true;
}

void Shift::come_of_their_own(double minutes) {
  Citizens::Arrived arrived = citizens_.arrive(hall_, {minute_, weekday_}, minutes);
  for (; arrived.balked > 0; --arrived.balked) {
    counts_.add(What::arrived);
    counts_.add(What::balked);
    counts_.add(What::left);
  }
  for (Visit& visit : arrived.visits) {
    come(std::move(visit));
  }
}

void Shift::come_back(TimePoint now) {
  while (auto visit = hotline_.arrived(now)) {
    come(*std::move(visit));
  }
  while (auto visit = returning_.take(now)) {
    come(*std::move(visit));
  }
  while (const auto ticket = missed_.take(now)) {
    reinstate(*ticket);
  }
}

void Shift::reinstate(std::uint64_t ticket) {
  const HallClient::Answer answer = client_.post(fmt::format("/tickets/{}/reinstate", ticket), {});
  if (answer.ok()) {
    counts_.add(What::reinstated);
  } else {
    counts_.refuse_clerk(answer.code());
  }
}

void Shift::work(TimePoint now) {
  for (const WindowSight& window : hall_.windows) {
    clerk_at(window).see(hall_, window, {now, minute_});
  }
}

Clerk& Shift::clerk_at(const WindowSight& window) {
  std::unique_ptr<Clerk>& clerk = clerks_[window.id];
  if (clerk != nullptr) {
    return *clerk;
  }
  const std::string id = window.id;
  Clerk::Desk desk;
  desk.window = id;
  desk.number = fmt::format("1{:03}", clerks_.size());
  desk.speed = settings_.speed;
  desk.recall_least = std::chrono::seconds(site_.rules.recall_least_s);
  const auto unit =
      std::find_if(units_.begin(), units_.end(), [&](const auto& each) { return each->window() == id; });
  desk.unit = unit == units_.end() ? nullptr : *unit;
  const auto known = std::find_if(site_.windows.begin(), site_.windows.end(),
                                  [&](const Counter& counter) { return counter.id == id; });
  if (known != site_.windows.end()) {
    desk.backups = known->backups;
  }
  Clerk::Ways ways;
  ways.ask = [this, id](const std::string& verb, const boost::json::object& body) {
    const HallClient::Answer answer = client_.post("/windows/" + id + "/" + verb, body);
    return answer.ok() ? std::string() : answer.code();
  };
  ways.has_left = [this](std::uint64_t ticket) { return crowd_.has_left(ticket, Clock::now()); };
  ways.leaves = [this, id](const Clerk::Leaving& who) {
    if (const WindowSight* const from = hall_.window(id)) {
      leave(*from, who);
    }
  };
  ways.wall = [this](Clock::duration in) {
    return rfc3339(clock_.now() + std::chrono::duration_cast<WallClock::Wall::duration>(in));
  };
  clerk = std::make_unique<Clerk>(std::move(desk), std::move(ways), counts_, random_());
  return *clerk;
}

void Shift::leave(const WindowSight& window, const Clerk::Leaving& who) {
  using Why = Clerk::Leaving::Why;
  const auto in = [&](double minutes) { return Clock::now() + real_time(minutes, settings_.speed); };
  if (who.why == Why::missed) {
    missed_.add(in(between(2, 30, random_)), who.ticket);
  } else if (who.why == Why::told && happens(keeps_the_ticket, random_)) {
    missed_.add(in(between(20, 120, random_)), who.ticket);
  } else if (who.why == Why::told) {
    Visit visit;
    visit.service = who.service;
    visit.notice_slip_no = who.word;
    visit.patience_min = draw_patience(random_);
    returning_.add(in(between(20, 120, random_)), std::move(visit));
  } else {
    std::string back_at = window.id;
    if (who.word == "away" && happens(takes_another_window, random_)) {
      const auto other = std::find_if(hall_.windows.begin(), hall_.windows.end(), [&](const auto& each) {
        return each.id != window.id && each.has(who.service) && clerks_.contains(each.id);
      });
      back_at = other == hall_.windows.end() ? window.id : other->id;
    }
    clerks_.at(back_at)->expect(who.ticket, in(draw_errand(who.word, random_)));
  }
}

}  // namespace lobby::sim
