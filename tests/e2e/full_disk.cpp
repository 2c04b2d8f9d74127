#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/mount.h>

#include <boost/json.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/support/lobby.hpp"

// A disk that is full refuses commands by name, reads go on, and work goes on by itself when there is room
// again.

namespace {

using namespace lobby::tests;

/// A small file system of the test's own.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& at) : at_(at) {
    std::filesystem::create_directories(at);
    mounted_ = ::mount("tmpfs", at.c_str(), "tmpfs", 0, "size=4m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) {
      ::umount2(at_.c_str(), MNT_DETACH);
    }
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }
  void fill() {
    std::ofstream ballast(at_ + "/ballast", std::ios::binary);
    const std::string block(4096, 'x');
    while (ballast.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }
  void clear() { std::filesystem::remove(at_ + "/ballast"); }

 private:
  std::string at_;
  bool mounted_ = false;
};

}  // namespace

TEST_CASE("a full disk: refused by name, reads go on, recovery without a restart") {
  const TemporaryFolder folder;
  SmallDisk disk(folder.path() + "/disk");
  if (!disk.mounted()) {
    MESSAGE("not allowed to mount a small file system here; the journal's own tests fill a disk without one");
    return;
  }
  const auto site = folder.path() + "/site.toml";
  const auto state = folder.path() + "/disk/state";
  write_file(site, bare_site(1, 1));
  make_accounts(state);
  Daemon daemon(site, state, "2026-03-16T09:00:00+08:00");
  auto kiosk = daemon.client("kiosk");
  const auto issue = [&] { return kiosk.post("/tickets", R"({"service":"s1"})"); };
  REQUIRE(issue().status == 201);
  disk.fill();
  int acknowledged = 1;
  Reply refused;
  for (int i = 0; i < 5000 && (refused = issue()).status == 201; ++i) {
    ++acknowledged;
  }
  REQUIRE(refused.status == 503);
  CHECK(refused.json().at("code") == "storage_failed");
  const auto hall = kiosk.get("/hall");
  REQUIRE(hall.status == 200);
  CHECK(hall.json().at("services").at(0).at("issued").to_number<int>() == acknowledged);
  CHECK(issue().status == 503);

  disk.clear();
  Reply again;
  auto attempts = daemon.client("supervisor");
  // The daemon tries its disk once a second.
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while ((again = issue()).status != 201 && std::chrono::steady_clock::now() < patience) {
    attempts.get("/devices");
  }
  REQUIRE(again.status == 201);
  CHECK(std::string(again.json().at("number").as_string()) == fmt::format("A{:03}", acknowledged + 1));
  CHECK(attempts.get("/journal?limit=10000").body.find("\"DeviceChanged\"") != std::string::npos);
}
