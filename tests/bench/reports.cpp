#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>

#include "daemon/journal/ledger.hpp"
#include "tests/bench/benches.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/raw_client.hpp"
#include "tests/support/daemon.hpp"

namespace lobby::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int days = 250;
constexpr int hall_windows = 60;
constexpr int hall_services = 24;
constexpr std::array by{"window", "service", "hour", "clerk"};

/// Writes a year into a journal: per ticket its issue, how it ended, and of two in five a rating.
class Year {
 public:
  explicit Year(const std::string& state) : ledger_(state + "/journal.db", nullptr) {
    if (const auto refusal = ledger_.open()) {
      throw std::runtime_error(*refusal);
    }
  }
  void day(hall::Date date, int tickets) {
    const auto first_ms = (std::int64_t{date.days} * 1440 + 9 * 60 - 480) * 60'000;
    add(first_ms, hall::DayOpened{.date = date, .next_ticket = {ticket_ + 1}});
    for (int i = 0; i < tickets; ++i) {
      visit(first_ms + std::int64_t{i} * 8 * 3'600'000 / tickets);
    }
    journal::Batch batch = std::exchange(batch_, {});
    if (!ledger_.store({&batch})) {
      throw std::runtime_error(ledger_.fault());
    }
  }
  std::uint64_t events() const { return seq_; }
  std::uint64_t tickets() const { return ticket_; }

 private:
  void add(std::int64_t at_ms, hall::Body body) {
    batch_.events.push_back(journal::to_line({++seq_, {at_ms, 480}, "past", std::move(body)}));
  }
  void visit(std::int64_t at_ms) {
    const auto window = random_() % hall_windows;
    hall::AboutTicketAtWindow about;
    about.ticket = {++ticket_};
    about.number = fmt::format("A{:04}", ticket_ % 10'000);
    about.service = {fmt::format("s{}", 1 + random_() % hall_services)};
    about.window = {fmt::format("w{}", 1 + window)};
    const hall::ClerkId clerk{fmt::format("clerk-{}", 1 + window)};
    hall::TicketIssued issued;
    static_cast<hall::AboutTicket&>(issued) = about;
    issued.prefix = "A";
    issued.n = static_cast<std::uint32_t>(ticket_ % 10'000);
    add(at_ms, issued);
    const auto waited = static_cast<std::uint32_t>(waits_(random_));
    if (random_() % 14 == 0) {
      add(at_ms, hall::TicketNoShow{about, "", clerk, waited});
      return;
    }
    hall::ServiceFinished finished;
    static_cast<hall::AboutTicketAtWindow&>(finished) = about;
    finished.clerk = clerk;
    finished.waited_s = waited;
    finished.served_s = static_cast<std::uint32_t>(served_(random_));
    add(at_ms, finished);
    if (random_() % 5 < 2) {
      add(at_ms,
          hall::ServiceRated{about, static_cast<hall::Score>(random_() % 5), hall::RatedVia::keypad, clerk});
    }
  }

  std::mt19937_64 random_{2026};
  std::exponential_distribution<> waits_{1.0 / 900};
  std::gamma_distribution<> served_{2.0, 200.0};
  journal::Ledger ledger_;
  journal::Batch batch_;
  std::uint64_t seq_ = 0, ticket_ = 0;
};

std::string year_by(const char* what) {
  return fmt::format("/statistics?from=2025-03-16&to=2026-03-16&by={}", what);
}

/// From the first question, with no reports.db, to the first answer.
double rebuild_s(RawClient& supervisor) {
  const auto begin = Clock::now();
  while (supervisor.get(year_by("window")) != 200) {
    if (supervisor.body().find("counted anew") == std::string::npos) {
      throw std::runtime_error("no report: " + supervisor.body());
    }
  }
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

void time_reports(RawClient& supervisor) {
  for (const auto* what : by) {
    Figures figures;
    for (int i = 0; i < 7; ++i) {
      const auto begin = Clock::now();
      if (supervisor.get(year_by(what)) != 200) {
        throw std::runtime_error("no report: " + supervisor.body());
      }
      figures.add(Clock::now() - begin);
    }
    fmt::print("a year by {:<12} p50 {:.0f} ms, max {:.0f} ms (aim < 1000 ms)\n", what,
               figures.percentile(50), figures.percentile(100));
  }
}

/// Runs the work while one year after the other is asked for; returns how many came.
template <class Work>
int beside_reports(RawClient& supervisor, Work work) {
  std::atomic<bool> enough{false};
  int came = 0;
  std::thread asker([&] {
    for (; !enough; ++came) {
      supervisor.get(year_by(by[static_cast<std::size_t>(came) % by.size()]));
    }
  });
  work();
  enough = true;
  asker.join();
  return came;
}

void call(RawClient& clerk, int calls, Figures& figures) {
  for (int i = 0; i < calls; ++i) {
    const auto window = fmt::format("/windows/w{}", 1 + i % hall_windows);
    clerk.post("/tickets", fmt::format(R"({{"service":"s{}"}})", 1 + i % 8));
    const auto begin = Clock::now();
    if (clerk.post(window + "/call-next", "{}") != 200) {
      throw std::runtime_error("a call was refused: " + clerk.body());
    }
    figures.add(Clock::now() - begin);
    clerk.post(window + "/finish", "{}");
  }
}

}  // namespace

void reports(int tickets, int calls) {
  const tests::TemporaryFolder folder;
  const auto state = folder.path() + "/state";
  tests::write_file(folder.path() + "/site.toml", tests::bare_site(8, hall_windows));
  tests::make_accounts(state);
  std::uint64_t events = 0;
  {
    Year year(state);
    const auto last = hall::parse_date("2026-03-15").value();
    for (int day = 0; day < days; ++day) {
      year.day({last.days - 365 + day * 364 / days}, tickets / days);
    }
    year.day(last, 0);
    events = year.events();
  }
  tests::Daemon daemon(folder.path() + "/site.toml", state, "2026-03-16T09:00:00+08:00");
  RawClient supervisor(daemon.address(), tests::token_of(state, "supervisor"));
  const auto seconds = rebuild_s(supervisor);
  fmt::print("reports from nothing   {} events of {} tickets in {:.1f} s\n", events, tickets, seconds);
  time_reports(supervisor);
  RawClient clerk(daemon.address(), tests::token_of(state, "admin"));
  for (int window = 1; window <= hall_windows; ++window) {
    clerk.post(fmt::format("/windows/w{}/open", window), R"({"clerk":"c"})");
  }
  Figures quiet, busy;
  int came = 0;
  constexpr int slice = 100;  // by turns, and short ones: a shared machine drifts
  for (int done = 0; done < calls; done += 2 * slice) {
    call(clerk, slice, quiet);
    came += beside_reports(supervisor, [&] { call(clerk, slice, busy); });
  }
  fmt::print(
      "call-next              p50 {:.3f} ms  p99 {:.3f} ms; with {} years' reports p50 {:.3f} ms  p99 {:.3f} "
      "ms = {:.2f} x (aim < 1.10)  memory {:.1f} MB\n",
      quiet.percentile(50), quiet.percentile(99), came, busy.percentile(50), busy.percentile(99),
      busy.percentile(99) / quiet.percentile(99), resident_mb(daemon.process().pid()));
}

}  // namespace lobby::bench
