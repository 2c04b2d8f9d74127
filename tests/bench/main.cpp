#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <functional>
#include <string>
#include <vector>

#include "drivers/link/urgency.hpp"
#include "tests/bench/benches.hpp"

namespace {

using Benches = std::vector<std::pair<std::string, std::function<void()>>>;

Benches benches(bool is_long) {
  namespace bench = lobby::bench;
  return {
      {"issue", [=] { bench::issue(is_long ? 20'000 : 2'000); }},
      {"hall", [=] { bench::hall_alone(is_long ? 100'000 : 5'000); }},
      {"call-next", [=] { bench::call_next(is_long ? 10'000 : 500); }},
      {"province", [=] { bench::province(is_long ? 100'000 : 2'000); }},
      {"compose", [=] { bench::compose(is_long ? 1'000'000 : 50'000); }},
      {"evidence", [=] { bench::evidence_chain(is_long ? 5'000 : 200, is_long ? 1'000'000 : 20'000); }},
      {"drawing", [=] { bench::drawing(is_long ? 20 : 1); }},
      {"boards", [=] { bench::boards(is_long ? 20'000 : 500); }},
      {"strips", [=] { bench::strips(); }},
      {"streams", [=] { bench::streams(1'000, is_long ? 200 : 20); }},
      {"reports", [=] { bench::reports(is_long ? 1'000'000 : 20'000, is_long ? 20'000 : 2'000); }},
      {"approvals", [=] { bench::approvals(is_long ? 200'000 : 10'000, is_long ? 40 : 5); }},
      {"resync", [=] { bench::approvals_resync(is_long ? 200'000 : 3'000, is_long ? 2'000 : 300); }},
      {"faces", [=] { bench::faces(is_long ? 3'000'000 : 30'000); }},
      {"printing", [=] { bench::printing(is_long ? 10'000 : 500, is_long ? 60 : 5); }},
      {"bus", [=] { bench::bus_lines(is_long ? 6 : 0.5); }},
      {"printer-lines", [=] { bench::printer_lines(is_long ? 10 : 1); }},
      {"start",
       [=] { bench::start(LOBBY_SOURCE_DIR "/config/sites/shifang.toml", is_long ? 3'000'000 : 100'000); }},
  };
}

}  // namespace

// bench-lobby [--long] [NAME…]: figures and their ratios, all or those named. Time never decides its exit
// code.
int main(int argc, char** argv) {
  std::vector<std::string> names(argv + 1, argv + argc);
  const bool is_long = std::erase(names, "--long") != 0 || std::getenv("LOBBY_LONG") != nullptr;
  // As the daemon does: a clerk who waits for a processor of this machine would be measured, not the daemon.
  lobby::link::ask_for_short_turns();
  try {
    for (const auto& [name, run] : benches(is_long)) {
      if (names.empty() || std::find(names.begin(), names.end(), name) != names.end()) {
        run();
      }
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}
