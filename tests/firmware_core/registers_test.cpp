#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <regex>
#include <string>

#include "tests/firmware_core/bench.hpp"

using namespace lobby::firmware;

namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(std::string(LOBBY_SOURCE_DIR) + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Names of registers and their numbers, in the header's form `reg_… = 0x…;` or the document's `| 0x… | reg_…
/// |`.
std::map<std::string, unsigned long> registers_in(const std::string& text, const std::regex& form, int name,
                                                  int number) {
  std::map<std::string, unsigned long> found;
  for (std::sregex_iterator it(text.begin(), text.end(), form), end; it != end; ++it) {
    found[(*it)[static_cast<std::size_t>(name)]] =
        std::stoul((*it)[static_cast<std::size_t>(number)], nullptr, 16);
  }
  return found;
}

}  // namespace

TEST_CASE("the table of registers and the header are one") {
  const auto header = registers_in(read_file("/firmware/wire/window_unit.hpp"),
                                   std::regex(R"((reg_\w+) =\s+0x([0-9A-F]{4});)"), 1, 2);
  const auto table = registers_in(read_file("/firmware/wire/REGISTERS.md"),
                                  std::regex(R"(\| 0x([0-9A-F]{4}) \| `(reg_\w+)` \|)"), 2, 1);
  CHECK(header.size() > 40);
  CHECK(header == table);
}

TEST_CASE("every register of the table can be read, and by FC 03 the input registers too") {
  const auto table = registers_in(read_file("/firmware/wire/REGISTERS.md"),
                                  std::regex(R"(\| 0x([0-9A-F]{4}) \| `(reg_\w+)` \|)"), 2, 1);
  Bench bench;
  for (const auto& [name, number] : table) {
    CAPTURE(name);
    CHECK(bench.read(static_cast<unsigned>(number), 1, 3).size() == 1);
    CHECK(bench.read(static_cast<unsigned>(number), 1, 4).size() == (number < 0x100 ? 1 : 0));
  }
}

TEST_CASE("the counters count what happened") {
  Bench bench;
  bench.pass(1000);
  bench.request(4, {0, 1}, 18);
  bench.request(6, {0x106, 1});
  auto damaged = with_crc({17, 4, 0, 0, 0, 1});
  damaged[3] ^= 1;
  bench.ask(damaged);
  bench.pass(10);
  bench.unit->bus_error();
  bench.write(0x104, {50}, 0);
  const auto words = bench.read(0x20, 11);
  REQUIRE(words.size() == 11);
  CHECK(words[0] == 0);
  CHECK(words[1] > 1000);
  CHECK(words[1] < 1300);
  CHECK(words[2] == 1);  // power
  CHECK(words[3] == 2);  // heard, this request too
  CHECK(words[4] == 1);  // bad
  CHECK(words[5] == 1);  // refused
  CHECK(words[6] == 1);  // foreign
  CHECK(words[7] == 1);  // broadcasts
  CHECK(words[8] == 1);  // line errors
}

TEST_CASE("a panel's lamps go out while the host is silent, and are lit again when it is back") {
  Bench panel(Unit::Model::button_panel);
  panel.write(0x101, {0x0F, 0x02});
  CHECK(panel.unit->lamps() == 0x0F);
  panel.pass(260);
  CHECK(panel.unit->lamps() == 0x0D);
  panel.pass(3100);
  CHECK(panel.unit->lamps() == 0);
  panel.request(4, {0x10, 4});
  CHECK((panel.unit->lamps() & 0x0D) == 0x0D);
  CHECK(panel.write(0x110, panel.text(1, 0, {'A'})) == with_crc({17, 0x90, 2}));
}

TEST_CASE("a lamp still blinks when the host was away for half a clock's turn") {
  for (const unsigned minutes : {34U, 37U, 50U, 70U}) {
    Bench panel(Unit::Model::button_panel);
    panel.write(0x101, {1});
    panel.write(0x102, {1});
    for (unsigned i = 0; i < minutes * 60 * 4; ++i) {
      panel.now += 250'000;
      panel.unit->tick(panel.now);
      panel.unit->lamps();  // the board asks in every turn
    }
    CHECK(panel.unit->lamps() == 0);
    panel.read(0, 4);
    unsigned lit = 0;
    for (int i = 0; i < 100; ++i) {
      panel.pass(20);
      lit += panel.unit->lamps();
    }
    CAPTURE(minutes);
    CHECK(lit > 40);  // of 100; half of the time
    CHECK(lit < 60);
  }
}
