// Strip signs as boards: what leaves for them, in which order, and what that costs of the line.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "tests/fakes/strip_line.hpp"

using namespace lobby;
using namespace std::chrono_literals;
using fakes::Bytes;
using fakes::StripLine;
using hall::BoardProof;

namespace {

/// A frame by the table of the facts: head, kind 3, page, 00, characters, 0C 0C, stay; then what is written
/// down by hand, 00 up to byte 67, and the sum of bytes 1 to 67.
Bytes strip_bytes(std::uint8_t address, std::uint8_t page, std::uint8_t characters, const Bytes& text,
                  bool blinks = false) {
  Bytes frame(68);
  const Bytes head{static_cast<std::uint8_t>(255 - address),
                   3,
                   static_cast<std::uint8_t>(10 + page),
                   0,
                   characters,
                   0x0C,
                   0x0C,
                   static_cast<std::uint8_t>(blinks ? 225 : 224)};
  std::copy(head.begin(), head.end(), frame.begin());
  std::copy(text.begin(), text.end(), frame.begin() + 8);
  frame.push_back(static_cast<std::uint8_t>(std::accumulate(frame.begin() + 1, frame.end(), 0U) & 0xFFU));
  return frame;
}

Bytes with_spaces(Bytes text, int spaces) {
  for (int i = 0; i < spaces; ++i) {
    text.insert(text.end(), {0x21, 0x20});
  }
  return text;
}

const Bytes yin{0x20, 0xD2, 0xF8, 0x20, 0xD0, 0xD0, 0x21, '1'};   // 银行1
const Bytes shou{0x20, 0xCA, 0xD5, 0x20, 0xB7, 0xD1, 0x21, '2'};  // 收费2

std::vector<Bytes> all_bytes(const StripLine& line) {
  std::vector<Bytes> out;
  for (const auto& frame : line.frames) {
    out.push_back(frame.bytes);
  }
  return out;
}

}  // namespace

TEST_CASE("two pages go into the two that the sign keeps, byte for byte, and are not sent again") {
  StripLine line({fakes::strip_board("s3", 3)});
  line.say("s3", {"银行1", "收费2"});
  line.wire->up();
  line.run(50s);
  // Three characters of five columns, and eleven spaces.
  CHECK(all_bytes(line) == std::vector<Bytes>{strip_bytes(3, 0, 14, with_spaces(yin, 11)),
                                              strip_bytes(3, 1, 14, with_spaces(shou, 11))});
  CHECK(line.state("s3").confirmed == BoardProof::sent);
  CHECK_FALSE(line.state("s3").confirmed_at);
  CHECK(line.state("s3").pages == std::vector<std::string>{"notices"});
  CHECK(line.device("s3").state == hall::DeviceState::ok);
  CHECK(line.device("s3").detail.find("address 3") != std::string::npos);
  CHECK(line.device("s3").detail.find("sent") != std::string::npos);
  CHECK(line.device("s3").detail.find("shown") == std::string::npos);
  CHECK(line.device("s3").bus == hall::DeviceId{"line-1"});
  CHECK(line.device("s3").address == 3);
}

TEST_CASE("only the page that says something else travels, within half a second of an idle line") {
  StripLine line({fakes::strip_board("s3", 3), fakes::strip_board("s4", 4)});
  line.wire->up();
  line.say("s3", {"银行1", "收费2"});
  line.say("s4", {"银行1", "收费2"});
  line.run(20s);
  line.frames.clear();
  const auto begun = line.executor.now();
  line.say("s3", {"银行1", "收费3"});
  line.run(10s);
  REQUIRE(line.frames.size() == 1);
  CHECK(line.frames[0].address() == 3);
  CHECK(line.frames[0].page() == 1);
  CHECK(line.frames[0].ended() - begun < 500ms);
  line.say("s3", {"银行1", "收费3"});
  line.run(10s);
  CHECK(line.frames.size() == 1);
}

TEST_CASE("one page stands in every place that the sign keeps, or an old one would come back") {
  StripLine line({fakes::strip_board("s3", 3)});
  line.wire->up();
  line.say("s3", {"银行1", "收费2"});
  line.run(20s);
  line.frames.clear();
  line.say("s3", {"银行1"});
  line.run(10s);
  CHECK(all_bytes(line) == std::vector<Bytes>{strip_bytes(3, 1, 14, with_spaces(yin, 11))});
}

TEST_CASE("more pages than the sign keeps come one after the other, each for its time") {
  StripLine line({fakes::strip_board("s3", 3)});
  line.wire->up();
  line.say("s3", {"一", "二", "三"});
  line.run(1s);
  line.frames.clear();
  line.run(40s);
  // 4 s to a short text, both places each time.
  REQUIRE(line.frames.size() >= 18);
  REQUIRE(line.frames.size() <= 20);
  const std::uint8_t last_bytes[] = {0xBB, 0xFE, 0xFD};  // 一 D2BB, 二 B6FE, 三 C8FD
  for (std::size_t i = 0; i < line.frames.size(); ++i) {
    CAPTURE(i);
    CHECK(line.frames[i].page() == i % 2);
    CHECK(line.frames[i].bytes[10] == last_bytes[(i / 2 + 1) % 3]);
    if (i >= 2) {
      const auto turn = line.frames[i].began - line.frames[i - 2].began;
      CHECK(turn == 4s);
    }
  }
  CHECK(line.state("s3").pages == std::vector<std::string>{"notices"});
}

TEST_CASE("a sign that keeps one page alone is told each page at its time, in one frame") {
  StripLine line({fakes::strip_board("s3", 3, 1)});
  line.wire->up();
  line.say("s3", {"一", "二"});
  line.run(20s);
  REQUIRE(line.frames.size() >= 5);
  for (const auto& frame : line.frames) {
    CHECK(frame.page() == 0);
  }
}

TEST_CASE("a call overtakes every page on the line, blinks for its time, and then takes its turn") {
  std::vector<devices::BoardConfig> boards;
  for (int n = 1; n <= 30; ++n) {
    boards.push_back(fakes::strip_board("s" + std::to_string(n), static_cast<std::uint8_t>(n)));
  }
  StripLine line(std::move(boards));
  line.wire->up();
  for (int n = 1; n <= 30; ++n) {
    line.say("s" + std::to_string(n), {"银行1", "收费2"});
  }
  line.run(1s);
  line.frames.clear();
  const auto begun = line.executor.now();
  line.call("s30", "A012", "1号窗口", {"银行1"});
  line.run(3s);
  // 请A012到1号窗口 in fifteen columns, and a space.
  const Bytes call =
      with_spaces({0x20, 0xC7, 0xEB, 0x21, 'A',  0x21, '0',  0x21, '1',  0x21, '2',  0x20, 0xB5,
                   0xBD, 0x21, '1',  0x20, 0xBA, 0xC5, 0x20, 0xB4, 0xB0, 0x20, 0xBF, 0xDA},
                  1);
  REQUIRE(line.frames.size() > 4);
  // What was on the wire, and its silence, come first.
  CHECK(line.frames[0].bytes == strip_bytes(30, 0, 11, call, true));
  CHECK(line.frames[1].bytes == strip_bytes(30, 1, 11, call, true));
  CHECK(line.frames[0].ended() - begun < 450ms);
  line.run(20s);
  // Steady, and beside the page that was there.
  std::map<unsigned, Bytes> last;
  for (const auto& frame : line.frames) {
    if (frame.address() == 30) {
      CHECK((frame.began - begun < 3s) == frame.blinks());
      last[frame.page()] = frame.bytes;
    }
  }
  CHECK(last[0] == strip_bytes(30, 0, 11, call));
  CHECK(last[1] == strip_bytes(30, 1, 14, with_spaces(yin, 11)));
  CHECK(line.state("s30").pages == std::vector<std::string>{"calls", "notices"});
}

TEST_CASE("what is said while a call flashes does not take its place") {
  StripLine line({fakes::strip_board("s3", 3)});
  line.wire->up();
  line.call("s3", "A012", "1号窗口", {"银行1"});
  line.run(1s);
  line.frames.clear();
  auto views = StripLine::saying({"收费2"});
  display::CallsView calls;
  calls.calls.push_back({"A012", "1号窗口", {}, std::chrono::milliseconds(line.now().utc_ms - 1000)});
  views.pages.emplace("calls", calls);
  line.boards->show({"s3"}, views, false);
  line.run(1900ms);
  CHECK(line.frames.empty());
  line.run(3s);
  CHECK_FALSE(line.frames.empty());
}

TEST_CASE("signs above windows go before pages, and pages are not starved by them") {
  std::vector<devices::BoardConfig> boards;
  for (int n = 1; n <= 10; ++n) {
    boards.push_back(fakes::strip_board("s" + std::to_string(n), static_cast<std::uint8_t>(n)));
  }
  StripLine line(std::move(boards), {fakes::strip_sign("w", 99, "w1")});
  line.wire->up();
  for (int n = 1; n <= 10; ++n) {
    line.say("s" + std::to_string(n), {"银行1", "收费2"});
  }
  line.run(1s);
  line.frames.clear();
  hall::WindowView window;
  window.id = {"w1"};
  window.number = 1;
  window.state = hall::WindowState::idle;
  line.signs->want(window, 0);
  line.run(400ms);
  REQUIRE(line.frames.size() == 1);
  CHECK(line.frames[0].address() == 99);
  // Somebody at that window is in a hurry all the time: a fifth of the frames is left for pages.
  line.frames.clear();
  for (std::uint32_t i = 0; i < 200; ++i) {
    window.number = 2 + i % 2;
    line.signs->want(window, 0);
    line.run(100ms);
  }
  std::size_t pages = 0;
  for (const auto& frame : line.frames) {
    pages += frame.address() == 99 ? 0 : 1;
  }
  CHECK(line.frames.size() >= 52);
  CHECK(pages >= 10);
  CHECK(pages <= 11);
}

TEST_CASE("thirty texts in a second end in the last, without a queue of what is past") {
  StripLine line({fakes::strip_board("s3", 3)});
  line.wire->up();
  line.run(5s);
  line.frames.clear();
  for (int n = 0; n < 30; ++n) {
    line.say("s3", {"收费" + std::to_string(n % 2 + 1)});
    line.run(33ms);
  }
  line.run(3s);
  CHECK(line.frames.size() <= 5);
  CHECK(line.frames.back().bytes.size() == 69);
  std::map<unsigned, Bytes> last;
  for (const auto& frame : line.frames) {
    last[frame.page()] = frame.bytes;
  }
  CHECK(last[0] == strip_bytes(3, 0, 14, with_spaces(shou, 11)));
  CHECK(last[1] == strip_bytes(3, 1, 14, with_spaces(shou, 11)));
}

TEST_CASE(
    "a line of thirty windows of two pages: no slower than the wire and its silences, one change at once") {
  const auto figures = fakes::strip_figures(30);
  CHECK(figures.frames == 60);
  const auto ms = [](link::Duration span) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
  };
  MESSAGE("all anew ", ms(figures.rewrite), " ms of at least ", ms(figures.least), ", one window ",
          ms(figures.changed), " ms, a call ", ms(figures.called), " ms");
  CHECK(figures.least == 60 * 371'875us);
  CHECK(figures.rewrite <= figures.least * 11 / 10);
  CHECK(figures.changed < 500ms);
  CHECK(figures.called < 450ms);
}

TEST_CASE("strips of one group turn at one instant, as far as their line lets them") {
  auto one = fakes::strip_board("s1", 1), other = fakes::strip_board("s2", 2);
  one.group = other.group = "hall";
  StripLine line({one, other});
  line.wire->up();
  line.say("s1", {"银行1"});
  line.say("s2", {"银行1"});
  line.run(10s);
  line.frames.clear();
  line.say("s1", {"收费2"});
  line.say("s2", {"收费2"});
  const auto at = line.state("s1").effective_at;
  REQUIRE(at);
  const auto wait = std::chrono::milliseconds(at->utc_ms - line.now().utc_ms);
  CHECK(wait > 0ms);
  const auto instant = line.executor.now() + wait;
  line.run(5s);
  REQUIRE(line.frames.size() == 4);
  // The first text is whole then; the others follow in the line's own time.
  CHECK(line.frames[0].ended() - instant < 1ms);
  CHECK(instant - line.frames[0].ended() < 1ms);
  CHECK(line.frames[3].ended() - instant < 3 * 372ms + 1ms);
}
