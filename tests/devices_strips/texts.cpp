// Modbus displays of text as boards: they confirm, and are looked after.
#include <doctest/doctest.h>

#include <map>

#include "daemon/devices/boards.hpp"
#include "tests/fakes/strip_line.hpp"
#include "tests/fakes/virtual_line.hpp"

using namespace lobby;
using namespace std::chrono_literals;
using bus::Exchange;
using hall::BoardProof;
using hall::DeviceState;
using link::Status;

namespace {

devices::BoardConfig text_board(const std::string& id, std::uint8_t address, int rows = 1) {
  auto config = fakes::strip_board(id, address, 1, rows);
  auto sign = *config.sign();
  window::DisplayMap map;
  map.form = window::DisplayMap::Form::text;
  map.start = 1000;
  map.places = 16;
  map.is_readable = false;
  sign.driver = "embedded-art";
  sign.protocol = map;
  config.link = sign;
  return config;
}

/// Displays at the addresses of a Modbus line, and the daemon's boards.
struct TextLine {
  explicit TextLine(std::vector<devices::BoardConfig> given, bool is_dead = false)
      : all_off(is_dead),
        configs(std::move(given)),
        line(executor, {}, [this](const Exchange& exchange) { return answer(exchange); }),
        lines(
            executor, {}, [](const auto&) { return std::unique_ptr<link::ByteLink>(); }, roster),
        boards(executor, configs,
               devices::Boards::Ports{{},
                                      {},
                                      [this] { return now(); },
                                      &lines,
                                      [this](const hall::DeviceId&) -> bus::Bus& { return line; }},
               roster) {}

  fakes::VirtualWire::Answer answer(const Exchange& exchange) {
    asked.push_back(exchange);
    auto& display = displays[exchange.address.value];
    if (all_off || display.is_off) {
      return {{Status::timeout, {}}, 0ms, std::nullopt};
    }
    if (display.refuses) {
      return {{Status::refused, {}}, 1ms, std::nullopt};
    }
    display.text.clear();
    for (const auto value : exchange.values) {
      display.text += static_cast<char>(value >> 8U);
      display.text += static_cast<char>(value & 0xFFU);
    }
    return {{Status::ok, {}}, 1ms, std::nullopt};
  }
  hall::Instant now() const {
    const auto since =
        std::chrono::duration_cast<std::chrono::milliseconds>(executor.now().time_since_epoch());
    return {fakes::StripLine::begins_ms + since.count(), 8 * 60};
  }
  void say(const std::string& board, const std::vector<std::string>& texts, bool urgent = false) {
    boards.show({board}, fakes::StripLine::saying(texts), urgent);
  }
  hall::BoardState state(std::size_t index = 0) const { return boards.states()[index]; }
  const hall::DeviceView& device(const std::string& id) const { return *roster.find({id}); }

  struct Display {
    std::string text;
    bool is_off = false, refuses = false;
  };
  fakes::VirtualExecutor executor;
  bool all_off;
  std::map<unsigned, Display> displays;
  std::vector<Exchange> asked;
  std::vector<devices::BoardConfig> configs;
  devices::Roster roster{[this] { return now(); }, [](const hall::ReportDevice&) {}};
  fakes::ScheduledLine line;
  devices::DialectLines lines;
  devices::Boards boards;
};

const std::string yinhang = "\xD2\xF8\xD0\xD0";  // 银行
const std::string shoufei = "\xCA\xD5\xB7\xD1";  // 收费

}  // namespace

TEST_CASE("a display is told page after page, and says that it has taken each: it is shown") {
  TextLine hall({text_board("t7", 7)});
  hall.say("t7", {"银行", "收费"});
  hall.executor.run_for(2s);
  CHECK(hall.displays[7].text == yinhang + "            ");
  CHECK(hall.state().confirmed == BoardProof::shown);
  CHECK(hall.state().confirmed_at);
  CHECK(hall.device("t7").state == DeviceState::ok);
  CHECK(hall.device("t7").detail.find("shown") != std::string::npos);
  CHECK(hall.device("t7").address == 7);
  hall.executor.run_for(4s);
  CHECK(hall.displays[7].text == shoufei + "            ");
  CHECK(hall.asked.back().start == 1000);
  // A page that somebody may wait for a little waits behind keys and signs.
  CHECK(hall.asked.back().turn == bus::Turn::poll);
}

TEST_CASE("a call to a display is an urgent turn") {
  TextLine hall({text_board("t7", 7)});
  hall.say("t7", {"银行"});
  hall.executor.run_for(2s);
  hall.say("t7", {"收费"}, true);
  hall.executor.run_for(100ms);
  CHECK(hall.displays[7].text.starts_with(shoufei));
  CHECK(hall.asked.back().turn == bus::Turn::urgent);
}

TEST_CASE("a display that lost its power has the present within two seconds of answering again") {
  TextLine hall({text_board("t7", 7)});
  hall.say("t7", {"银行"});
  hall.executor.run_for(5s);
  hall.displays[7] = {"", true, false};
  hall.executor.run_for(60s);
  CHECK(hall.device("t7").state == DeviceState::gone);
  CHECK(hall.device("t7").reason == "does not answer");
  CHECK(hall.state().confirmed == BoardProof::no);
  hall.say("t7", {"收费"});
  hall.executor.run_for(60s);
  hall.displays[7].is_off = false;
  const auto asked = hall.asked.size();
  while (hall.asked.size() == asked) {
    hall.executor.run_for(100ms);
  }
  hall.executor.run_for(2s);
  CHECK(hall.displays[7].text.starts_with(shoufei));
  CHECK(hall.state().confirmed == BoardProof::shown);
  CHECK(hall.device("t7").state == DeviceState::ok);
}

TEST_CASE("a display that answers and takes no text is degraded, and says what is wrong") {
  TextLine hall({text_board("t7", 7)});
  hall.displays[7].refuses = true;
  hall.say("t7", {"银行"});
  hall.executor.run_for(5s);
  CHECK(hall.device("t7").state == DeviceState::degraded);
  CHECK(hall.device("t7").reason == "does not take what it is to show");
  CHECK(hall.state().confirmed == BoardProof::no);
}

TEST_CASE("of a board of two displays one that is dead is named, and the other goes on") {
  TextLine hall({text_board("t7", 7, 2)});
  hall.displays[8].is_off = true;
  hall.say("t7", {"银行", "收费"});
  hall.executor.run_for(10s);
  CHECK(hall.displays[7].text.starts_with(yinhang));
  CHECK(hall.device("t7").state == DeviceState::degraded);
  CHECK(hall.device("t7").reason == "the row at address 8: does not answer");
  CHECK(hall.state().confirmed == BoardProof::no);
  hall.displays[8].is_off = false;
  hall.executor.run_for(40s);
  CHECK(hall.displays[8].text.starts_with(shoufei));
  CHECK(hall.state().confirmed == BoardProof::shown);
  CHECK(hall.device("t7").state == DeviceState::ok);
}

TEST_CASE(
    "a display that nobody ever heard of is absent; a line that is away is said, and ends no stop late") {
  TextLine hall({text_board("t7", 7)}, true);
  hall.executor.run_for(30s);
  CHECK(hall.device("t7").state == DeviceState::absent);
  CHECK(hall.device("t7").reason == "does not answer");
  hall.line.plug(false);
  hall.executor.run_for(30s);
  CHECK(hall.device("t7").reason == "is away with its line");
  int stopped = 0;
  hall.boards.stop(10s, [&] { ++stopped; });
  hall.executor.drain();
  CHECK(stopped == 1);
}

TEST_CASE("at the end a display has the closing text, and the daemon knows it") {
  TextLine hall({text_board("t7", 7)});
  hall.say("t7", {"银行"});
  hall.executor.run_for(5s);
  int stopped = 0;
  hall.boards.stop(10s, [&] { ++stopped; });
  hall.executor.run_for(500ms);
  CHECK(stopped == 1);
  CHECK(hall.displays[7].text == "    \xBB\xB6\xD3\xAD\xB9\xE2\xC1\xD9    ");  // 欢迎光临
}
