#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "tests/support/process.hpp"

// The image that ships and a Modbus master that is not ours: mbpoll, by the numbers of
// firmware/wire/REGISTERS.md. The emulator writes down every write to pins and watchdog.

using namespace lobby::tests;

namespace {

/// One image, its bus a pty; nothing hangs on its chains. Without settings it is at address 247, 19200 8N1.
struct Board {
  explicit Board(const std::string& image)
      : log(folder.path() + "/writes"),
        emulator({"/usr/bin/qemu-system-arm",
                  "-M",
                  "stm32vldiscovery",
                  "-kernel",
                  LOBBY_BIN_DIR "/../firmware/" + image,
                  "-display",
                  "none",
                  "-monitor",
                  "none",
                  "-chardev",
                  "pty,id=bus",
                  "-serial",
                  "chardev:bus",
                  "-serial",
                  "null",
                  "-serial",
                  "null",
                  "-d",
                  "unimp",
                  "-D",
                  log}) {
    std::smatch found;
    const auto said = emulator.line().value_or("");
    REQUIRE_MESSAGE(std::regex_search(said, found, std::regex("/dev/pts/[0-9]+")), said);
    port = found[0];
  }
  /// mbpoll until it is answered: an emulator may be late, or not have noticed yet that its line was opened.
  std::string poll(const std::vector<std::string>& what, const std::vector<std::string>& values = {}) {
    std::vector<std::string> command{"/usr/bin/mbpoll",
                                     "-m",
                                     "rtu",
                                     "-a",
                                     "247",
                                     "-b",
                                     "19200",
                                     "-P",
                                     "none",
                                     "-0",
                                     "-1",
                                     "-o",
                                     "2",
                                     "-q"};
    command.insert(command.end(), what.begin(), what.end());
    command.push_back(port);
    command.insert(command.end(), values.begin(), values.end());
    for (int tries = 0; tries < 10; ++tries) {
      const auto finished = run(command, "/dev/null");
      if (finished.code == 0) {
        return finished.output;
      }
    }
    return {};
  }
  /// FC 03.
  std::vector<unsigned> read(unsigned start, unsigned count) {
    const auto text = poll({"-t", "4:hex", "-r", std::to_string(start), "-c", std::to_string(count)});
    std::vector<unsigned> words;
    const std::regex value(R"(\[[0-9]+\]:\s+0x([0-9A-F]{4}))");
    for (std::sregex_iterator it(text.begin(), text.end(), value), end; it != end; ++it) {
      words.push_back(static_cast<unsigned>(std::stoul((*it)[1], nullptr, 16)));
    }
    return words;
  }
  /// What was written to a register of a device, in order; the emulator ends with this.
  std::vector<unsigned> writes(const std::string& device, unsigned offset) {
    emulator.signal(SIGTERM);
    emulator.wait();
    std::ifstream file(log);
    const std::regex form(
        device +
        fmt::format(R"(: unimplemented device write \(size 4, offset 0x{:03x}, value 0x([0-9a-f]+)\))",
                    offset));
    std::vector<unsigned> values;
    std::smatch found;
    for (std::string line; std::getline(file, line);) {
      if (std::regex_search(line, found, form)) {
        values.push_back(static_cast<unsigned>(std::stoul(found[1], nullptr, 16)));
      }
    }
    return values;
  }

  TemporaryFolder folder;
  std::string log;
  Process emulator;
  std::string port;
};

}  // namespace

TEST_CASE("mbpoll reads and writes a window unit by the documented map") {
  Board board("window-unit.elf");
  CHECK(board.read(0x0000, 5) == std::vector<unsigned>{0x4C57, 1, 1, 0x0100, 0x00DF});
  CHECK(board.read(0x0030, 4) == std::vector<unsigned>{247, 192, 0, 0});
  CHECK_FALSE(
      board.poll({"-t", "4", "-r", "272"}, {"5", "0", "65", "48", "50", "51", "0", "0", "0", "0"}).empty());
  CHECK(board.read(0x0012, 1) == std::vector<unsigned>{5});
  CHECK(board.read(0x0112, 4) == std::vector<unsigned>{'A', '0', '2', '3'});
  // Unifont's tenth row of A is 0x7E, of 0 it is 0x52.
  const auto dots = board.read(0x0122, 64);
  REQUIRE(dots.size() == 64);
  CHECK(dots[9 * 4] == 0x7E52);
  CHECK(board.read(0x001C, 1) == std::vector<unsigned>{2});  // no keypad hangs on it
}

TEST_CASE("the driver is on for every answer and for nothing else, and the watchdog is kicked") {
  Board board("window-unit.elf");
  REQUIRE_FALSE(board.read(0x0000, 5).empty());
  for (int i = 0; i < 5; ++i) {
    REQUIRE(board.read(0x0000, 80).empty());  // refused: an exception is an answer, too
    REQUIRE_FALSE(board.read(0x0010, 4).empty());
  }
  // A foreign address is not answered.
  run({"/usr/bin/mbpoll", "-m", "rtu", "-a", "9", "-b", "19200", "-P", "none", "-0", "-1", "-o", "0.5", "-q",
       "-r", "0", board.port},
      "/dev/null");
  const auto heard = board.read(0x0023, 4);
  REQUIRE(heard.size() == 4);
  CHECK(heard[3] >= 1);  // the foreign one was heard
  constexpr unsigned on = 1U << 8, off = 1U << 24;
  const auto driver = board.writes("GPIOA", 0x10);
  REQUIRE(driver.size() == 1 + 2 * heard[0]);  // off at the start, and a pair for every request to this unit
  CHECK(driver[0] == off);
  for (std::size_t i = 1; i + 1 < driver.size(); i += 2) {
    CHECK(driver[i] == on);
    CHECK(driver[i + 1] == off);
  }
  const auto keys = board.writes("IWDG", 0x00);
  REQUIRE(keys.size() > 1000);  // it ran for more than half a second, and comes round 2,000 times in one
  CHECK(keys[0] == 0xCCCC);
  CHECK(std::count(keys.begin(), keys.end(), 0xAAAAU) > 1000);
}

TEST_CASE("a panel's lamps are coils, and pins") {
  Board board("button-panel.elf");
  CHECK(board.read(0x0002, 1) == std::vector<unsigned>{2});
  CHECK_FALSE(board.poll({"-t", "0", "-r", "0"}, {"1", "0", "1"}).empty());  // FC 15
  CHECK(board.read(0x0101, 1) == std::vector<unsigned>{5});
  const auto lamps = board.writes("GPIOA", 0x10);
  CHECK(std::count(lamps.begin(), lamps.end(), 1U << 0) == 1);  // lamp 1: PA0
  CHECK(std::count(lamps.begin(), lamps.end(), 1U << 1) == 0);
  CHECK(std::count(lamps.begin(), lamps.end(), 1U << 5) == 1);  // lamp 3: PA5
}
