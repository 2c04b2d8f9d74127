// Signs that only listen, in virtual time: what leaves for them, and what is claimed of them.
#include <doctest/doctest.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "daemon/devices/signs.hpp"
#include "tests/fakes/scripted_link.hpp"
#include "tests/fakes/virtual_executor.hpp"

namespace strip_signs_tests {

using namespace lobby;
using namespace std::chrono_literals;
using fakes::Bytes;
using hall::DeviceState;
using hall::WindowState;

namespace {

/// 40 ADDRESS TEXT 0D, 300 ms.
window::FrameDialect lines_of_text() {
  window::FrameDialect dialect;
  for (const auto* part : {"40", "address", "text", "0D"}) {
    dialect.frame.push_back(*window::parse_frame_part(part));
  }
  dialect.pause = 300ms;
  return dialect;
}

devices::SignConfig sign(const std::string& id, std::uint8_t address, const std::string& window) {
  devices::SignConfig config;
  config.id = {id};
  config.driver = "plain-line";
  config.protocol = lines_of_text();
  config.window = {window};
  config.line = {"line-1"};
  config.address = address;
  return config;
}

hall::WindowView window_view(std::uint32_t number, WindowState state, const std::string& ticket = "") {
  hall::WindowView view;
  view.id = {"w" + std::to_string(number)};
  view.number = number;
  view.state = state;
  if (!ticket.empty()) {
    view.ticket = hall::TicketAtWindow{{1}, ticket, {"s1"}, hall::Lane::ordinary};
  }
  return view;
}

struct Bench {
  explicit Bench(std::vector<devices::SignConfig> configs)
      : lines(
            executor, {{{"line-1"}, "plain-line", devices::SerialPort{"/dev/x", 9600}, true}},
            [this](const auto&) { return wire->make_link(); }, roster),
        signs(
            executor, configs, lines, [](const hall::DeviceId&) -> bus::Bus& { std::abort(); }, roster,
            [this](const hall::WindowId&, std::uint64_t, const hall::DeviceId&) { ++shown; }) {
    lines.start();
  }
  void want(const hall::WindowView& view) {
    signs.want(view, 7);
    executor.run_for(1s);
  }
  std::string last() const { return {wire->sent.back().begin(), wire->sent.back().end()}; }
  const hall::DeviceView& device(const std::string& id) const { return *roster.find({id}); }

  int shown = 0;
  fakes::VirtualExecutor executor;
  std::shared_ptr<fakes::Wire> wire = std::make_shared<fakes::Wire>(executor);
  devices::Roster roster{[] { return hall::Instant{1'000, 480}; }, [](const hall::ReportDevice&) {}};
  devices::DialectLines lines;
  devices::Signs signs;
};

}  // namespace

TEST_CASE("a sign tells whom its window calls, and is never called shown") {
  Bench bench({sign("s3", 3, "w3")});
  bench.wire->up();
  bench.want(window_view(3, WindowState::called, "A023"));
  // 请A023到3号窗口 in GBK
  CHECK(bench.last() ==
        "\x40\x03\xC7\xEB"
        "A023\xB5\xBD"
        "3\xBA\xC5\xB4\xB0\xBF\xDA\r");
  CHECK(bench.device("s3").detail.find("sent 请A023到3号窗口") != std::string::npos);
  CHECK(bench.device("s3").detail.find("show") == std::string::npos);
  CHECK(bench.shown == 0);
  CHECK(bench.device("s3").state == DeviceState::ok);
  bench.want(window_view(3, WindowState::serving, "A023"));
  CHECK(bench.last() ==
        "\x40\x03"
        "A023\r");
  bench.want(window_view(3, WindowState::closed));
  CHECK(bench.last() == "\x40\x03\xD4\xDD\xCD\xA3\xB7\xFE\xCE\xF1\r");  // 暂停服务
}

TEST_CASE("a refusal stands on the sign for two seconds, then what is; what is newer does not wait for it") {
  Bench bench({sign("s3", 3, "w3"), sign("s4", 4, "w4")});
  bench.wire->up();
  bench.want(window_view(3, WindowState::serving, "A023"));
  bench.signs.say({"w3"}, "\xE6\x97\xA0\xE4\xBA\xBA");  // 无人
  bench.executor.run_for(1s);
  CHECK(bench.last() == "\x40\x03\xCE\xDE\xC8\xCB\r");
  bench.executor.run_for(2s);
  CHECK(bench.last() ==
        "\x40\x03"
        "A023\r");
  bench.signs.say({"w3"}, "\xE6\x97\xA0\xE4\xBA\xBA");
  bench.executor.run_for(1s);
  bench.want(window_view(3, WindowState::serving, "A024"));
  CHECK(bench.last() ==
        "\x40\x03"
        "A024\r");
  const auto sent = bench.wire->sent.size();
  bench.executor.run_for(10s);
  CHECK(bench.wire->sent.size() == sent);
  CHECK(bench.shown == 0);
}

TEST_CASE("nothing is sent twice while nothing changes, and what was not sent is not claimed") {
  Bench bench({sign("s3", 3, "w3")});
  bench.signs.want(window_view(3, WindowState::called, "A023"), 7);
  CHECK(bench.device("s3").detail.find("to be sent 请A023") != std::string::npos);
  bench.executor.run_for(10s);
  CHECK(bench.wire->sent.empty());
  bench.wire->up();
  bench.executor.run_for(1s);
  REQUIRE(bench.wire->sent.size() == 1);
  bench.want(window_view(3, WindowState::called, "A023"));
  CHECK(bench.wire->sent.size() == 1);
}

TEST_CASE(
    "a line that was never there is absent, a lost one gone; back again, every sign is told the present") {
  Bench bench({sign("s3", 3, "w3"), sign("s4", 4, "w4")});
  bench.wire->down("No such file or directory");
  CHECK(bench.device("line-1").state == DeviceState::absent);
  CHECK(bench.device("s3").state == DeviceState::absent);
  CHECK(bench.device("s3").reason == "No such file or directory");
  bench.wire->up();
  bench.want(window_view(3, WindowState::called, "A023"));
  bench.want(window_view(4, WindowState::idle));
  bench.wire->down("hung up by the far end");
  CHECK(bench.device("s3").state == DeviceState::gone);
  CHECK(bench.device("s3").detail.find("to be sent") != std::string::npos);
  bench.want(window_view(3, WindowState::serving, "A024"));
  const auto before = bench.wire->sent.size();
  bench.wire->up();
  bench.executor.run_for(2s);
  REQUIRE(bench.wire->sent.size() == before + 2);
  CHECK(bench.device("s3").detail.find("sent A024") != std::string::npos);
  CHECK(bench.device("line-1").state == DeviceState::ok);
}

TEST_CASE("thirty calls in one second end in the last, without a queue of what is past") {
  Bench bench({sign("s3", 3, "w3")});
  bench.wire->up();
  for (int n = 1; n <= 30; ++n) {
    bench.signs.want(window_view(3, WindowState::serving, "A" + std::to_string(100 + n)), 0);
  }
  bench.executor.run_for(2s);
  CHECK(bench.wire->sent.size() == 2);
  CHECK(bench.last() ==
        "\x40\x03"
        "A130\r");
}

TEST_CASE("a sign of digits shows the number that is called, and nothing when nobody is") {
  auto config = sign("s3", 3, "w3");
  config.digits_only = true;
  config.columns = 3;
  Bench bench({config});
  bench.wire->up();
  bench.want(window_view(3, WindowState::idle));
  CHECK(bench.last() == "\x40\x03\r");
  bench.want(window_view(3, WindowState::called, "A1023"));
  CHECK(bench.last() ==
        "\x40\x03"
        "023\r");
}

TEST_CASE("at the end every sign has its closing text before the line is given up, and keeps it") {
  Bench bench({sign("s3", 3, "w3"), sign("s4", 4, "w4")});
  bench.wire->up();
  const std::vector<hall::WindowView> windows{window_view(3, WindowState::called, "A023"),
                                              window_view(4, WindowState::idle)};
  for (const auto& window : windows) {
    bench.want(window);
  }
  int settled = 0;
  bench.signs.want_closing(windows);
  bench.signs.when_settled(5s, [&] { ++settled; });
  bench.executor.run_for(100ms);
  CHECK(settled == 0);
  bench.executor.run_for(1s);
  CHECK(settled == 1);
  CHECK(bench.last() == "\x40\x04\xD4\xDD\xCD\xA3\xB7\xFE\xCE\xF1\r");
  bench.want(windows[0]);
  CHECK(bench.last() == "\x40\x04\xD4\xDD\xCD\xA3\xB7\xFE\xCE\xF1\r");
  bench.executor.run_for(10s);
  CHECK(settled == 1);
}

TEST_CASE("nobody waits at the end for a line that is away") {
  Bench bench({sign("s3", 3, "w3")});
  int settled = 0;
  bench.signs.want_closing({window_view(3, WindowState::idle)});
  bench.signs.when_settled(5s, [&] { ++settled; });
  bench.executor.drain();
  CHECK(settled == 1);
}

}  // namespace strip_signs_tests
