#include "daemon/feed/lines.hpp"

#include <doctest/doctest.h>

#include "tests/feed/lobbyd.hpp"

namespace lobby::feed {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Collected some(std::size_t rows) {
  Collected out("/tmp");
  for (std::size_t i = 0; i < rows; ++i) {
    const std::string id = std::to_string(i);
    out.row({id, R"({"kind":"case","id":")" + id + "\"}"}, true);
  }
  return out;
}

std::optional<Delivered> give(Lobbyd& lobbyd, Collected& collected) {
  Proof proof;
  proof.rows = collected.rows();
  proof.counts.skipped = 1;
  proof.counts.unknown_status = 2;
  proof.counts.bad_values = 3;
  proof.clock_off_s = -90;
  return deliver({What::cases, true, "c9", proof}, collected, lobbyd.desk(),
                 [] { return milliseconds(120); });
}

TEST_CASE("a delivery as it stands in the protocol") {
  Lobbyd lobbyd;
  Collected collected = some(1);
  collected.removed("gone", true);
  CHECK(give(lobbyd, collected) == Delivered::kept);
  CHECK(lobbyd.lines == std::vector<std::string>{
                            R"({"kind":"begin","what":"cases","full":true,"rows":1,"removed":1})",
                            R"({"kind":"case","id":"0"})", R"({"kind":"removed","id":"gone"})",
                            R"({"kind":"end","what":"cases","cursor":"c9","age_ms":120,"rows":1,"skipped":1,)"
                            R"("unknown_status":2,"bad_values":3,"clock_off_s":-90})"});
  // An answer is waited for after begin and end.
  CHECK(lobbyd.waits == std::vector<std::size_t>{1, 4});
}

TEST_CASE("an answer that is not all there is says so at its end") {
  Lobbyd lobbyd;
  Collected collected = some(1);
  CHECK(deliver({What::cases, false, "c9", {}, false}, collected, lobbyd.desk(),
                [] { return milliseconds(120); }) == Delivered::kept);
  CHECK(lobbyd.lines.back().ends_with(R"("clock_off_s":0,"whole":false})"));
}

TEST_CASE("after each 250 rows it is asked whether to go on, but not after the last") {
  for (const auto& [rows, mores] : std::vector<std::pair<std::size_t, std::size_t>>{
           {0, 0}, {1, 0}, {249, 0}, {250, 0}, {251, 1}, {500, 1}, {501, 2}}) {
    CAPTURE(rows);
    Lobbyd lobbyd;
    Collected collected = some(rows);
    CHECK(give(lobbyd, collected) == Delivered::kept);
    CHECK(lobbyd.lines.size() == rows + mores + 2);
    CHECK(lobbyd.waits.size() == mores + 2);
    if (mores > 0) {
      CHECK(lobbyd.lines[251] == R"({"kind":"more"})");
    }
  }
}

TEST_CASE("an answer that is held back is dropped, and lobbyd has what it had") {
  Lobbyd lobbyd;
  lobbyd.answers = {false};
  Collected collected = some(3);
  CHECK(give(lobbyd, collected) == Delivered::held_back);
  CHECK(lobbyd.lines.size() == 1);
}

TEST_CASE("after a no in the middle or at the end, nobody knows what lobbyd has") {
  Lobbyd middle;
  middle.answers = {true, false};
  Collected collected = some(600);
  CHECK(give(middle, collected) == Delivered::broken);
  CHECK(middle.lines.size() == 252);
  CHECK(middle.lines.back() == R"({"kind":"more"})");
  Lobbyd end;
  end.answers = {true, true, true, false};
  CHECK(give(end, collected) == Delivered::broken);
}

TEST_CASE("rows whose place another one took are not told") {
  Lobbyd lobbyd;
  Collected collected = some(2);
  collected.row({"0", R"({"kind":"case","id":"0","new":""})"}, true);
  CHECK(give(lobbyd, collected) == Delivered::kept);
  REQUIRE(lobbyd.lines.size() == 4);
  CHECK(lobbyd.lines[0] == R"({"kind":"begin","what":"cases","full":true,"rows":2,"removed":0})");
  CHECK(lobbyd.lines[1] == R"({"kind":"case","id":"1"})");
  CHECK(lobbyd.lines[2] == R"({"kind":"case","id":"0","new":""})");
}

TEST_CASE("lines that stand alone") {
  Proof proof;
  proof.rows = 86;
  CHECK(
      fresh_line(What::bids, milliseconds(12), proof) ==
      R"({"kind":"fresh","what":"bids","age_ms":12,"rows":86,"skipped":0,"unknown_status":0,"bad_values":0,)"
      R"("clock_off_s":0})");
  CHECK(fault_line(What::cases, "HTTP 502", milliseconds(3200)) ==
        R"({"kind":"fault","what":"cases","reason":"HTTP 502","retry_s":4})");
  CHECK(fault_line(std::nullopt, "no", seconds(1)) ==
        R"({"kind":"fault","what":"","reason":"no","retry_s":1})");
  // A number of a person would be gone even if one got so far.
  CHECK(fault_line(std::nullopt, "call 13800001234\nnow", seconds(1)).find("13800001234") ==
        std::string::npos);
}

}  // namespace
}  // namespace lobby::feed
