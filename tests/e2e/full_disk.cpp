#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <algorithm>
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

/// Where the daemon's state lies, and how it is made to fill.
class Disk {
 public:
  virtual ~Disk() = default;
  virtual void fill(pid_t daemon) = 0;
  virtual void clear(pid_t daemon) = 0;
};

/// A small file system of the test's own; needs to be root.
class SmallDisk final : public Disk {
 public:
  explicit SmallDisk(const std::string& at) : at_(at) {
    std::filesystem::create_directories(at);
    mounted_ = ::mount("tmpfs", at.c_str(), "tmpfs", 0, "size=4m") == 0;
  }
  ~SmallDisk() override {
    if (mounted_) {
      ::umount2(at_.c_str(), MNT_DETACH);
    }
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }
  void fill(pid_t) override {
    std::ofstream ballast(at_ + "/ballast", std::ios::binary);
    const std::string block(4096, 'x');
    while (ballast.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }
  void clear(pid_t) override { std::filesystem::remove(at_ + "/ballast"); }

 private:
  std::string at_;
  bool mounted_ = false;
};

/// No file of the daemon may grow beyond what its journal has now; needs nobody's leave.
class FileLimit final : public Disk {
 public:
  explicit FileLimit(std::string state) : state_(std::move(state)) {
    // The daemon inherits this: a write beyond the limit is an error, not its end.
    before_ = std::signal(SIGXFSZ, SIG_IGN);
  }
  ~FileLimit() override { std::signal(SIGXFSZ, before_); }
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;
  void fill(pid_t daemon) override {
    limit(daemon, static_cast<rlim_t>(std::filesystem::file_size(state_ + "/journal.db-wal")) + 65'536);
  }
  void clear(pid_t daemon) override { limit(daemon, RLIM_INFINITY); }

 private:
  static void limit(pid_t daemon, rlim_t bytes) {
    rlimit now{};
    REQUIRE(::prlimit(daemon, RLIMIT_FSIZE, nullptr, &now) == 0);
    now.rlim_cur = std::min(bytes, now.rlim_max);
    REQUIRE(::prlimit(daemon, RLIMIT_FSIZE, &now, nullptr) == 0);
  }
  std::string state_;
  void (*before_)(int) = SIG_DFL;
};

/// Fills the disk under a working daemon and makes room again.
void check_full_disk(const std::string& folder, const std::string& state, Disk& disk) {
  const auto site = folder + "/site.toml";
  write_file(site, bare_site(1, 1));
  make_accounts(state);
  Daemon daemon(site, state, "2026-03-16T09:00:00+08:00");
  auto kiosk = daemon.client("kiosk");
  const auto issue = [&] { return kiosk.post("/tickets", R"({"service":"s1"})"); };
  REQUIRE(issue().status == 201);
  disk.fill(daemon.process().pid());
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

  disk.clear(daemon.process().pid());
  Reply again;
  auto attempts = daemon.client("supervisor");
  // The daemon tries its disk once a second.
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while ((again = issue()).status != 201 && std::chrono::steady_clock::now() < patience) {
    attempts.get("/devices");
  }
  REQUIRE(again.status == 201);
  CHECK(std::string(again.json().at("number").as_string()) == fmt::format("A{:03}", acknowledged + 1));
  const auto log = read_file(state + ".log");
  CHECK(log.find("<3>storage is lost, every act is refused until it is back: ") != std::string::npos);
  CHECK(log.find("<5>storage can be written again\n") != std::string::npos);
  CHECK(attempts.get("/journal?limit=10000").body.find("\"DeviceChanged\"") != std::string::npos);
}

}  // namespace

TEST_CASE("a full disk: refused by name, reads go on, recovery without a restart") {
  const TemporaryFolder folder;
  const auto at = folder.path() + "/disk";  // the daemon's log lies beside it, on the big one
  SUBCASE("no file can grow") {
    FileLimit disk(at);
    check_full_disk(folder.path(), at, disk);
  }
  SUBCASE("a file system is full") {
    SmallDisk disk(at);
    if (disk.mounted()) {
      check_full_disk(folder.path(), at, disk);
    } else {
      MESSAGE("not root: no file system can be mounted here, only the limit of files was tried");
    }
  }
}
