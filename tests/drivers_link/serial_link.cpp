#include "drivers/link/serial_link.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <optional>

#include "tests/drivers_link/recorder.hpp"
#include "tests/fakes/loop.hpp"
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
