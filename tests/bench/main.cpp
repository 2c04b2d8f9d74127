#include <fmt/format.h>

#include <cstdlib>
#include <exception>
#include <string>

#include "tests/bench/benches.hpp"

// bench-lobby [--long]: figures and their ratios. Time never decides its exit code.
int main(int argc, char** argv) {
  const bool is_long = (argc > 1 && std::string(argv[1]) == "--long") || std::getenv("LOBBY_LONG") != nullptr;
  try {
    lobby::bench::issue(is_long ? 20'000 : 2'000);
    lobby::bench::streams(1'000, is_long ? 200 : 20);
    lobby::bench::start(LOBBY_SOURCE_DIR "/config/sites/shifang.toml", is_long ? 3'000'000 : 100'000);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}
