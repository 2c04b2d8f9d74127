#include <doctest/doctest.h>
#include <pwd.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>

#include "drivers/board/boards.hpp"
#include "drivers/link/asio_executor.hpp"
#include "drivers/link/udp_link.hpp"
#include "tests/fakes/loop.hpp"
#include "tests/support/daemon.hpp"
#include "tests/support/process.hpp"

// Pixels over E1.31 into OLA, the receiver that lighting people use: what its recorder has written is what we
// were told to show.

using namespace lobby;
using namespace std::chrono_literals;

namespace {

constexpr const char* others[] = {"artnet",           "dmx4linux", "dummy",   "espnet",   "ftdidmx", "gpio",
                                  "karate",           "kinet",     "milinst", "nanoleaf", "opendmx", "osc",
                                  "openpixelcontrol", "pathport",  "renard",  "sandnet",  "shownet", "spi",
                                  "stageprofi",       "uartdmx",   "usbdmx",  "usbserial"};

/// OLA with one plugin, on loopback, as the user who may run it.
class Receiver {
 public:
  Receiver() {
    for (const char* plugin : others) {
      tests::write_file(file(std::string("ola-") + plugin + ".conf"), "enabled = false\n");
    }
    tests::write_file(file("ola-e131.conf"),
                      "enabled = true\nip = 127.0.0.1\ninput_ports = 2\noutput_ports = 0\n");
    own(folder_.path());
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      own(entry.path());
    }
    daemon_ = std::make_unique<tests::Process>(
        std::vector<std::string>{"/usr/bin/setpriv", "--reuid", "olad", "--regid", "olad", "--clear-groups",
                                 "--pdeathsig", "TERM", "/usr/bin/olad", "-c", folder_.path(), "--no-http",
                                 "-l", "1"},
        "/dev/null");
  }
  ~Receiver() {
    for (auto* process : {recorder_.get(), daemon_.get()}) {
      if (process != nullptr) {
        process->signal(SIGTERM);
        process->wait();
      }
    }
  }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  bool is_ready() const {
    const auto devices = tests::run({"/usr/bin/ola_dev_info"}, "/dev/null");
    return devices.code == 0 && devices.output.find("E1.31") != std::string::npos;
  }
  /// Its first input is universe 1, its second universe 2; both are recorded.
  bool record() {
    for (const char* universe : {"1", "2"}) {
      const std::string port(1, static_cast<char>(universe[0] - 1));
      if (tests::run({"/usr/bin/ola_patch", "-d", "1", "-i", "-p", port, "-u", universe}, "/dev/null").code !=
          0) {
        return false;
      }
    }
    recorder_ = std::make_unique<tests::Process>(
        std::vector<std::string>{"/usr/bin/ola_recorder", "--record", file("show"), "--universes", "1,2"},
        "/dev/null");
    return true;
  }
  /// Is there a line of this universe that begins with these values?
  bool has(int universe, const board::Bytes& values) const {
    std::string wanted = std::to_string(universe) + " ";
    for (std::size_t i = 0; i < values.size(); ++i) {
      wanted += (i == 0 ? "" : ",") + std::to_string(values[i]);
    }
    std::ifstream in(file("show"));
    for (std::string line; std::getline(in, line);) {
      if (line.starts_with(wanted)) {
        return true;
      }
    }
    return false;
  }

 private:
  std::string file(const std::string& name) const { return folder_.path() + "/" + name; }
  static void own(const std::string& path) {
    const auto* user = ::getpwnam("olad");
    REQUIRE(user != nullptr);
    REQUIRE(::chown(path.c_str(), user->pw_uid, user->pw_gid) == 0);
  }

  tests::TemporaryFolder folder_;
  std::unique_ptr<tests::Process> daemon_, recorder_;
};

struct Told final : board::Board::Listener {
  void board_changed() override {}
};

}  // namespace

TEST_CASE("pixels over E1.31 arrive at OLA as they were told, in both universes") {
  if (::geteuid() != 0 || ::getpwnam("olad") == nullptr || !std::filesystem::exists("/usr/bin/olad")) {
    MESSAGE("passed over: this needs root, and the package ola");
    return;
  }
  Receiver receiver;
  fakes::Loop loop;
  REQUIRE(loop.until([&] { return receiver.is_ready(); }, 20s));
  REQUIRE(receiver.record());

  link::AsioExecutor executor(loop.io);
  Told told;
  board::BoardOptions options;
  constexpr board::Size size{20, 17};  // 340 pixels: two whole universes
  options.size = size;
  board::E131Settings settings;
  settings.source.cid = {0x4c, 0x6f, 0x62, 0x62, 0x79};
  const auto wall = board::make_e131_board(
      executor, link::make_udp_link(loop.io, "127.0.0.1", board::e131::udp_port), settings, options, told);
  wall->start();
  std::mt19937 dice(31);
  for (int i = 0; i < 3; ++i) {
    board::View view;
    view.picture.size = size;
    for (int dot = 0; dot < size.width * size.height * 3; ++dot) {
      view.picture.rgb.push_back(static_cast<std::uint8_t>(dice() % 256));
    }
    wall->want(view);
    const auto middle = view.picture.rgb.begin() + static_cast<long>(3 * board::e131::pixels_a_universe);
    const board::Bytes first(view.picture.rgb.begin(), middle), second(middle, view.picture.rgb.end());
    CHECK(loop.until([&] { return receiver.has(1, first) && receiver.has(2, second); }));
  }
  bool is_stopped = false;
  wall->stop([&] { is_stopped = true; });
  CHECK(loop.until([&] { return is_stopped; }));
}
