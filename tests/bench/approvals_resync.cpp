#include <fmt/format.h>
#include <sched.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>

#include "drivers/link/urgency.hpp"
#include "tests/bench/benches.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/raw_client.hpp"
#include "tests/support/daemon.hpp"
#include "tests/support/lobby.hpp"

namespace lobby::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* opening = "2026-03-16T09:00:00+08:00";
constexpr int resync_services = 8;
constexpr int resync_windows = 8;

/// The most memory that a process has ever had, in MB.
double peak_mb(int pid) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) {
      return std::stod(line.substr(6)) * 1024 / 1e6;
    }
  }
  throw std::runtime_error("lobbyd is gone");
}

void must(RawClient& api, const std::string& path, const std::string& body, int status) {
  if (api.post(path, body) != status) {
    throw std::runtime_error(path + " was refused: " + api.body());
  }
}

struct Calls {
  Figures ours;
  Figures floor;  ///< a bare synced insert on the same disk after each
};

/// A lobby whose approval system has as many cases as it is told.
class Province {
 public:
  explicit Province(int cases) {
    const std::string secret = folder_.path() + "/secret";
    tests::write_file(secret, "hall-1:a-key-for-trials-only\n");
    std::filesystem::permissions(secret, std::filesystem::perms::owner_read);
    const std::string site = folder_.path() + "/site.toml";
    tests::write_file(
        site, "config_dir = \"" LOBBY_SOURCE_DIR "/config\"\n" +
                  tests::bare_site(resync_services, resync_windows) +
                  fmt::format("[[feed]]\nid = \"approvals\"\nmapping = \"native\"\nurl = "
                              "\"http://127.0.0.1:{}/hall\"\ntoken_file = \"{}\"\napp_id = \"hall-1\"\n"
                              "take = [\"cases\"]\ninterval_s = 5\ntotal_s = 600\n",
                              tests::free_port(), secret));
    simulator_ = std::make_unique<tests::Process>(
        std::vector<std::string>{LOBBY_BIN_DIR "/lobby-sim", "--site", site, "--control", "127.0.0.1:0",
                                 "--clock", opening},
        folder_.path() + "/sim.log");
    constexpr std::string_view greeting = "ready http://";
    // In a real hall it is on another machine: it takes the time that nobody else wants.
    const sched_param none{};
    ::sched_setscheduler(simulator_->pid(), SCHED_IDLE, &none);
    const auto line = simulator_->line();
    if (!line || !line->starts_with(greeting)) {
      throw std::runtime_error("lobby-sim did not become ready: " +
                               tests::read_file(folder_.path() + "/sim.log"));
    }
    control_ = line->substr(greeting.size());
    scale(cases);
    const std::string state = folder_.path() + "/state";
    tests::make_accounts(state);
    daemon_ = std::make_unique<tests::Daemon>(site, state, opening);
    api_ = std::make_unique<RawClient>(daemon_->address(), tests::token_of(state, "admin"));
    for (int i = 1; i <= resync_windows; ++i) {
      must(*api_, fmt::format("/windows/w{}/open", i), R"({"clerk":"1001"})", 200);
      ticket();
    }
  }

  /// The next question of lobby-feed is answered with all of so many cases.
  void scale(int cases) {
    RawClient sim(control_, "");
    if (sim.post_to("/sim/approvals/scale", fmt::format(R"({{"cases":{}}})", cases)) != 200) {
      throw std::runtime_error("the approval system was not filled: " + sim.body());
    }
    wanted_ = fmt::format("cases: {} rows", cases);
  }
  /// What was last put there is known.
  bool is_there() {
    api_->get("/devices");
    return api_->body().find(wanted_) != std::string::npos;
  }
  void call(Calls& figures) {
    const auto window = fmt::format("/windows/w{}/", 1 + calls_++ % resync_windows);
    const auto begin = Clock::now();
    must(*api_, window + "call-next", "", 200);
    figures.ours.add(Clock::now() - begin);
    floor_.insert(figures.floor);
    must(*api_, window + "finish", "", 200);
    ticket();
  }
  double peak() { return peak_mb(daemon_->process().pid()); }
  double memory() { return resident_mb(daemon_->process().pid()); }

 private:
  void ticket() {
    must(*api_, "/tickets", fmt::format(R"({{"service":"s{}"}})", 1 + calls_ % resync_services), 201);
  }

  tests::TemporaryFolder folder_;
  BareJournal floor_{folder_.path()};
  std::unique_ptr<tests::Process> simulator_;
  std::unique_ptr<tests::Daemon> daemon_;
  std::unique_ptr<RawClient> api_;
  std::string control_, wanted_;
  int calls_ = 0;
};

struct Resync {
  Calls calls;
  double seconds = 0;
};

/// Calls, one after another, until all that the source has is there.
Resync call_through(Province& province) {
  constexpr int calls_between_looks = 20;
  constexpr std::chrono::minutes longest{20};
  Resync out;
  const auto begin = Clock::now();
  do {
    for (int i = 0; i < calls_between_looks; ++i) {
      province.call(out.calls);
    }
    if (Clock::now() - begin > longest) {
      throw std::runtime_error("the cases did not arrive");
    }
  } while (!province.is_there());
  out.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return out;
}

void print(const char* what, double seconds, const Calls& calls, const Calls& idle) {
  const auto ratio = [](const Figures& figures, const Figures& other) {
    return figures.percentile(99) / other.percentile(99);
  };
  fmt::print(
      "{} {:.1f} s, {} calls p50 {:.3f} ms  p99 {:.3f} ms = {:.2f} x idle (aim <= 1.1)  = {:.2f} x a bare "
      "synced insert meanwhile, p99 {:.3f} ms = {:.2f} x idle\n",
      what, seconds, calls.ours.count(), calls.ours.percentile(50), calls.ours.percentile(99),
      ratio(calls.ours, idle.ours), ratio(calls.ours, calls.floor), calls.floor.percentile(99),
      ratio(calls.floor, idle.floor));
}

double empty_peak_mb() {
  const tests::TemporaryFolder folder;
  const std::string site = folder.path() + "/site.toml";
  const std::string state = folder.path() + "/state";
  tests::write_file(site, tests::bare_site(resync_services, resync_windows));
  tests::make_accounts(state);
  tests::Daemon daemon(site, state, opening);
  RawClient api(daemon.address(), tests::token_of(state, "admin"));
  api.get("/devices");
  return peak_mb(daemon.process().pid());
}

}  // namespace

void approvals_resync(int cases, int calls) {
  link::ask_for_short_turns();  // who asks is not on this machine either
  Province province(cases);
  const Resync first = call_through(province);
  const double first_peak = province.peak();
  Calls idle;
  const auto begin = Clock::now();
  const auto stay_idle = [&] {
    for (int i = 0; i < calls; ++i) {
      province.call(idle);
    }
  };
  stay_idle();
  double idle_s = std::chrono::duration<double>(Clock::now() - begin).count();
  province.scale(cases - 1);
  const Resync again = call_through(province);
  const auto more = Clock::now();
  stay_idle();
  idle_s += std::chrono::duration<double>(Clock::now() - more).count();
  fmt::print("{} cases, resync\n", cases);
  print("  nothing comes       ", idle_s, idle, idle);
  print("  all of them new     ", first.seconds, first.calls, idle);
  print("  nearly all as before", again.seconds, again.calls, idle);
  const double empty = empty_peak_mb();
  fmt::print(
      "  memory               at most {:.1f} MB while new, {:.1f} MB ever, {:.1f} MB now, {:.1f} MB empty "
      "= {:.2f} x (aim < 40 MB with 200,000)\n",
      first_peak, province.peak(), province.memory(), empty, province.peak() / empty);
}

}  // namespace lobby::bench
