// The tree as it is, and the daemon as it was linked.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>

#include "tests/architecture/rules.hpp"
#include "tests/architecture/source.hpp"

using namespace lobby::architecture;

namespace {

const std::string root = LOBBY_SOURCE_DIR;

const std::vector<File>& tree() {
  static const std::vector<File> files = read_tree(root);
  return files;
}

void expect_none(Faults (*rule)(const File&)) {
  REQUIRE(tree().size() > 20);
  for (const File& file : tree()) {
    for (const std::string& fault : rule(file)) {
      FAIL_CHECK(fault);
    }
  }
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  REQUIRE(pipe);
  std::string text;
  std::array<char, 4096> part;
  for (std::size_t n; (n = fread(part.data(), 1, part.size(), pipe.get())) > 0;) {
    text.append(part.data(), n);
  }
  return text;
}

}  // namespace

TEST_CASE("every include is one that the design allows") {
  expect_none(include_faults);
}

TEST_CASE("coroutines keep to the rule") {
  expect_none(coroutine_faults);
}

TEST_CASE("no room takes a clock that is given time, no test sleeps") {
  expect_none(time_faults);
}

TEST_CASE("files are short, most of them very") {
  expect_none(shape_faults);
  std::vector<int> lines;
  for (const File& file : tree()) {
    lines.push_back(lines_of(file.text));
  }
  std::nth_element(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(lines.size() / 2), lines.end());
  CHECK_MESSAGE(lines[lines.size() / 2] <= 150,
                "the median file has " << lines[lines.size() / 2] << " lines");
}

TEST_CASE("targets link along the arrows") {
  std::ifstream in(root + "/CMakeLists.txt");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  REQUIRE(text.find("lobby_room(daemon/hall") != std::string::npos);
  for (const std::string& fault : target_faults(text)) {
    FAIL_CHECK(fault);
  }
}

TEST_CASE("the top level holds what the design lists and nothing else") {
  const std::set<std::string> design{"CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", "config",
                                     "daemon",         "display",           "drivers", "firmware",  "tests"};
  const std::set<std::string> ignored{"build", "compile_commands.json"};  // see .gitignore
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    const std::string name = entry.path().filename().string();
    CHECK_MESSAGE((name.starts_with('.') || design.contains(name) || ignored.contains(name)),
                  name << " has no place at the top level");
  }
  for (const std::string& name : design) {
    CHECK_MESSAGE(std::filesystem::exists(std::filesystem::path(root) / name), name << " is missing");
  }
}

TEST_CASE("the daemon links neither SDL nor cpp-httplib") {
  const std::string needed = output_of("readelf -d '" LOBBY_BIN_DIR "/lobbyd' 2>&1");
  REQUIRE(needed.find("libsqlite3") != std::string::npos);  // so we did read the daemon
  CHECK(needed.find("libSDL") == std::string::npos);
  CHECK(needed.find("httplib") == std::string::npos);
}
