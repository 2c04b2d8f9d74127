// What the monitor of a recorded room says, and from when on it does not say it any more.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "display/page/room_monitor.hpp"
#include "tests/display_page/golden.hpp"

using namespace lobby::display;
using namespace std::chrono_literals;

namespace {

constexpr const char* rooms = R"([{"id":"room-1","name":"第一评标室","cameras":["cam-1","cam-2"]},
                                  {"id":"room-2","name":"第二评标室","cameras":["cam-3"]}])";

std::string evaluation(const std::string& stage, const std::string& cameras, const std::string& more = "") {
  return R"({"id":"EV-1","room":"room-1","kind":"evaluation","project_no":"SIM-2026-017","section":"2",)"
         R"("project_name":"某县中医医院医疗设备采购项目","state":")" +
         stage + R"(","cameras":[)" + cameras + "]" + more + "}";
}

std::string camera(const std::string& id, const std::string& state, const std::string& age) {
  return R"({"id":")" + id + R"(","state":")" + state +
         R"(","last_proof":"2026-03-16T09:00:00+08:00","proof_age_s":)" + age + R"(,"clock_offset_ms":12})";
}

RoomMonitor monitor_of(const std::string& evaluations, const std::string& room = "room-1") {
  auto read = read_room_monitor(rooms, "[" + evaluations + "]", room);
  REQUIRE(read);
  return *std::move(read);
}

constexpr Instant asked = 1000s;

Picture picture_of(const RoomMonitor& monitor, Instant now, int width = 960, int height = 540) {
  Glyphs glyphs;
  Picture picture(width, height);
  draw_room_monitor(picture, glyphs, monitor, asked, now);
  return picture;
}

/// Of a dot in the strip that says how it stands, at its left edge.
Colour band_of(const Picture& picture) {
  return picture.at(1, picture.height() / 14 + picture.height() / 18 + picture.height() / 8);
}
bool is_green(Colour colour) {
  return colour.green > 100 && colour.red < 50;
}
bool is_red(Colour colour) {
  return colour.red > 150 && colour.green < 50;
}

bool has_green(const Picture& picture) {
  for (int y = 0; y < picture.height(); ++y) {
    for (int x = 0; x < picture.width(); ++x) {
      if (is_green(picture.at(x, y))) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

TEST_CASE("a recording is green for as long as its proof holds, and not a moment longer") {
  for (const int age : {0, 1, 3, 7}) {
    CAPTURE(age);
    const auto monitor = monitor_of(evaluation(
        "witnessed", camera("cam-1", "rec", std::to_string(age)) + "," + camera("cam-2", "rec", "0")));
    // The server is asked anew each half second: what ends first, its proof or its silence, ends the green.
    const Instant ends = asked + std::min<Instant>(8s - age * 1s, 5s);
    for (Instant now = asked; now < asked + 12s; now += 100ms) {
      const auto picture = picture_of(monitor, now, 480, 270);
      CHECK_MESSAGE(is_green(band_of(picture)) == (now < ends), (now - asked).count());
      CHECK_MESSAGE(is_red(band_of(picture)) == (now >= ends), (now - asked).count());
    }
  }
}

TEST_CASE("drawn when it says that it looks different, it is never wrong in between") {
  const auto monitor = monitor_of(
      evaluation("witnessed", camera("cam-1", "rec", "1.4") + "," + camera("cam-2", "rec", "3.9")));
  Glyphs glyphs;
  Picture kept(480, 270);
  Instant due = asked;
  for (Instant now = asked; now < asked + 20s; now += 50ms) {
    if (now >= due) {
      due = draw_room_monitor(kept, glyphs, monitor, asked, now);
      CHECK(due > now);
    }
    CHECK_MESSAGE(kept == picture_of(monitor, now, 480, 270), (now - asked).count());
  }
}

TEST_CASE("nothing but proof is green") {
  const auto shows_green = [](const std::string& stage, const std::string& cameras) {
    return has_green(picture_of(monitor_of(evaluation(stage, cameras)), asked, 480, 270));
  };
  const auto with = [&](const std::string& state, const std::string& age) {
    return shows_green("witnessed", camera("cam-1", state, age));
  };
  CHECK(with("rec", "0"));
  CHECK_FALSE(with("rec", "8"));
  CHECK_FALSE(with("rec", "null"));
  CHECK_FALSE(with("rec", "-1"));
  CHECK_FALSE(with("rec", "\"0\""));
  CHECK_FALSE(with("not_recording", "0"));
  CHECK_FALSE(with("unknown", "0"));
  CHECK_FALSE(with("off", "0"));
  CHECK_FALSE(with("a word of a newer server", "0"));
  CHECK_FALSE(shows_green("witnessed", ""));
  // All record, and still nobody may go in, or it had begun without.
  for (const char* stage : {"opening", "closing", "unwitnessed", "interrupted", "a newer stage"}) {
    const auto picture =
        picture_of(monitor_of(evaluation(stage, camera("cam-1", "rec", "0"))), asked, 480, 270);
    CHECK_FALSE_MESSAGE(is_green(band_of(picture)), stage);
  }
}

TEST_CASE("the room's own session is shown, what is over is not, and the next use is the soonest") {
  const std::string other =
      R"({"id":"EV-2","room":"room-2","kind":"evaluation","project_name":"别的项目","state":"witnessed","cameras":[]})";
  const auto planned = [](const std::string& name, const std::string& at) {
    return R"({"id":"EV","room":"room-1","kind":"opening","project_name":")" + name +
           R"(","state":"planned","cameras":[])" + (at.empty() ? "" : R"(,"planned_at":")" + at + "\"") + "}";
  };
  const auto monitor =
      monitor_of(evaluation("closed", camera("cam-1", "off", "0")) + "," + planned("没有时间", "") + "," +
                 planned("后一场", "2026-03-17T14:30:00+08:00") + "," +
                 planned("前一场", "2026-03-17T09:30:00+08:00") + "," + other);
  CHECK_FALSE(monitor.session);
  CHECK(monitor.room == "第一评标室");
  REQUIRE(monitor.next);
  CHECK(monitor.next->project_name == "前一场");
  CHECK(monitor.next->at == "03-17 09:30");
  CHECK(monitor.next->is_opening);
  CHECK(monitor_of(other, "room-2").session->project_name == "别的项目");
  CHECK_FALSE(read_room_monitor(rooms, "[]", "room-9"));
}

TEST_CASE("an alarm that somebody has acknowledged is not shown, the newest is first") {
  const auto monitor = monitor_of(
      evaluation("interrupted", camera("cam-1", "unknown", "9"),
                 R"(,"alarms":[{"kind":"recording","camera":"cam-1","at":"2026-03-16T09:05:00+08:00"},)"
                 R"({"kind":"clock","camera":"cam-2","at":"2026-03-16T09:06:00+08:00"},)"
                 R"({"kind":"recording","camera":"cam-2","at":"2026-03-16T09:07:00+08:00",)"
                 R"("acknowledged_by":"supervisor"}])"));
  CHECK(monitor.alarms ==
        std::vector<RoomMonitor::Alarm>{{"clock", "cam-2", "09:06"}, {"recording", "cam-1", "09:05"}});
}

TEST_CASE("what is no answer is none") {
  CHECK_FALSE(read_room_monitor(rooms, "", "room-1"));
  CHECK_FALSE(read_room_monitor(rooms, "{}", "room-1"));
  CHECK_FALSE(read_room_monitor("<html>", "[]", "room-1"));
  CHECK_FALSE(read_room_monitor(rooms, std::string(MonitorBounds::bytes + 1, ' '), "room-1"));
  CHECK_FALSE(read_room_monitor(rooms, std::string(100, '[') + std::string(100, ']'), "room-1"));
  CHECK(read_room_monitor(rooms, R"([1, null, {"room":"room-1"}, {"room":"room-1","state":7,"cameras":[1]}])",
                          "room-1"));
}

TEST_CASE("the pictures of the monitor") {
  const std::string good = camera("评标室-前", "rec", "1") + "," + camera("评标室-后", "rec", "2") + "," +
                           camera("评标室-门口", "rec", "0");
  const std::string mixed = camera("评标室-前", "rec", "1") + "," +
                            camera("评标室-后", "not_recording", "64") + "," +
                            camera("评标室-门口", "unknown", "12") + "," + camera("走廊", "off", "null") +
                            R"(,{"id":"继电器","state":"unknown","proof_age_s":null,"triggered":true})";
  std::string many;
  for (int i = 1; i <= 16; ++i) {
    many += (i == 1 ? "" : ",") + camera("cam-" + std::to_string(i), "rec", std::to_string(i % 4));
  }
  const std::string alarms =
      R"(,"alarms":[{"kind":"recording","camera":"评标室-后","at":"2026-03-16T09:05:00+08:00"}])";
  const std::string next =
      R"({"id":"EV-3","room":"room-1","kind":"opening","project_name":"城区道路照明改造工程","state":"planned",)"
      R"("planned_at":"2026-03-17T14:30:00+08:00","cameras":[]})";
  CHECK(is_golden("monitor-witnessed", picture_of(monitor_of(evaluation("witnessed", good)), asked + 1s)));
  CHECK(is_golden("monitor-interrupted",
                  picture_of(monitor_of(evaluation("interrupted", mixed, alarms)), asked)));
  CHECK(
      is_golden("monitor-sixteen", picture_of(monitor_of(evaluation("witnessed", many)), asked, 1280, 720)));
  CHECK(is_golden("monitor-opening", picture_of(monitor_of(evaluation("opening", mixed)), asked, 640, 360)));
  CHECK(is_golden("monitor-idle", picture_of(monitor_of(next), asked)));
  CHECK(is_golden("monitor-lost", picture_of(monitor_of(evaluation("witnessed", good)), asked + 6s)));
}
