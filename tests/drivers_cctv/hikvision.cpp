// The driver of Hikvision recorders against a model of one, with the lies that were told about them.
#include "drivers/cctv/hikvision.hpp"

#include <doctest/doctest.h>

#include "drivers/cctv/device_time.hpp"
#include "tests/drivers_cctv/bench.hpp"

using namespace lobby;
using namespace lobby::cctv;
using namespace std::chrono_literals;
using fakes::http_answer;

namespace {

struct HikModel {
  explicit HikModel(Bench& in) : bench(in) {
    peer->answer = [this](const fakes::HttpAsked& asked) { return answer(asked); };
  }

  Bench& bench;
  std::shared_ptr<fakes::HttpPeer> peer = std::make_shared<fakes::HttpPeer>(bench.loop);
  std::chrono::milliseconds clock{};
  bool wants_put = false, refuses = false, is_busy = false, knows_state = true, writes = true,
       has_disk = true;
  bool lists_local = false, clips = false, is_scheduled = false;
  bool is_online = true;
  bool is_manual = false;
  std::optional<UtcTime> since, ended;  ///< of what is on the disk, in true time

  bool records() const { return is_manual || is_scheduled; }
  static fakes::HttpSaid status(int code, const std::string& sub, int http = 200) {
    return http_answer(http,
                       "<ResponseStatus version=\"2.0\" xmlns=\"http://www.std-cgi.org/ver20/XMLSchema\">"
                       "<requestURL>/</requestURL><statusCode>" +
                           std::to_string(code) +
                           "</statusCode><statusString>x</statusString><subStatusCode>" + sub +
                           "</subStatusCode></ResponseStatus>");
  }
  UtcTime written(UtcTime time) const { return time + clock + (lists_local ? 8h : 0h); }

  fakes::HttpSaid order(const fakes::HttpAsked& asked, bool is_start) {
    if (wants_put == (asked.method == "POST")) {
      return status(4, "methodNotAllowed", 405);
    }
    if (is_busy) {
      return status(2, "deviceBusy");
    }
    if (refuses) {
      return status(4, "invalidOperation");
    }
    is_manual = is_start;
    if (is_start && writes && !since) {
      since = bench.now();
    }
    return status(1, "ok");
  }

  fakes::HttpSaid search(const fakes::HttpAsked& asked) const {
    const auto part = [&](const std::string& name) {
      const auto at = asked.body.find("<" + name + ">") + name.size() + 2;
      return parse_wall_time(asked.body.substr(at, asked.body.find('<', at) - at))->shown;
    };
    std::string items;
    if (since) {
      const bool is_open = clips && !ended;
      const auto begin = written(*since);
      const auto end = is_open ? part("endTime") : written(ended.value_or(bench.now()));
      if (end > part("startTime") && begin < part("endTime")) {
        items = "<searchMatchItem><trackID>101</trackID><timeSpan><startTime>" + iso_time(begin) +
                "</startTime><endTime>" + iso_time(end) + "</endTime></timeSpan></searchMatchItem>";
      }
    }
    return http_answer(200, "<CMSearchResult><responseStatusStrg>" +
                                std::string(items.empty() ? "NO MATCHES" : "OK") +
                                "</responseStatusStrg><matchList>" + items + "</matchList></CMSearchResult>");
  }

  fakes::HttpSaid answer(const fakes::HttpAsked& asked) {
    const std::string manual = "/ISAPI/ContentMgmt/record/control/manual/";
    if (asked.target == manual + "start/tracks/101" || asked.target == manual + "stop/tracks/101") {
      return order(asked, asked.target.find("start") != std::string::npos);
    }
    if (asked.target == "/ISAPI/System/workingstatus?format=json") {
      return !knows_state ? status(4, "notSupport", 403)
                          : http_answer(200, "{\"WorkingStatus\":{\"ChanStatus\":[{\"chanNo\":1,\"online\":" +
                                                 std::string(is_online ? "1" : "0") +
                                                 ",\"record\":" + (records() ? "1" : "0") +
                                                 ",\"signal\":0}],\"HDStatus\":[{\"hdNo\":1,\"status\":" +
                                                 (has_disk ? "0" : "2") + "}]}}");
    }
    if (asked.target == "/ISAPI/ContentMgmt/search") {
      return search(asked);
    }
    if (asked.target == "/ISAPI/System/time") {
      auto local = iso_time(bench.now() + clock + 8h);
      local.pop_back();
      return http_answer(200, "<Time><localTime>" + local + "+08:00</localTime></Time>");
    }
    if (asked.target == "/ISAPI/System/deviceInfo") {
      return http_answer(200,
                         "<DeviceInfo><model>DS</model><firmwareVersion>V4</firmwareVersion></DeviceInfo>");
    }
    if (asked.target == "/ISAPI/ContentMgmt/Storage") {
      return http_answer(
          200, "<storage><hddList><hdd><id>1</id><status>" + std::string(has_disk ? "ok" : "error") +
                   "</status><freeSpace>0</freeSpace><property>RW</property></hdd></hddList></storage>");
    }
    return http_answer(404, "");
  }
};

struct HikBench : Bench {
  HikModel model{*this};
  HikvisionSettings settings;
  void make() { recorder = make_hikvision(loop, client(model.peer), settings, options()); }
};

}  // namespace

TEST_CASE("manual recording, proved by the channel and by the disk") {
  for (const bool clips : {false, true}) {
    CAPTURE(clips);
    HikBench bench;
    bench.model.clips = clips;
    bench.make();
    CHECK(bench.verdict() == Verdict::not_recording);
    CHECK(bench.start().word == Word::done);
    for (int i = 0; i < 60; ++i) {
      CAPTURE(i);
      REQUIRE(bench.verdict_after(2s) == Verdict::recording);
    }
    CHECK(bench.stop().word == Word::done);
    CHECK_FALSE(bench.model.is_manual);
    bench.model.ended = bench.now();
    CHECK(bench.verdict_after(2s) == Verdict::not_recording);
  }
}

TEST_CASE("POST or PUT is found out once") {
  HikBench bench;
  bench.model.wants_put = true;
  bench.make();
  CHECK(bench.start().word == Word::done);
  CHECK(bench.stop().word == Word::done);
  std::string methods;
  for (const auto& asked : bench.model.peer->asked) {
    methods += asked.method + " ";
  }
  CHECK(methods == "POST PUT PUT ");
  bench.settings.method = HikvisionSettings::Method::post;
  bench.make();
  CHECK(bench.start().fault == Fault::unsupported);
  CHECK(bench.model.peer->asked.size() == 4);
}

TEST_CASE("each lie of a recorder is found") {
  HikBench bench;
  bench.make();
  SUBCASE("200 with a refusal inside") {
    bench.model.refuses = true;
    const auto outcome = bench.start();
    CHECK(outcome.word == Word::failed);
    CHECK(outcome.fault == Fault::refused);
    CHECK(outcome.reason == "the recorder says no: 4 invalidOperation");
    CHECK(bench.verdict() == Verdict::not_recording);
    bench.model.refuses = false;
    bench.model.is_busy = true;
    CHECK(bench.start().fault == Fault::busy);
  }
  SUBCASE("200 with a login page inside") {
    bench.model.peer->answer = [](const fakes::HttpAsked&) { return http_answer(200, "<html>login</html>"); };
    const auto outcome = bench.start();
    CHECK(outcome.word == Word::unknown);
    CHECK(outcome.fault == Fault::garbled);
    CHECK(bench.verdict() == Verdict::unknown);
  }
  SUBCASE("the flag says that it records, and nothing is written") {
    bench.model.writes = false;
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::not_recording);
    CHECK(bench.proof("channel").seen == Proof::Seen::yes);
    CHECK(bench.proof("search").fault == Fault::not_written);
  }
  SUBCASE("the writing comes to an end under the flag") {
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(20s) == Verdict::recording);
    bench.model.ended = bench.now();
    // The newest picture grows old: 8 s is the limit.
    CHECK(bench.verdict_after(10s) == Verdict::unknown);
    CHECK(bench.verdict_after(60s) == Verdict::not_recording);
  }
  SUBCASE("no live state: that part is unknown, and one proof is none") {
    bench.model.knows_state = false;
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::unknown);
    CHECK(bench.proof("search").seen == Proof::Seen::yes);
  }
  SUBCASE("a camera that is gone, a disk that is dead") {
    CHECK(bench.start().word == Word::done);
    bench.model.is_online = false;
    CHECK(bench.verdict_after(2s) == Verdict::not_recording);
    CHECK(bench.check("camera") == Fault::camera_lost);
    bench.model.is_online = true;
    bench.model.has_disk = false;
    CHECK(bench.verdict_after(2s) == Verdict::not_recording);
    CHECK(bench.check("storage") == Fault::storage);
  }
}

TEST_CASE("a clock an hour off misleads nobody, and is told") {
  for (const auto off : {-1h, 1h}) {
    HikBench bench;
    bench.model.clock = off;
    bench.make();
    CHECK(bench.check("clock") == Fault::clock);
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(20s) == Verdict::recording);
    REQUIRE(bench.last.clock_offset);
    CHECK(std::chrono::abs(*bench.last.clock_offset - off) <= 501ms);
    bench.model.ended = bench.now();
    CHECK(bench.verdict_after(10s) != Verdict::recording);
  }
}

TEST_CASE("segments in another zone than was set never prove anything") {
  for (const bool is_local : {false, true}) {
    for (const bool clips : {false, true}) {
      CAPTURE(is_local);
      CAPTURE(clips);
      HikBench bench;
      bench.settings.segments_are_local = !is_local;
      bench.model.lists_local = is_local;
      bench.model.clips = clips;
      bench.model.is_scheduled = true;
      bench.model.since =
          day_begin - std::chrono::hours(48);  // recorded round the clock, until eight hours ago
      bench.model.ended = day_begin - 8h;
      bench.make();
      CHECK(bench.start().word == Word::done);
      for (int i = 0; i < 100; ++i) {
        REQUIRE(bench.verdict_after(2s) != Verdict::recording);
      }
    }
  }
  HikBench right;
  right.settings.segments_are_local = true;
  right.model.lists_local = true;
  right.make();
  CHECK(right.start().word == Word::done);
  CHECK(right.verdict_after(20s) == Verdict::recording);
}

TEST_CASE("fit for a recording, and what is said of it") {
  HikBench bench;
  bench.make();
  const auto found = bench.preflight();
  CHECK(found.version == "DS V4");
  REQUIRE(found.checks.size() == 4);
  for (const auto& check : found.checks) {
    CAPTURE(check.name);
    CHECK(check.outcome.word == Word::done);
  }
  for (const auto& asked : bench.model.peer->asked) {
    CHECK(asked.method == "GET");
  }
  bench.model.peer->hang_up();
  bench.model.peer->opens = http::Fault::refused;
  CHECK(bench.check("login") == Fault::unreachable);
}

TEST_CASE("a session of another life goes on at the recorder") {
  HikBench bench;
  bench.make();
  CHECK(bench.start().word == Word::done);
  CHECK(bench.verdict_after(600s) == Verdict::recording);
  const auto session = bench.session;
  bench.make();
  bench.recorder->resume(session);
  CHECK(bench.verdict_after(2s) == Verdict::recording);
  CHECK(bench.model.is_manual);
}
