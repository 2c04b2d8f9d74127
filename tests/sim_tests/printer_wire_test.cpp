#include <doctest/doctest.h>
#include <poll.h>
#include <termios.h>

#include <chrono>
#include <fstream>
#include <string>

#include "tests/sim_tests/printer_bench.hpp"
#include "tests/sim_tests/village.hpp"

using namespace lobby::sim;
using namespace std::string_literals;

namespace {

/// A presenter on a serial line with XON and XOFF, and a plain printer on the network.
struct PrinterRoom {
  std::filesystem::path folder;
  int port = free_port();
  WallClock clock{*parse_rfc3339("2026-03-16T09:00:00+08:00")};
  std::unique_ptr<SimulatedLobby> lobby;
  std::unique_ptr<httplib::Client> http;

  PrinterRoom() {
    std::string name = "/tmp/lobby-sim-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = name;
    std::filesystem::create_directories(folder / "profiles/printers");
    std::ofstream(folder / "profiles/printers/mouth.toml")
        << "columns = 48\nstatus = \"epson\"\nconfirm = \"process_id\"\npresenter = \"sensor\"\n";
    lobby =
        std::make_unique<SimulatedLobby>(parse_site(toml(), "room.toml"), clock, SimulatedLobby::Options());
    REQUIRE(lobby->start("127.0.0.1", 0) == "");
    http = std::make_unique<httplib::Client>(lobby->control_url());
    http->set_tcp_nodelay(true);
  }
  ~PrinterRoom() {
    http.reset();
    lobby.reset();
    std::filesystem::remove_all(folder);
  }
  std::string toml() const {
    return "config_dir = \"" + folder.string() +
           "\"\nprinter = [{id = \"p1\", profile = \"mouth\", link = \"serial:" + folder.string() +
           "/p1\", flow = \"xon_xoff\"},\n  {id = \"p2\", profile = \"generic-80\", link = \"tcp:127.0.0.1:" +
           std::to_string(port) +
           "\"},\n  {id = \"p3\", profile = \"generic-80\", link = \"usb:" + folder.string() + "/lp0\"}]\n";
  }
  int open_serial(speed_t speed) const {
    const int wire = ::open((folder / "p1").c_str(), O_RDWR | O_NOCTTY);
    REQUIRE(wire >= 0);
    termios settings{};
    ::tcgetattr(wire, &settings);
    ::cfmakeraw(&settings);
    ::cfsetspeed(&settings, speed);
    ::tcsetattr(wire, TCSANOW, &settings);
    return wire;
  }
  int dial() const {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      ::close(fd);
      return -1;
    }
    return fd;
  }
  boost::json::value about(const std::string& id) const {
    return boost::json::parse(http->Get(("/sim/" + id).c_str())->body);
  }
  int post(const std::string& path, const std::string& body) const {
    return http->Post(("/sim/" + path).c_str(), body, "application/json")->status;
  }
};

std::string text_of(const Raw& bytes) {
  return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("a serial printer takes no more than its line carries, says XOFF, and answers while it holds off") {
  const PrinterRoom room;
  const int wire = room.open_serial(B230400);
  REQUIRE(room.post("p1/fault", R"({"kind":"paper_out"})") == 200);
  std::string lines;
  while (lines.size() < 4096 - 128) {
    lines += "123456789\n";
  }
  lines.resize(4096 - 128);
  const auto begin = std::chrono::steady_clock::now();
  write_all(wire, lines);
  CHECK(read_some(wire, 1, 5000) == "\x13"s);
  const auto took = std::chrono::steady_clock::now() - begin;
  // 3968 bytes at 23040 a second are 172 ms; the first 20 ms of them may have been saved up.
  CHECK(took > 150ms);
  write_all(wire, text_of(ask_status(4)));
  CHECK(read_some(wire, 1, 5000) == "\x7E"s);
  CHECK(room.about("p1").at("bytes_lost") == 0);
  CHECK(room.post("p1/key", R"({"key":"reload"})") == 200);
  CHECK(read_some(wire, 1, 5000) == "\x11"s);
  ::close(wire);
}

TEST_CASE("a network printer's port is away while it boots; a serial one is silent and says XON") {
  const PrinterRoom room;
  int host = room.dial();
  REQUIRE(host >= 0);
  write_all(host, text_of(ask_status(1)));
  CHECK(read_some(host, 1, 5000) == "\x12"s);
  REQUIRE(room.post("p2/fault", R"({"kind":"power_cycle"})") == 200);
  const auto begin = std::chrono::steady_clock::now();
  pollfd hung{host, POLLIN, 0};
  REQUIRE(::poll(&hung, 1, 5000) == 1);
  CHECK(read_some(host, 1, 5000).empty());
  ::close(host);
  host = -1;
  bool was_refused = false;
  while (host < 0 && std::chrono::steady_clock::now() - begin < 10s) {
    host = room.dial();
    was_refused = was_refused || host < 0;
  }
  CHECK(was_refused);
  CHECK(std::chrono::steady_clock::now() - begin >= 950ms);
  REQUIRE(host >= 0);
  write_all(host, text_of(ask_status(1)));
  CHECK(read_some(host, 1, 5000) == "\x12"s);
  ::close(host);

  const int wire = room.open_serial(B115200);
  REQUIRE(room.post("p1/fault", R"({"kind":"power_cycle"})") == 200);
  write_all(wire, text_of(ask_status(1)));
  CHECK(read_some(wire, 1, 5000) == "\x11"s);
  write_all(wire, text_of(ask_status(1)));
  CHECK(read_some(wire, 1, 5000) == "\x12"s);
  ::close(wire);
}

TEST_CASE("a USB node takes only what there is room for, and is away without power") {
  const PrinterRoom room;
  const auto node = (room.folder / "lp0").string();
  int wire = ::open(node.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK);
  REQUIRE(wire >= 0);
  REQUIRE(room.post("p3/fault", R"({"kind":"paper_out"})") == 200);
  // More than the printer and the pipe hold together: the host is held up, nothing is lost.
  const std::string line = "123456789\n";
  std::size_t taken = 0;
  pollfd writable{wire, POLLOUT, 0};
  while (::poll(&writable, 1, 300) == 1) {
    const ssize_t wrote = ::write(wire, line.data(), line.size());
    REQUIRE(wrote > 0);
    taken += static_cast<std::size_t>(wrote);
    REQUIRE(taken < 1'000'000);
  }
  CHECK(taken > 4096);
  CHECK(room.about("p3").at("bytes_lost") == 0);
  CHECK(room.about("p3").at("waiting") == 4096);
  REQUIRE(room.post("p3/fault", R"({"kind":"power_cycle"})") == 200);
  pollfd hung{wire, 0, 0};
  REQUIRE(::poll(&hung, 1, 5000) == 1);
  ::close(wire);
  wire = -1;
  const auto begin = std::chrono::steady_clock::now();
  while (wire < 0 && std::chrono::steady_clock::now() - begin < 10s) {
    wire = ::open(node.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK);
  }
  REQUIRE(wire >= 0);
  CHECK(std::chrono::steady_clock::now() - begin > 500ms);
  ::close(wire);
}

TEST_CASE("control: a roll's end at a row, the outlet's ticket, lies, and what is said wrongly") {
  const PrinterRoom room;
  const int wire = room.open_serial(B115200);
  REQUIRE(room.post("p1/fault", R"({"kind":"untaken"})") == 200);
  write_all(wire, text_of(line_of("whole") + cut + ask_id("0001")));
  CHECK(read_some(wire, 7, 5000) == text_of(answer_id("0001")));
  CHECK(room.about("p1").at("outlet") == "presented");
  CHECK(room.post("p1/key", R"({"key":"take"})") == 200);
  CHECK(room.post("p1/key", R"({"key":"take"})") == 400);
  CHECK(room.post("p1/key", R"({"key":"dance"})") == 400);
  CHECK(room.about("p1").at("sheets").at(0).at("fate") == "taken");

  // Each line feeds 30 dot rows: the roll ends within the second one.
  REQUIRE(room.post("p1/fault", R"({"kind":"paper_out","rows":45})") == 200);
  write_all(wire, text_of(raw({0x1D, 0x61, 0x08})));
  CHECK(read_some(wire, 4, 5000) == text_of(raw({0x10, 0x00, 0x03, 0x00})));  // its end is near
  write_all(wire, text_of(line_of("upper") + line_of("middle") + line_of("lower") + cut + ask_id("0002")));
  CHECK(read_some(wire, 4, 5000) == text_of(raw({0x18, 0x00, 0x0F, 0x00})));
  CHECK(room.about("p1").at("state") == "paper_out");
  CHECK(room.http->Delete("/sim/p1/fault")->status == 200);
  CHECK(read_some(wire, 11, 5000) == text_of(raw({0x10, 0x00, 0x00, 0x00}) + answer_id("0002")));
  const auto about = room.about("p1");
  CHECK(about.at("torn").at(0) == boost::json::array{"upper", "middle"});
  CHECK(about.at("sheets").at(1).at("lines") == boost::json::array{"lower"});
  CHECK(about.at("sheet_count") == 2);
  CHECK(room.http->Get("/sim/p1/paper.png")->body.starts_with("\x89PNG\r\n"));

  REQUIRE(room.post("p1/fault", R"({"kind":"lie","how":"later"})") == 200);
  write_all(wire, text_of(ask_id("0003")));
  CHECK(read_some(wire, 7, 5000) == text_of(answer_id("0004")));
  CHECK(room.post("p1/fault", R"({"kind":"lie","how":"sweetly"})") == 400);
  CHECK(room.post("p1/fault", R"({"kind":"paper_out","rows":-1})") == 400);
  CHECK(room.post("p1/fault", R"({"kind":"paper_out","rows":"few"})") == 400);
  ::close(wire);
}
