#include "daemon/flows/arrivals.hpp"

#include <doctest/doctest.h>

#include "tests/fakes/memory_desk.hpp"

namespace {

using namespace lobby;

const hall::KioskId k1{"k1"}, k2{"k2"};
const hall::ApplicantKey somebody{4711}, another{815};

hall::Command ticket_at(const hall::KioskId& kiosk) {
  return hall::IssueTicket{{"s1"}, hall::Lane::ordinary, kiosk, ""};
}

struct Kiosks {
  Kiosks()
      : desk(fakes::small_site()),
        arrivals(desk, [this](const hall::KioskId& kiosk) { refused.push_back(kiosk); }) {
    desk.recorded = [this](const hall::Event& event) { arrivals.on_event(event); };
    desk.report(hall::TurnDay{}, "");
    desk.report(hall::ReportDevice{{"p1"}, hall::DeviceKind::printer, hall::DeviceState::ok, ""}, "");
    desk.drain();
  }
  hall::IssueTicket completed(hall::Command command) {
    arrivals.complete(command);
    return std::get<hall::IssueTicket>(command);
  }
  void take(const hall::KioskId& kiosk) {
    auto command = ticket_at(kiosk);
    arrivals.complete(command);
    desk.report(std::move(command), "");
    desk.drain();
  }
  fakes::MemoryDesk desk;
  std::vector<hall::KioskId> refused;
  flows::Arrivals arrivals;
};

}  // namespace

TEST_CASE("the next ticket of the kiosk is of whom the card is, and only the next, and only there") {
  Kiosks kiosks;
  kiosks.arrivals.on_person(k1, somebody, false);
  CHECK(kiosks.completed(ticket_at(k2)).applicant == hall::ApplicantKey{});
  CHECK(kiosks.completed(ticket_at(k1)).applicant == somebody);
  CHECK(kiosks.completed(ticket_at(k1)).lane == hall::Lane::ordinary);
  kiosks.take(k1);
  CHECK(kiosks.completed(ticket_at(k1)).applicant == hall::ApplicantKey{});
}

TEST_CASE("a card is forgotten after 30 s, and the later card is the one that counts") {
  Kiosks kiosks;
  kiosks.arrivals.on_person(k1, somebody, false);
  kiosks.desk.advance(20'000);
  kiosks.arrivals.on_person(k1, another, false);
  CHECK(kiosks.completed(ticket_at(k1)).applicant == another);
  kiosks.desk.advance(29'999);
  CHECK(kiosks.completed(ticket_at(k1)).applicant == another);
  kiosks.desk.advance(1);
  CHECK(kiosks.completed(ticket_at(k1)).applicant == hall::ApplicantKey{});  // also before the tick
  kiosks.arrivals.tick();
  kiosks.desk.mono -= 20'000;
  CHECK(kiosks.completed(ticket_at(k1)).applicant == hall::ApplicantKey{});  // nothing is left of it
}

TEST_CASE(
    "whom the hall refuses has ten seconds for another button, whom the printer refuses all of his time") {
  using hall::Refused;
  for (const auto why : {Refused::quota_reached, Refused::printer_unavailable, Refused::storage_failed}) {
    CAPTURE(static_cast<int>(why));
    Kiosks kiosks;
    kiosks.arrivals.on_person(k1, somebody, false);
    auto command = ticket_at(k1);
    kiosks.arrivals.complete(command)(why);
    CHECK(kiosks.completed(ticket_at(k1)).applicant == somebody);
    kiosks.desk.advance(10'000);
    const bool is_kept = kiosks.completed(ticket_at(k1)).applicant == somebody;
    CHECK(is_kept == (why != Refused::quota_reached));
  }
}

TEST_CASE("whoever said who they are, or named no kiosk, is not made somebody else") {
  Kiosks kiosks;
  kiosks.arrivals.on_person(k1, somebody, true);
  auto own = hall::IssueTicket{{"s1"}, hall::Lane::ordinary, k1, "", another};
  CHECK(kiosks.completed(own).applicant == another);
  CHECK(kiosks.completed(own).lane == hall::Lane::ordinary);
  CHECK(kiosks.completed(hall::IssueTicket{{"s1"}, hall::Lane::ordinary, std::nullopt, ""}).applicant ==
        hall::ApplicantKey{});
  hall::Command other = hall::CallNext{{"w1"}, true};
  kiosks.arrivals.complete(other);
  CHECK(std::holds_alternative<hall::CallNext>(other));
}

TEST_CASE("the elderly stand in their lane, but in no other instead of the one that was chosen") {
  Kiosks kiosks;
  kiosks.arrivals.on_person(k1, somebody, true);
  CHECK(kiosks.completed(ticket_at(k1)).lane == hall::Lane::elderly);
  auto chosen = hall::IssueTicket{{"s1"}, hall::Lane::disabled, k1, ""};
  CHECK(kiosks.completed(chosen).lane == hall::Lane::disabled);
}

TEST_CASE("a code that no booking has is nothing") {
  Kiosks kiosks;
  const auto before = kiosks.desk.events.size();
  kiosks.arrivals.on_code(k1, "12345678", "scan-1");
  kiosks.arrivals.on_code(k1, "", "scan-1");
  kiosks.desk.drain();
  CHECK(kiosks.desk.events.size() == before);
  CHECK(kiosks.refused == std::vector{k1, k1});  // it is said, at the kiosk
}
