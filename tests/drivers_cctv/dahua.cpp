// The driver of Dahua recorders against a model of one.
#include "drivers/cctv/dahua.hpp"

#include <doctest/doctest.h>

#include "drivers/cctv/device_time.hpp"
#include "tests/drivers_cctv/bench.hpp"

using namespace lobby;
using namespace lobby::cctv;
using namespace std::chrono_literals;
using fakes::http_answer;

namespace {

struct DahuaModel {
  explicit DahuaModel(Bench& in) : bench(in) {
    peer->answer = [this](const fakes::HttpAsked& asked) { return answer(asked); };
  }

  Bench& bench;
  std::shared_ptr<fakes::HttpPeer> peer = std::make_shared<fakes::HttpPeer>(bench.loop);
  std::chrono::milliseconds clock{};
  std::string mode = "0";
  bool tells_state = true, tells_mode = true, keeps_mode = false, writes = true, has_disk = true,
       has_picture = true;
  bool lies_about_state = false;
  std::optional<UtcTime> since, ended;
  int finders = 0, most_finders = 0;

  UtcTime local() const { return bench.now() + clock + 8h; }

  fakes::HttpSaid config(const std::string& target) {
    const std::string set = "/cgi-bin/configManager.cgi?action=setConfig&RecordMode[0].Mode=";
    if (target.starts_with(set)) {
      if (!keeps_mode) {
        mode = target.substr(set.size());
        since = mode == "1" && writes && !since ? std::optional(bench.now()) : since;
        ended = mode == "1" ? std::nullopt : std::optional(bench.now());
      }
      return http_answer(200, "OK\r\n");
    }
    return tells_mode ? http_answer(
                            200, "table.RecordMode[0].Mode=" + mode +
                                     "\r\ntable.RecordMode[0].ModeExtra1=2\r\ntable.RecordMode[1].Mode=0\r\n")
                      : http_answer(500, "Error\r\n");
  }

  fakes::HttpSaid find(const std::string& target) {
    const auto is = [&](const std::string& what) {
      return target.starts_with("/cgi-bin/mediaFileFind.cgi?action=" + what);
    };
    if (is("factory.create")) {
      most_finders = std::max(most_finders, ++finders);
      return http_answer(200, "result=08137\r\n");
    }
    if (target.find("object=08137") == std::string::npos) {
      return http_answer(400, "Error\r\nBad Request!\r\n");
    }
    if (is("destroy")) {
      --finders;
      return http_answer(200, "OK\r\n");
    }
    if (is("findFile")) {
      CHECK(target.find("&condition.Channel=1&") != std::string::npos);
      return http_answer(200, "OK\r\n");
    }
    if (is("findNextFile")) {
      if (!since) {
        return http_answer(200, "found=0\r\n");
      }
      const auto end = ended.value_or(bench.now());
      return http_answer(
          200, "found=1\r\nitems[0].Channel=1\r\nitems[0].StartTime=" + blank_time(*since + clock + 8h) +
                   "\r\nitems[0].EndTime=" + blank_time(end + clock + 8h) + "\r\nitems[0].Type=dav\r\n");
    }
    return http_answer(200, "OK\r\n");
  }

  fakes::HttpSaid event(const std::string& target) const {
    const bool holds = target.ends_with("VideoLoss") ? !has_picture : !has_disk;
    return holds ? http_answer(200, "channels[0]=0\r\n") : http_answer(400, "Error: No Events\r\n");
  }

  fakes::HttpSaid answer(const fakes::HttpAsked& asked) {
    const auto& target = asked.target;
    if (target.starts_with("/cgi-bin/configManager.cgi")) {
      return config(target);
    }
    if (target.starts_with("/cgi-bin/mediaFileFind.cgi")) {
      return find(target);
    }
    if (target.starts_with("/cgi-bin/eventManager.cgi?action=getEventIndexes&code=")) {
      return event(target);
    }
    if (target == "/cgi-bin/api/recordManager/getStateAll" && asked.method == "POST" && asked.body == "{}") {
      return tells_state ? http_answer(200, std::string("{\"state\":[{\"Main\":{\"State\":") +
                                                (mode == "1" || lies_about_state ? "1" : "0") + "}}]}")
                         : http_answer(501, "Error\r\nNot Implemented!\r\n");
    }
    if (target == "/cgi-bin/global.cgi?action=getCurrentTime") {
      return http_answer(200, "result=" + blank_time(local()) + "\r\n");
    }
    if (target == "/cgi-bin/magicBox.cgi?action=getSoftwareVersion") {
      return http_answer(200, "version=4.001.0000000.3,build:2022-09-22\r\n");
    }
    return http_answer(404, "");
  }
};

struct DahuaBench : Bench {
  DahuaModel model{*this};
  void make() { recorder = make_dahua(loop, client(model.peer), {}, options()); }
};

}  // namespace

TEST_CASE("what Dahua recorders were seen to say") {
  CHECK(dahua::is_ok("OK\r\n"));
  CHECK_FALSE(dahua::is_ok("Error\r\nBad Request!\r\n"));
  CHECK_FALSE(dahua::is_ok("OKAY"));
  const std::string modes =
      "table.RecordMode[0].Mode=0\r\ntable.RecordMode[0].ModeExtra1=2\r\ntable.RecordMode[11].Mode=1\r\n";
  CHECK(dahua::parse_mode(modes, 0) == dahua::Mode::automatic);
  CHECK(dahua::parse_mode(modes, 11) == dahua::Mode::manual);
  CHECK_FALSE(dahua::parse_mode(modes, 1));
  CHECK_FALSE(dahua::parse_mode("table.RecordMode[0].Mode=7\r\n", 0));
  const std::string states = "{\"state\":[{\"Main\":{\"State\":1}}, {\"Main\":{\"State\":0}}]}";
  CHECK(dahua::parse_state(states, 0)->records == true);
  CHECK(dahua::parse_state(states, 1)->records == false);
  CHECK_FALSE(dahua::parse_state(states, 2)->records);
  CHECK_FALSE(dahua::parse_state("{\"state\":[{}]}", 0));
  CHECK_FALSE(dahua::parse_state("Error", 0));
  CHECK(dahua::parse_event("channels[0]=0\r\nchannels[1]=3\r\n", 3) == true);
  CHECK(dahua::parse_event("channels[0]=0\r\n", 1) == false);
  CHECK(dahua::parse_event("Error: No Events\r\n", 0) == false);
  CHECK_FALSE(dahua::parse_event("Error\r\nBad Request!\r\n", 0));
  CHECK(dahua::parse_files("found=0\r\n")->empty());
  const auto files = dahua::parse_files(
      "found=2\r\nitems[0].StartTime=2026-11-23 13:00:00\r\nitems[0].EndTime=2026-11-23 13:30:00\r\n"
      "items[1].StartTime=2026-11-23 13:30:00\r\nitems[1].EndTime=2026-11-23 14:00:00\r\n");
  REQUIRE(files);
  REQUIRE(files->size() == 2);
  CHECK((*files)[1].begin == day_begin + 30min);
  CHECK_FALSE(dahua::parse_files("found=1\r\nitems[0].StartTime=2026-11-23 13:00:00\r\n"));
  CHECK_FALSE(dahua::parse_files("found=101\r\n"));
  CHECK_FALSE(dahua::parse_files("OK"));
  CHECK(dahua::parse_finder("result=08137\r\n") == "08137");
  CHECK_FALSE(dahua::parse_finder("result=1&action=destroy\r\n"));
  CHECK(dahua::query_time(day_begin) == "2026-11-23%2013:00:00");
}

TEST_CASE("manual mode, proved by state and files, and the mode from before again") {
  for (const std::string before : {"0", "1"}) {
    DahuaBench bench;
    bench.model.mode = before;
    bench.make();
    CHECK(bench.start().word == Word::done);
    CHECK(bench.model.mode == "1");
    CHECK(bench.session.previous == before);
    if (before == "0") {
      for (int i = 0; i < 60; ++i) {
        CAPTURE(i);
        REQUIRE(bench.verdict_after(2s) == Verdict::recording);
      }
      CHECK(std::chrono::abs(*bench.last.clock_offset) <= 501ms);
    }
    // Ordered again it does not take its own mode for the one from before.
    CHECK(bench.start().word == Word::done);
    CHECK(bench.session.previous == before);
    CHECK(bench.stop().word == Word::done);
    CHECK(bench.model.mode == before);
    bench.loop.run_for(10s);
    CHECK(bench.model.finders == 0);
    CHECK(bench.model.most_finders <= 1);
  }
}

TEST_CASE("off is never written, and an unknown mode is left alone") {
  DahuaBench bench;
  bench.model.mode = "2";
  bench.make();
  CHECK(bench.start().word == Word::done);
  CHECK(bench.session.previous == "2");
  CHECK(bench.stop().word == Word::done);
  CHECK(bench.model.mode == "0");
  for (const auto& asked : bench.model.peer->asked) {
    CHECK(asked.target.find("Mode=2") == std::string::npos);
  }

  DahuaBench blind;
  blind.model.tells_mode = false;
  blind.make();
  CHECK(blind.start().word == Word::unknown);
  CHECK(blind.model.mode == "1");
  CHECK(blind.session.previous.empty());
  CHECK(blind.stop().fault == Fault::mode_unknown);
  CHECK(blind.model.mode == "1");
}

TEST_CASE("each lie of a Dahua recorder is found") {
  DahuaBench bench;
  bench.make();
  SUBCASE("OK, and the mode stays") {
    bench.model.keeps_mode = true;
    const auto outcome = bench.start();
    CHECK(outcome.word == Word::failed);
    CHECK(outcome.fault == Fault::refused);
    CHECK(bench.verdict() == Verdict::not_recording);
  }
  SUBCASE("the state without files") {
    bench.model.writes = false;
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(4s) == Verdict::not_recording);
    CHECK(bench.proof("state").seen == Proof::Seen::yes);
    CHECK(bench.proof("files").fault == Fault::not_written);
  }
  SUBCASE("files that come to an end under the state") {
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(10s) == Verdict::recording);
    bench.model.ended = bench.now();
    CHECK(bench.verdict_after(10s) == Verdict::unknown);
    CHECK(bench.verdict_after(60s) == Verdict::not_recording);
  }
  SUBCASE("the mode that was set says nothing: another took it back") {
    CHECK(bench.start().word == Word::done);
    bench.model.mode = "0";
    CHECK(bench.verdict_after(2s) == Verdict::not_recording);
    CHECK(bench.proof("state").fault == Fault::not_recording);
  }
  SUBCASE("no picture, no disk") {
    bench.model.has_picture = false;
    CHECK(bench.check("camera") == Fault::camera_lost);
    bench.model.has_disk = false;
    CHECK(bench.check("storage") == Fault::storage);
  }
}

TEST_CASE("a recorder that does not say what it does is amber") {
  DahuaBench bench;
  bench.model.tells_state = false;
  bench.make();
  CHECK(bench.start().word == Word::done);
  CHECK(bench.verdict_after(10s) == Verdict::triggered);
  CHECK_FALSE(bench.recorder->can_verify());
  bench.model.ended = bench.now();
  CHECK(bench.verdict_after(70s) == Verdict::not_recording);
}

TEST_CASE("a Dahua clock that is an hour off is told, and misleads nobody") {
  for (const auto off : {-1h, 1h}) {
    DahuaBench bench;
    bench.model.clock = off;
    bench.make();
    CHECK(bench.check("clock") == Fault::clock);
    CHECK(bench.start().word == Word::done);
    CHECK(bench.verdict_after(10s) == Verdict::recording);
    CHECK(std::chrono::abs(*bench.last.clock_offset - off) <= 501ms);
  }
}

TEST_CASE("a check changes nothing at a Dahua recorder") {
  DahuaBench bench;
  bench.make();
  const auto found = bench.preflight();
  CHECK(found.version == "4.001.0000000.3,build:2022-09-22");
  REQUIRE(found.checks.size() == 5);
  for (const auto& check : found.checks) {
    CAPTURE(check.name);
    CHECK(check.outcome.word == Word::done);
  }
  for (const auto& asked : bench.model.peer->asked) {
    CHECK(asked.target.find("setConfig") == std::string::npos);
  }
}
