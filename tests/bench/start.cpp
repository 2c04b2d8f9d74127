#include <fmt/format.h>

#include <stdexcept>

#include "daemon/hall/decide.hpp"
#include "tests/bench/benches.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/past_journal.hpp"
#include "tests/bench/raw_client.hpp"
#include "tests/fakes/memory_desk.hpp"
#include "tests/support/daemon.hpp"

namespace lobby::bench {

namespace {

using Clock = std::chrono::steady_clock;

/// Whole days of a busy hall before today, by the hall's own rules.
class Past {
 public:
  explicit Past(const std::string& state) : journal_(state) {
    site_.services[0].last = 99'999;
    site_.kiosks[0].printer = {};
  }
  void day(const std::string& opens, int tickets) {
    now_ = *hall::parse_instant(opens);
    give(hall::TurnDay{});
    give(hall::OpenWindow{{"w1"}, {"c1"}});
    for (int i = 0; i < tickets; ++i) {
      now_.utc_ms += 1000;
      give(hall::IssueTicket{{"s1"}, hall::Lane::ordinary, std::nullopt, ""});
      give(hall::CallNext{{"w1"}, false});
      give(hall::StartService{{"w1"}});
      give(hall::FinishService{{"w1"}, hall::Outcome::on_spot, "", ""});
    }
    journal_.flush(state_);
  }
  std::uint64_t events() const { return state_.seq; }

 private:
  void give(const hall::Command& command) {
    auto decision = hall::decide(state_, site_, command, {now_, "past"});
    if (const auto* refusal = std::get_if<hall::Refusal>(&decision)) {
      throw std::runtime_error("the past was refused: " + refusal->detail);
    }
    for (const auto& event : std::get<std::vector<hall::Event>>(decision)) {
      hall::apply(state_, event);
      journal_.add(event, state_);
    }
  }

  PastJournal journal_;
  hall::Site site_ = fakes::small_site();
  hall::State state_;
  hall::Instant now_;
};

double ready_ms(const std::string& site_file, const std::string& state, double* memory) {
  Figures figures;
  for (int i = 0; i < 7; ++i) {
    const auto begin = Clock::now();
    tests::Daemon daemon(site_file, state, "2026-03-16T17:00:00+08:00");
    figures.add(Clock::now() - begin);
    if (memory != nullptr) {
      auto hall = RawClient(daemon.address(), tests::token_of(state, "kiosk"));
      hall.get("/hall");
      *memory = resident_mb(daemon.process().pid());
    }
  }
  return figures.percentile(50);
}

}  // namespace

void start(const std::string& site_file, long older_events) {
  const tests::TemporaryFolder folder;
  const auto empty = folder.path() + "/empty";
  const auto full = folder.path() + "/full";
  tests::make_accounts(empty);
  tests::make_accounts(full);
  std::uint64_t events = 0;
  {
    Past past(full);
    for (int day = 1; static_cast<long>(past.events()) < older_events; ++day) {
      past.day(
          fmt::format("{}-{:02}-{:02}T08:00:00+08:00", 2020 + day / 336, 1 + day / 28 % 12, 1 + day % 28),
          20'000);
    }
    past.day("2026-03-16T08:00:00+08:00", 20'000);
    events = past.events();
  }
  double empty_mb = 0;
  double full_mb = 0;
  const double nothing = ready_ms(site_file, empty, &empty_mb);
  const double much = ready_ms(site_file, full, &full_mb);
  fmt::print(
      "start to ready         empty {:.1f} ms, with {} events, 20,000 tickets of them today: {:.1f} ms = "
      "{:.2f} x "
      "(aim < 50 ms, same)\n",
      nothing, events, much, much / nothing);
  fmt::print("memory at ready        empty {:.1f} MB, with 20,000 tickets today {:.1f} MB (aim < 15 MB)\n",
             empty_mb, full_mb);
}

}  // namespace lobby::bench
