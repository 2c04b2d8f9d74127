#include "drivers/link/paced_writer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <string>
#include <utility>

using namespace lobby;
using namespace std::chrono_literals;
using link::PacedWriter;

namespace {

struct Pen {
  explicit Pen(link::Pace pace) : writer(pace) {}

  bool add(PacedWriter::Bytes bytes, bool is_urgent = false, char name = ' ') {
    PacedWriter::Done done = [this, name](link::Status) { ended += name; };
    return writer.add(bytes, done, is_urgent);
  }
  bool add(char letter, std::size_t count, bool is_urgent = false) {
    return add(PacedWriter::Bytes(count, static_cast<std::uint8_t>(letter)), is_urgent, letter);
  }
  /// What goes now, at most `limit` bytes of each turn, until nothing may.
  std::string pull(std::size_t limit = SIZE_MAX) {
    std::string out;
    for (;;) {
      const auto turn = writer.next(now);
      again = turn.again;
      if (!turn.bytes) {
        return out;
      }
      const auto count = std::min(limit, turn.bytes->size());
      out.append(turn.bytes->begin(), turn.bytes->begin() + static_cast<std::ptrdiff_t>(count));
      if (auto done = writer.took(count, now)) {
        done(link::Status::ok);
      }
    }
  }

  PacedWriter writer;
  link::MonoTime now = link::MonoTime(1h);
  std::optional<link::MonoTime> again;
  std::string ended;
};

/// A writer, a kernel that takes what it likes, and what must still come, byte for byte.
class Storm {
 public:
  Storm(unsigned seed, std::uint32_t bytes_per_s)
      : rate_(bytes_per_s),
        pace_(bytes_per_s == 0 ? link::Pace() : link::serial_pace(bytes_per_s)),
        writer_(pace_),
        random_(seed) {}

  void happen() {
    switch (below(6)) {
      case 0:
      case 1:
        add();
        break;
      case 2:
        is_held_ = below(2) == 0;
        writer_.hold(is_held_);
        handed_while_held_ = 0;
        break;
      case 3:
        now_ += link::Duration(below(20'000'000));
        break;
      default:
        take(true);
    }
  }
  /// Let go, everything that waits leaves.
  void settle() {
    is_held_ = false;
    writer_.hold(false);
    for (int turns = 0; turns < 1'000'000 && writer_.has_any(); ++turns) {
      take(false);
    }
    CHECK(queued_[0].empty());
    CHECK(queued_[1].empty());
    CHECK(dones_ == wanted_dones_);
  }

 private:
  unsigned below(unsigned n) { return static_cast<unsigned>(random_() >> 8U) % n; }

  void add() {
    const bool is_urgent = below(3) == 0;
    PacedWriter::Bytes bytes(is_urgent ? 1 + below(4) : below(8) == 0 ? below(2000) : below(60));
    std::generate(bytes.begin(), bytes.end(), [&] { return next_byte_++; });
    auto copy = bytes;
    PacedWriter::Done done = [this](link::Status) { ++dones_; };
    if (writer_.add(copy, done, is_urgent)) {
      queued_[is_urgent ? 1 : 0].push_back(std::move(bytes));
    }
  }

  /// `may_refuse`: the kernel may take less than is offered, or nothing, and we may come back early.
  void take(bool may_refuse) {
    const auto turn = writer_.next(now_);
    if (!turn.bytes) {
      if (turn.again) {
        REQUIRE(*turn.again > now_);
        now_ = may_refuse && below(2) == 0 ? now_ : *turn.again;
      }
      return;
    }
    // Whose are they? A begun send goes on; else a real-time one goes first.
    const auto which = begun_[0] > 0 || queued_[1].empty() ? 0U : 1U;
    REQUIRE(!queued_[which].empty());
    const auto& send = queued_[which].front();
    REQUIRE(begun_[which] + turn.bytes->size() <= send.size());
    REQUIRE(std::equal(turn.bytes->begin(), turn.bytes->end(),
                       send.begin() + static_cast<std::ptrdiff_t>(begun_[which])));
    const auto count = may_refuse && below(3) == 0 ? below(static_cast<unsigned>(turn.bytes->size()) + 1)
                                                   : turn.bytes->size();
    check_held(which, count);
    begun_[which] += count;
    if (begun_[which] == send.size()) {
      begun_[which] = 0;
      queued_[which].pop_front();
      ++wanted_dones_;
    }
    if (const auto done = writer_.took(count, now_)) {
      done(link::Status::ok);
    }
    REQUIRE(dones_ == wanted_dones_);
    check_pace(count);
  }

  void check_held(unsigned which, std::size_t count) {
    if (is_held_ && which == 0) {
      handed_while_held_ += count;
      REQUIRE(!queued_[1].empty());
      REQUIRE(begun_[0] > 0);
      REQUIRE(handed_while_held_ <= pace_.finish);
    }
  }

  /// Over any span no more left than the wire carries in it, and one window.
  void check_pace(std::size_t count) {
    if (rate_ == 0 || count == 0) {
      return;
    }
    handed_.emplace_back(now_, count);
    bool is_bounded = true;
    std::size_t sum = 0;
    for (auto it = handed_.rbegin(); it != handed_.rend(); ++it) {
      sum += it->second;
      const auto span = std::chrono::duration<double>(now_ - it->first).count();
      is_bounded =
          is_bounded && static_cast<double>(sum) <= static_cast<double>(pace_.window) + span * rate_ + 1.0;
    }
    REQUIRE(is_bounded);
    if (handed_.size() > 100) {
      handed_.pop_front();
    }
  }

  double rate_;
  link::Pace pace_;
  PacedWriter writer_;
  std::minstd_rand random_;
  link::MonoTime now_ = link::MonoTime(1h);
  std::deque<PacedWriter::Bytes> queued_[2];  ///< usual, real-time: what must still leave
  std::size_t begun_[2] = {0, 0};             ///< of the first of each
  std::uint8_t next_byte_ = 0;
  unsigned dones_ = 0;
  unsigned wanted_dones_ = 0;
  bool is_held_ = false;
  std::size_t handed_while_held_ = 0;
  std::deque<std::pair<link::MonoTime, std::size_t>> handed_;
};

}  // namespace

TEST_CASE("a wire without a pace is given everything, real-time bytes before what has not begun") {
  Pen pen({});
  CHECK(pen.add('a', 5));
  CHECK(pen.add('b', 5));
  CHECK(pen.add('1', 3, true));
  CHECK(pen.pull() == "111aaaaabbbbb");
  CHECK(pen.ended == "1ab");
  CHECK_FALSE(pen.again);

  CHECK(pen.add('a', 4));
  CHECK(pen.writer.next(pen.now).bytes->size() == 4);
  CHECK_FALSE(pen.writer.took(2, pen.now));
  CHECK(pen.add('1', 1, true));
  CHECK(pen.add('b', 1));
  CHECK(pen.pull() == "aa1b");
}

TEST_CASE("each queue has its bound, a send that is too much changes nothing") {
  Pen pen({});
  CHECK(pen.add('a', PacedWriter::usual_limit));
  CHECK_FALSE(pen.add('b', 1));
  CHECK(pen.add('1', PacedWriter::urgent_limit - 3, true));
  CHECK_FALSE(pen.add('2', 4, true));
  CHECK(pen.add('3', 3, true));
  CHECK(pen.pull().size() == PacedWriter::usual_limit + PacedWriter::urgent_limit);
  CHECK(pen.ended == "13a");
  CHECK(pen.add('b', 1));
}

TEST_CASE("a serial line holds a few milliseconds and says when it takes more") {
  struct Line {
    std::uint32_t bytes_per_s;
    std::size_t window;
  };
  for (const auto& [rate, window] : {Line{120, 16}, Line{960, 16}, Line{1920, 19}, Line{3840, 38},
                                     Line{5760, 48}, Line{11520, 48}, Line{92160, 48}}) {
    CAPTURE(rate);
    const auto pace = link::serial_pace(rate);
    CHECK(pace.window == window);
    CHECK(pace.window + pace.finish <= 80);
    Pen pen(pace);
    pen.add('a', 1000);
    CHECK(pen.pull().size() == window);
    REQUIRE(pen.again);
    CHECK(*pen.again > pen.now);
    // Then a quarter of it is on the wire, the rest keeps the line busy.
    pen.now = *pen.again;
    CHECK(pen.pull().size() == (window + 3) / 4);
    // A loop that comes late finds an empty kernel, and fills it once.
    pen.now += 1h;
    CHECK(pen.pull().size() == window);
  }
}

TEST_CASE("a kernel that says it still holds bytes is given no more") {
  Pen pen(link::serial_pace(960));
  pen.add('a', 1000);
  CHECK(pen.pull().size() == 16);
  pen.now += 100ms;  // by our clock the line is long empty; the adapter is slower
  pen.writer.kernel_holds(15, pen.now);
  CHECK(pen.pull().empty());
  pen.writer.kernel_holds(6, pen.now);  // less than was said: it was no more than that then
  CHECK(pen.pull().empty());
  pen.now += 10ms;
  CHECK(pen.pull().size() > 0);
}

TEST_CASE("who is held off sends real-time bytes only, between sends") {
  Pen pen(link::serial_pace(11520));
  const auto finish = link::serial_pace(11520).finish;
  pen.writer.hold(true);
  pen.add('a', 200);
  CHECK(pen.pull().empty());
  pen.add('1', 3, true);
  CHECK(pen.pull() == "111");
  pen.writer.hold(false);
  pen.now += 1h;
  const auto begun = pen.pull(10).size();
  CHECK(begun > 20);
  pen.writer.hold(true);
  pen.add('2', 3, true);
  pen.now += 1h;
  CHECK(pen.pull().empty());  // too much of it is left for the reserve
  pen.writer.hold(false);
  std::string sent;
  while (sent.size() < 200 - begun - finish) {
    pen.now += 1ms;
    sent += pen.pull(10);
  }
  pen.writer.hold(true);
  std::string rest;
  for (int i = 0; i < 100; ++i) {
    pen.now += 1ms;
    rest += pen.pull(10);
  }
  // What was left was little: it is finished for the question's sake.
  CHECK(rest.size() <= finish + 3);
  CHECK(rest.substr(rest.size() - 3) == "222");
  CHECK(pen.ended == "1a2");
  pen.add('b', 10);
  pen.now += 1h;
  CHECK(pen.pull().empty());
}

TEST_CASE("nobody finishes a send while held off without a question behind it") {
  Pen pen(link::serial_pace(960));
  pen.add('a', 40);
  CHECK(pen.pull().size() == 16);
  pen.writer.hold(true);
  pen.now += 1h;
  CHECK(pen.pull().empty());
}

TEST_CASE("what is dropped is told in the order in which it would have left") {
  Pen pen({});
  pen.add('a', 4);
  CHECK(pen.writer.next(pen.now).bytes);
  CHECK_FALSE(pen.writer.took(1, pen.now));
  pen.add('b', 4);
  pen.add('1', 4, true);
  for (const auto& done : pen.writer.drop()) {
    done(link::Status::gone);
  }
  CHECK(pen.ended == "a1b");
  CHECK(pen.pull().empty());
  CHECK_FALSE(pen.writer.has_any());
  CHECK(pen.add('c', PacedWriter::usual_limit));
}

TEST_CASE("an empty send is answered in its turn") {
  Pen pen(link::serial_pace(960));
  pen.add('a', 3);
  pen.add('e', 0);
  pen.add('b', 3);
  CHECK(pen.pull() == "aaabbb");
  CHECK(pen.ended == "aeb");
}

TEST_CASE("whatever happens, each byte leaves once, in order, never into another send, and never too many") {
  constexpr int steps = 400;
  constexpr std::uint32_t rates[] = {0, 120, 960, 1920, 11520, 92160};
  unsigned long events = 0;
#if defined(__SANITIZE_THREAD__)
  constexpr unsigned seeds = 30;  // one thread, which is no news to that sanitizer, at twenty times the pace
#else
  constexpr unsigned seeds = 300;
#endif
  for (unsigned seed = 1; seed <= seeds; ++seed) {
    CAPTURE(seed);
    Storm storm(seed, rates[seed % 6]);
    for (int step = 0; step < steps; ++step, ++events) {
      storm.happen();
    }
    storm.settle();
  }
  MESSAGE(events << " random events");
}
