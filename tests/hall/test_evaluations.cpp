// Evaluations and openings of bids: stages, names, alarms that stand, midnight.
#include <doctest/doctest.h>

#include "tests/hall/a_hall.hpp"

namespace evaluations_tests {

using namespace lobby::hall;
using testing::at;
using testing::Hall;
using testing::Types;
using testing::types;

namespace {

Hall a_hall_with_rooms(StartPolicy policy = StartPolicy::block) {
  Hall hall;
  hall.site.rooms = {{.id = {"r1"},
                      .name = "第一评标室",
                      .kind = RoomUse::evaluation,
                      .policy = policy,
                      .cameras = {{"c1"}, {"c2"}}}};
  hall.by = "wang";
  hall.open_day();
  return hall;
}

PlanEvaluation a_plan() {
  return {{"r1"}, RoomUse::evaluation, "P-2026-1", "道路改造", "一标段", "15y"};
}

EvaluationId planned(Hall& hall) {
  return std::get<EvaluationPlanned>(hall.must(a_plan()).at(0).body).evaluation;
}

std::string stage(const Hall& hall, EvaluationId id) {
  return std::string(to_text(hall.state.find(id)->stage));
}

Types verified(Hall& hall, EvaluationId id, const char* camera) {
  return types(hall.must(ReportVerified{id, {camera}, hall.now}));
}

Types missing(Hall& hall, EvaluationId id, const char* camera) {
  return types(hall.must(ReportMissing{id, {camera}, hall.now, "timeout", "no answer"}));
}

EvaluationId witnessed(Hall& hall) {
  const auto id = planned(hall);
  hall.must(StartEvaluation{id});
  verified(hall, id, "c1");
  verified(hall, id, "c2");
  REQUIRE(stage(hall, id) == "witnessed");
  return id;
}

}  // namespace

TEST_CASE("an evaluation from its plan to its end") {
  Hall hall = a_hall_with_rooms();
  const auto id = planned(hall);
  CHECK(stage(hall, id) == "planned");
  CHECK(hall.state.find(id)->planned_by == "wang");
  CHECK(types(hall.must(StartEvaluation{id})) == Types{"EvaluationOpened"});
  CHECK(stage(hall, id) == "opening");
  CHECK_FALSE(is_ready(*hall.state.find(id)));
  CHECK(verified(hall, id, "c1") == Types{"RecordingVerified"});
  CHECK(verified(hall, id, "c1").empty());
  CHECK(stage(hall, id) == "opening");  // one of two
  CHECK(verified(hall, id, "c2") == Types{"RecordingVerified"});
  CHECK(stage(hall, id) == "witnessed");
  hall.pass(60);
  CHECK(missing(hall, id, "c2") == Types{"RecordingMissing", "AlarmRaised", "EvaluationInterrupted"});
  CHECK(stage(hall, id) == "interrupted");
  CHECK(missing(hall, id, "c2").empty());
  hall.pass(30);
  CHECK(verified(hall, id, "c2") == Types{"RecordingVerified", "RecordingGap"});
  CHECK(stage(hall, id) == "witnessed");
  CHECK(types(hall.must(StopEvaluation{id})) == Types{"EvaluationStopped"});
  CHECK(stage(hall, id) == "closing");
  CHECK(missing(hall, id, "c1").empty());  // it may be silent now
  CHECK(types(hall.must(ReportClosed{id, "abcd"})) == Types{"EvaluationClosed"});
  CHECK(stage(hall, id) == "closed");
  CHECK(hall.state.find(id)->head == "abcd");
  CHECK(hall.must(ReportClosed{id, "abcd"}).empty());
}

TEST_CASE("a gap has the bounds of the last proof before and the first one after") {
  Hall hall = a_hall_with_rooms();
  const auto id = witnessed(hall);
  const auto last = hall.now;
  hall.pass(8);
  hall.must(ReportMissing{id, {"c1"}, last, "timeout", "no answer"});
  hall.pass(100);
  const auto events = hall.must(ReportVerified{id, {"c1"}, hall.now});
  REQUIRE(types(events) == Types{"RecordingVerified", "RecordingGap"});
  const auto& gap = std::get<RecordingGap>(events[1].body);
  CHECK(gap.from == last);
  CHECK(gap.to == hall.now);
  CHECK(gap.cause == GapCause::missing);
  const auto away = hall.now;
  hall.pass(40);
  const auto after = hall.must(ReportVerified{id, {"c1"}, hall.now, away});
  REQUIRE(types(after) == Types{"RecordingGap"});
  CHECK(std::get<RecordingGap>(after[0].body).cause == GapCause::unwatched);
}

TEST_CASE("what a stage does not allow is refused") {
  Hall hall = a_hall_with_rooms();
  CHECK(hall.refused(StartEvaluation{{7}}) == "unknown_evaluation");
  CHECK(hall.refused(StopEvaluation{{7}}) == "unknown_evaluation");
  CHECK(hall.refused(OpenUnwitnessed{{7}, "x"}) == "unknown_evaluation");
  CHECK(hall.refused(AcknowledgeAlarm{{7}, {1}}) == "unknown_evaluation");
  auto plan = a_plan();
  plan.room = {"r9"};
  CHECK(hall.refused(plan) == "bad_request");
  plan = a_plan();
  plan.retention_class.clear();
  CHECK(hall.refused(plan) == "bad_request");
  plan = a_plan();
  plan.planned_at = at("2024-01-01T00:00:00+08:00");
  CHECK(hall.refused(plan) == "bad_request");
  const auto id = planned(hall);
  const auto other = planned(hall);
  hall.must(StartEvaluation{id});
  CHECK(hall.refused(StartEvaluation{id}) == "wrong_state");
  CHECK(hall.refused(StartEvaluation{other}) == "wrong_state");  // the room's cameras are taken
  CHECK(hall.refused(OpenUnwitnessed{other, "x"}) == "wrong_state");
  CHECK(hall.refused(OpenUnwitnessed{id, ""}) == "bad_request");
  CHECK(hall.refused(AcknowledgeAlarm{id, {1}}) == "not_found");
  verified(hall, id, "c1");
  verified(hall, id, "c2");
  CHECK(hall.refused(OpenUnwitnessed{id, "x"}) == "wrong_state");
  hall.must(StopEvaluation{id});
  CHECK(hall.refused(StopEvaluation{id}) == "wrong_state");
  CHECK(hall.refused(StartEvaluation{other}) == "wrong_state");
  hall.must(ReportClosed{id, ""});
  hall.must(StartEvaluation{other});
}

TEST_CASE("nobody acts without a name") {
  Hall hall = a_hall_with_rooms();
  const auto id = planned(hall);
  hall.by = "";
  CHECK(hall.refused(a_plan()) == "forbidden");
  CHECK(hall.refused(StartEvaluation{id}) == "forbidden");
  CHECK(hall.refused(StopEvaluation{id}) == "forbidden");
  CHECK(hall.refused(OpenUnwitnessed{id, "x"}) == "forbidden");
}

TEST_CASE("an alarm stands until somebody acknowledges it, once for its camera and kind") {
  Hall hall = a_hall_with_rooms();
  const auto id = witnessed(hall);
  missing(hall, id, "c1");
  REQUIRE(hall.state.find(id)->alarms.size() == 1);
  const auto alarm = hall.state.find(id)->alarms[0].alarm;
  verified(hall, id, "c1");
  CHECK(hall.state.find(id)->alarms[0].acknowledged_by.empty());
  CHECK(missing(hall, id, "c1") == Types{"RecordingMissing", "EvaluationInterrupted"});
  hall.by = "li";
  CHECK(types(hall.must(AcknowledgeAlarm{id, alarm})) == Types{"AlarmAcknowledged"});
  CHECK(hall.must(AcknowledgeAlarm{id, alarm}).empty());
  CHECK(hall.state.find(id)->alarms[0].acknowledged_by == "li");
  verified(hall, id, "c1");
  CHECK(missing(hall, id, "c1") == Types{"RecordingMissing", "AlarmRaised", "EvaluationInterrupted"});
  CHECK(types(hall.must(ReportAlarm{id, {"c1"}, AlarmKind::clock, "an hour"})) == Types{"AlarmRaised"});
  CHECK(hall.must(ReportAlarm{id, {"c1"}, AlarmKind::clock, "an hour"}).empty());
}

TEST_CASE("a room that blocks is not ready without proof, one that warns is") {
  for (const auto policy : {StartPolicy::block, StartPolicy::warn}) {
    Hall hall = a_hall_with_rooms(policy);
    const auto id = planned(hall);
    hall.must(StartEvaluation{id});
    verified(hall, id, "c1");
    missing(hall, id, "c2");
    CHECK(is_ready(*hall.state.find(id)) == (policy == StartPolicy::warn));
    CHECK(stage(hall, id) == (policy == StartPolicy::warn ? "interrupted" : "opening"));
    hall.must(OpenUnwitnessed{id, "the second camera is dead"});
    CHECK(stage(hall, id) == "unwitnessed");
    CHECK(hall.state.find(id)->unwitnessed_by == "wang");
    CHECK(missing(hall, id, "c1") == Types{"RecordingMissing", "AlarmRaised"});
    CHECK(stage(hall, id) == "unwitnessed");
    verified(hall, id, "c1");
    verified(hall, id, "c2");
    CHECK(stage(hall, id) == "witnessed");
  }
}

TEST_CASE("unwitnessed from the plan on") {
  Hall hall = a_hall_with_rooms();
  const auto id = planned(hall);
  CHECK(types(hall.must(OpenUnwitnessed{id, "power cut"})) ==
        Types{"EvaluationOpened", "EvaluationUnwitnessed"});
  CHECK(stage(hall, id) == "unwitnessed");
}

TEST_CASE("it goes on over a restart and over midnight") {
  Hall hall = a_hall_with_rooms();
  const auto id = witnessed(hall);
  hall.must(ReportRequested{id, {"c1"}, hall.now, "0"});
  CHECK(hall.must(ReportRequested{id, {"c1"}, hall.now, "0"}).empty());
  missing(hall, id, "c2");
  auto restarted = decode(encode(hall.state));
  REQUIRE(restarted.has_value());
  CHECK(encode(*restarted) == encode(hall.state));

  hall.now = at("2026-11-24T00:00:05+08:00");
  const auto turn = hall.must(TurnDay{});
  // The day is the fold of its own events: the last of them carries all of it.
  State fresh;
  fresh.seq = turn.back().seq - 1;
  apply(fresh, turn.back());
  const State* const states[] = {&hall.state, &fresh};
  for (const State* state : states) {
    const auto* one = state->find(id);
    REQUIRE(one != nullptr);
    CHECK(to_text(one->stage) == "interrupted");
    CHECK(one->find({"c1"})->previous == "0");
    CHECK(one->find({"c1"})->ordered.has_value());
    CHECK(one->find({"c2"})->stage == CameraStage::missing);
    CHECK(one->alarms.size() == 1);
    CHECK(one->project_name == "道路改造");
    CHECK(state->next_evaluation == EvaluationId{2});
    CHECK(state->next_alarm == AlarmId{2});
  }
  CHECK(planned(hall) == EvaluationId{2});
}

TEST_CASE("what is closed is told of for thirty days, and no id is given twice") {
  Hall hall = a_hall_with_rooms();
  const auto id = witnessed(hall);
  hall.must(StopEvaluation{id});
  hall.must(ReportClosed{id, "ff"});
  hall.now = at("2026-12-20T09:00:00+08:00");
  hall.must(TurnDay{});
  CHECK(hall.state.find(id) != nullptr);
  hall.now = at("2026-12-24T09:00:00+08:00");
  hall.must(TurnDay{});
  CHECK(hall.state.find(id) == nullptr);
  CHECK(planned(hall) == EvaluationId{2});
}

TEST_CASE("there is an end to what can be planned") {
  Hall hall = a_hall_with_rooms();
  for (std::size_t i = 0; i < most_evaluations; ++i) {
    planned(hall);
  }
  CHECK(hall.refused(a_plan()) == "quota_reached");
  const auto first = hall.state.evaluations.front().evaluation;
  hall.must(StopEvaluation{first});
  hall.must(ReportClosed{first, ""});
  planned(hall);
  CHECK(hall.state.find(first) == nullptr);
  CHECK(hall.state.evaluations.size() == most_evaluations);
}

TEST_CASE("bytes that no state has written are refused") {
  Hall hall = a_hall_with_rooms();
  const auto id = planned(hall);
  hall.state.evaluations.push_back(hall.state.evaluations.front());
  CHECK_FALSE(decode(encode(hall.state)).has_value());
  hall.state.evaluations.pop_back();
  hall.state.next_evaluation = id;
  CHECK_FALSE(decode(encode(hall.state)).has_value());
}

}  // namespace evaluations_tests
