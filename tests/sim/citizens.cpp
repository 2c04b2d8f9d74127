#include "tests/sim/citizens.hpp"

#include <fmt/format.h>

namespace lobby::sim {
namespace {

/// A hall knows its agents: few, each for many people.
constexpr std::uint64_t agents = 8;
/// Who may grant the green channel: the chief representative of the windows.
constexpr const char* chief = "sim-chief";

}  // namespace

Citizens::Citizens(const Site& site, std::uint64_t seed)
    : popularity_(site), agent_limit_(site.rules.agent_limit), random_(seed) {
  for (const Counter& service : site.services) {
    services_.emplace(service.id, service);
  }
}

Visit Citizens::visit_for(const std::string& service) {
  Visit visit;
  visit.service = service;
  visit.patience_min = draw_patience(random_);
  const auto found = services_.find(service);
  if (found != services_.end()) {
    visit.package = found->second.package;
    if (found->second.one_per_person) {
      visit.applicant_id = fmt::format("SIM-CITIZEN-{:06}", ++people_);
      visit.twice = happens(share::asks_twice, random_);
    }
  }
  return visit;
}

void Citizens::send_agent(const HallSight& hall, Arrived& out) {
  const std::string who = fmt::format("SIM-AGENT-{:02}", random_() % agents + 1);
  // One more than the house allows now and then: the desk refuses it.
  const auto most = static_cast<std::uint64_t>(agent_limit_ > 0 ? agent_limit_ : 1);
  const std::uint64_t papers = 2 + random_() % most;
  for (std::uint64_t i = 0; i < papers; ++i) {
    Visit visit = visit_for(popularity_.pick(hall, random_));
    visit.lane = "agent";
    visit.applicant_id = who;
    visit.at_desk = true;
    visit.twice = false;
    out.visits.push_back(std::move(visit));
  }
}

void Citizens::come(const HallSight& hall, Arrived& out) {
  const std::string_view lane = draw_lane(random_);
  if (lane == "agent") {
    send_agent(hall, out);
    return;
  }
  Visit visit = visit_for(popularity_.pick(hall, random_));
  const ServiceSight* const service = hall.service(visit.service);
  const int windows = hall.windows_for(visit.service);
  if (service != nullptr && windows > 0 && balks(static_cast<double>(service->waiting) / windows, random_)) {
    ++out.balked;
    return;
  }
  visit.lane = lane;
  if (lane == "green") {
    visit.at_desk = true;
    visit.green_type = std::uniform_int_distribution<int>(1, 5)(random_);
    visit.granted_by = chief;
  }
  out.visits.push_back(std::move(visit));
}

Citizens::Arrived Citizens::arrive(const HallSight& hall, DayTime at, double minutes) {
  Arrived out;
  const int people = arrivals(at, minutes, Popularity::choices(hall), random_);
  for (int i = 0; i < people; ++i) {
    come(hall, out);
  }
  return out;
}

}  // namespace lobby::sim
