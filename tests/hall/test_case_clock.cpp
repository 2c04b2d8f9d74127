#include <doctest/doctest.h>

#include "daemon/hall/case_clock.hpp"
#include "tests/hall/notices.hpp"

namespace case_clock_tests {

using namespace lobby::hall;
using testing::notices;

namespace {

Instant at(std::string_view text) {
  const auto instant = parse_instant(text);
  REQUIRE(instant.has_value());
  return *instant;
}

/// A moment of Beijing: "2026-03-09 10:00".
Instant local(std::string_view text) {
  return at(std::string(text.substr(0, 10)) + "T" + std::string(text.substr(11)) + ":00+08:00");
}

std::optional<When> when(std::string_view text) {
  const auto read = text.size() == 16 ? std::optional<When>(local(text)) : parse_when(text);
  REQUIRE(read.has_value());
  return read;
}

std::string text_of(const std::optional<Instant>& moment) {
  return moment ? to_text(*moment).substr(0, 16) : "-";
}

Limit limit(std::string_view text) {
  return *parse_limit(text);
}

CaseTimes a_case(std::string_view accepted, std::string_view promised, std::string_view statutory = "") {
  CaseTimes times;
  times.status = CaseStatus::reviewing;
  times.accepted = when(accepted);
  times.promised = limit(promised);
  times.statutory = limit(statutory);
  return times;
}

Verdict judge(const CaseTimes& times, std::string_view now, ClockRules rules = {}) {
  return CaseClock(WorkingDays(notices()), std::move(rules)).judge(times, local(now), false);
}

}  // namespace

TEST_CASE("a promise goes from green over yellow to red, a statute to a red card") {
  // Accepted on a Monday; five working days end on the next Monday, ten on the one after.
  const CaseTimes times = a_case("2026-03-09 10:00", "5 workday", "10 workday");
  struct Row {
    const char* now;
    Light light;
    Card card;
    bool severe;
    std::int32_t used, left, overdue;
  };
  for (const Row& row : {Row{"2026-03-09 10:01", Light::green, Card::none, false, 0, 5, 0},
                         Row{"2026-03-11 23:59", Light::green, Card::none, false, 2, 3, 0},
                         Row{"2026-03-12 00:00", Light::yellow, Card::warning, false, 3, 2, 0},
                         Row{"2026-03-14 12:00", Light::yellow, Card::warning, false, 4, 1, 0},
                         Row{"2026-03-16 17:30", Light::yellow, Card::warning, false, 5, 0, 0},
                         Row{"2026-03-16 17:31", Light::red, Card::yellow, false, 5, -1, 1},
                         Row{"2026-03-17 09:00", Light::red, Card::yellow, false, 6, -1, 1},
                         Row{"2026-03-18 09:00", Light::red, Card::yellow, false, 7, -2, 2},
                         Row{"2026-03-23 17:30", Light::red, Card::yellow, false, 10, -5, 5},
                         Row{"2026-03-23 17:31", Light::red, Card::red, true, 10, -5, 5}}) {
    CAPTURE(row.now);
    const Verdict verdict = judge(times, row.now);
    CHECK(verdict.light == row.light);
    CHECK(verdict.card == row.card);
    CHECK(verdict.severe == row.severe);
    CHECK(verdict.used == row.used);
    CHECK(verdict.left == row.left);
    CHECK(verdict.overdue_days == row.overdue);
    CHECK(text_of(verdict.due_promised) == "2026-03-16T17:30");
    CHECK(text_of(verdict.due_statutory) == "2026-03-23T17:30");
    CHECK(verdict.light_source == LightSource::own);
    CHECK(!verdict.estimated);
    CHECK(!verdict.mismatch);
  }
}

TEST_CASE("a limit ends with the working hours of its last day") {
  struct Row {
    const char *accepted, *limit, *due;
  };
  for (const Row& row :
       {Row{"2026-02-13", "5 workday", "2026-02-27T17:30"},
        Row{"2026-02-14 16:00", "1 workday", "2026-02-24T17:30"},
        Row{"2026-09-30", "3 workday", "2026-10-10T17:30"},
        Row{"2025-12-31 09:00", "2 workday", "2026-01-05T17:30"},
        // Calendar days; the last one moves off a weekend and a holiday.
        Row{"2026-03-09", "4 day", "2026-03-13T17:30"}, Row{"2026-03-09", "5 day", "2026-03-16T17:30"},
        Row{"2026-02-10", "5 day", "2026-02-24T17:30"},
        // Hours are hours of work: over lunch, over night, over a weekend.
        Row{"2026-03-09 10:00", "4 hour", "2026-03-09T15:30"},
        Row{"2026-03-09 16:30", "4 hour", "2026-03-10T11:30"},
        Row{"2026-03-13 16:30", "1 hour", "2026-03-13T17:30"},
        Row{"2026-03-13 16:31", "1 hour", "2026-03-16T08:31"},
        Row{"2026-03-14 10:00", "4 hour", "2026-03-16T14:00"},
        // 即办: today, or the next day if nobody works any more.
        Row{"2026-03-09 10:00", "immediate", "2026-03-09T17:30"},
        Row{"2026-03-09 18:00", "immediate", "2026-03-10T17:30"},
        Row{"2026-03-09", "immediate", "2026-03-09T17:30"},
        Row{"2026-03-14 10:00", "immediate", "2026-03-16T17:30"},
        Row{"2026-02-14 10:00", "immediate", "2026-02-14T17:30"}}) {
    CAPTURE(row.accepted);
    CAPTURE(row.limit);
    const Verdict verdict = judge(a_case(row.accepted, row.limit), "2025-12-31 09:00");
    CHECK(text_of(verdict.due_promised) == row.due);
    CHECK(!verdict.due_statutory.has_value());
  }
}

TEST_CASE("a day of acceptance without its hour is taken for its close, where hours count") {
  CaseTimes times = a_case("2026-03-09", "4 hour");
  times.due_promised = when("2026-03-12");
  const Verdict told = judge(times, "2026-03-10 09:00");
  CHECK(!told.mismatch);  // a guess of ours is no reason to suspect the source
  times.due_promised.reset();
  const Verdict own = judge(times, "2026-03-10 09:00");
  CHECK(text_of(own.due_promised) == "2026-03-10T14:00");
  CHECK(own.estimated);
  CHECK(!judge(a_case("2026-03-09", "4 workday"), "2026-03-10 09:00").estimated);
}

TEST_CASE("a case that is accepted tomorrow has all its time before it") {
  const Verdict verdict = judge(a_case("2026-03-10 10:00", "5 workday"), "2026-03-06 10:00");
  CHECK(verdict.used == 0);
  CHECK(verdict.left == 5);
}

TEST_CASE("systems that count minutes or hours end within a day") {
  ClockRules rules;
  rules.rounding = Rounding::minutes;
  const CaseTimes times = a_case("2026-03-09 10:10", "3 workday");
  CHECK(text_of(judge(times, "2026-03-09 11:00", rules).due_promised) == "2026-03-12T10:10");
  const auto left = [&](std::string_view now) { return judge(times, now, rules).left; };
  CHECK(left("2026-03-09 10:10") == 3);
  CHECK(left("2026-03-10 10:09") == 3);
  CHECK(judge(times, "2026-03-10 10:09", rules).light == Light::green);
  CHECK(left("2026-03-10 10:10") == 2);
  CHECK(judge(times, "2026-03-10 10:10", rules).light == Light::yellow);
  CHECK(left("2026-03-12 10:10") == 0);
  CHECK(judge(times, "2026-03-12 10:10", rules).light == Light::yellow);
  CHECK(judge(times, "2026-03-12 10:11", rules).light == Light::red);
  CHECK(judge(times, "2026-03-13 10:10", rules).overdue_days == 1);
  CHECK(judge(times, "2026-03-13 10:11", rules).overdue_days == 2);
  // Without its hour, an acceptance is taken for the close of its day.
  const CaseTimes undated = a_case("2026-03-09", "3 workday");
  CHECK(judge(undated, "2026-03-10 17:29", rules).used == 0);
  CHECK(judge(undated, "2026-03-10 17:30", rules).used == 1);
  // A weekend is no time.
  CHECK(text_of(judge(a_case("2026-03-13 10:10", "1 workday"), "2026-03-13 11:00", rules).due_promised) ==
        "2026-03-16T10:10");

  rules.rounding = Rounding::hours;
  CHECK(text_of(judge(times, "2026-03-09 11:00", rules).due_promised) == "2026-03-12T11:00");
  CHECK(text_of(judge(a_case("2026-03-09 17:10", "1 workday"), "2026-03-09 17:20", rules).due_promised) ==
        "2026-03-10T17:30");
  CHECK(text_of(judge(a_case("2026-03-09 11:40", "1 hour"), "2026-03-09 11:50", rules).due_promised) ==
        "2026-03-09T15:00");
}

TEST_CASE("the source's due day and light go before ours, and staff see that they differ") {
  CaseTimes times = a_case("2026-03-09 10:00", "5 workday");
  SUBCASE("a due day of its own") {
    times.due_promised = when("2026-03-18");
    const Verdict verdict = judge(times, "2026-03-17 09:00");
    CHECK(text_of(verdict.due_promised) == "2026-03-18T17:30");
    CHECK(verdict.light == Light::yellow);
    CHECK(verdict.left == 1);
    CHECK(verdict.mismatch);
  }
  SUBCASE("the same due day is no difference, however it is written") {
    for (const char* text : {"2026-03-16", "2026-03-16T00:00:00+08:00", "2026-03-16T15:59:59Z"}) {
      CAPTURE(text);
      times.due_promised = when(text);
      CHECK(!judge(times, "2026-03-10 09:00").mismatch);
    }
  }
  SUBCASE("a moment is that moment") {
    times.due_promised = when("2026-03-16T15:59:59Z");
    CHECK(judge(times, "2026-03-16 23:59").light == Light::yellow);
    CHECK(judge(times, "2026-03-17 00:00").light == Light::red);
    times.due_promised = when("2026-03-16T00:00:00+08:00");
    CHECK(judge(times, "2026-03-16 17:30").light == Light::yellow);
    CHECK(judge(times, "2026-03-16 17:31").light == Light::red);
  }
  SUBCASE("a light of its own") {
    times.light = Light::green;
    const Verdict late = judge(times, "2026-03-17 09:00");
    CHECK(late.light == Light::green);
    CHECK(late.light_source == LightSource::upstream);
    CHECK(late.mismatch);
    CHECK(late.card == Card::yellow);
    times.statutory = limit("5 workday");
    CHECK(!judge(times, "2026-03-17 09:00").severe);
    times.light = Light::red;
    CHECK(judge(times, "2026-03-17 09:00").severe);
    times.light = Light::green;
    const Verdict early = judge(times, "2026-03-10 09:00");
    CHECK(early.light == Light::green);
    CHECK(!early.mismatch);
  }
  SUBCASE("a light where we know nothing") {
    CaseTimes bare;
    bare.status = CaseStatus::approving;
    bare.light = Light::red;
    const Verdict verdict = judge(bare, "2026-03-10 09:00");
    CHECK(verdict.light == Light::red);
    CHECK(!verdict.mismatch);
    CHECK(!verdict.used.has_value());
  }
  SUBCASE("a card of its own") {
    times.card = Card::red;
    CHECK(judge(times, "2026-03-10 09:00").card == Card::red);
    times.card = Card::none;
    CHECK(judge(times, "2026-03-20 09:00").card == Card::none);
    CHECK(judge(times, "2026-03-20 09:00").light == Light::red);
  }
}

TEST_CASE("a case that is stopped is grey, and its time is put off") {
  CaseTimes times = a_case("2026-03-09 10:00", "5 workday", "20 workday");
  times.stops = *parse_stops("2026-03-11T14:00:00+08:00/");
  for (const CaseStatus status : {CaseStatus::suspended, CaseStatus::correcting}) {
    times.status = status;
    const Verdict verdict = judge(times, "2026-04-20 09:00");
    CHECK(verdict.light == Light::grey);
    CHECK(verdict.card == Card::none);
    CHECK(verdict.used == 1);
    CHECK(verdict.left == 4);
    CHECK(!verdict.due_promised.has_value());
    CHECK(!verdict.mismatch);
    CHECK(!verdict.next_change.has_value());
  }
  // While it lasts, the source's old due day is no difference, nor is one that ends on a day already known.
  times.due_promised = when("2026-03-16");
  times.stops = *parse_stops("2026-03-11T14:00:00+08:00/2026-05-06");
  CHECK(!judge(times, "2026-04-20 09:00").mismatch);
  times.due_promised.reset();
  // It went on on the 18th: five working days, 11 to 17 March, are not counted.
  times.status = CaseStatus::reviewing;
  times.stops = *parse_stops("2026-03-11T14:00:00+08:00/2026-03-18T09:00:00+08:00");
  const Verdict verdict = judge(times, "2026-03-18 10:00");
  CHECK(text_of(verdict.due_promised) == "2026-03-23T17:30");
  CHECK(verdict.used == 2);
  CHECK(verdict.left == 3);
  CHECK(verdict.light == Light::green);
}

TEST_CASE("a case that was late before it stopped keeps its card") {
  CaseTimes times = a_case("2026-03-09 10:00", "2 workday");
  times.status = CaseStatus::suspended;
  times.stops = *parse_stops("2026-03-13/");
  const Verdict verdict = judge(times, "2026-04-20 09:00");
  CHECK(verdict.light == Light::grey);
  CHECK(verdict.card == Card::yellow);
  CHECK(verdict.overdue_days == 1);
}

TEST_CASE("of a stop that is not told nothing is counted") {
  CaseTimes times = a_case("2026-03-09 10:00", "5 workday");
  times.status = CaseStatus::suspended;
  Verdict verdict = judge(times, "2026-04-20 09:00");
  CHECK(verdict.light == Light::grey);
  CHECK(!verdict.used.has_value());
  CHECK(!verdict.left.has_value());
  CHECK(!verdict.due_promised.has_value());
  CHECK(verdict.card == Card::none);
  CHECK(!verdict.mismatch);
  times.due_promised = when("2026-03-16");
  CHECK(text_of(judge(times, "2026-04-20 09:00").due_promised) == "2026-03-16T17:30");
  // A status that says stopped and stops that say not: somebody has to look.
  times.stops = *parse_stops("2026-03-10/2026-03-11");
  CHECK(judge(times, "2026-04-20 09:00").mismatch);
  times.status = CaseStatus::reviewing;
  times.stops = *parse_stops("2026-03-10/");
  verdict = judge(times, "2026-04-20 09:00");
  CHECK(verdict.mismatch);
  CHECK(verdict.light == Light::grey);
}

TEST_CASE("a special procedure past its own limit is a card") {
  CaseTimes times = a_case("2026-03-09 10:00", "5 workday");
  times.status = CaseStatus::suspended;
  times.stops = *parse_stops("2026-03-11T14:00:00+08:00/");
  times.stop_limit = limit("10 workday");  // until 25 March
  CHECK(judge(times, "2026-03-25 17:30").card == Card::none);
  CHECK(judge(times, "2026-03-25 17:31").card == Card::yellow);
  CHECK(judge(times, "2026-03-26 17:30").card == Card::yellow);
  CHECK(judge(times, "2026-03-26 17:31").card == Card::red);
  CHECK(judge(times, "2026-03-26 17:31").light == Light::grey);
  // Around the clock, the 25th ends at midnight.
  ClockRules never_closed;
  never_closed.hours = {{0, 1440}};
  CHECK(judge(times, "2026-03-26 00:01", never_closed).card == Card::yellow);
  CHECK(judge(times, "2026-03-27 00:01", never_closed).card == Card::red);
  // The applicant's time to complete his papers is nobody's fault.
  times.status = CaseStatus::correcting;
  CHECK(judge(times, "2026-05-26 17:31").card == Card::none);
}

TEST_CASE("before acceptance there is no light, but five working days to say what is missing") {
  for (const CaseStatus status : {CaseStatus::submitted, CaseStatus::pre_rejected, CaseStatus::received}) {
    CaseTimes times = a_case("2026-03-02", "5 workday");
    times.accepted.reset();
    times.status = status;
    times.applied = when("2026-03-09 10:00");
    times.light = Light::red;  // what a system says of it does not count
    const Verdict verdict = judge(times, "2026-03-16 17:30");
    CHECK(verdict.light == Light::grey);
    CHECK(verdict.card == Card::none);
    CHECK(!verdict.deemed_accepted);
    CHECK(text_of(verdict.notify_due) == (status == CaseStatus::received ? "2026-03-16T17:30" : "-"));
    CHECK(judge(times, "2026-03-16 17:31").deemed_accepted == (status == CaseStatus::received));
    CHECK(judge(times, "2026-03-20 17:31").light == Light::grey);
  }
}

TEST_CASE("what has ended has no light and keeps a card of lateness") {
  CaseTimes times = a_case("2026-03-09 10:00", "5 workday", "10 workday");
  times.status = CaseStatus::finished;
  times.finished = when("2026-03-13 10:00");
  Verdict verdict = judge(times, "2026-05-01 09:00");
  CHECK(verdict.light == Light::grey);
  CHECK(verdict.card == Card::none);  // it was yellow then, and in time
  CHECK(verdict.used == 4);
  CHECK(verdict.left == 1);
  CHECK(verdict.overdue_days == 0);
  CHECK(!verdict.next_change.has_value());
  times.finished = when("2026-03-18 10:00");
  verdict = judge(times, "2026-05-01 09:00");
  CHECK(verdict.light == Light::grey);
  CHECK(verdict.card == Card::yellow);
  CHECK(verdict.used == 7);
  CHECK(verdict.overdue_days == 2);
  times.finished = when("2026-03-24");
  CHECK(judge(times, "2026-05-01 09:00").card == Card::red);
  CHECK(!judge(times, "2026-05-01 09:00").severe);
  // A day of which no hour is told is not held against anybody.
  times.due_promised = when("2026-03-16 12:00");
  times.finished = when("2026-03-16");
  CHECK(judge(times, "2026-05-01 09:00").card == Card::none);
  times.finished.reset();
  verdict = judge(times, "2026-05-01 09:00");
  CHECK(verdict.card == Card::none);
  CHECK(!verdict.used.has_value());
  times.card = Card::warning;
  CHECK(judge(times, "2026-05-01 09:00").card == Card::none);
  times.card = Card::yellow;
  CHECK(judge(times, "2026-05-01 09:00").card == Card::yellow);
}

TEST_CASE("every status knows what its clock does") {
  struct Row {
    const char* word;
    ClockPhase phase;
  };
  for (const Row& row :
       {Row{"submitted", ClockPhase::not_started}, Row{"pre_rejected", ClockPhase::not_started},
        Row{"received", ClockPhase::not_started}, Row{"correcting", ClockPhase::stopped},
        Row{"not_accepted", ClockPhase::ended}, Row{"accepted", ClockPhase::running},
        Row{"reviewing", ClockPhase::running}, Row{"approving", ClockPhase::running},
        Row{"suspended", ClockPhase::stopped}, Row{"forwarded", ClockPhase::running},
        Row{"extended", ClockPhase::running}, Row{"approved", ClockPhase::ended},
        Row{"rejected", ClockPhase::ended}, Row{"finished", ClockPhase::ended},
        Row{"returned", ClockPhase::ended}, Row{"withdrawn", ClockPhase::ended},
        Row{"void", ClockPhase::ended}, Row{"deemed", ClockPhase::ended},
        Row{"unknown", ClockPhase::running}}) {
    CAPTURE(row.word);
    const auto status = parse_word<CaseStatus>(row.word);
    REQUIRE(status.has_value());
    CHECK(phase_of(*status, false) == row.phase);
    CHECK(phase_of(*status, true) == (*status == CaseStatus::forwarded ? ClockPhase::stopped : row.phase));
  }
}

TEST_CASE("a case that was forwarded runs or stands as the hall says") {
  CaseTimes times = a_case("2026-03-09 10:00", "5 workday");
  times.status = CaseStatus::forwarded;
  CHECK(judge(times, "2026-03-20 09:00").light == Light::red);
  ClockRules rules;
  rules.forwarded_stops = true;
  CHECK(judge(times, "2026-03-20 09:00", rules).light == Light::grey);
}

TEST_CASE("a new day after an extension is the source's to tell") {
  CaseTimes times = a_case("2026-03-09 10:00", "5 workday", "10 workday");
  times.status = CaseStatus::extended;
  Verdict verdict = judge(times, "2026-04-20 09:00");
  CHECK(verdict.light == Light::grey);
  CHECK(verdict.card == Card::none);
  CHECK(!verdict.due_promised.has_value());
  CHECK(!verdict.left.has_value());
  times.due_promised = when("2026-04-21");
  verdict = judge(times, "2026-04-20 09:00");
  CHECK(verdict.light == Light::yellow);
  CHECK(verdict.left == 1);
  CHECK(!verdict.mismatch);
}

TEST_CASE("short promises are green until they are broken") {
  for (const char* text : {"immediate", "4 hour"}) {
    const CaseTimes times = a_case("2026-03-09 09:00", text);
    CHECK(judge(times, "2026-03-09 12:30").light == Light::green);
    CHECK(judge(times, "2026-03-09 12:30").card == Card::none);
    CHECK(judge(times, "2026-03-09 17:31").light == Light::red);
    CHECK(judge(times, "2026-03-09 17:31").card == Card::yellow);
  }
}

TEST_CASE("without a promise the statute is counted, without either nothing is") {
  const CaseTimes times = a_case("2026-03-09 10:00", "", "5 workday");
  CHECK(judge(times, "2026-03-10 09:00").light == Light::green);
  CHECK(judge(times, "2026-03-12 09:00").light == Light::yellow);
  const Verdict late = judge(times, "2026-03-17 09:00");
  CHECK(late.light == Light::red);
  CHECK(late.severe);
  CHECK(late.card == Card::red);
  CHECK(late.overdue_days == 1);
  const Verdict none = judge(a_case("2026-03-09 10:00", ""), "2026-06-10 09:00");
  CHECK(none.light == Light::grey);
  CHECK(none.card == Card::none);
  CHECK(!none.left.has_value());
}

TEST_CASE("a stage that is late warns, and breaks no promise") {
  CaseTimes times = a_case("2026-03-09 10:00", "10 workday");
  times.stage_due = when("2026-03-11");
  CHECK(judge(times, "2026-03-11 17:30").light == Light::green);
  CHECK(judge(times, "2026-03-11 17:31").light == Light::yellow);
  CHECK(judge(times, "2026-03-11 17:31").card == Card::warning);
  CHECK(judge(times, "2026-03-24 17:31").light == Light::red);
  ClockRules rules;
  rules.stage_warns = false;
  CHECK(judge(times, "2026-03-11 17:31", rules).light == Light::green);
}

TEST_CASE("a hall sets its thresholds") {
  const CaseTimes times = a_case("2026-03-09 10:00", "5 workday");
  ClockRules rules;
  rules.yellow_days = 1;
  rules.red_card_days = 3;
  rules.hours = {{540, 1020}};
  CHECK(judge(times, "2026-03-12 10:00", rules).light == Light::green);
  CHECK(judge(times, "2026-03-13 10:00", rules).light == Light::yellow);
  CHECK(judge(times, "2026-03-16 17:01", rules).light == Light::red);
  CHECK(judge(times, "2026-03-18 10:00", rules).card == Card::yellow);
  CHECK(judge(times, "2026-03-19 10:00", rules).card == Card::red);
  CHECK(!judge(times, "2026-03-19 10:00", rules).severe);
  // A hall that is never closed ends its days at midnight.
  rules = {};
  rules.hours = {{0, 1440}};
  CHECK(text_of(judge(times, "2026-03-16 09:00", rules).due_promised) == "2026-03-17T00:00");
  CHECK(judge(times, "2026-03-16 09:00", rules).left == 0);
  CHECK(judge(times, "2026-03-17 00:00", rules).light == Light::yellow);
  CHECK(judge(times, "2026-03-17 00:01", rules).light == Light::red);
  CHECK(judge(times, "2026-03-17 00:01", rules).overdue_days == 1);
  CaseTimes told = times;
  told.accepted = when("2026-03-09");
  told.due_promised = when("2026-03-16");
  CHECK(!judge(told, "2026-03-10 10:00", rules).mismatch);
  CHECK(judge(told, "2026-03-10 10:00", rules).used == 1);
}

TEST_CASE("a year that nobody has told us of makes a count an estimate") {
  const CaseTimes times = a_case("2026-12-28 10:00", "5 workday");
  const Verdict verdict = judge(times, "2026-12-29 10:00");
  CHECK(text_of(verdict.due_promised) == "2027-01-04T17:30");
  CHECK(verdict.estimated);
  CHECK(!judge(a_case("2026-12-28 10:00", "3 workday"), "2026-12-29 10:00").estimated);
  CHECK(judge(a_case("2026-12-28 10:00", "3 workday"), "2027-01-05 10:00").estimated);
  // And is no reason to tell staff that the source is wrong.
  CaseTimes told = times;
  told.due_promised = when("2027-01-05");
  CHECK(!judge(told, "2026-12-29 10:00").mismatch);
}

TEST_CASE("of a source that is not heard of every light is grey") {
  const CaseClock clock(WorkingDays(notices()), {});
  CaseTimes times = a_case("2026-03-09 10:00", "5 workday", "6 workday");
  times.light = Light::red;
  const Verdict verdict = clock.judge(times, local("2026-03-20 09:00"), true);
  CHECK(verdict.light == Light::grey);
  CHECK(!verdict.severe);
  CHECK(verdict.light_source == LightSource::own);
  CHECK(verdict.card == Card::red);
  CHECK(clock.judge(times, local("2026-03-20 09:00"), false).light == Light::red);
}

TEST_CASE("the next change is told to the millisecond") {
  const CaseTimes times = a_case("2026-03-09 10:00", "5 workday", "10 workday");
  const auto next = [&](std::string_view now) { return judge(times, now).next_change; };
  const auto turn = [&](std::string_view now) { return judge(times, now).next_turn; };
  CHECK(next("2026-03-09 10:00") == local("2026-03-10 00:00"));
  CHECK(turn("2026-03-09 10:00") == local("2026-03-12 00:00"));  // yellow
  CHECK(next("2026-03-13 10:00") == local("2026-03-16 00:00"));  // over the weekend nothing is used
  CHECK(turn("2026-03-12 00:00") == at("2026-03-16T17:30:00.001+08:00"));
  CHECK(turn("2026-03-17 00:00") == at("2026-03-23T17:30:00.001+08:00"));
  CHECK(next("2026-03-24 00:00") == local("2026-03-25 00:00"));
}

}  // namespace case_clock_tests
