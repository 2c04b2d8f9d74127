#include "daemon/feed/lines.hpp"

#include <doctest/doctest.h>

namespace lobby::feed {
namespace {

hall::CaseRow row(const std::string& id, const std::string& status) {
  hall::CaseRow out;
  out.id = id;
  out.status = status;
  return out;
}

Pulled pulled(std::vector<hall::CaseRow> rows) {
  Pulled out;
  out.rows = std::move(rows);
  return out;
}

TEST_CASE("a batch is told from begin to end") {
  Pulled all = pulled({row("a", "accepted")});
  all.removed = {"b\n"};
  all.counts.skipped = 2;
  all.cursor = "c7";
  all.counts.unknown_status = 1;
  const auto lines = batch_lines(all);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0] == R"({"kind":"begin","full":true})");
  CHECK(lines[2] == R"({"kind":"removed","id":"b\n"})");
  CHECK(lines[3] == R"({"kind":"end","cursor":"c7","rows":1,"skipped":2,"unknown_status":1,"bad_values":0})");
  for (const std::string& line : lines) {
    CHECK(line.find('\n') == std::string::npos);
  }
}

TEST_CASE("a fault is one clean line") {
  CHECK(fault_line("a\nb", std::chrono::milliseconds(1200)) ==
        R"({"kind":"fault","reason":"a b","retry_s":2})");
}

TEST_CASE("the same rows in another order are the same, anything else is not") {
  const auto sum = fingerprint(pulled({row("a", "accepted"), row("b", "accepted")}));
  CHECK(sum == fingerprint(pulled({row("b", "accepted"), row("a", "accepted")})));
  CHECK(sum != fingerprint(pulled({row("a", "accepted"), row("b", "finished")})));
  CHECK(sum != fingerprint(pulled({row("a", "accepted")})));
  Pulled more = pulled({row("a", "accepted"), row("b", "accepted")});
  more.removed = {"c"};
  CHECK(sum != fingerprint(more));
  more.removed.clear();
  more.full = false;
  CHECK(sum != fingerprint(more));
}

}  // namespace
}  // namespace lobby::feed
