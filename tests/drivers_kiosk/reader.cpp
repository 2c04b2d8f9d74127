#include "drivers/kiosk/reader.hpp"

#include <doctest/doctest.h>
#include <linux/input.h>

#include <cstring>
#include <string>
#include <vector>

#include "tests/fakes/virtual_executor.hpp"

using namespace lobby;
using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

namespace {

struct Lines {
  fakes::VirtualExecutor executor;
  std::vector<std::string> all;
  kiosk::LineReader::Taken take = [this](std::string_view line) { all.emplace_back(line); };
};

Bytes bytes(const std::string& text) {
  return {text.begin(), text.end()};
}

void put_event(Bytes& out, std::uint16_t type, std::uint16_t code, std::int32_t value) {
  input_event event{};
  event.type = type;
  event.code = code;
  event.value = value;
  const auto* raw = reinterpret_cast<const std::uint8_t*>(&event);
  out.insert(out.end(), raw, raw + sizeof event);
}

/// A key down and up, with the events that a keyboard sends around them.
void put_key(Bytes& out, std::uint16_t code) {
  put_event(out, EV_MSC, MSC_SCAN, 0x7001E);
  put_event(out, EV_KEY, code, 1);
  put_event(out, EV_SYN, SYN_REPORT, 0);
  put_event(out, EV_KEY, code, 0);
  put_event(out, EV_SYN, SYN_REPORT, 0);
}

/// 11010519491231002X and Enter, as a wedge types them: X with shift.
Bytes typed_number() {
  Bytes out;
  for (const char c : std::string("11010519491231002")) {
    put_key(out, c == '0' ? KEY_0 : static_cast<std::uint16_t>(KEY_1 + (c - '1')));
  }
  put_event(out, EV_KEY, KEY_LEFTSHIFT, 1);
  put_key(out, KEY_X);
  put_event(out, EV_KEY, KEY_LEFTSHIFT, 0);
  put_key(out, KEY_ENTER);
  return out;
}

}  // namespace

TEST_CASE("serial lines end with CR, LF or both, and come in any pieces") {
  Lines lines;
  kiosk::SerialLines reader(lines.executor, lines.take);
  reader.received(bytes("123"));
  reader.received(bytes("45\r"));
  reader.received(bytes("\nABC\n\n\r\nD\r"));
  CHECK(lines.all == std::vector<std::string>{"12345", "ABC", "D"});
}

TEST_CASE("a line that is too long, or not ended in time, is nothing, and the next one is whole") {
  Lines lines;
  kiosk::SerialLines reader(lines.executor, lines.take);
  reader.received(Bytes(100'000, '7'));
  reader.received(bytes("\r12\r"));
  CHECK(lines.all == std::vector<std::string>{"12"});
  reader.received(bytes("half"));
  lines.executor.run_for(3s);
  reader.received(bytes("other\r"));
  CHECK(lines.all.back() == "other");
  reader.received(bytes("half"));
  reader.forget();
  reader.received(bytes("new\r"));
  CHECK(lines.all.back() == "new");
}

TEST_CASE("what a wedge types is read from its key events, whole or byte by byte") {
  for (const bool in_pieces : {false, true}) {
    CAPTURE(in_pieces);
    Lines lines;
    kiosk::WedgeKeys reader(lines.executor, lines.take);
    const auto typed = typed_number();
    if (in_pieces) {
      for (const auto byte : typed) {
        reader.received({&byte, 1});
      }
    } else {
      reader.received(typed);
    }
    CHECK(lines.all == std::vector<std::string>{"11010519491231002X"});
  }
}

TEST_CASE("the digits of the pad count, held keys and keys without a character do not") {
  Lines lines;
  kiosk::WedgeKeys reader(lines.executor, lines.take);
  Bytes out;
  for (const auto code : {KEY_KP1, KEY_KP0, KEY_F1, KEY_KP9, KEY_A, KEY_P, KEY_Z, KEY_M, KEY_SPACE}) {
    put_key(out, static_cast<std::uint16_t>(code));
  }
  put_event(out, EV_KEY, KEY_B, 2);
  put_key(out, KEY_KPENTER);
  reader.received(out);
  CHECK(lines.all == std::vector<std::string>{"109apzm"});
}

TEST_CASE("a wedge that is unplugged in the middle of an event or of a line leaves nothing behind") {
  Lines lines;
  kiosk::WedgeKeys reader(lines.executor, lines.take);
  const auto typed = typed_number();
  reader.received(std::span(typed).first(typed.size() / 2 + 7));
  reader.forget();
  reader.received(typed);
  CHECK(lines.all == std::vector<std::string>{"11010519491231002X"});
}

TEST_CASE("a line that is let go is wiped") {
  alignas(kiosk::SecretLine) unsigned char room[sizeof(kiosk::SecretLine)];
  auto* line = new (room) kiosk::SecretLine;
  for (const char c : std::string("440524188001010014")) {
    line->add(c);
  }
  REQUIRE(line->text() == "440524188001010014");
  line->wipe();
  const std::string_view left(reinterpret_cast<const char*>(room), kiosk::SecretLine::most);
  CHECK(left.find('4') == std::string_view::npos);
  line->~SecretLine();
}
