#include <doctest/doctest.h>

#include <utility>

#include "daemon/feed/pull_loop.hpp"
#include "tests/feed/lobbyd.hpp"
#include "tests/feed/upstream.hpp"

namespace lobby::feed {
namespace {

using std::chrono::milliseconds;

const char* const matters = R"(
[matters]
path = "/matters"
interval_s = 300
[matters.field.id]
from = ["/id"]
[matters.field.code]
from = ["/id"]
)";

struct LoopSite {
  LoopSite() {
    settings.url = "http://127.0.0.1/api";
    settings.interval_s = 30;
  }
  PullLoop& loop() {
    if (!loop_) {
      source_ = std::make_unique<Source>(settings, mapping, upstream.connect(), upstream.around());
      loop_ = std::make_unique<PullLoop>(
          settings, mapping, *source_, lobbyd.desk(), [this] { return upstream.steady_ms; },
          [this] { return jitter; });
    }
    return *loop_;
  }
  /// Until nothing is due; says how long that is.
  std::int64_t settle() {
    for (int i = 0; i < 100; ++i) {
      const auto pause = loop().step();
      REQUIRE(pause);
      if (pause->count() > 0) {
        return pause->count();
      }
    }
    FAIL("it never rests");
    return 0;
  }
  /// Goes on for so long, and asks in between whenever it is time.
  void pass(std::int64_t ms) {
    const std::int64_t end = upstream.steady_ms + ms;
    for (;;) {
      const std::int64_t pause = settle();
      if (upstream.steady_ms + pause > end) {
        upstream.steady_ms = end;
        return;
      }
      upstream.steady_ms += pause;
    }
  }
  std::size_t asked(const std::string& path) const {
    std::size_t count = 0;
    for (const FilledRequest& request : upstream.asked) {
      count += request.target.starts_with(path) ? 1 : 0;
    }
    return count;
  }
  std::size_t told(const std::string& part) const {
    std::size_t count = 0;
    for (const std::string& line : lobbyd.lines) {
      count += line.find(part) != std::string::npos ? 1 : 0;
    }
    return count;
  }

  double jitter = 0;
  FakeUpstream upstream;
  Settings settings;
  Mapping mapping = parse_mapping(plain_mapping(matters), "m.toml");
  Lobbyd lobbyd;

 private:
  std::unique_ptr<Source> source_;
  std::unique_ptr<PullLoop> loop_;
};

/// An upstream whose lists answer alone: by path.
FakeUpstream::Answering lists(const std::variant<Reply, Failure>& of_cases,
                              const std::variant<Reply, Failure>& of_matters) {
  return [=](const FilledRequest& request) {
    return request.target.starts_with("/api/matters") ? of_matters : of_cases;
  };
}

TEST_CASE("each list is asked by its own interval, delivered once and then fresh") {
  LoopSite site;
  site.upstream.say(lists(ok(cases({"a=1"})), ok(cases({"m=1"}))));
  CHECK(site.settle() == 30'000);
  CHECK(site.told(R"({"kind":"begin","what":"cases","full":true,"rows":1,"removed":0})") == 1);
  CHECK(site.told(R"({"kind":"begin","what":"matters")") == 1);
  site.pass(299'000);
  CHECK(site.asked("/api?") == 10);
  CHECK(site.asked("/api/matters") == 1);
  CHECK(site.told(R"("kind":"fresh","what":"cases")") == 9);
  CHECK(site.told(R"("kind":"begin")") == 2);
  site.pass(2'000);
  CHECK(site.asked("/api/matters") == 2);
}

TEST_CASE("only what the site wants is asked for") {
  LoopSite site;
  site.settings.resources = {What::matters};
  site.upstream.say(ok(cases({"m=1"})));
  site.settle();
  CHECK(site.upstream.asked.size() == 1);
  CHECK(site.asked("/api/matters") == 1);
}

TEST_CASE("one list that fails backs off alone") {
  LoopSite site;
  site.upstream.say(lists(ok(cases({"a=1"})), status(404)));
  site.pass(299'000);
  CHECK(site.asked("/api?") == 10);
  CHECK(site.asked("/api/matters") == 1);
  CHECK(site.told(R"({"kind":"fault","what":"matters","reason":"HTTP 404)") == 1);
  CHECK(site.told(R"("retry_s":600)") == 1);
  LoopSite down;
  down.upstream.say(lists(status(502), ok(cases({"m=1"}))));
  down.pass(62'000);
  CHECK(down.asked("/api?") == 6);  // after 0, 1, 3, 7, 15, 31 s
  CHECK(down.asked("/api/matters") == 1);
}

TEST_CASE("a refused token stops everything: one quick retry, then five minutes") {
  LoopSite site;
  site.upstream.say(status(401));
  site.pass(299'000);
  CHECK(site.upstream.asked.size() == 2);
  CHECK(
      site.told(
          R"("kind":"fault","what":"","reason":"the upstream refuses the token: HTTP 401","retry_s":300)") ==
      1);
  site.upstream.say(lists(ok(cases({"a=1"})), ok(cases({"m=1"}))));
  site.pass(3'000);
  CHECK(site.told(R"("kind":"end")") == 2);
}

TEST_CASE("an upstream that says how long its answer is good is left alone, but lobbyd hears of it") {
  LoopSite site;
  site.settings.resources = {What::cases};
  Reply reply = ok(cases({"a=1"}));
  reply.cache_control = "max-age=600";
  site.upstream.say(reply);
  site.pass(599'000);
  CHECK(site.upstream.asked.size() == 1);
  // At least every interval, with the age that it really has.
  CHECK(site.told(R"("kind":"fresh","what":"cases")") == 19);
  CHECK(site.told(R"("age_ms":570000,"rows":1,)") == 1);
  site.pass(2'000);
  CHECK(site.upstream.asked.size() == 2);
  LoopSite hasty;
  hasty.settings.resources = {What::cases};
  hasty.settings.max_age_s = 120;
  hasty.settings.total_s = 20;
  hasty.upstream.say(reply);
  hasty.pass(599'000);
  CHECK(hasty.upstream.asked.size() == 8);  // every 82 s
}

TEST_CASE("no answer grows stale because its upstream calls it good for an hour") {
  LoopSite site;
  site.settings.resources = {What::cases};
  site.settings.max_age_s = 600;
  site.jitter = 1;
  std::vector<std::int64_t> ages;
  std::int64_t asked_ms = -1;
  // Each pull takes nearly as long as it may.
  site.upstream.say([&](const FilledRequest&) {
    const std::int64_t began_ms = site.upstream.steady_ms;
    site.upstream.steady_ms += 59'000;
    if (asked_ms >= 0) {
      ages.push_back(site.upstream.steady_ms - asked_ms);
    }
    asked_ms = began_ms;
    Reply reply = ok(cases({"a=1"}));
    reply.cache_control = "max-age=3600";
    return reply;
  });
  site.pass(3'600'000);
  REQUIRE(ages.size() >= 5);
  for (const std::int64_t age : ages) {
    CHECK(age < 600'000);
    CHECK(age > 500'000);  // and the upstream is left alone as long as may be
  }
}

/// Twenty pages wait behind the cursor c1, each takes ten seconds, and a pull has sixty.
struct SlowPages {
  FakeUpstream& upstream;
  int connections = 0, left = 0;

  std::variant<Reply, Failure> answer(const FilledRequest& request) {
    if (std::exchange(connections, upstream.connections) != upstream.connections) {
      left = 6;
    }
    if (left-- == 0) {
      return Failure{Failure::Kind::trouble, "no whole answer within 60 s", {}};
    }
    upstream.steady_ms += 10'000;
    const int page = std::stoi(request.target.substr(request.target.find("since=c") + 7));
    const std::string next = "c" + std::to_string(std::min(page + 1, 21));
    return ok(page > 20 ? cases({}, next) : cases({std::to_string(page) + "=1"}, next, page < 20));
  }
};

TEST_CASE("a slow way back into the present goes on from pull to pull, and is no present before its end") {
  LoopSite site;
  site.settings.resources = {What::cases};
  site.settings.cursors[What::cases] = "c1";
  SlowPages pages{site.upstream};
  site.upstream.say([&pages](const FilledRequest& request) { return pages.answer(request); });
  site.loop().step();
  CHECK(site.told(R"("kind":"case")") == 6);
  CHECK(site.told(R"("cursor":"c7","age_ms":60000,"rows":6,)") == 1);
  CHECK(site.told(R"("whole":false})") == 1);
  CHECK(site.lobbyd.lines.back() == R"({"kind":"fault","what":"cases","reason":"read only in part: no whole )"
                                    R"(answer within 60 s","retry_s":30})");
  site.pass(250'000);
  // Four pulls: 6, 6, 6 and the last two pages, of which only the last proves that nothing is missing.
  CHECK(site.told(R"("kind":"case")") == 20);
  CHECK(site.told(R"("kind":"end")") == 4);
  CHECK(site.told(R"("whole":false})") == 3);
  CHECK(site.told(R"("kind":"fault")") == 3);
  CHECK(site.told(R"("kind":"fresh")") == 0);
  CHECK(
      site.lobbyd.lines.back().starts_with(R"({"kind":"end","what":"cases","cursor":"c21","age_ms":20000,)"));
  site.pass(31'000);
  CHECK(site.told(R"("kind":"fresh")") == 1);
}

TEST_CASE("a list that is longer than its bounds is never called fresh, changed or not") {
  LoopSite site;
  std::string text = plain_mapping("[paging]\nstyle = \"page\"\nbase = 0\nsize = 1\nmax_pages = 3\n");
  for (const char* line : {"since = \"{cursor}\"\n", "cursor = \"/next\"\n", "has_more = \"/more\"\n"}) {
    text.erase(text.find(line), std::string(line).size());
  }
  text.insert(text.find("[answer]"), "page = \"{page}\"\n");
  site.mapping = parse_mapping(text, "m.toml");
  site.upstream.say([](const FilledRequest& request) {
    return ok(cases({request.target.substr(request.target.find("page=") + 5) + "=1"}));
  });
  site.pass(599'000);
  CHECK(site.asked("/api?") == 60);
  CHECK(site.told(R"("kind":"end")") == 1);  // what has not changed is told once
  CHECK(site.told(R"("whole":false})") == 1);
  CHECK(site.told(R"("kind":"fresh")") == 0);
  CHECK(site.told(R"("reason":"read only in part: there are more than max_pages = 3 pages")") == 20);
}

TEST_CASE("what lobbyd holds back is offered again at the next turn, and not called fresh") {
  LoopSite site;
  site.settings.resources = {What::cases};
  site.upstream.say(ok(cases({"a=1", "b=1", "c=1"}, "c2")));
  site.settle();
  site.upstream.say(ok(cases({"a=2"}, "c3")));
  site.lobbyd.answers = {false, false};
  site.pass(89'000);
  CHECK(site.told(R"("kind":"begin")") == 3);
  CHECK(site.told(R"("kind":"fresh")") == 0);
  // From where it was before.
  CHECK(site.upstream.asked[2].target == "/api?since=c2");
  site.pass(2'000);
  CHECK(site.told(R"("cursor":"c3")") == 1);
  site.pass(30'000);
  CHECK(site.upstream.asked.back().target == "/api?since=c3");
}

TEST_CASE("after a delivery that broke off, the next answer is told whatever it is") {
  LoopSite site;
  site.settings.resources = {What::cases};
  site.upstream.say(ok(cases({"a=1"})));
  site.settle();
  site.upstream.say(ok(cases({"a=2"})));
  site.lobbyd.answers = {true, false};  // begin, end
  site.pass(30'000);
  site.upstream.say(ok(cases({"a=1"})));
  site.pass(30'000);
  CHECK(site.told(R"("kind":"end")") == 3);
}

}  // namespace
}  // namespace lobby::feed
