// The thread that makes the reports; and a day as the hall itself decides it, told in figures.
#include <doctest/doctest.h>

#include <filesystem>
#include <memory>

#include "daemon/hall/decide.hpp"
#include "daemon/journal/reports.hpp"
#include "tests/journal/support.hpp"
#include "tests/journal/visits.hpp"

using namespace lobby;
using hall::StatisticsBy;
using journal::Commit;
using journal::Reports;
using tests::days;
using tests::text_of;
using tests::Visits;

namespace {

using Result = std::variant<std::string, hall::Refusal>;

std::unique_ptr<Reports> start(const tests::TempDir& folder, tests::Loop& loop,
                               std::chrono::milliseconds patience = std::chrono::seconds{20}) {
  Reports::Options options;
  options.directory = folder.path();
  options.post = loop.poster();
  options.patience = patience;
  return std::make_unique<Reports>(std::move(options));
}

Result ask(Reports& reports, tests::Loop& loop, const hall::StatisticsQuery& query) {
  std::optional<Result> result;
  REQUIRE(reports.ask(query, text_of, [&](Result given) { result = std::move(given); }));
  loop.run_until([&] { return result.has_value(); });
  return *result;
}

const auto week = days("2026-03-16", "2026-03-22", StatisticsBy::window);

Visits some_days() {
  Visits visits(3);
  for (std::int32_t day = 0; day < 4; ++day) {
    visits.add_day({week.from.days + day}, 60);
  }
  return visits;
}

/// The hall by its own rules, with every event in a journal.
class Hall {
 public:
  Hall() {
    journal::Options options;
    options.directory = folder.path();
    options.post = loop.poster();
    journal = journal::Journal::open(std::move(options));
    hall::Service service;
    service.id = {"social"};
    service.prefix = "A";
    service.last = 999;
    service.hours.fill({{0, 1440}});
    site.services = {service};
    site.windows = {{{"w1"}, 1, "", {}, {{"social"}}}, {{"w2"}, 2, "", {}, {{"social"}}}};
    give(hall::TurnDay{});
    give(hall::OpenWindow{{"w1"}, {"zhang"}});
  }
  std::vector<hall::Event> give(const hall::Command& command) {
    auto decision = hall::decide(state, site, command, {now, "zhang"});
    const auto* events = std::get_if<std::vector<hall::Event>>(&decision);
    REQUIRE(events != nullptr);
    journal::Batch batch;
    for (const auto& event : *events) {
      hall::apply(state, event);
      batch.events.push_back(journal::to_line(event));
    }
    REQUIRE(append_and_wait(*journal, loop, std::move(batch)) == Commit::durable);
    return *events;
  }
  void pass(std::int64_t seconds) { now.utc_ms += seconds * 1000; }
  hall::TicketId issue() {
    return hall::ticket_of(give(hall::IssueTicket{{"social"}, hall::Lane::ordinary, {}, "zh"}).front())
        .value();
  }

  tests::TempDir folder;
  tests::Loop loop;
  std::unique_ptr<journal::Journal> journal;
  hall::Site site;
  hall::State state;
  hall::Instant now = hall::parse_instant("2026-03-16T09:00:00+08:00").value();
};

}  // namespace

TEST_CASE("a hold is no service time and no waiting: from the ticket to the report") {
  Hall hall;
  const auto ticket = hall.issue();
  hall.pass(75 * 60);
  hall.give(hall::CallNext{{"w1"}, false});
  hall.pass(20);
  hall.give(hall::StartService{{"w1"}});
  hall.pass(100);
  hall.give(hall::HoldTicket{{"w1"}, hall::HoldKind::waiting});
  hall.pass(50 * 60);
  hall.give(hall::ResumeHeld{{"w1"}, ticket});
  hall.give(hall::StartService{{"w1"}});
  hall.pass(140);
  hall.give(hall::FinishService{{"w1"}, hall::Outcome::on_spot, "", ""});
  hall.give(hall::RateService{{"w1"}, hall::Score::good, hall::RatedVia::keypad});
  const auto reports = start(hall.folder, hall.loop);
  const auto text = std::get<std::string>(ask(*reports, hall.loop, week));
  CHECK(text ==
        "w1: 1 0 | 1 4500 4500 4500 4500 | 1 240 240 240 240 | 0 1 0 0 0\n"
        ": 1 0 | 1 4500 4500 4500 4500 | 1 240 240 240 240 | 0 1 0 0 0\n");
  const auto by_hour = days("2026-03-16", "2026-03-16", StatisticsBy::hour);
  CHECK(std::get<std::string>(ask(*reports, hall.loop, by_hour)).starts_with("11: 1 0 | 1 4500 "));
}

TEST_CASE("somebody without a ticket is served, rated, and has not waited; who waits still is not counted") {
  Hall hall;
  hall.issue();
  hall.give(hall::StartService{{"w1"}, hall::ServiceId{"social"}});
  hall.pass(90);
  hall.give(hall::FinishService{{"w1"}, hall::Outcome::on_spot, "", ""});
  hall.give(hall::RateService{{"w1"}, hall::Score::very_poor, hall::RatedVia::qr});
  hall.give(hall::CallNext{{"w1"}, false});
  const auto reports = start(hall.folder, hall.loop);
  const auto by_clerk = days("2026-03-16", "2026-03-16", StatisticsBy::clerk);
  const auto text = std::get<std::string>(ask(*reports, hall.loop, by_clerk));
  CHECK(text.starts_with("zhang: 1 0 | 0 0 0 0 0 | 1 90 90 90 90 | 0 0 0 0 1\n"));
}

TEST_CASE("who comes back after a no-show is none, also when that was reported before") {
  Hall hall;
  const auto reports = start(hall.folder, hall.loop);
  const auto first = hall.issue(), second = hall.issue();
  for (int i = 0; i < 2; ++i) {
    hall.give(hall::CallNext{{"w1"}, false});
    hall.give(hall::MarkNoShow{{"w1"}, "no answer"});
  }
  CHECK(std::get<std::string>(ask(*reports, hall.loop, week)).starts_with("w1: 0 2 "));
  hall.give(hall::OpenWindow{{"w2"}, {"li"}});
  hall.give(hall::ReinstateTicket{first});
  hall.give(hall::CallTicket{{"w2"}, first});
  hall.give(hall::FinishService{{"w2"}, hall::Outcome::notified, "", "N-1"});
  CHECK(std::get<std::string>(ask(*reports, hall.loop, week))
            .starts_with("w1: 0 1 | 0 0 0 0 0 | 0 0 0 0 0 | 0 0 0 0 0\nw2: 1 0 "));
  // Who was told what is missing comes back: served twice, and never a no-show.
  hall.give(hall::ReinstateTicket{first});
  hall.give(hall::ReinstateTicket{second});
  CHECK(std::get<std::string>(ask(*reports, hall.loop, week)).starts_with("w2: 1 0 "));
}

TEST_CASE("an answer holds everything that was durable when it was asked for") {
  Hall hall;
  const auto reports = start(hall.folder, hall.loop);
  for (int i = 1; i <= 30; ++i) {
    hall.issue();
    hall.give(hall::CallNext{{"w1"}, false});
    hall.give(hall::FinishService{{"w1"}, hall::Outcome::on_spot, "", ""});
    REQUIRE(
        std::get<std::string>(ask(*reports, hall.loop, week)).starts_with("w1: " + std::to_string(i) + " "));
    REQUIRE(reports->counted() == hall.state.seq);
  }
}

TEST_CASE(
    "many ask at once: each is answered once, one too many is sent away, and the end waits for nobody") {
  const tests::TempDir folder;
  tests::Loop loop;
  const auto visits = some_days();
  tests::write_journal(folder.journal(), nullptr, visits.events());
  const auto wanted = text_of(tests::recount(visits.events(), week));
  auto reports = start(folder, loop);
  std::size_t asked = 0, answered = 0;
  for (int i = 0; i < 500; ++i) {
    asked += reports->ask(week, text_of,
                          [&](const Result& result) {
                            ++answered;
                            CHECK(std::get<std::string>(result) == wanted);
                          })
                 ? 1U
                 : 0U;
  }
  CHECK(asked >= 64);
  CHECK(asked < 500);
  loop.run_until([&] { return answered == asked; });
  CHECK(reports->ask(week, text_of, [&](const Result&) { ++answered; }));
  reports.reset();
  loop.run_posted();
  CHECK(answered == asked + 1);
}

TEST_CASE("who has no time for a long count is told so, and it goes on without anybody asking") {
  const tests::TempDir folder;
  tests::Loop loop;
  const auto visits = some_days();
  tests::write_journal(folder.journal(), nullptr, visits.events());
  const auto reports = start(folder, loop, std::chrono::milliseconds{0});
  const auto refused = ask(*reports, loop, week);
  REQUIRE(std::holds_alternative<hall::Refusal>(refused));
  CHECK(std::get<hall::Refusal>(refused).code == hall::Refused::storage_failed);
  CHECK(std::get<hall::Refusal>(refused).detail.find("counted anew") != std::string::npos);
  Result later = refused;
  while (std::holds_alternative<hall::Refusal>(later)) {
    later = ask(*reports, loop, week);
  }
  CHECK(std::get<std::string>(later) == text_of(tests::recount(visits.events(), week)));
}

TEST_CASE("the journal is written as ever when reports.db cannot be") {
  Hall hall;
  std::filesystem::create_directory(hall.folder.path() + "/reports.db");
  const auto reports = start(hall.folder, hall.loop);
  for (int i = 0; i < 5; ++i) {
    hall.issue();
    const auto result = ask(*reports, hall.loop, week);
    REQUIRE(std::holds_alternative<hall::Refusal>(result));
    CHECK(std::get<hall::Refusal>(result).code == hall::Refused::storage_failed);
  }
  std::filesystem::remove(hall.folder.path() + "/reports.db");
  CHECK(std::holds_alternative<std::string>(ask(*reports, hall.loop, week)));
}
