#include <doctest/doctest.h>

#include <random>

#include "daemon/hall/bytes.hpp"
#include "tests/hall/a_hall.hpp"

namespace bytes_tests {

using namespace lobby::hall;
using testing::Hall;

namespace {

Hall a_busy_hall() {
  Hall hall;
  hall.open_day();
  hall.connect("p1");
  hall.open("w1");
  hall.open("w2");
  for (int i = 0; i < 12; ++i) {
    hall.issue(i % 2 == 0 ? "social" : "tax", KioskId{"k1"});
    hall.now.utc_ms += 7'000;
  }
  hall.must(CallNext{.window = {"w1"}});
  hall.must(StartService{.window = {"w1"}});
  hall.must(CallNext{.window = {"w2"}});
  hall.must(PauseWindow{.window = {"w2"}, .reason = "lunch", .message = "午休", .back_at = hall.now});
  hall.must(StartPrint{.ticket = {3}, .printer = {"p1"}});
  return hall;
}

std::string sealed(std::string bytes) {
  const std::uint64_t sum = checksum(bytes);
  for (int i = 0; i < 8; ++i) {
    bytes += static_cast<char>((sum >> (8 * i)) & 0xff);
  }
  return bytes;
}

}  // namespace

TEST_CASE("a state comes back from its bytes and goes on as before") {
  Hall live = a_busy_hall();
  const std::string bytes = encode(live.state);
  auto back = decode(bytes);
  REQUIRE(back.has_value());
  CHECK(encode(*back) == bytes);
  Hall restarted = live;
  restarted.state = *std::move(back);
  for (Hall* hall : {&live, &restarted}) {
    hall->must(FinishService{.window = {"w1"}, .outcome = {}, .case_no = {}, .notice_slip_no = {}});
    hall->must(ResumeWindow{.window = {"w2"}});
    hall->must(CallNext{.window = {"w1"}});
    hall->issue("tax");
  }
  CHECK(encode(restarted.state) == encode(live.state));
  CHECK(restarted.window("w1").ticket->number == "A002");
}

TEST_CASE("an empty state has bytes too") {
  CHECK(decode(encode(State{})).has_value());
  CHECK(!decode("").has_value());
  CHECK(!decode("\x01").has_value());
}

TEST_CASE("the first byte is the version, little-endian numbers follow") {
  State state;
  state.seq = 0x0102030405060708;
  const std::string bytes = encode(state);
  CHECK(bytes.substr(0, 9) == std::string("\x0a\x08\x07\x06\x05\x04\x03\x02\x01", 9));
  std::string later = bytes.substr(0, bytes.size() - 8);
  for (const char other : {'\11', '\13'}) {
    later[0] = other;
    CHECK(!decode(sealed(later)).has_value());
  }
}

TEST_CASE("cut or altered bytes are no state") {
  const std::string bytes = encode(a_busy_hall().state);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK(!decode(std::string_view{bytes}.substr(0, size)).has_value());
  }
  CHECK(!decode(bytes + '\0').has_value());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int bit : {0, 3, 7}) {
      std::string altered = bytes;
      altered[i] = static_cast<char>(altered[i] ^ (1 << bit));
      CHECK(!decode(altered).has_value());
    }
  }
}

TEST_CASE("bytes with a right seal and wrong content are refused or read as a whole state") {
  const Hall hall = a_busy_hall();
  const std::string whole = encode(hall.state);
  const std::string content = whole.substr(0, whole.size() - 8);
  std::mt19937 random(20261123);
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string altered = content;
    for (auto flips = 1 + random() % 3; flips != 0; --flips) {
      altered[1 + random() % (altered.size() - 1)] = static_cast<char>(random());
    }
    const std::string bytes = sealed(altered);
    if (const auto state = decode(bytes)) {
      ++accepted;
      CHECK(encode(*state) == bytes);
      CHECK(hall_view(hall.site, *state, hall.now).windows.size() == 2);
      for (const Ticket& ticket : state->tickets) {
        CHECK(ticket_view(testing::a_site(), *state, ticket).id == ticket.id);
      }
    }
  }
  CHECK(accepted > 0);
}

TEST_CASE("a hall full of one thing comes back from its bytes, however little each of them says") {
  const auto comes_back = [](auto fill) {
    State state;
    for (std::uint64_t i = 1; i <= 5000; ++i) {
      fill(state, i);
    }
    state.next_ticket = {5001};
    return decode(encode(state)).has_value();
  };
  CHECK(comes_back([](State& state, std::uint64_t i) {
    state.tickets.emplace_back();
    state.tickets.back().id = {i};
    state.tickets.back().state = TicketState::finished;
  }));
  CHECK(comes_back([](State& state, std::uint64_t) { state.services.emplace_back(); }));
  CHECK(comes_back([](State& state, std::uint64_t) { state.windows.emplace_back(); }));
  CHECK(comes_back([](State& state, std::uint64_t) { state.kiosks.emplace_back(); }));
  CHECK(comes_back([](State& state, std::uint64_t) { state.languages.emplace_back(); }));
  CHECK(comes_back([](State& state, std::uint64_t) { state.devices.emplace_back(); }));
  CHECK(comes_back([](State& state, std::uint64_t) { state.series.emplace_back(); }));
  CHECK(comes_back([](State& state, std::uint64_t) { state.appointments.emplace_back(); }));
  CHECK(comes_back([](State& state, std::uint64_t) { state.notices.emplace_back(); }));
  CHECK(comes_back([](State& state, std::uint64_t) { state.blocks.emplace_back(); }));
  CHECK(comes_back([](State& state, std::uint64_t) { state.texts.emplace_back(); }));
}

TEST_CASE("a count that the bytes cannot hold asks for no memory") {
  State empty;
  std::string bytes = encode(empty);
  bytes.resize(bytes.size() - 8);
  const std::size_t count_of_tickets = 1 + 8 + 12 + 4 + 1 + 8 + 8 + 8 + 8;
  for (std::size_t i = 0; i < 4; ++i) {
    bytes[count_of_tickets + i] = '\xff';
  }
  CHECK(!decode(sealed(bytes)).has_value());
}

TEST_CASE("what the journal holds is folded in, however odd") {
  Hall hall;
  hall.open_day();
  hall.open("w1");
  const TicketId id = hall.issue("social");
  const auto fold = [&](Body body) {
    apply(hall.state, Event{.seq = hall.state.seq + 1, .at = hall.now, .by = {}, .body = std::move(body)});
    CHECK(decode(encode(hall.state)).has_value());
  };
  const AboutTicketAtWindow stranger{{{900}, "Z900", {"gone"}}, {"w7"}};
  fold(TicketCalled{stranger});
  fold(TicketRecalled{stranger, 1});
  fold(ServiceStarted{stranger});
  fold(ServiceFinished{stranger, {}, {}, {}});
  fold(TicketNoShow{stranger, {}});
  fold(TicketExpired{stranger, {}});
  fold(TicketCancelled{stranger});
  fold(TicketPrinted{{stranger, {"p7"}, {}}});
  fold(TicketReprinted{{stranger, {"p7"}, {}}, 1});
  const AboutTicketAtWindow there{{id, "A001", {"social"}}, {"w8"}};
  fold(ServiceStarted{there});
  CHECK(hall.ticket(id).state == TicketState::serving);
  CHECK(hall.state.find(WindowId{"w8"})->ticket == id);
  fold(TicketCalled{AboutTicketAtWindow{there, {"w1"}}});
  CHECK(hall.state.find(WindowId{"w8"})->ticket == TicketId{});
  CHECK(hall.window("w1").ticket->id == id);
  fold(ServiceFinished{there, {}, {}, {}});
  CHECK(hall.ticket(id).state == TicketState::finished);
  fold(WindowPaused{{{"w8"}}, {}, {}, {}});
  fold(WindowPaused{{{"w8"}}, {}, {}, {}});
  fold(TicketNoShow{there, {}});
  fold(WindowResumed{{{"w8"}}});
  fold(WindowResumed{{{"w8"}}});
  fold(HelpEnded{{{"w8"}}});
  fold(HelpCalled{{{"w8"}}});
  fold(WindowClosed{{{"w8"}}});
  CHECK(hall.state.find(WindowId{"w8"})->help_at);  // whoever was called is still to come
  fold(WindowOpened{{{"w8"}}, {"c"}});
  CHECK(hall.state.find(WindowId{"w8"})->state == WindowState::idle);
  TicketIssued ahead;
  ahead.ticket = {50};
  ahead.service = {"social"};
  ahead.prefix = "A";
  ahead.n = 50;
  fold(ahead);
  fold(ahead);
  CHECK(hall.number({50}) == "A050");
  CHECK(hall.state.find(TicketId{49}) == nullptr);
  CHECK(hall.state.next_ticket == TicketId{51});
}

}  // namespace bytes_tests
