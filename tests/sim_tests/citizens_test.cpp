#include "tests/sim/citizens.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <set>

using namespace lobby::sim;

namespace {

/// Windows per service fall from s1 to s4; s5 has none, as a package.
Site town() {
  return parse_site(R"(service = [{id = "s1"}, {id = "s2"}, {id = "s3", one_per_person = true}, {id = "s4"},
  {id = "s5", steps = ["s1", "s2"]}, {id = "theirs", kind = "tenant"}]
window = [{id = "w1", services = ["s1", "s2", "s3", "s4"]}, {id = "w2", services = ["s1", "s2", "s3"]},
  {id = "w3", services = ["s1", "s2"]}, {id = "w4", services = ["s1"]}]
[rules]
agent_limit = 3)",
                    "town");
}

HallSight open_hall() {
  HallSight hall;
  for (const char* id : {"s1", "s2", "s3", "s4", "s5"}) {
    hall.services.push_back({id, "ordinary", true, 0});
  }
  hall.services.push_back({"theirs", "tenant", true, 0});
  hall.services.push_back({"shut", "ordinary", false, 0});
  hall.windows.resize(1);
  hall.windows[0].state = "idle";
  hall.windows[0].services = {"s1", "s2", "s3", "s4"};
  return hall;
}

std::vector<Visit> of_a_month(std::uint64_t seed, const HallSight& hall, int* balked = nullptr) {
  Citizens citizens(town(), seed);
  std::vector<Visit> all;
  for (int day = 0; day < 30; ++day) {
    for (double minute = 510; minute < 1050; ++minute) {
      auto arrived = citizens.arrive(hall, {minute, 3}, 1);
      all.insert(all.end(), arrived.visits.begin(), arrived.visits.end());
      if (balked != nullptr) {
        *balked += arrived.balked;
      }
    }
  }
  return all;
}

}  // namespace

TEST_CASE("what people come for is by Zipf's law, and the ranks stay whatever is open") {
  std::map<std::string, int> asked;
  const auto visits = of_a_month(1, open_hall());
  for (const Visit& visit : visits) {
    ++asked[visit.service];
  }
  const auto all = static_cast<double>(visits.size());
  // Of ranks 1 to 5 each has 1/rank parts; the site's sixth is a tenant's.
  const double parts = 1 + 1 / 2.0 + 1 / 3.0 + 1 / 4.0 + 1 / 5.0;
  int rank = 0;
  for (const char* id : {"s1", "s2", "s3", "s4", "s5"}) {
    const double share = 1 / (parts * ++rank);
    const double sigma = std::sqrt(all * share * (1 - share));
    CHECK_MESSAGE(std::abs(asked[id] - all * share) < 4.5 * sigma, id, " ", asked[id], " of ", all);
  }
  CHECK(asked.size() == 5);  // neither the tenant's nor what is shut
  const Popularity popularity(town());
  CHECK(popularity.weight("s1") / popularity.weight("s4") == doctest::Approx(4));
  HallSight few = open_hall();
  few.services[0].open = few.services[1].open = false;
  Random random(2);
  std::map<std::string, int> left;
  for (int i = 0; i < 100'000; ++i) {
    ++left[popularity.pick(few, random)];
  }
  CHECK(left.size() == 3);
  CHECK(static_cast<double>(left["s3"]) / left["s5"] == doctest::Approx(5.0 / 3).epsilon(0.05));
}

TEST_CASE("the same seed brings the same people, another seed others") {
  const auto a = of_a_month(1, open_hall()), b = of_a_month(1, open_hall()), c = of_a_month(2, open_hall());
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    REQUIRE(a[i].service == b[i].service);
    REQUIRE(a[i].lane == b[i].lane);
    REQUIRE(a[i].applicant_id == b[i].applicant_id);
    REQUIRE(a[i].patience_min == b[i].patience_min);
  }
  CHECK(c.size() != a.size());
}

TEST_CASE("green and agents go to the desk with what the hall asks of them; nobody else says who they are") {
  std::map<std::string, int> papers;  // of each agent
  int green = 0, named = 0, twice = 0, at_once = 0, most_at_once = 0;
  std::string last;
  for (const Visit& visit : of_a_month(3, open_hall())) {
    const bool by_agent = visit.lane == "agent";
    at_once = by_agent && visit.applicant_id == last ? at_once + 1 : 1;
    most_at_once = by_agent ? std::max(most_at_once, at_once) : most_at_once;
    last = by_agent ? visit.applicant_id : "";
    REQUIRE(visit.at_desk == (by_agent || visit.lane == "green"));
    REQUIRE((visit.lane == "green") == (visit.green_type >= 1 && visit.green_type <= 5));
    REQUIRE((visit.lane == "green") == !visit.granted_by.empty());
    REQUIRE(visit.applicant_id.empty() != (by_agent || visit.service == "s3"));
    REQUIRE((visit.applicant_id.empty() || visit.applicant_id.starts_with("SIM-")));
    REQUIRE(visit.package == (visit.service == "s5"));
    REQUIRE((!visit.twice || visit.service == "s3"));
    green += visit.lane == "green" ? 1 : 0;
    papers[visit.applicant_id] += by_agent ? 1 : 0;
    named += visit.service == "s3" && !by_agent ? 1 : 0;
    twice += visit.twice ? 1 : 0;
  }
  CHECK(green > 0);
  CHECK(most_at_once > 3);  // more than this hall allows, so that it can refuse
  CHECK(papers["SIM-AGENT-01"] > 2);
  const double sigma = std::sqrt(named * 0.15 * 0.85);
  CHECK(std::abs(twice - named * 0.15) < 4.5 * sigma);
}

TEST_CASE("where many wait some turn round, and only there") {
  HallSight hall = open_hall();
  int balked = 0;
  of_a_month(4, hall, &balked);
  CHECK(balked == 0);
  hall.services[0].waiting = 30;
  const auto visits = of_a_month(4, hall, &balked);
  CHECK(balked > 0);
  std::set<std::string> served;
  for (const Visit& visit : visits) {
    served.insert(visit.service);
  }
  CHECK(served.contains("s1"));  // not all of them
}

TEST_CASE("a hall where nothing is open has no visitors") {
  HallSight hall = open_hall();
  for (ServiceSight& service : hall.services) {
    service.open = false;
  }
  CHECK(of_a_month(5, hall).empty());
}
