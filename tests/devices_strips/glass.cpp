// Strip signs as boards: what people read on them, whatever happens to source, daemon, line and power.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "daemon/devices/board_pages.hpp"
#include "display/canvas/utf8.hpp"
#include "tests/fakes/strip_line.hpp"
#include "tests/sim/strip_sign.hpp"

using namespace lobby;
using namespace std::chrono_literals;
using fakes::StripLine;
using hall::BoardProof;
using hall::DeviceState;

namespace {

/// The line with a simulated sign at each address, written apart from the driver, from the same facts.
struct Glass {
  explicit Glass(std::vector<devices::BoardConfig> boards) : line(std::move(boards)) {
    for (unsigned address = 1; address <= 8; ++address) {
      strips.emplace(address, sim::StripModel(static_cast<std::uint8_t>(address)));
    }
    line.heard = [this](const fakes::Bytes& bytes) {
      for (auto& [address, strip] : strips) {
        strip.hear(bytes, time());
      }
    };
  }
  sim::TimePoint time() const { return sim::TimePoint(line.executor.now().time_since_epoch()); }
  std::string reads(unsigned address = 3) const {
    const auto* page = strips.at(address).page_at(time());
    auto text = page == nullptr ? std::string() : display::to_utf8(page->text);
    text.erase(text.find_last_not_of(' ') + 1);
    return text.substr(std::min(text.size(), text.find_first_not_of(' ')));
  }
  /// Everything that it shows within half a minute.
  std::set<std::string> reads_in_turn(unsigned address = 3) {
    std::set<std::string> out;
    for (int second = 0; second < 30; ++second) {
      line.run(1s);
      out.insert(reads(address));
    }
    return out;
  }

  StripLine line;
  std::map<unsigned, sim::StripModel> strips;
};

/// As the wiring does each second, with a source that may have fallen silent.
struct Source {
  display::BoardViews views(const Glass& glass) {
    const auto now = glass.line.now();
    if (lives) {
      proof_ms = now.utc_ms;
    }
    const auto old = now.utc_ms - proof_ms;
    hall::CasePage page;
    page.cases.emplace_back();
    auto& row = page.cases.back();
    row.case_no = "510682202611230007";
    row.matter_name = "营业执照";
    row.status = row.shown_status = "accepted";
    page.age.state = old >= 180'000  ? hall::Freshness::expired
                     : old >= 60'000 ? hall::Freshness::labelled
                                     : hall::Freshness::fresh;
    page.age.as_of = hall::Instant{proof_ms, now.offset_min};
    const hall::Site site;
    const hall::HallView hall;
    const hall::BidsPage bids;
    const std::vector<hall::BoardText> texts;
    const devices::BoardNews news{site, hall, page, bids, texts, now};
    display::BoardViews out;
    out.pages.emplace("notices", devices::board_page("cases", news, {}));
    return out;
  }
  bool lives = true;
  std::int64_t proof_ms = 0;
};

}  // namespace

TEST_CASE("the sign turns what it keeps by itself, and nothing travels") {
  Glass glass({fakes::strip_board("s3", 3)});
  glass.line.wire->up();
  glass.line.say("s3", {"银行1", "收费2"});
  glass.line.run(2s);
  const auto sent = glass.line.frames.size();
  CHECK(glass.reads_in_turn() == std::set<std::string>{"银行1", "收费2"});
  CHECK(glass.line.frames.size() == sent);
  CHECK(glass.strips.at(3).counts().damaged == 0);
  CHECK(glass.strips.at(3).counts().too_soon == 0);
}

TEST_CASE("a source that dies: its rows are labelled at the one limit and gone at the other") {
  Glass glass({fakes::strip_board("s3", 3)});
  glass.line.wire->up();
  Source source;
  display::BoardViews told;
  const auto seconds = [&](int count) {
    std::set<std::string> seen;
    for (int i = 0; i < count; ++i) {
      auto views = source.views(glass);
      if (told != views) {
        glass.line.boards->show({"s3"}, views, false);
        told = std::move(views);
      }
      glass.line.run(1s);
      seen.insert(glass.reads());
    }
    return seen;
  };
  const auto has = [](const std::set<std::string>& seen, const std::string& words) {
    return std::any_of(seen.begin(), seen.end(),
                       [&](const auto& each) { return each.find(words) != std::string::npos; });
  };
  seconds(10);
  const auto fresh = seconds(30);
  CHECK(has(fresh, "营业执照"));
  CHECK_FALSE(has(fresh, "截至"));
  source.lives = false;
  const auto before = seconds(59);
  CHECK_FALSE(has(before, "截至"));
  seconds(2);
  const auto labelled = seconds(116);
  CHECK(has(labelled, "营业执照"));
  CHECK(has(labelled, "截至 09:30"));
  seconds(5);
  CHECK(seconds(60) == std::set<std::string>{"欢迎光临"});
}

TEST_CASE("a daemon that is killed leaves its last words: such a sign has no limit of its own") {
  Glass glass({fakes::strip_board("s3", 3)});
  glass.line.wire->up();
  glass.line.say("s3", {"银行1"});
  glass.line.run(5s);
  glass.line.kill();
  glass.line.run(600s);
  CHECK(glass.reads() == "银行1");
  // The next one blanks what it left, at once.
  glass.line.wire->down();
  glass.line.start();
  glass.line.wire->up();
  glass.line.run(1s);
  CHECK(glass.reads_in_turn() == std::set<std::string>{"欢迎光临"});
}

TEST_CASE("a daemon that stops leaves its closing text on every page, or a dark sign") {
  for (const bool dark : {false, true}) {
    CAPTURE(dark);
    auto board = fakes::strip_board("s3", 3);
    board.rests_dark = dark;
    Glass glass({board, fakes::strip_board("s4", 4)});
    glass.line.wire->up();
    glass.line.call("s3", "A012", "1号窗口", {"银行1"});
    glass.line.say("s4", {"一", "二", "三"});
    glass.line.run(2s);
    int stopped = 0;
    glass.line.boards->stop(10s, [&] { ++stopped; });
    glass.line.run(100ms);
    CHECK(stopped == 0);
    glass.line.run(2s);
    CHECK(stopped == 1);
    CHECK(glass.reads_in_turn() == std::set<std::string>{dark ? "" : "欢迎光临"});
    CHECK(glass.reads_in_turn(4) == std::set<std::string>{"欢迎光临"});
    const auto sent = glass.line.frames.size();
    glass.line.say("s4", {"四"});
    glass.line.run(10s);
    CHECK(glass.reads(4) == "欢迎光临");
    CHECK(glass.line.frames.size() <= sent + 4);  // told again after a minute, if it lives so long
  }
}

TEST_CASE("nobody waits at the end for a line that is away, nor longer than is allowed for a slow one") {
  Glass away({fakes::strip_board("s3", 3)});
  int stopped = 0;
  away.line.boards->stop(10s, [&] { ++stopped; });
  away.line.executor.drain();
  CHECK(stopped == 1);
  std::vector<devices::BoardConfig> many;
  for (std::uint8_t n = 1; n <= 30; ++n) {
    many.push_back(fakes::strip_board("s" + std::to_string(n), n));
  }
  Glass slow(std::move(many));
  slow.line.wire->up();
  slow.line.run(1s);
  slow.line.boards->stop(4s, [&] { ++stopped; });
  slow.line.run(3900ms);
  CHECK(stopped == 1);
  slow.line.run(200ms);
  CHECK(stopped == 2);
}

TEST_CASE(
    "a line that was cut: the sign keeps what it has; within two seconds of the plug it has the present") {
  Glass glass({fakes::strip_board("s3", 3)});
  glass.line.wire->down("No such file or directory");
  glass.line.run(1s);
  CHECK(glass.line.device("s3").state == DeviceState::absent);
  glass.line.wire->up();
  glass.line.say("s3", {"银行1"});
  glass.line.run(5s);
  CHECK(glass.line.device("s3").state == DeviceState::ok);
  glass.line.wire->down("hung up by the far end");
  glass.line.run(1s);
  CHECK(glass.line.device("s3").state == DeviceState::gone);
  CHECK(glass.line.device("s3").reason == "hung up by the far end");
  CHECK(glass.line.state("s3").confirmed == BoardProof::no);
  glass.line.say("s3", {"收费2", "一"});
  glass.line.run(10s);
  CHECK(glass.reads() == "银行1");
  glass.line.wire->up();
  glass.line.run(2s);
  CHECK(glass.line.state("s3").confirmed == BoardProof::sent);
  CHECK(glass.reads_in_turn() == std::set<std::string>{"收费2", "一"});
  CHECK(glass.line.device("s3").state == DeviceState::ok);
}

TEST_CASE("a sign that lost its power, which nobody hears of, is told again within a minute or so") {
  Glass glass({fakes::strip_board("s3", 3), fakes::strip_board("s4", 4)});
  glass.line.wire->up();
  glass.line.say("s3", {"银行1", "收费2"});
  glass.line.run(30s);
  glass.strips.at(3).reset();
  CHECK(glass.reads().empty());
  glass.line.run(62s);
  CHECK(glass.reads_in_turn() == std::set<std::string>{"银行1", "收费2"});
}

TEST_CASE("an emergency stands on all of it, alone, and what was there comes back") {
  Glass glass({fakes::strip_board("s3", 3)});
  glass.line.wire->up();
  glass.line.say("s3", {"银行1", "收费2"});
  glass.line.run(5s);
  auto views = StripLine::saying({"银行1", "收费2"});
  views.over_all = display::EmergencyView{"请有序撤离"};
  glass.line.boards->show({"s3"}, views, true);
  glass.line.run(1s);
  CHECK(glass.reads_in_turn() == std::set<std::string>{"请有序撤离"});
  CHECK(glass.line.state("s3").over_all == "emergency");
  glass.line.say("s3", {"银行1", "收费2"});
  glass.line.run(1s);
  CHECK(glass.reads_in_turn() == std::set<std::string>{"银行1", "收费2"});
}

TEST_CASE("a self-test lights all lamps, then each row says its address, and the pages come back") {
  Glass glass({fakes::strip_board("s3", 3, 2, 2)});
  glass.line.wire->up();
  glass.line.say("s3", {"银行1"});
  glass.line.run(5s);
  REQUIRE(glass.line.boards->self_test({"s3"}));
  glass.line.run(3s);
  CHECK(glass.reads() == "■■■■■■■■");
  CHECK(glass.reads(4) == "■■■■■■■■");
  CHECK(glass.line.state("s3").over_all == "self_test");
  glass.line.run(10s);
  CHECK(glass.reads() == "地址 3");
  CHECK(glass.reads(4) == "地址 4");
  glass.line.run(20s);
  CHECK(glass.reads() == "银行1");
  CHECK(glass.reads(4).empty());
}

TEST_CASE("signs one below the other are the rows of one board, and only the row that changed travels") {
  Glass glass({fakes::strip_board("s3", 3, 2, 3)});
  glass.line.wire->up();
  glass.line.say("s3", {"银行1", "收费2", "一"});
  glass.line.run(5s);
  CHECK(glass.reads(3) == "银行1");
  CHECK(glass.reads(4) == "收费2");
  CHECK(glass.reads(5) == "一");
  glass.line.frames.clear();
  glass.line.say("s3", {"银行1", "收费2", "二"});
  glass.line.run(5s);
  CHECK(glass.reads(5) == "二");
  REQUIRE(glass.line.frames.size() == 2);  // in both places
  CHECK(glass.line.frames[0].address() == 5);
  CHECK(glass.line.frames[1].address() == 5);
  CHECK(glass.line.device("s3").detail.find("addresses 3 to 5") != std::string::npos);
  CHECK(glass.line.device("s3").detail.find("16 x 3 characters") != std::string::npos);
}

TEST_CASE("a character that the sign's font lacks is a visible mark, and is counted") {
  Glass glass({fakes::strip_board("s3", 3)});
  glass.line.wire->up();
  glass.line.say("s3", {"䶮号", "𠮷号"});
  glass.line.run(3s);
  CHECK(glass.reads_in_turn() == std::set<std::string>{"〓号"});
  CHECK(glass.line.state("s3").missing == 2);
  CHECK(glass.line.device("s3").detail.find("lacks 2 of its characters") != std::string::npos);
  glass.line.say("s3", {"一号"});
  glass.line.run(3s);
  CHECK(glass.line.state("s3").missing == 0);
}
