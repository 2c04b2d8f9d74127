#include "daemon/feed/spool.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "daemon/feed/collected.hpp"

namespace lobby::feed {
namespace {

struct Folder {
  Folder() { REQUIRE(::mkdtemp(path.data()) != nullptr); }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path = std::filesystem::temp_directory_path() / "lobby-spool-XXXXXX";
};

std::vector<std::string> lines_of(Spool& spool) {
  std::vector<std::string> out;
  CHECK(spool.each([&out](std::size_t index, std::string_view line) {
    CHECK(index == out.size());
    out.emplace_back(line);
    return true;
  }));
  return out;
}

TEST_CASE("lines come back in their order, from memory and from the file") {
  const Folder folder;
  Spool spool(folder.path, {3, 1 << 20, 1 << 30});
  std::vector<std::string> given;
  for (int i = 0; i < 10'000; ++i) {
    given.push_back(std::to_string(i) + std::string(static_cast<std::size_t>(i % 100), 'x'));
    spool.add(given.back());
  }
  CHECK(spool.in_memory() == 3);
  CHECK(spool.size() == 10'000);
  CHECK(lines_of(spool) == given);
  spool.add("one more");
  given.push_back("one more");
  CHECK(lines_of(spool) == given);
  // Nothing can be seen of it from outside.
  CHECK(std::filesystem::is_empty(folder.path));
}

TEST_CASE("a line may be longer than what is written at once, or empty") {
  const Folder folder;
  Spool spool(folder.path, {0, 0, 1 << 30});
  const std::vector<std::string> given{std::string(300'000, 'a'), "", "b", std::string(65'536, 'c'), ""};
  for (const std::string& line : given) {
    spool.add(line);
  }
  CHECK(lines_of(spool) == given);
}

TEST_CASE("memory is bounded by bytes too") {
  const Folder folder;
  Spool spool(folder.path, {1000, 100, 1 << 20});
  for (int i = 0; i < 20; ++i) {
    spool.add(std::string(10, 'x'));
  }
  CHECK(spool.in_memory() == 10);
  CHECK(lines_of(spool).size() == 20);
}

TEST_CASE("what cannot be kept is told, and nothing of it is given back") {
  const Folder folder;
  Spool nowhere(folder.path + "/none", {1, 1000, 1 << 20});
  nowhere.add("a");
  CHECK(nowhere.fault().empty());
  nowhere.add("b");
  CHECK(nowhere.fault().find("spool folder") != std::string::npos);
  CHECK_FALSE(nowhere.each([](std::size_t, std::string_view) { return true; }));
  Spool full(folder.path, {1, 1000, 100});
  for (int i = 0; i < 20; ++i) {
    full.add(std::string(10, 'x'));
  }
  CHECK(full.fault().find("longer than") != std::string::npos);
  CHECK_FALSE(full.each([](std::size_t, std::string_view) { return true; }));
}

TEST_CASE("reading may be ended") {
  const Folder folder;
  Spool spool(folder.path, {2, 1000, 1 << 20});
  for (int i = 0; i < 10; ++i) {
    spool.add("x");
  }
  for (const std::size_t last : {std::size_t{0}, std::size_t{1}, std::size_t{5}}) {
    std::size_t seen = 0;
    CHECK_FALSE(spool.each([&](std::size_t index, std::string_view) {
      ++seen;
      return index < last;
    }));
    CHECK(seen == last + 1);
  }
}

Row row(const std::string& id, const std::string& text) {
  return {id, text};
}

std::vector<std::string> lines_of(Collected& collected) {
  std::vector<std::string> out;
  CHECK(collected.each([&out](std::string_view line) {
    out.emplace_back(line);
    return true;
  }));
  return out;
}

TEST_CASE("of one id the first row counts, or the last one") {
  using Told = Collected::Told;
  Collected first("/tmp");
  CHECK(first.row(row("a", "1"), false) == Told::first);
  CHECK(first.row(row("b", "2"), false) == Told::first);
  CHECK(first.row(row("a", "3"), false) == Told::again);
  CHECK(first.removed("b", false) == Told::again);
  CHECK(lines_of(first) == std::vector<std::string>{"1", "2"});
  CHECK(first.rows() == 2);

  Collected last("/tmp");
  last.row(row("a", "1"), true);
  last.row(row("b", "2"), true);
  CHECK(last.row(row("a", "3"), true) == Told::again);
  last.removed("b", true);
  last.removed("c", true);
  last.row(row("c", "4"), true);
  CHECK(lines_of(last) == std::vector<std::string>{"3", R"({"kind":"removed","id":"b"})", "4"});
  CHECK(last.rows() == 2);
  CHECK(last.removals() == 1);
  last.outside("a", true);
  CHECK(last.rows() == 1);
  CHECK(last.outside("z", true) == Told::first);
  CHECK(last.outside("z", true) == Told::again);
}

TEST_CASE("the sum of what was collected tells sets apart, not orders") {
  const auto sum = [](const std::vector<Row>& rows) {
    Collected collected("/tmp");
    for (const Row& one : rows) {
      collected.row(one, true);
    }
    return collected.fingerprint();
  };
  const auto usual = sum({{"1", "a1"}, {"2", "b2"}});
  CHECK(sum({{"2", "b2"}, {"1", "a1"}}) == usual);
  CHECK(sum({{"1", "a0"}, {"1", "a1"}, {"2", "b2"}}) == usual);
  CHECK(sum({{"1", "a1"}}) != usual);
  // Two that change places in their last byte: plain sums of such sums are often the same.
  for (char x = 'c'; x < 'z'; ++x) {
    const std::string letter(1, x);
    CHECK(sum({{"1", letter + "1"}, {"2", "b2"}}) != sum({{"1", letter + "2"}, {"2", "b1"}}));
  }
}

}  // namespace
}  // namespace lobby::feed
