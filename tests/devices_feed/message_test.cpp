#include "daemon/devices/feed_message.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "daemon/devices/feed_lines.hpp"
#include "daemon/devices/line_splitter.hpp"

namespace lobby::devices {
namespace {

std::vector<std::string> split(LineSplitter& splitter, std::string_view bytes) {
  std::vector<std::string> lines;
  static_cast<void>(splitter.feed(bytes, [&](std::string_view line) {
    lines.emplace_back(line);
    return true;
  }));
  return lines;
}

TEST_CASE("lines come whole, however the bytes are cut") {
  LineSplitter splitter(8);
  CHECK(split(splitter, "ab").empty());
  CHECK(split(splitter, "c\n\nde\nf") == std::vector<std::string>{"abc", "", "de"});
  CHECK(split(splitter, "\n") == std::vector<std::string>{"f"});
  CHECK(split(splitter, "12345678\n") == std::vector<std::string>{"12345678"});
  CHECK_FALSE(splitter.too_long());
}

TEST_CASE("whoever has enough goes on behind that line later") {
  LineSplitter splitter(8);
  std::string_view bytes = "a\nb\nc\nd";
  std::vector<std::string> lines;
  const auto two = [&lines](std::string_view line) {
    lines.emplace_back(line);
    return lines.size() % 2 != 0;
  };
  CHECK(splitter.feed(bytes, two));
  CHECK(bytes == "c\nd");
  CHECK(splitter.feed(bytes, two));
  CHECK(bytes.empty());
  bytes = "\n";
  CHECK(splitter.feed(bytes, two));
  CHECK(lines == std::vector<std::string>{"a", "b", "c", "d"});
}

TEST_CASE("a line beyond the bound is never gathered") {
  for (const char* bytes : {"123456789", "123456789\n", "ok\n123456789"}) {
    LineSplitter splitter(8);
    split(splitter, bytes);
    CHECK(splitter.too_long());
  }
}

TEST_CASE("a line at its bound is read, one beyond is not") {
  std::string line = R"({"kind":"removed","id":")";
  line += std::string(feed_lines::max_line - line.size() - 2, 'x') + "\"}";
  REQUIRE(line.size() == feed_lines::max_line);
  CHECK(feed_lines::parse(line));
  line.insert(line.size() - 2, "x");
  CHECK_FALSE(feed_lines::parse(line));
}

TEST_CASE("nesting has no place in a line") {
  CHECK_FALSE(feed_lines::parse(R"({"kind":"begin","full":[[]]})"));
  CHECK_FALSE(feed_lines::parse(std::string(10'000, '[')));
}

}  // namespace
}  // namespace lobby::devices
