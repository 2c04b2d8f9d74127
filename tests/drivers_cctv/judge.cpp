#include <doctest/doctest.h>

#include "drivers/cctv/recorder.hpp"
#include "drivers/cctv/segments.hpp"
#include "drivers/cctv/talk.hpp"

using namespace lobby;
using namespace lobby::cctv;
using namespace std::chrono_literals;

namespace {

Proof seen(Proof::Seen what, std::chrono::milliseconds at) {
  return {"x", what, what == Proof::Seen::yes ? Fault::none : Fault::frozen, {}, link::MonoTime(at), {}};
}

constexpr auto yes = Proof::Seen::yes, no = Proof::Seen::no, unknown = Proof::Seen::unknown;

Verdict verdict(bool can_verify, std::vector<Proof> proofs) {
  return judge({can_verify, std::move(proofs), {}}, link::MonoTime(20s), 8s);
}

}  // namespace

TEST_CASE("a recording is what two have seen lately and none has seen otherwise") {
  CHECK(verdict(true, {seen(yes, 19s), seen(yes, 18s)}) == Verdict::recording);
  CHECK(verdict(true, {seen(yes, 19s), seen(yes, 12s)}) == Verdict::recording);
  CHECK(verdict(true, {seen(yes, 19s), seen(yes, 11999ms)}) == Verdict::unknown);
  CHECK(verdict(true, {seen(yes, 19s), seen(unknown, 19s)}) == Verdict::unknown);
  CHECK(verdict(true, {seen(yes, 19s)}) == Verdict::unknown);
  CHECK(verdict(true, {seen(yes, 19s), seen(yes, 19s), seen(no, 19s)}) == Verdict::not_recording);
  CHECK(verdict(true, {seen(yes, 19s), seen(yes, 19s), seen(no, 1s)}) == Verdict::recording);
  CHECK(verdict(true, {}) == Verdict::unknown);
}

TEST_CASE("what cannot be verified is amber at best") {
  CHECK(verdict(false, {seen(yes, 19s)}) == Verdict::triggered);
  CHECK(verdict(false, {seen(yes, 19s), seen(yes, 19s), seen(yes, 19s)}) == Verdict::triggered);
  CHECK(verdict(false, {seen(yes, 19s), seen(unknown, 19s)}) == Verdict::unknown);
  CHECK(verdict(false, {seen(yes, 1s)}) == Verdict::unknown);
  CHECK(verdict(false, {seen(no, 19s)}) == Verdict::not_recording);
  CHECK(verdict(false, {}) == Verdict::unknown);
}

TEST_CASE("an answer that did not come is certain only when nothing can have been done") {
  http::Answer answer;
  answer.fault = http::Fault::timeout;
  answer.was_sent = true;
  CHECK(outcome_of(answer).word == Word::unknown);
  CHECK(outcome_of(answer).fault == Fault::timeout);
  answer.was_sent = false;
  CHECK(outcome_of(answer).word == Word::failed);
  answer.was_sent = true;
  answer.fault = http::Fault::unauthorized;
  CHECK(outcome_of(answer).word == Word::failed);
  CHECK(outcome_of(answer).fault == Fault::credential);
  answer.fault = http::Fault::held_back;
  CHECK(outcome_of(answer).fault == Fault::credential);
}

TEST_CASE("the head of what is written must be at our heels") {
  const UtcTime begin(std::chrono::hours(480'000));
  http::Answer answer;
  answer.asked_at = link::MonoTime(1000s);
  const auto judged = [&](std::vector<Span> spans) {
    return judge_written("search", answer, {std::move(spans), begin + 600s, begin + 600s + 24h}, begin);
  };
  CHECK(judged({}).fault == Fault::not_written);
  CHECK(judged({{begin - 60s, begin - 1s}}).fault == Fault::not_written);

  const auto fresh = judged({{begin, begin + 300s}, {begin + 300s, begin + 597s}});
  CHECK(fresh.seen == Proof::Seen::yes);
  CHECK(fresh.at == link::MonoTime(997s));  // as old as its newest picture
  CHECK(judged({{begin - 7200s, begin + 600s}}).seen == Proof::Seen::yes);
  CHECK(judged({{begin, begin + 539s}}).seen == Proof::Seen::no);
  // Still being written: the recorder ends it where the question ends.
  CHECK(judged({{begin, begin + 600s + 24h}}).seen == Proof::Seen::yes);
  // Another zone's times: old film would look new, or new film old.
  CHECK(judged({{begin, begin + 8h}}).fault == Fault::clock);
  CHECK(judged({{begin + 8h, begin + 600s + 24h}}).fault == Fault::clock);
  CHECK(judged({{begin, begin + 597s}, {begin + 600s, begin + 2h}}).seen == Proof::Seen::unknown);
}
