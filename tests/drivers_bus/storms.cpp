#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <random>

#include "drivers/link/back_off.hpp"
#include "tests/fakes/virtual_line.hpp"

namespace storms_tests {

// Eight lines of sixteen units on which everything goes wrong at random times: what must hold all the same.
// 20 minutes, or with LOBBY_LONG a day, in virtual time.

using namespace lobby;
using namespace std::chrono_literals;
using bus::Exchange;
using bus::Reply;
using bus::Turn;
using fakes::VirtualWire;
using link::Status;

namespace {

using Kind = Exchange::Kind;

class Storm {
 public:
  Storm(fakes::VirtualExecutor& loop, std::uint32_t baud, unsigned seed)
      : loop_(loop), random_(seed), timing_(timing(baud)) {
    for (std::uint8_t address = 1; address <= units; ++address) {
      poll(address);
    }
    write();
    change();
    plug();
  }

  /// Everything that was asked has its answer, once.
  void finish() {
    is_over_ = true;
    loop_.run_for(10min);
    REQUIRE(line_.waiting() == 0);
    REQUIRE(open_ == 0);
  }
  std::uint64_t asked = 0, answered = 0, failed = 0, replaced = 0;

 private:
  static constexpr std::uint8_t units = 16;
  enum class Manner : std::uint8_t { healthy, dead, garbage, late, bad_checksum, noisy };
  struct Unit {
    Manner manner = Manner::healthy;
    link::MonoTime healthy_since;
    link::MonoTime heard;
    link::BackOff back_off{200ms, 5s};
    int open = 0;
    std::array<std::deque<std::uint64_t>, 3> order;  ///< of its reads that wait, by turn
  };

  static bus::LineTiming timing(std::uint32_t baud) {
    bus::LineTiming timing;
    timing.baud = baud;
    return timing;
  }
  std::uint16_t nonce() { return nonce_ = static_cast<std::uint16_t>(nonce_ % 60'000 + 1); }
  bool happens(int per_mille) { return static_cast<int>(random_() % 1000) < per_mille; }
  link::Duration up_to(link::Duration longest) {
    return link::Duration(static_cast<std::int64_t>(random_() % 1000)) * (longest.count() / 1000);
  }

  // --- what is asked ---

  /// `done` exactly once, and what it brings is the answer to this and to nothing else.
  void ask(Exchange exchange, std::function<void(Status)> then) {
    const auto form = exchange;
    Unit& unit = units_[form.address.value];
    if (form.turn != Turn::poll && unit.open >= 8) {
      return;  // like every driver: so much for one unit, then it waits for answers
    }
    ++asked;
    ++open_;
    ++unit.open;
    if (form.kind == Kind::read_input) {
      unit.order[static_cast<std::size_t>(form.turn)].push_back(asked);
    }
    line_.exchange(std::move(exchange), [this, form, number = asked, then = std::move(then),
                                         calls = 0](const Reply& reply) mutable {
      REQUIRE(++calls == 1);
      --open_;
      --units_[form.address.value].open;
      REQUIRE(line_.waiting() <= bus::TurnQueue::most);
      check(form, number, reply);
      then(reply.status);
    });
  }
  void check(const Exchange& exchange, std::uint64_t number, const Reply& reply) {
    Unit& unit = units_[exchange.address.value];
    if (exchange.kind == Kind::read_input) {
      auto& order = unit.order[static_cast<std::size_t>(exchange.turn)];
      const auto place = std::find(order.begin(), order.end(), number);
      REQUIRE(place != order.end());
      const bool was_sent = reply.status != Status::busy && reply.status != Status::gone;
      REQUIRE((place == order.begin() || !was_sent));  // first come first served
      order.erase(place);
    }
    failed += reply.status == Status::timeout || reply.status == Status::corrupt ? 1 : 0;
    replaced += reply.status == Status::busy ? 1 : 0;
    if (reply.status != Status::ok) {
      REQUIRE(reply.values.empty());
      return;
    }
    ++answered;
    if (exchange.kind == Kind::read_input) {
      REQUIRE(reply.values == std::vector<std::uint16_t>{exchange.address.value, exchange.start, 0, 0});
      // Nobody who is well is silenced, whatever the others do; who has become well is soon found out.
      const bool is_known = unit.heard > std::max(unit.healthy_since, up_since_);
      const auto since = std::max({unit.heard, unit.healthy_since, up_since_});
      REQUIRE(loop_.now() - since < (is_known ? 10s : 45s));
      unit.heard = loop_.now();
    } else if (exchange.kind == Kind::read_write) {
      REQUIRE(reply.values == std::vector<std::uint16_t>{exchange.address.value, exchange.values.front()});
    }
  }
  void poll(std::uint8_t address) {
    if (is_over_) {
      return;
    }
    Unit& unit = units_[address];
    ask({{address}, Kind::read_input, nonce(), 4, {}, Turn::poll}, [this, address, &unit](Status status) {
      const bool is_well = status == Status::ok;
      if (is_well) {
        unit.back_off.reset();
      }
      loop_.after(is_well ? link::Duration(20ms) : unit.back_off.next(), [this, address] { poll(address); });
    });
  }
  /// Calls, refreshes, bursts of values of which the last counts, and now and then a word to all.
  void write() {
    if (is_over_) {
      return;
    }
    const auto address = static_cast<std::uint8_t>(1 + random_() % units);
    const std::uint16_t value = nonce();
    const auto nothing = [](Status) {};
    switch (random_() % 8) {
      case 0:
        for (std::uint8_t all = 1; all <= units; ++all) {
          ask({{all}, Kind::write, 0x110, 0, std::vector<std::uint16_t>(12, value), Turn::normal}, nothing);
        }
        break;
      case 1:
        ask({{}, Kind::broadcast, 0x120, 0, {value}, Turn::normal}, nothing);
        break;
      case 2:
        for (int i = 0; i < 8; ++i) {
          ask({{address}, Kind::read_input, nonce(), 4, {}, Turn::normal}, nothing);
        }
        break;
      case 3:
        ask({{address}, Kind::write_one, 0x100, 0, {value}, Turn::normal}, nothing);
        break;
      default:
        for (auto newer = random_() % 3 + 1; newer > 0; --newer) {
          std::vector<std::uint16_t> face(12, nonce());
          ask({{address}, Kind::read_write, 0x10, 2, std::move(face), Turn::urgent, 0x100}, nothing);
        }
        break;
    }
    loop_.after(up_to(3s), [this] { write(); });
  }

  // --- what goes wrong ---

  void change() {
    Unit& unit = units_[1 + random_() % units];
    // Half of the time somebody becomes well again.
    unit.manner = happens(500) ? Manner::healthy : static_cast<Manner>(random_() % 6);
    unit.healthy_since = unit.manner == Manner::healthy ? loop_.now() : link::MonoTime::max() - 1h;
    if (!is_over_) {
      loop_.after(up_to(20s), [this] { change(); });
    }
  }
  void plug() {
    is_in_ = !is_in_;
    line_.plug(is_in_);
    up_since_ = is_in_ ? loop_.now() : link::MonoTime::max() - 1h;
    if (!is_over_ || !is_in_) {
      loop_.after(is_in_ ? up_to(10min) : up_to(5s), [this] { plug(); });
    }
  }
  VirtualWire::Answer answer(const Exchange& request) {
    const auto address = request.address.value;
    std::vector<std::uint16_t> values;
    if (request.kind == Kind::read_input) {
      values = {address, request.start, 0, 0};
    } else if (request.kind == Kind::read_write) {
      values = {address, request.values.front()};
    }
    VirtualWire::Answer answer{{Status::ok, std::move(values)}, up_to(10ms), std::nullopt};
    switch (units_[address].manner) {
      case Manner::healthy:
        break;
      case Manner::dead:
        answer.reply = {Status::timeout, {}};
        break;
      case Manner::garbage:
        answer.reply = {Status::corrupt, {}};
        answer.bytes = 1 + random_() % 255;
        break;
      case Manner::late:
        answer.thinks = timing_.turnaround + timing_.margin + up_to(timing_.late);
        break;
      case Manner::bad_checksum:
        answer.reply = {Status::corrupt, {}};
        break;
      case Manner::noisy:
        answer.reply = happens(100)   ? Reply{Status::timeout, {}}
                       : happens(100) ? Reply{Status::corrupt, {}}
                       : happens(100) ? Reply{Status::refused, {}}
                                      : std::move(answer.reply);
        answer.thinks += happens(100) ? timing_.deadline(request) : link::Duration{};
        break;
    }
    return answer;
  }

  fakes::VirtualExecutor& loop_;
  std::mt19937 random_;
  bus::LineTiming timing_;
  std::array<Unit, units + 1> units_{};
  std::uint16_t nonce_ = 0;
  std::size_t open_ = 0;
  bool is_in_ = false;
  bool is_over_ = false;
  link::MonoTime up_since_;
  fakes::ScheduledLine line_{loop_, timing_, [this](const Exchange& request) { return answer(request); }};
};

}  // namespace

TEST_CASE("whatever goes wrong on eight lines, every answer is the right one's, once, in order and in time") {
  const bool is_long = std::getenv("LOBBY_LONG") != nullptr;
  const auto span = is_long ? 24h : std::chrono::hours(0) + 20min;
  std::uint64_t asked = 0, answered = 0, failed = 0, replaced = 0;
  constexpr std::array<std::uint32_t, 8> bauds{4800, 9600, 9600, 19200, 19200, 38400, 57600, 115200};
  for (std::size_t i = 0; i < bauds.size(); ++i) {
    CAPTURE(bauds[i]);
    fakes::VirtualExecutor loop;
    loop.run_for(1h);  // so that no instant is the zero that means nothing
    Storm storm(loop, bauds[i], static_cast<unsigned>(20261125 + i));
    loop.run_for(span);
    storm.finish();
    asked += storm.asked;
    answered += storm.answered;
    failed += storm.failed;
    replaced += storm.replaced;
  }
  fmt::print("8 lines, 128 units, {} h: {} exchanges, {} answered, {} failed, {} never sent\n",
             is_long ? "24" : "1/3", asked, answered, failed, replaced);
  CHECK(answered > asked / 4);
  CHECK(failed > asked / 100);
  CHECK(replaced > 0);
}

}  // namespace storms_tests
