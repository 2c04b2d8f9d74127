#include <doctest/doctest.h>

#include <string>

#include "tests/support/daemon.hpp"
#include "tests/support/process.hpp"

// What `lobbyd` says of a site without running it.

namespace {

using namespace lobby::tests;

const std::string lobbyd = LOBBY_BIN_DIR "/lobbyd";
const std::string village = LOBBY_SOURCE_DIR "/config/sites/village.toml";
/// A day on which nobody asks for the next year's calendar yet.
const std::string november = "2026-11-30T09:00:00+08:00";

}  // namespace

TEST_CASE("a good site is checked in silence, and its bounds are said when asked for") {
  const TemporaryFolder folder;
  const auto errors = folder.path() + "/errors";
  const auto checked = run({lobbyd, "--check", "--site", village, "--clock", november}, errors);
  CHECK(checked.code == 0);
  CHECK(checked.output.empty());
  CHECK(read_file(errors).empty());
  const auto bounds = run({lobbyd, "--bounds", "--site", village, "--clock", november}, errors);
  CHECK(bounds.code == 0);
  CHECK(bounds.output.starts_with("windows w1, w2, w3: who has waited 30 min goes first; "));
  CHECK(read_file(errors).empty());
}

TEST_CASE("from December on a check says that the next year's calendar is missing") {
  const TemporaryFolder folder;
  const auto errors = folder.path() + "/errors";
  const auto checked =
      run({lobbyd, "--check", "--site", village, "--clock", "2026-12-01T09:00:00+08:00"}, errors);
  CHECK(checked.code == 0);
  CHECK(checked.output.empty());
  CHECK(read_file(errors).starts_with(village + ": the calendar of 2027 is missing"));
}

TEST_CASE("a wrong site is one sentence and exit status 2, with and without the bounds") {
  const TemporaryFolder folder;
  const auto site = folder.path() + "/x.toml";
  write_file(site, "schema = 1\nname = \"x\"\n[lanes]\nordinary_calls = 0\n");
  for (const std::string flag : {"--check", "--bounds"}) {
    const auto errors = folder.path() + "/errors" + flag;
    const auto checked = run({lobbyd, flag, "--site", site}, errors);
    CHECK(checked.code == 2);
    CHECK(checked.output.empty());
    CHECK(read_file(errors) == site + ":4:18: \"ordinary_calls\" is 0: it must be 1 to 100\n");
  }
}
