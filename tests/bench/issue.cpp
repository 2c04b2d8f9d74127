#include <fmt/format.h>

#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/bench/benches.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/raw_client.hpp"
#include "tests/support/daemon.hpp"

namespace lobby::bench {

namespace {

using tests::Daemon;
using Clock = std::chrono::steady_clock;

Figures take_tickets(const Daemon& daemon, const std::string& token, int client, int count) {
  RawClient api(daemon.address(), token);
  Figures figures;
  for (int i = 0; i < count; ++i) {
    const auto body = fmt::format(R"({{"service":"s{}","kiosk":"k1"}})", 1 + (client + i) % 8);
    const auto begin = Clock::now();
    if (api.post("/tickets", body) != 201) {
      throw std::runtime_error("a ticket was refused: " + api.body());
    }
    figures.add(Clock::now() - begin);
  }
  return figures;
}

}  // namespace

void issue(int tickets) {
  const tests::TemporaryFolder folder;
  tests::write_file(folder.path() + "/site.toml", tests::bare_site(8, 4));
  const auto state = folder.path() + "/state";
  tests::make_accounts(state);
  Daemon daemon(folder.path() + "/site.toml", state, "2026-03-16T09:00:00+08:00");
  const auto token = tests::token_of(state, "kiosk");

  // The floor before and after, because a shared machine's disk drifts.
  auto floor = bare_inserts(folder.path(), tickets / 2);
  take_tickets(daemon, token, 0, 200);
  const auto one = take_tickets(daemon, token, 0, tickets);
  const auto begin = Clock::now();
  std::vector<Figures> of_client(8);
  std::vector<std::thread> threads;
  for (int client = 0; client < 8; ++client) {
    threads.emplace_back([&, client] {
      of_client[static_cast<std::size_t>(client)] = take_tickets(daemon, token, client, tickets / 4);
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  Figures eight;
  for (const auto& figures : of_client) {
    eight.add(figures);
  }
  const tests::TemporaryFolder again;
  floor.add(bare_inserts(again.path(), tickets / 2));
  const double floor_rate = 1000.0 / floor.percentile(50);
  const double rate = static_cast<double>(eight.count()) / seconds;
  fmt::print("bare SQLite insert     p50 {:.3f} ms  p99 {:.3f} ms  ({:.0f}/s)\n", floor.percentile(50),
             floor.percentile(99), floor_rate);
  fmt::print(
      "issue, 1 client        p50 {:.3f} ms  p99 {:.3f} ms  = {:.2f} x the floor's p50 (aim <= 2; p99 < 1 "
      "ms)\n",
      one.percentile(50), one.percentile(99), one.percentile(50) / floor.percentile(50));
  fmt::print(
      "issue, 8 clients       {:.0f}/s  p50 {:.3f} ms  p99 {:.3f} ms  = {:.2f} x the floor's rate (aim >= 3; "
      "p99 "
      "< 5 ms)\n",
      rate, eight.percentile(50), eight.percentile(99), rate / floor_rate);
}

}  // namespace lobby::bench
