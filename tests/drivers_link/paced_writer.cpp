#include "drivers/link/paced_writer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>

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
  unsigned long events = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    std::minstd_rand random(seed + 1);
    const auto below = [&](unsigned n) { return static_cast<unsigned>(random() >> 8U) % n; };
    const std::uint32_t rates[] = {0, 120, 960, 1920, 11520, 92160};
    const auto rate = rates[below(6)];
    const auto pace = rate == 0 ? link::Pace() : link::serial_pace(rate);
    PacedWriter writer(pace);
    link::MonoTime now(1h);
    struct Sent {
      bool is_urgent;
      PacedWriter::Bytes bytes;
    };
    std::deque<Sent> queued[2];     // what must still leave, by queue
    std::size_t begun[2] = {0, 0};  // of the first of each
    std::uint8_t next_byte = 0;
    unsigned dones = 0, wanted_dones = 0, handed_while_held = 0;
    bool is_held = false;
    std::deque<std::pair<link::MonoTime, std::size_t>> recent;  // when, how many, for the bound

    for (int step = 0; step < 400; ++step, ++events) {
      switch (below(6)) {
        case 0:
        case 1: {
          const bool is_urgent = below(3) == 0;
          PacedWriter::Bytes bytes(is_urgent ? 1 + below(4) : below(8) == 0 ? below(2000) : below(60));
          std::generate(bytes.begin(), bytes.end(), [&] { return next_byte++; });
          auto copy = bytes;
          PacedWriter::Done done = [&](link::Status) { ++dones; };
          if (writer.add(copy, done, is_urgent)) {
            queued[is_urgent ? 1 : 0].push_back({is_urgent, std::move(bytes)});
          }
          break;
        }
        case 2:
          is_held = below(2) == 0;
          writer.hold(is_held);
          handed_while_held = 0;
          break;
        case 3:
          now += link::Duration(below(20'000'000));
          break;
        default: {
          const auto turn = writer.next(now);
          if (!turn.bytes) {
            if (turn.again) {
              REQUIRE(*turn.again > now);
              now = below(2) == 0 ? *turn.again : now;
            }
            break;
          }
          // The kernel may take less, or nothing.
          const auto count =
              below(3) == 0 ? below(static_cast<unsigned>(turn.bytes->size()) + 1) : turn.bytes->size();
          // Whose are they? A begun send goes on; else a real-time one goes first.
          const auto which = begun[0] > 0 ? 0U : !queued[1].empty() ? 1U : 0U;
          REQUIRE(!queued[which].empty());
          const auto& send = queued[which].front();
          REQUIRE(begun[which] + turn.bytes->size() <= send.bytes.size());
          REQUIRE(std::equal(turn.bytes->begin(), turn.bytes->end(),
                             send.bytes.begin() + static_cast<std::ptrdiff_t>(begun[which])));
          if (is_held && which == 0) {
            handed_while_held += static_cast<unsigned>(count);
            REQUIRE(!queued[1].empty());
            REQUIRE(begun[0] > 0);
            REQUIRE(handed_while_held <= pace.finish);
          }
          begun[which] += count;
          const bool is_whole = begun[which] == send.bytes.size();
          if (is_whole) {
            begun[which] = 0;
            queued[which].pop_front();
            ++wanted_dones;
          }
          if (auto done = writer.took(count, now)) {
            done(link::Status::ok);
          }
          REQUIRE(dones == wanted_dones);
          if (rate != 0 && count > 0) {
            recent.emplace_back(now, count);
            // Over any span no more left than the wire carried in it, and one window.
            std::size_t sum = 0;
            for (auto it = recent.rbegin(); it != recent.rend(); ++it) {
              sum += it->second;
              const auto span = std::chrono::duration<double>(now - it->first).count();
              REQUIRE(static_cast<double>(sum) <=
                      static_cast<double>(pace.window) + span * static_cast<double>(rate) + 1.0);
            }
          }
        }
      }
    }
    // Let go, everything that waits leaves.
    writer.hold(false);
    for (int turns = 0; turns < 2'000'000 && writer.has_any(); ++turns) {
      const auto turn = writer.next(now);
      if (!turn.bytes) {
        REQUIRE(turn.again);
        now = *turn.again;
        continue;
      }
      const auto which = begun[0] > 0 ? 0U : !queued[1].empty() ? 1U : 0U;
      begun[which] += turn.bytes->size();
      if (begun[which] == queued[which].front().bytes.size()) {
        begun[which] = 0;
        queued[which].pop_front();
        ++wanted_dones;
      }
      if (auto done = writer.took(turn.bytes->size(), now)) {
        done(link::Status::ok);
      }
    }
    CHECK(queued[0].empty());
    CHECK(queued[1].empty());
    CHECK(dones == wanted_dones);
  }
  MESSAGE(events << " random events");
}
