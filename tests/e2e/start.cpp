#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <filesystem>

#include "tests/support/daemon.hpp"

// From the first argument to `ready`.

namespace {

using namespace lobby::tests;

struct Place {
  Place() { write_file(site, bare_site(1, 1)); }
  TemporaryFolder folder;
  std::string site = folder.path() + "/site.toml";
  std::string state = folder.path() + "/state";
  std::string log = folder.path() + "/log";
};

}  // namespace

TEST_CASE("an address that is none is usage, and nothing is made of it") {
  for (const std::string listen : {"foo", "localhost:0", "127.0.0.1:99999", "127.0.0.1",
                                   "127.0.0.1:", "127.0.0.1:80x", "[::1]", "::1:80", "256.0.0.1:80"}) {
    CAPTURE(listen);
    const Place place;
    const auto ran =
        run({LOBBY_BIN_DIR "/lobbyd", "--site", place.site, "--state", place.state, "--listen", listen},
            place.log);
    CHECK(ran.code == 2);
    CHECK(read_file(place.log).find("<3>--listen: \"" + listen + "\"") == 0);
    CHECK(!std::filesystem::exists(place.state));
  }
}

TEST_CASE("SIGTERM during the start ends in order") {
  for (int attempt = 0; attempt < 5; ++attempt) {
    const Place place;
    Process daemon(
        {LOBBY_BIN_DIR "/lobbyd", "--site", place.site, "--state", place.state, "--listen", "127.0.0.1:0"},
        place.log);
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!std::filesystem::exists(place.state) && std::chrono::steady_clock::now() < patience) {
    }
    daemon.signal(attempt % 2 == 0 ? SIGTERM : SIGINT);
    CHECK(daemon.wait() == 0);
    CHECK(read_file(place.log).find("<5>stopped\n") != std::string::npos);
  }
}
