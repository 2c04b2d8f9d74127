#include <fmt/format.h>

#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/bench/benches.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/past_journal.hpp"
#include "tests/bench/raw_client.hpp"
#include "tests/days/day.hpp"
#include "tests/support/daemon.hpp"

namespace lobby::bench {

namespace {

using Clock = std::chrono::steady_clock;

void must(RawClient& api, const std::string& path, const std::string& body, int status) {
  if (api.post(path, body) != status) {
    throw std::runtime_error(path + " was refused: " + api.body());
  }
}

/// Calls at every fourth window, from `first`; whoever is called is finished, and somebody else comes.
Figures call(const tests::Daemon& daemon, const std::string& token, int windows, int first, int calls) {
  RawClient api(daemon.address(), token);
  Figures figures;
  for (int i = 0; i < calls; ++i) {
    const auto window = fmt::format("/windows/window-{}/", (first + 4 * i) % windows);
    const auto begin = Clock::now();
    must(api, window + "call-next", "", 200);
    figures.add(Clock::now() - begin);
    must(api, window + "finish", "", 200);
    must(api, "/tickets", fmt::format(R"({{"service":"service-{}"}})", (first + i) % 60), 201);
  }
  return figures;
}

std::string site_text(const hall::Site& site) {
  std::string text = "schema = 1\nname = \"省政务服务大厅\"\n[hours.day]\n";
  for (const auto* day : {"mon", "tue", "wed", "thu", "fri"}) {
    text += fmt::format("{} = [\"08:30-17:30\"]\n", day);
  }
  text += "[[zone]]\nid = \"z\"\nname = \"大厅\"\n";
  for (const auto& service : site.services) {
    text += fmt::format(
        "[[service]]\nid = \"{}\"\nname = \"{}\"\nzone = \"z\"\nprefix = \"{}\"\nfirst = {}\nlast = "
        "{}\nhours = "
        "\"day\"\n",
        service.id.value, service.name, service.prefix, service.first, service.last);
  }
  for (const auto& window : site.windows) {
    std::string services;
    for (const auto& id : window.services) {
      services += (services.empty() ? "\"" : ", \"") + id.value + "\"";
    }
    text +=
        fmt::format("[[window]]\nid = \"{}\"\nnumber = {}\nname = \"{}\"\nzone = \"z\"\nservices = [{}]\n",
                    window.id.value, window.number, window.name, services);
  }
  return text;
}

}  // namespace

void call_next(int calls) {
  constexpr int windows = 120, services = 60, waiting = 5'000;
  const tests::TemporaryFolder folder;
  tests::write_file(folder.path() + "/site.toml", site_text(hall::days::provincial_site(windows, services)));
  const auto state = folder.path() + "/state";
  tests::make_accounts(state);
  const tests::Daemon daemon(folder.path() + "/site.toml", state, "2026-03-16T09:00:00+08:00");
  const auto token = tests::token_of(state, "clerk");
  {
    RawClient api(daemon.address(), token);
    for (int i = 0; i < windows; ++i) {
      must(api, fmt::format("/windows/window-{}/open", i), R"({"clerk":"1001"})", 200);
    }
    for (int i = 0; i < waiting; ++i) {
      const auto* lane = i % 12 == 0 ? "elderly" : "ordinary";
      must(api, "/tickets", fmt::format(R"({{"service":"service-{}","lane":"{}"}})", i % services, lane),
           201);
    }
  }
  const auto floor = bare_inserts(folder.path(), calls);
  const auto one = call(daemon, token, windows, 0, calls);
  std::vector<Figures> of_clerk(4);
  std::vector<std::thread> clerks;
  for (int clerk = 0; clerk < 4; ++clerk) {
    clerks.emplace_back([&, clerk] {
      of_clerk[static_cast<std::size_t>(clerk)] = call(daemon, token, windows, clerk, calls / 4);
    });
  }
  Figures four;
  for (std::size_t i = 0; i < clerks.size(); ++i) {
    clerks[i].join();
    four.add(of_clerk[i]);
  }
  fmt::print(
      "call-next              {} windows, {} waiting: 1 clerk p50 {:.3f} ms  p99 {:.3f} ms = {:.2f} x the "
      "floor's "
      "p99; 4 clerks p50 {:.3f} ms  p99 {:.3f} ms (aim p99 < 2 ms)\n",
      windows, waiting, one.percentile(50), one.percentile(99), one.percentile(99) / floor.percentile(99),
      four.percentile(50), four.percentile(99));
}

void province(std::size_t citizens) {
  const bool whole = citizens >= 100'000;
  const auto site = hall::days::provincial_site(whole ? 1024 : 64, whole ? 512 : 32);
  const tests::TemporaryFolder folder;
  tests::write_file(folder.path() + "/site.toml", site_text(site));
  const auto state = folder.path() + "/state";
  tests::make_accounts(state);
  std::uint64_t events = 0;
  {
    PastJournal journal(state);
    hall::State of_day;
    hall::days::Day day(site, of_day, {.citizens = citizens, .rush_s = 600, .rush_per_s = whole ? 10.0 : 1.0},
                        1);
    day.on_event([&](const hall::Event& event) { journal.add(event, of_day); });
    day.run(*hall::parse_date("2026-03-16"));
    journal.flush(of_day);
    events = of_day.seq;
  }
  const auto begin = Clock::now();
  tests::Daemon daemon(folder.path() + "/site.toml", state, "2026-03-16T23:30:00+08:00");
  const double ready_ms = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
  RawClient api(daemon.address(), tests::token_of(state, "supervisor"));
  for (int i = 0; i < 20; ++i) {
    api.get("/hall");
  }
  fmt::print(
      "a provincial day       {} tickets, {} windows, {} services, {} events: ready in {:.0f} ms, memory "
      "{:.1f} MB "
      "(aim < 60 MB)\n",
      citizens, site.windows.size(), site.services.size(), events, ready_ms,
      resident_mb(daemon.process().pid()));
}

}  // namespace lobby::bench
