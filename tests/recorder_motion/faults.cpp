// motion itself, and the six ways in which a recording ends while it says OK.
#include <doctest/doctest.h>
#include <sys/mount.h>

#include <iostream>
#include <string>

#include "tests/recorder_motion/house.hpp"

using namespace lobby;
using namespace lobby::recorder_motion;
using namespace std::chrono_literals;
using cctv::Fault;
using cctv::Verdict;
using cctv::Word;

namespace {

/// The site's deadline for an alarm; and that of a picture, for which motion itself waits ten seconds.
constexpr auto alarm_within = 10s;
constexpr auto picture_alarm_within = 16s;

void tell(const std::string& what, std::chrono::milliseconds time) {
  std::cout << what << " after " << time.count() << " ms" << std::endl;
}

/// motion serves, and the camera is there.
void begin(House& house) {
  house.start_motion();
  house.make_driver();
  REQUIRE(house.loop.until(
      [&] {
        const auto found = house.preflight();
        return found.checks.size() == 4 && found.checks[1].outcome.word == Word::done &&
               found.checks[2].outcome.word == Word::done;
      },
      60s));
}

void record(House& house) {
  CHECK(house.order_start().word == Word::done);
  const auto time = house.until(Verdict::recording, 30s);
  REQUIRE(time);
  tell("the first proof", *time);
}

void expect_alarm(House& house, const std::string& what, Verdict verdict,
                  std::chrono::seconds limit = alarm_within) {
  const auto time = house.until(verdict, 30s);
  REQUIRE(time);
  tell(what + ": alarm", *time);
  CHECK(*time <= limit);
}

}  // namespace

TEST_CASE("a movie that others can read, and a camera that stands still or goes away in it") {
  House house;
  begin(house);
  record(house);

  house.camera.set(Camera::State::frozen);
  expect_alarm(house, "a picture that stands still", Verdict::not_recording, picture_alarm_within);
  house.camera.set(Camera::State::good);
  REQUIRE(house.until(Verdict::recording, 60s));

  house.camera.set(Camera::State::gone);
  expect_alarm(house, "a camera that is gone", Verdict::not_recording, picture_alarm_within);
  house.camera.set(Camera::State::good);
  REQUIRE(house.until(Verdict::recording, 60s));

  CHECK(house.order_stop().word == Word::done);
  house.probe();
  CHECK(cctv::judge(house.last, house.executor.now(), 8s) != Verdict::recording);
  REQUIRE_FALSE(house.movies().empty());
  const auto accepted = [&] {
    const auto about = tests::run({"/usr/bin/ffprobe", "-v", "error", "-show_entries", "format=duration",
                                   "-of", "csv=p=0", house.movies().front()});
    return about.code == 0 && std::stod("0" + about.output) > 3;
  };
  CHECK(house.loop.until(accepted, 20s));
}

TEST_CASE("a process that dies, and another one in its place") {
  House house;
  begin(house);
  record(house);
  house.kill_motion();
  expect_alarm(house, "a dead process", Verdict::unknown);
  CHECK(house.fault("status") == Fault::unreachable);
  CHECK(house.order_start().fault == Fault::unreachable);

  house.start_motion();
  REQUIRE(house.loop.until([&] { return house.order_start().word == Word::done; }, 30s));
  // It may have been too early for it to begin: the supervisor orders again.
  std::optional<std::chrono::milliseconds> time;
  for (int i = 0; i < 10 && !time; ++i) {
    time = house.until(Verdict::recording, 6s);
    if (!time) {
      CHECK(house.order_start().word == Word::done);
    }
  }
  CHECK(time);
}

TEST_CASE("a full disk") {
  tests::TemporaryFolder small;
  if (::mount("tmpfs", small.path().c_str(), "tmpfs", 0, "size=100k") != 0) {
    MESSAGE("no right to mount a small disk: left out");
    return;
  }
  {
    House house(small.path());
    begin(house);
    record(house);
    // Full after some seconds of film.
    const auto time = house.until(Verdict::not_recording, 90s);
    REQUIRE(time);
    tell("a disk of 100 kB: full and told", *time);
    CHECK(house.fault("file") == Fault::storage);
    CHECK(house.fault("status") == Fault::none);
    // And motion goes on saying yes.
    CHECK(house.order_start().word == Word::done);
  }
  CHECK(::umount2(small.path().c_str(), MNT_DETACH) == 0);
}

TEST_CASE("a wrong password is tried once, and what a lock-out looks like") {
  House house;
  begin(house);
  house.make_driver("wrong");
  CHECK(house.order_start().fault == Fault::credential);
  // A supervisor that goes on asking does not bring us nearer to the lock-out.
  for (int i = 0; i < 20; ++i) {
    CHECK(house.order_start().fault == Fault::credential);
  }
  house.make_driver();
  CHECK(house.order_start().word == Word::done);

  for (int i = 0; i < 6; ++i) {
    house.make_driver("wrong");
    house.order_start();
  }
  house.make_driver();
  const auto locked = house.order_start();
  CHECK(locked.word == Word::failed);
  CHECK(locked.fault == Fault::no_camera);
  CHECK(locked.reason == "motion knows no such camera, or ignores us");
}
