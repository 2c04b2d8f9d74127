#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>

#include "daemon/app/site_file.hpp"
#include "daemon/hall/view.hpp"
#include "tests/days/day.hpp"

/// The estimate against what then happened, and against the two rules that halls use today: "people ahead ×
/// mean ÷ windows", and the one of the city offices of Berlin and Munich (a merged list of all, one mean, a
/// pessimistic clock of one slot each and an optimistic one of 0.8 after the first heads).

using namespace lobby::hall;

namespace {

struct Means {
  double sum = 0;
  std::uint32_t count = 0;
  double mean(double otherwise) const { return count == 0 ? otherwise : sum / count; }
};

bool is_staffed(const WindowRecord& record) {
  return record.state != WindowState::closed && record.state != WindowState::paused;
}

/// What the peers know: means of served times of the day, open windows, lists.
class Peers {
 public:
  Peers(const Site& site, const State& state) : site_(site), state_(state), means_(site.services.size()) {}

  void learn(const Event& event) {
    const auto* finished = std::get_if<ServiceFinished>(&event.body);
    if (finished != nullptr && finished->served_s) {
      const auto place = static_cast<std::size_t>(site_.find(finished->service) - site_.services.data());
      for (Means* one : {&means_[place], &all_}) {
        one->sum += *finished->served_s;
        ++one->count;
      }
    }
  }

  double simple(const Ticket& ticket) const {
    const auto view = ticket_view(site_, state_, ticket);
    const Service* service = site_.find(view.service);
    const auto place = static_cast<std::size_t>(service - site_.services.data());
    const auto desks = std::count_if(
        state_.windows.begin(), state_.windows.end(),
        [&](const WindowRecord& one) { return is_staffed(one) && serves(*site_.find(one.id), *service); });
    const double said = service->typical_s == 0 ? 300 : service->typical_s;
    return view.ahead * means_[place].mean(said) / std::max<double>(1, static_cast<double>(desks));
  }

  /// Pessimistic and optimistic. The scope is every window that shares a service with those of this ticket.
  std::pair<double, double> merged(const Ticket& ticket) const {
    const ServiceId& service = state_.services[ticket.service].id;
    std::vector<const ServiceState*> scope;
    std::size_t desks = 0;
    for (const WindowRecord& one : state_.windows) {
      const Window& window = *site_.find(one.id);
      if (!serves(window, *site_.find(service))) {
        continue;
      }
      desks += is_staffed(one) ? 1 : 0;
      for (const ServiceId& also : window.services) {
        const ServiceState* queue = state_.find(also);
        if (queue != nullptr && std::find(scope.begin(), scope.end(), queue) == scope.end()) {
          scope.push_back(queue);
        }
      }
    }
    double ahead = 0;
    for (const ServiceState* queue : scope) {
      for (std::size_t lane = 0; lane < lane_count; ++lane) {
        const bool first = static_cast<Lane>(lane) == Lane::appointment && ticket.lane != Lane::appointment;
        ahead += static_cast<double>(first ? queue->lanes[lane].size()
                                           : queue->lanes[lane].before(entry_of(ticket)));
      }
    }
    const double slots = static_cast<double>(std::max<std::size_t>(desks, 1));
    const double slot = all_.mean(300) / slots;
    return {ahead * slot, std::max(ahead - slots, 0.0) * 0.8 * slot};
  }

 private:
  const Site& site_;
  const State& state_;
  std::vector<Means> means_;
  Means all_;
};

double median(std::vector<double> errors) {
  REQUIRE(!errors.empty());
  const auto middle = errors.begin() + static_cast<std::ptrdiff_t>(errors.size() / 2);
  std::nth_element(errors.begin(), middle, errors.end());
  return *middle;
}

struct Told {
  TicketId ticket;
  std::int64_t at_ms = 0;
  std::optional<double> ours;
  double simple = 0, pessimistic = 0, optimistic = 0;
};

struct Errors {
  std::vector<double> ours, simple, pessimistic, optimistic, waits;
  std::size_t asked = 0;

  void add(const Told& told, double waited_s) {
    ++asked;
    if (!told.ours) {
      return;
    }
    waits.push_back(waited_s);
    ours.push_back(std::abs(*told.ours - waited_s));
    simple.push_back(std::abs(told.simple - waited_s));
    pessimistic.push_back(std::abs(told.pessimistic - waited_s));
    optimistic.push_back(std::abs(told.optimistic - waited_s));
  }
};

/// One day: every tenth ticket is asked about when it is issued.
void replay(const Site& site, Date date, std::uint64_t seed, Errors& errors) {
  State state;
  Peers peers(site, state);
  days::Day day(site, state, {}, seed);
  std::vector<Told> open;
  day.on_event([&](const Event& event) {
    peers.learn(event);
    if (const auto* issued = std::get_if<TicketIssued>(&event.body);
        issued != nullptr && event.seq % 10 == 0) {
      const Ticket& ticket = *state.find(issued->ticket);
      const Estimates estimates = play(look(site, state, event.at));
      const auto* wait = estimates.of(ticket.id);
      const auto [pessimistic, optimistic] = peers.merged(ticket);
      open.push_back({.ticket = ticket.id,
                      .at_ms = event.at.utc_ms,
                      .ours = wait == nullptr ? std::nullopt : std::optional<double>(wait->seconds),
                      .simple = peers.simple(ticket),
                      .pessimistic = pessimistic,
                      .optimistic = optimistic});
    }
    if (const auto* called = std::get_if<TicketCalled>(&event.body)) {
      const auto told = std::find_if(open.begin(), open.end(),
                                     [&](const Told& one) { return one.ticket == called->ticket; });
      if (told != open.end()) {
        errors.add(*told, static_cast<double>(event.at.utc_ms - told->at_ms) / 1000);
        open.erase(told);
      }
    }
  });
  day.run(date);
}

}  // namespace

TEST_CASE("the wait that is told is nearer to the truth than what halls tell today") {
  const Site site = lobby::app::read_site(LOBBY_SOURCE_DIR "/config/sites/shifang.toml").hall;
  Errors errors;
  const Date first = *parse_date("2026-11-02");  // a Monday
#ifdef __SANITIZE_ADDRESS__
  const std::size_t wanted = 2;
#else
  const std::size_t wanted = 20;
#endif
  std::size_t replayed = 0;
  for (std::uint64_t seed = 1; replayed < wanted; ++seed) {
    const Date date{first.days + static_cast<std::int32_t>(seed - 1)};
    if (weekday(date) < 5) {
      replay(site, date, seed, errors);
      ++replayed;
    }
  }
  const double ours = median(errors.ours), simple = median(errors.simple);
  const double pessimistic = median(errors.pessimistic), optimistic = median(errors.optimistic);
  MESSAGE(replayed << " days, " << errors.asked << " asked, " << errors.ours.size() << " told; median wait "
                   << median(errors.waits) << " s; median error: ours " << ours
                   << " s, ahead x mean / windows " << simple << " s, merged list " << pessimistic
                   << " s (pessimistic) " << optimistic << " s (optimistic)");
  // An estimate that is seldom told is none.
  CHECK(errors.ours.size() * 100 >= errors.asked * 90);
  CHECK(ours <= 0.7 * simple);
  CHECK(ours < pessimistic);
  CHECK(ours < optimistic);
}
