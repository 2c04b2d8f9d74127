// A recorded room over its whole time, in virtual time: REC is asserted at every step, not at the end.
#include "daemon/flows/witness.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/fakes/memory_desk.hpp"
#include "tests/fakes/virtual_executor.hpp"

using namespace lobby;

namespace {

using hall::RecorderWord;
using hall::RecordingVerdict;
using std::chrono::milliseconds;

/// What a recorder is like.
struct Truth {
  bool records = false;    ///< since it was ordered
  bool obeys = true;       ///< an order makes it record
  bool answers = true;     ///< else every call ends with its deadline
  bool is_broken = false;  ///< says itself that it does not record
  bool can_verify = true;
  std::int64_t takes_ms = 20;
  std::int64_t clock_offset_ms = 0;
  int starts = 0, stops = 0, probes = 0;
  std::optional<std::int64_t> last_good;  ///< when it was asked last and all was well
  std::int64_t worst_pause = 0, last_asked = 0;
};

class Rack final : public flows::RecorderPort {
 public:
  Rack(fakes::VirtualExecutor& loop, fakes::MemoryDesk& desk) : loop_(loop), desk_(desk) {}
  std::map<std::string, Truth> cameras;
  std::vector<std::string> resumed;

  void start(const hall::DeviceId& camera,
             std::function<void(hall::RecorderAnswer, hall::RecordingSession)> done) override {
    Truth& one = cameras[camera.value];
    ++one.starts;
    reply(one, 5'000, [this, &one, done] {
      if (!one.answers) {
        return done({RecorderWord::failed, "timeout", "no answer in time", {}}, {desk_.now(), {}});
      }
      one.records = one.records || one.obeys;
      done({RecorderWord::done, {}, {}, {}}, {desk_.now(), "schedule"});
    });
  }
  void resume(const hall::DeviceId& camera, hall::RecordingSession session) override {
    resumed.push_back(camera.value + " " + session.previous);
  }
  void stop(const hall::DeviceId& camera, std::function<void(hall::RecorderAnswer)> done) override {
    Truth& one = cameras[camera.value];
    ++one.stops;
    reply(one, 5'000, [&one, done] {
      if (!one.answers) {
        return done({RecorderWord::failed, "timeout", "no answer in time", {}});
      }
      one.records = false;
      done({RecorderWord::done, {}, {}, {}});
    });
  }
  void probe(const hall::DeviceId& camera, std::function<void(hall::RecordingReading)> done) override {
    Truth& one = cameras[camera.value];
    ++one.probes;
    const auto asked = desk_.mono_ms();
    if (one.last_asked != 0) {
      one.worst_pause = std::max(one.worst_pause, asked - one.last_asked);
    }
    one.last_asked = asked;
    reply(one, 2'000, [&one, done, asked] {
      hall::RecordingReading reading;
      reading.clock_offset_ms = one.clock_offset_ms;
      const auto seen = !one.answers ? hall::Seen::unknown : one.records ? hall::Seen::yes : hall::Seen::no;
      const char* fault = !one.answers ? "timeout" : one.records ? "" : "not_recording";
      for (const char* probe : {"status", "file"}) {
        reading.proofs.push_back({probe, seen, fault, fault, asked, "00ff"});
      }
      reading.good_ms = asked;
      reading.verdict = !one.answers      ? RecordingVerdict::unknown
                        : !one.records    ? RecordingVerdict::not_recording
                        : !one.can_verify ? RecordingVerdict::triggered
                                          : RecordingVerdict::recording;
      if (reading.verdict == RecordingVerdict::recording) {
        one.last_good = asked;
      }
      done(std::move(reading));
    });
  }
  void check(const hall::DeviceId& camera, std::function<void(hall::RecorderReport)> done) override {
    Truth& one = cameras[camera.value];
    reply(one, 5'000, [&one, done] {
      hall::RecorderReport report;
      report.version = "4.5.1";
      for (const char* name : {"login", "clock", "storage"}) {
        report.checks.push_back(
            {name, one.answers
                       ? hall::RecorderAnswer{RecorderWord::done, {}, {}, {}}
                       : hall::RecorderAnswer{RecorderWord::failed, "timeout", "no answer in time", {}}});
      }
      done(std::move(report));
    });
  }

 private:
  void reply(const Truth& one, std::int64_t deadline, std::function<void()> work) {
    loop_.after(milliseconds(one.answers ? one.takes_ms : deadline), std::move(work));
  }
  fakes::VirtualExecutor& loop_;
  fakes::MemoryDesk& desk_;
};

class Ledger final : public flows::EvidencePort {
 public:
  explicit Ledger(fakes::VirtualExecutor& loop) : loop_(loop) {}
  struct Line {
    std::string kind, camera, order;
    std::map<std::string, std::variant<std::int64_t, bool, std::string>> detail;
  };
  std::vector<Line> lines;
  bool hangs = false;
  std::optional<std::int64_t> last_ms;
  int seals = 0;

  void write(hall::EvaluationId, std::vector<flows::EvidenceNote> notes, bool seal,
             std::function<void()> done) override {
    for (auto& note : notes) {
      const auto order = note.detail.find("order");
      lines.push_back({note.kind, note.camera.value,
                       order == note.detail.end() ? "" : std::get<std::string>(order->second), note.detail});
    }
    seals += seal ? 1 : 0;
    if (!hangs) {
      loop_.after(milliseconds(5), std::move(done));
    }
  }
  void finish(hall::EvaluationId id, flows::EvidenceNote closed,
              std::function<void(std::string)> done) override {
    write(id, {std::move(closed)}, true, [done = std::move(done)] { done("abcd"); });
  }
  void last_written(hall::EvaluationId, std::function<void(std::optional<std::int64_t>)> done) override {
    loop_.after(milliseconds(5), [this, done = std::move(done)] { done(last_ms); });
  }
  std::size_t count(const std::string& kind) const {
    return static_cast<std::size_t>(
        std::count_if(lines.begin(), lines.end(), [&](const Line& line) { return line.kind == kind; }));
  }

 private:
  fakes::VirtualExecutor& loop_;
};

hall::Site recorded_site(std::size_t cameras) {
  auto site = fakes::small_site();
  hall::WatchedRoom room;
  room.id = {"r1"};
  for (std::size_t i = 1; i <= cameras; ++i) {
    room.cameras.push_back({"c" + std::to_string(i)});
  }
  site.rooms = {room};
  return site;
}

/// The house, and the promise that is held at every step of it.
struct WitnessHouse {
  explicit WitnessHouse(std::size_t cameras = 2)
      : desk(recorded_site(cameras)), rack(loop, desk), ledger(loop) {
    desk.recorded = [this](const hall::Event& event) {
      if (witness) {
        witness->on_event(event);
      }
    };
    for (const auto& camera : desk.site().rooms.front().cameras) {
      rack.cameras[camera.value] = {};
    }
    desk.report(hall::TurnDay{}, "");
    desk.drain();
    begin();
  }
  void begin() {
    witness.emplace(desk, rack, ledger, flows::WitnessTimes{});
    witness->start();
  }
  void pass(std::int64_t ms) {
    for (std::int64_t at = 0; at < ms; at += 10) {
      desk.advance(10);
      loop.run_for(milliseconds(10));
      desk.drain();
      if (witness && desk.mono % 100 == 0) {
        witness->step();
        desk.drain();
      }
      hold_promise();
    }
  }
  void hold_promise() {
    for (const auto& evaluation : desk.state().evaluations) {
      for (const auto& sight : witness ? witness->sights(evaluation) : std::vector<hall::CameraSight>()) {
        if (sight.state != hall::CameraShown::rec) {
          continue;
        }
        const auto& good = rack.cameras[sight.camera.value].last_good;
        const bool holds = good && desk.mono - *good <= 8'000 && sight.proof_age_ms &&
                           *sight.proof_age_ms <= 8'000 && *sight.proof_age_ms >= desk.mono - *good;
        REQUIRE_MESSAGE(holds, sight.camera.value << " is called REC at " << desk.mono);
        ++rec_steps;
      }
    }
  }
  void act(hall::Command command, const std::string& by = "wang") {
    bool done = false;
    desk.ask(std::move(command), by, [&](const auto& refusal) {
      done = true;
      REQUIRE_MESSAGE(!refusal, (refusal ? refusal->detail : ""));
    });
    desk.drain();
    REQUIRE(done);
  }
  /// Planned for a time when nobody looks at it before.
  void plan() {
    auto at = desk.time;
    at.utc_ms += 2LL * 60 * 60 * 1000;
    act(hall::PlanEvaluation{{"r1"}, hall::RoomUse::evaluation, "P-1", "道路", "", "15y", at});
  }
  void start() {
    plan();
    act(hall::StartEvaluation{{1}});
  }
  const hall::Evaluation& evaluation() const { return desk.state().evaluations.front(); }
  std::string stage() const { return std::string(hall::to_text(evaluation().stage)); }
  hall::CameraSight sight(const std::string& camera) const {
    for (const auto& one : witness->sights(evaluation())) {
      if (one.camera.value == camera) {
        return one;
      }
    }
    return {};
  }
  /// How long until this is true, in steps of 10 ms.
  template <class Holds>
  std::int64_t until(Holds holds, std::int64_t most = 60'000) {
    const auto begun = desk.mono;
    while (!holds() && desk.mono - begun < most) {
      pass(10);
    }
    REQUIRE(holds());
    return desk.mono - begun;
  }
  std::size_t count(const std::string& type) const {
    const auto types = desk.types();
    return static_cast<std::size_t>(std::count(types.begin(), types.end(), type));
  }
  template <class Body>
  const Body& last() const {
    for (auto it = desk.events.rbegin(); it != desk.events.rend(); ++it) {
      if (const auto* body = std::get_if<Body>(&it->body)) {
        return *body;
      }
    }
    throw std::runtime_error("no such event");
  }

  fakes::VirtualExecutor loop;
  fakes::MemoryDesk desk;
  Rack rack;
  Ledger ledger;
  std::optional<flows::Witness> witness;
  std::size_t rec_steps = 0;
};

}  // namespace

TEST_CASE("ordered, proved, watched, given back") {
  WitnessHouse house;
  house.start();
  CHECK(house.stage() == "opening");
  CHECK(house.sight("c1").state == hall::CameraShown::unknown);
  // Ours of the time to the first REC: what the recorder and the disk need is 20 + 20 + 5 ms.
  CHECK(house.until([&] { return house.stage() == "witnessed"; }) <= 200);
  CHECK(house.count("RecordingRequested") == 2);
  CHECK(house.last<hall::RecordingRequested>().previous == "schedule");
  house.pass(120'000);
  CHECK(house.stage() == "witnessed");
  CHECK(house.rec_steps > 20'000);
  CHECK(house.rack.cameras["c1"].probes >= 60);
  CHECK(house.rack.cameras["c1"].starts == 1);
  CHECK(house.ledger.count("heartbeat") == 4);

  house.act(hall::StopEvaluation{{1}});
  CHECK(house.stage() == "closing");
  CHECK(house.until([&] { return house.stage() == "closed"; }) <= 200);
  CHECK(house.rack.cameras["c1"].stops == 1);
  CHECK_FALSE(house.rack.cameras["c1"].records);
  CHECK(house.sight("c1").state == hall::CameraShown::off);
  CHECK(house.last<hall::EvaluationClosed>().head == "abcd");
  CHECK(house.ledger.lines.back().kind == "closed");
}

TEST_CASE("the order stands in the evidence before it is sent") {
  WitnessHouse house(1);
  house.plan();
  house.ledger.hangs = true;
  house.act(hall::StartEvaluation{{1}});
  house.pass(900);
  CHECK(house.rack.cameras["c1"].starts == 0);
  CHECK(house.ledger.lines.back().order == "start");
  // A disk that hangs does not keep the room from being recorded.
  house.pass(200);
  CHECK(house.rack.cameras["c1"].starts == 1);
  house.witness->evidence_fault("disk full");
  house.pass(100);
  CHECK(house.last<hall::AlarmRaised>().kind == hall::AlarmKind::evidence);
  CHECK(house.stage() == "witnessed");
}

TEST_CASE("one of eight recorders hangs, and the others do not feel it") {
  WitnessHouse house(8);
  house.start();
  house.until([&] { return house.stage() == "witnessed"; });
  house.rack.cameras["c3"].answers = false;
  const auto alarm = house.until([&] { return house.count("AlarmRaised") == 1; });
  CHECK(alarm <= 10'000);
  CHECK(house.stage() == "interrupted");
  CHECK(house.sight("c3").state == hall::CameraShown::unknown);
  house.pass(180'000);
  for (const auto& [name, camera] : house.rack.cameras) {
    if (name != "c3") {
      CHECK_MESSAGE(camera.worst_pause <= 2'100, name << " waited for " << camera.worst_pause);
      CHECK(camera.starts == 1);
    }
  }
  CHECK(house.count("AlarmRaised") == 1);
  // Ordered again, ever less often: at once, then after 2, 4, 8, 16, 30, 30 … s, each ending after 5 s.
  CHECK(house.rack.cameras["c3"].starts >= 5);
  CHECK(house.rack.cameras["c3"].starts <= 12);

  house.rack.cameras["c3"].answers = true;
  CHECK(house.until([&] { return house.stage() == "witnessed"; }) <= 4'100);
  const auto& gap = house.last<hall::RecordingGap>();
  CHECK(gap.camera.value == "c3");
  CHECK(gap.cause == hall::GapCause::missing);
  CHECK(gap.to.utc_ms - gap.from.utc_ms > 180'000);
  CHECK(gap.to.utc_ms - gap.from.utc_ms < 200'000);
  CHECK(house.evaluation().alarms.front().acknowledged_by.empty());
}

TEST_CASE("a recorder that says no is an alarm at once, and is ordered again at once") {
  WitnessHouse house(1);
  house.start();
  house.until([&] { return house.stage() == "witnessed"; });
  house.rack.cameras["c1"].records = false;
  house.rack.cameras["c1"].obeys = false;
  CHECK(house.until([&] { return house.count("RecordingMissing") == 1; }) <= 2'100);
  CHECK(house.sight("c1").state == hall::CameraShown::not_recording);
  CHECK(house.last<hall::RecordingMissing>().fault == "not_recording");
  house.pass(100);
  CHECK(house.rack.cameras["c1"].starts == 2);
  house.rack.cameras["c1"].obeys = true;
  house.until([&] { return house.stage() == "witnessed"; });
  CHECK(house.count("RecordingMissing") == 1);
}

TEST_CASE("a recorder that says done and does not record is never REC") {
  WitnessHouse house(1);
  house.rack.cameras["c1"].obeys = false;
  house.start();
  CHECK(house.until([&] { return house.count("AlarmRaised") == 1; }) <= 8'200);
  house.pass(60'000);
  CHECK(house.stage() == "opening");
  CHECK(house.rec_steps == 0);
}

TEST_CASE("nobody verifies: amber, an alarm, and never REC") {
  WitnessHouse house(1);
  house.rack.cameras["c1"].can_verify = false;
  house.start();
  house.pass(120'000);
  CHECK(house.stage() == "opening");
  CHECK(house.rec_steps == 0);
  CHECK(house.sight("c1").triggered);
  CHECK(house.sight("c1").state == hall::CameraShown::unknown);
  CHECK(house.count("AlarmRaised") == 1);
  CHECK(house.rack.cameras["c1"].starts == 1);
  house.act(hall::OpenUnwitnessed{{1}, "no second probe"});
  CHECK(house.stage() == "unwitnessed");
}

TEST_CASE("a dead recorder does not keep an evaluation from closing") {
  WitnessHouse house(2);
  house.start();
  house.until([&] { return house.stage() == "witnessed"; });
  house.rack.cameras["c2"].answers = false;
  house.act(hall::StopEvaluation{{1}});
  CHECK(house.until([&] { return house.stage() == "closed"; }) <= 30'300);
  CHECK(house.last<hall::AlarmRaised>().kind == hall::AlarmKind::release);
}

TEST_CASE("another life goes on watching, and stops nothing") {
  WitnessHouse house(2);
  house.start();
  house.until([&] { return house.stage() == "witnessed"; });
  house.pass(30'000);
  house.ledger.last_ms = house.desk.time.utc_ms;
  house.witness.reset();
  house.pass(20'000);
  house.begin();
  CHECK(house.sight("c1").state == hall::CameraShown::unknown);
  house.pass(500);
  CHECK(house.rack.resumed == std::vector<std::string>{"c1 schedule", "c2 schedule"});
  CHECK(house.sight("c1").state == hall::CameraShown::rec);
  CHECK(house.stage() == "witnessed");
  CHECK(house.rack.cameras["c1"].starts == 1);
  CHECK(house.rack.cameras["c1"].stops == 0);
  REQUIRE(house.count("RecordingGap") == 2);
  const auto& gap = house.last<hall::RecordingGap>();
  CHECK(gap.cause == hall::GapCause::unwatched);
  CHECK(gap.from.utc_ms == *house.ledger.last_ms);
  CHECK(gap.to.utc_ms - gap.from.utc_ms >= 20'000);
  CHECK(house.ledger.count("resumed") == 1);

  // What broke meanwhile is ordered again.
  house.witness.reset();
  house.rack.cameras["c2"].records = false;
  house.begin();
  house.pass(20'000);
  CHECK(house.rack.cameras["c2"].starts == 2);
  CHECK(house.count("RecordingMissing") == 1);
  CHECK(house.stage() == "witnessed");
  CHECK(house.rack.cameras["c2"].stops == 0);
}

TEST_CASE("a life that ended in the closing gives the recorders back") {
  WitnessHouse house(1);
  house.start();
  house.until([&] { return house.stage() == "witnessed"; });
  house.act(hall::StopEvaluation{{1}});
  house.witness.reset();
  house.begin();
  house.until([&] { return house.stage() == "closed"; });
  CHECK_FALSE(house.rack.cameras["c1"].records);
}

TEST_CASE("ten minutes before each recorder is looked at and tried") {
  WitnessHouse house(2);
  house.rack.cameras["c2"].obeys = false;
  house.plan();
  house.pass(60'000);
  CHECK(house.rack.cameras["c1"].starts == 0);
  house.desk.advance(110LL * 60 * 1000 - 60'000);
  house.pass(20'000);
  CHECK(house.rack.cameras["c1"].starts == 1);
  CHECK(house.rack.cameras["c1"].stops == 1);
  CHECK_FALSE(house.rack.cameras["c1"].records);
  CHECK(house.count("AlarmRaised") == 1);
  CHECK(house.last<hall::AlarmRaised>().kind == hall::AlarmKind::preflight);
  CHECK(house.last<hall::AlarmRaised>().camera.value == "c2");
  CHECK(house.stage() == "planned");
  CHECK(house.ledger.count("preflight") == 8);
  CHECK(house.rec_steps == 0);
}

TEST_CASE("a start amid the trial makes it the real thing") {
  for (const std::int64_t after : {10, 30, 40, 60, 70, 90, 120}) {
    WitnessHouse house(1);
    house.act(hall::PlanEvaluation{{"r1"}, hall::RoomUse::evaluation, "P-1", "道路", "", "15y", {}});
    house.witness->step();
    house.pass(after);
    house.act(hall::StartEvaluation{{1}});
    house.pass(10'000);
    CHECK_MESSAGE(house.stage() == "witnessed", "started after " << after << " ms");
    CHECK_MESSAGE(house.rack.cameras["c1"].records, "started after " << after << " ms");
  }
}

TEST_CASE("a trial for one evaluation stops nothing of another one in its room") {
  for (const std::int64_t after : {10, 30, 40, 60, 70, 90, 120}) {
    CAPTURE(after);
    WitnessHouse house(1);
    house.plan();  // for a later time: not tried yet
    house.act(hall::PlanEvaluation{{"r1"}, hall::RoomUse::evaluation, "P-2", "桥梁", "", "15y", {}});
    house.witness->step();
    house.pass(after);
    const int stops = house.rack.cameras["c1"].stops;  // the trial may be over
    house.act(hall::StartEvaluation{{1}});
    house.pass(20'000);
    CHECK(house.stage() == "witnessed");
    CHECK(house.rack.cameras["c1"].records);
    CHECK(house.rack.cameras["c1"].stops == stops);
    CHECK(house.count("RecordingMissing") == 0);
    CHECK(house.count("AlarmRaised") == 0);
  }
}

TEST_CASE("evidence that cannot be gone on with is an alarm in the life that finds it so") {
  WitnessHouse house(1);
  house.start();
  house.until([&] { return house.stage() == "witnessed"; });
  house.witness.reset();
  house.ledger.last_ms.reset();
  house.begin();
  // Before it is known when the last life ended, as a bundle that is not whole is found.
  house.witness->evidence_fault("line 7 was changed");
  house.pass(3'000);
  REQUIRE(house.count("AlarmRaised") == 1);
  CHECK(house.last<hall::AlarmRaised>().kind == hall::AlarmKind::evidence);
  CHECK(house.last<hall::AlarmRaised>().reason == "line 7 was changed");
}

TEST_CASE("a clock that is far from ours is an alarm, once") {
  WitnessHouse house(1);
  house.rack.cameras["c1"].clock_offset_ms = -3'600'000;
  house.start();
  house.pass(30'000);
  CHECK(house.count("AlarmRaised") == 1);
  CHECK(house.last<hall::AlarmRaised>().kind == hall::AlarmKind::clock);
  CHECK(house.sight("c1").clock_offset_ms == -3'600'000);
  CHECK(house.stage() == "witnessed");
}
