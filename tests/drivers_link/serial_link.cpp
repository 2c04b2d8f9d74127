#include "drivers/link/serial_link.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

#include "drivers/link/asio_executor.hpp"
#include "tests/drivers_link/recorder.hpp"
#include "tests/fakes/loop.hpp"
#include "tests/fakes/modem_lines.hpp"
#include "tests/fakes/pty.hpp"

using namespace lobby;
using namespace std::chrono_literals;

TEST_CASE("every byte value passes a serial port unchanged, both ways") {
  const fakes::TemporaryFolder folder;
  const auto path = folder.path() / "usb-adapter";
  const fakes::Pty pty(path);
  fakes::Loop loop;
  link::Recorder told;
  auto serial = link::make_serial_link(loop.io, path, 115200, link::Parity::even);
  CHECK(serial->describe() == "serial " + path.string() + " 115200 8E1");
  serial->start(told);
  REQUIRE(loop.until([&] { return told.ups == 1; }));
  std::vector<std::uint8_t> all(256);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i] = static_cast<std::uint8_t>(i);
  }
  std::optional<link::Status> sent;
  serial->send(all, [&](link::Status status) { sent = status; });
  REQUIRE(loop.until([&] { return sent.has_value(); }));
  CHECK(*sent == link::Status::ok);
  CHECK(pty.read(all.size()) == all);
  pty.write(all);
  REQUIRE(loop.until([&] { return told.received.size() >= all.size(); }));
  CHECK(told.received == all);
}

TEST_CASE("an adapter that is unplugged and returns under the same path is used again") {
  const fakes::TemporaryFolder folder;
  const auto path = folder.path() / "usb-adapter";
  std::optional<fakes::Pty> pty(path);
  fakes::Loop loop;
  link::Recorder told;
  auto serial = link::make_serial_link(loop.io, path, 9600, link::Parity::none);
  serial->start(told);
  REQUIRE(loop.until([&] { return told.ups == 1; }));
  pty->unplug();
  REQUIRE(loop.until([&] { return told.downs.size() == 2; }));  // the loss, then: no such port
  CHECK(told.downs[1] == "cannot open: No such file or directory");
  pty.emplace(path);
  REQUIRE(loop.until([&] { return told.ups == 2; }));
  pty->write({'h', 'i'});
  CHECK(loop.until([&] { return told.received.size() == 2; }));
  CHECK(told.downs.size() == 2);
}

TEST_CASE("an adapter that returns as another node under its stable path is the same link") {
  const fakes::TemporaryFolder folder;
  const auto path = folder.path() / "usb-adapter";
  auto first = std::make_unique<fakes::Pty>(path);
  const auto first_node = std::filesystem::read_symlink(path);
  fakes::Loop loop;
  link::Recorder told;
  auto serial = link::make_paced_serial_link(loop.io, {path, 115200}, link::Flow::xon_xoff);
  CHECK(serial->describe() == "serial " + path.string() + " 115200 8N1 xon_xoff");
  CHECK(serial->bytes_per_s() == 11520);
  serial->start(told);
  REQUIRE(loop.until([&] { return told.ups == 1; }));
  // It is pulled out while it holds us off in the middle of a ticket.
  first->write({0x13});
  REQUIRE(loop.until([&] { return told.received.size() == 1; }));
  CHECK(serial->describe() == "serial " + path.string() + " 115200 8N1 xon_xoff, held off");
  std::vector<link::Status> results;
  const auto keep = [&](link::Status status) { results.push_back(status); };
  serial->send({'o', 'l', 'd'}, keep);
  serial->send_now({0x10, 0x04, 0x01}, keep);
  REQUIRE(loop.until([&] { return results.size() == 1; }));
  CHECK(first->read(3) == std::vector<std::uint8_t>{0x10, 0x04, 0x01});
  const fakes::Pty second(folder.path() / "other");
  const auto second_node = std::filesystem::read_symlink(folder.path() / "other");
  REQUIRE(second_node != first_node);
  first.reset();
  std::filesystem::create_symlink(second_node, path);
  REQUIRE(loop.until([&] { return told.ups == 2 && results.size() == 2; }));
  CHECK(results == std::vector<link::Status>{link::Status::ok, link::Status::gone});
  serial->send({'n', 'e', 'w'}, keep);
  REQUIRE(loop.until([&] { return results.size() == 3; }));
  CHECK(second.read(3) == std::vector<std::uint8_t>{'n', 'e', 'w'});
  second.write({'o', 'k'});
  CHECK(loop.until([&] { return told.received.size() == 3; }));
}

TEST_CASE("a paced port passes every byte value, at its pace, and the next send is not late") {
  const fakes::TemporaryFolder folder;
  const auto path = folder.path() / "usb-adapter";
  const fakes::Pty pty(path);
  fakes::Loop loop;
  link::Recorder told;
  auto serial = link::make_paced_serial_link(loop.io, {path, 115200}, link::Flow::none);
  serial->start(told);
  REQUIRE(loop.until([&] { return told.ups == 1; }));
  std::vector<std::uint8_t> all(512);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i] = static_cast<std::uint8_t>(i);
  }
  const auto begun = std::chrono::steady_clock::now();
  int done = 0;
  for (int i = 0; i < 4; ++i) {
    serial->send(all, [&](link::Status status) { done += status == link::Status::ok ? 1 : 100; });
  }
  REQUIRE(loop.until([&] { return done == 4; }));
  // 2048 bytes less the last window, 11,520 of them in a second. How much longer says the bench.
  CHECK(std::chrono::steady_clock::now() - begun >= 157ms);
  const auto got = pty.read(4 * all.size());
  REQUIRE(got.size() == 4 * all.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    REQUIRE(got[i] == all[i % all.size()]);
  }
}

TEST_CASE("XOFF stops a ticket and no question, XON lets it go on, and both reach the driver") {
  const fakes::TemporaryFolder folder;
  const auto path = folder.path() / "usb-adapter";
  const fakes::Pty pty(path);
  fakes::Loop loop;
  link::Recorder told;
  auto serial = link::make_paced_serial_link(loop.io, {path, 115200}, link::Flow::xon_xoff);
  serial->start(told);
  REQUIRE(loop.until([&] { return told.ups == 1; }));
  int done = 0, asked = 0;
  const std::vector<std::uint8_t> text(20'000, 'x');
  for (int i = 0; i < 500; ++i) {
    serial->send({text.begin(), text.begin() + 40}, [&](link::Status) { ++done; });
  }
  REQUIRE(loop.until([&] { return done >= 10; }));
  pty.write({0x13});
  REQUIRE(loop.until([&] { return told.received.size() == 1; }));
  const auto done_at_stop = done;
  serial->send_now({0x10, 0x04, 0x01}, [&](link::Status) { ++asked; });
  REQUIRE(loop.until([&] { return asked == 1; }));
  auto got = pty.read(text.size(), 300ms);
  CHECK(got.size() < text.size() / 2);
  CHECK(std::vector<std::uint8_t>(got.end() - 3, got.end()) == std::vector<std::uint8_t>{0x10, 0x04, 0x01});
  CHECK((got.size() - 3) % 40 == 0);
  CHECK(done - done_at_stop <= 3);  // what was answered already, and the command that had begun
  pty.write({'a', 0x11, 'b'});
  REQUIRE(loop.until([&] { return told.received.size() == 4; }));
  CHECK(told.received == std::vector<std::uint8_t>{0x13, 'a', 0x11, 'b'});
  REQUIRE(loop.until([&] { return done == 500; }));
  const auto rest = pty.read(text.size() + 3 - got.size());
  CHECK(rest.size() == text.size() + 3 - got.size());
  CHECK(std::count(rest.begin(), rest.end(), 'x') == std::ssize(rest));
}

TEST_CASE("a port without the lines that its flow control needs says so") {
  const fakes::TemporaryFolder folder;
  const auto path = folder.path() / "usb-adapter";
  const fakes::Pty pty(path);
  for (const auto flow : {link::Flow::rts_cts, link::Flow::dtr_dsr}) {
    fakes::Loop loop;
    link::Recorder told;
    auto serial = link::make_paced_serial_link(loop.io, {path, 9600}, flow);
    serial->start(told);
    REQUIRE(loop.until([&] { return !told.downs.empty(); }));
    CHECK(told.downs == std::vector<std::string>{"the port has no CTS and DSR lines"});
    CHECK(told.ups == 0);
  }
}

TEST_CASE("a busy line holds tickets off and lets questions pass") {
  const fakes::TemporaryFolder folder;
  const auto path = folder.path() / "usb-adapter";
  const fakes::Pty pty(path);
  fakes::Loop loop;
  link::AsioExecutor executor(loop.io);
  const auto hand = std::make_shared<fakes::LineHand>(executor);
  hand->set({false, true});
  link::Recorder told;
  auto serial = link::make_paced_serial_link(loop.io, {path, 9600}, link::Flow::rts_cts,
                                             [&hand](boost::asio::io_context&, int port) {
                                               CHECK(port >= 0);
                                               return link::OpenedLines{hand->lines(), {}};
                                             });
  serial->start(told);
  REQUIRE(loop.until([&] { return told.ups == 1; }));
  int done = 0, asked = 0;
  serial->send({'t', 'i', 'c', 'k', 'e', 't'}, [&](link::Status) { ++done; });
  serial->send_now({0x10, 0x04, 0x02}, [&](link::Status) { ++asked; });
  REQUIRE(loop.until([&] { return asked == 1; }));
  CHECK(pty.read(9, 100ms) == std::vector<std::uint8_t>{0x10, 0x04, 0x02});
  CHECK(done == 0);
  hand->set({true, false});
  REQUIRE(loop.until([&] { return done == 1; }));
  CHECK(pty.read(6) == std::vector<std::uint8_t>{'t', 'i', 'c', 'k', 'e', 't'});
}

TEST_CASE("one port has one user") {
  const fakes::TemporaryFolder folder;
  const auto path = folder.path() / "usb-adapter";
  const fakes::Pty pty(path);
  fakes::Loop loop;
  link::Recorder first_told, second_told;
  auto first = link::make_serial_link(loop.io, path, 9600, link::Parity::none);
  first->start(first_told);
  REQUIRE(loop.until([&] { return first_told.ups == 1; }));
  auto second = link::make_serial_link(loop.io, path, 9600, link::Parity::none);
  second->start(second_told);
  REQUIRE(loop.until([&] { return !second_told.downs.empty(); }));
  CHECK(second_told.downs == std::vector<std::string>{"in use by another program"});
  first.reset();
  CHECK(loop.until([&] { return second_told.ups == 1; }));
}

TEST_CASE("what is no serial port, or no speed of one, is refused by name") {
  const fakes::TemporaryFolder folder;
  const auto file = folder.path() / "file";
  std::ofstream(file) << "text";
  CHECK(link::open_serial({file, 9600}).fault == "not a serial port");
  const auto path = folder.path() / "usb-adapter";
  const fakes::Pty pty(path);
  CHECK(link::open_serial({path, 19201}).fault == "19201 is not a standard baud rate");
  for (const std::uint32_t baud : {1200U, 2400U, 4800U, 9600U, 19200U, 38400U, 57600U, 115200U, 230400U}) {
    CAPTURE(baud);
    CHECK(link::open_serial({path, baud, link::Parity::odd}).descriptor);
  }
}
