#include "drivers/link/ports.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/fakes/pty.hpp"

using namespace lobby;

TEST_CASE("the stable path of a port is the link that leads to it") {
  const fakes::TemporaryFolder folder;
  const auto device = folder.path() / "ttyUSB7";
  std::ofstream(device) << "";
  const auto by_id = folder.path() / "by-id";
  std::filesystem::create_directory(by_id);
  CHECK(link::stable_path_of(device, by_id).empty());
  std::filesystem::create_symlink("../nothing", by_id / "usb-a_broken_one");
  std::filesystem::create_symlink("../ttyUSB7", by_id / "usb-ftdi_b");
  CHECK(link::stable_path_of(device, by_id) == (by_id / "usb-ftdi_b").string());
  CHECK(link::stable_path_of(folder.path() / "ttyUSB8", by_id).empty());
  CHECK(link::stable_path_of(device, folder.path() / "absent").empty());
}

TEST_CASE("the ports of this machine are listed, each by its device") {
  const auto list = link::list_ports();
  CHECK(list.fault.empty());
  for (const auto& port : list.ports) {
    CHECK(port.name.rfind("/dev/", 0) == 0);
  }
}
