#include "daemon/app/outbox_letters.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "tests/app/site_cases.hpp"
#include "tests/fakes/loop.hpp"

namespace {

using namespace lobby;
using app::append_lines;

std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

TEST_CASE("letters are appended to a file that only its owner reads") {
  const app::cases::Folder state;
  const std::string path = state.path() / "dead-letters/praise.ndjson";
  CHECK(append_lines(state.path(), "praise", "{\"id\":1}\n").empty());
  CHECK(append_lines(state.path(), "praise", "{\"id\":2}\n{\"id\":3}\n").empty());
  CHECK(slurp(path) == "{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n");
  CHECK(mode_of(path) == 0600);
  CHECK(mode_of(state.path() / "dead-letters") == 0700);
}

TEST_CASE("a line that a power cut has left half is closed, not continued") {
  const app::cases::Folder state;
  const auto path = state.write("dead-letters/praise.ndjson", "{\"id\":1}\n{\"id\":");
  CHECK(append_lines(state.path(), "praise", "{\"id\":3}\n").empty());
  CHECK(slurp(path) == "{\"id\":1}\n{\"id\":\n{\"id\":3}\n");
}

TEST_CASE("a full disk is told, by name") {
  const app::cases::Folder state;
  std::filesystem::create_directory(state.path() / "dead-letters");
  REQUIRE(::symlink("/dev/full", (state.path() / "dead-letters/praise.ndjson").c_str()) == 0);
  const auto fault = append_lines(state.path(), "praise", "{\"id\":1}\n");
  CHECK(fault == (state.path() / "dead-letters/praise.ndjson").string() + ": No space left on device");
}

TEST_CASE("a folder that cannot be made is told") {
  const app::cases::Folder state;
  state.write("dead-letters", "a file");
  CHECK(append_lines(state.path(), "praise", "{}\n").find("Not a directory") != std::string::npos);
}

TEST_CASE("the thread writes in order, answers on the loop, and writes what waits at the end") {
  const app::cases::Folder state;
  fakes::Loop loop;
  std::vector<std::string> faults;
  {
    app::DeadLetters letters(
        state.path(), [&](std::function<void()> work) { boost::asio::post(loop.io, std::move(work)); });
    letters.append("praise", "1\n", [&](std::string fault) { faults.push_back(std::move(fault)); });
    CHECK(loop.until([&] { return faults.size() == 1; }));
    for (int i = 2; i <= 20; ++i) {
      letters.append("praise", std::to_string(i) + "\n", [](const std::string&) {});
    }
  }
  CHECK(faults == std::vector<std::string>{""});
  std::string expected;
  for (int i = 1; i <= 20; ++i) {
    expected += std::to_string(i) + "\n";
  }
  CHECK(slurp(state.path() / "dead-letters/praise.ndjson") == expected);
}

}  // namespace
