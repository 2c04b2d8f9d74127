// A hall with other makers' devices, from the API and the keys to the bytes on their wires.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/app_lobby/real_lobby.hpp"
#include "tests/fakes/pty.hpp"

namespace {

using namespace lobby;
using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

std::string site_in(const std::filesystem::path& folder) {
  std::ifstream in(LOBBY_SOURCE_DIR "/config/sites/other-makers.toml");
  std::stringstream read;
  read << in.rdbuf();
  auto text = read.str();
  for (auto at = text.find("/run/lobby"); at != std::string::npos; at = text.find("/run/lobby", at + 1)) {
    text.replace(at, 10, folder.string());
  }
  return text;
}

/// FF 68 L L 68 address function data sum 16.
Bytes ff68(std::uint8_t address, std::uint8_t function, const Bytes& data) {
  const auto length = static_cast<std::uint8_t>(2 + data.size());
  Bytes out{0xFF, 0x68, length, length, 0x68, address, function};
  auto sum = static_cast<std::uint8_t>(address + function);
  for (const auto byte : data) {
    out.push_back(byte);
    sum = static_cast<std::uint8_t>(sum + byte);
  }
  out.push_back(sum);
  out.push_back(0x16);
  return out;
}

/// The hall, and the far ends of its lines.
struct OtherMakers {
  /// `more`: sections of the site file.
  explicit OtherMakers(const std::string& more = "")
      : strips(folder.path() / "strips"), keys(folder.path() / "keys"), hall(site_in(folder.path()) + more) {
    hall.act("w1", "open", R"({"clerk":"c1"})");
  }
  /// Whether these bytes come on the wire within five seconds; what came before them is gone then.
  static bool comes(fakes::Pty& wire, Bytes& heard, const Bytes& wanted) {
    for (int tries = 0; tries < 100; ++tries) {
      const auto found = std::search(heard.begin(), heard.end(), wanted.begin(), wanted.end());
      if (found != heard.end()) {
        heard.erase(heard.begin(), found + static_cast<std::ptrdiff_t>(wanted.size()));
        return true;
      }
      const auto more = wire.read(1, std::chrono::milliseconds(50));
      heard.insert(heard.end(), more.begin(), more.end());
    }
    return false;
  }
  bool strip_gets(const Bytes& wanted) { return comes(strips, from_strips, wanted); }
  bool keys_get(const Bytes& wanted) { return comes(keys, from_keys, wanted); }
  void listen(std::chrono::milliseconds span) {
    const auto more = keys.read(1000, span);
    from_keys.insert(from_keys.end(), more.begin(), more.end());
  }
  std::string journal() const { return hall.get("/api/v1/journal?limit=1000").body; }
  /// Whether the journal has this within five seconds.
  bool records(const std::string& text) {
    for (int tries = 0; tries < 100; ++tries) {
      if (journal().find(text) != std::string::npos) {
        return true;
      }
      const auto more = keys.read(1, std::chrono::milliseconds(50));
      from_keys.insert(from_keys.end(), more.begin(), more.end());
    }
    return false;
  }
  std::string detail(const std::string& id) const {
    const auto devices = hall.get("/api/v1/devices").json();
    for (const auto& device : devices.as_array()) {
      if (device.at("id").as_string() == id) {
        return device.at("detail").as_string().c_str();
      }
    }
    return "";
  }

  fakes::TemporaryFolder folder;
  fakes::Pty strips, keys;
  Bytes from_strips, from_keys;
  tests::RealLobby hall;
};

/// The strip's frame for 请A001到1号窗口 at address 1, blinking: put together by hand.
Bytes call_of_a001() {
  Bytes frame{0xFE, 0x03, 0x0A, 0x00, 0x0B, 0x0C, 0x0C, 0xE1,              // page 0, 11 characters
              0x20, 0xC7, 0xEB, 0x21, 'A',  0x21, '0',  0x21, '0',  0x21,  // 请A001
              '1',  0x20, 0xB5, 0xBD, 0x21, '1',  0x20, 0xBA, 0xC5, 0x20,  // 到1号
              0xB4, 0xB0, 0x20, 0xBF, 0xDA, 0x21, ' '};                    // 窗口
  frame.resize(68);
  std::uint8_t sum = 0;
  for (std::size_t i = 1; i < frame.size(); ++i) {
    sum = static_cast<std::uint8_t>(sum + frame[i]);
  }
  frame.push_back(sum);
  return frame;
}

}  // namespace

TEST_CASE("a call at the API is the right frame on the line of strip signs, and is sent, not shown") {
  OtherMakers lobby;
  lobby.hall.issue("social-security");
  lobby.hall.act("w1", "call-next");
  CHECK(lobby.strip_gets(call_of_a001()));
  CHECK(lobby.detail("sign-1").find("sent 请A001到1号窗口") != std::string::npos);
  CHECK(lobby.journal().find("CallShown") == std::string::npos);
}

TEST_CASE("a key on another maker's keypad calls, is acknowledged on the wire, and counts once") {
  OtherMakers lobby;
  lobby.hall.issue("social-security");
  lobby.hall.issue("social-security");
  const auto call = ff68(1, 0x10, {0x0C});
  lobby.keys.write(call);
  CHECK(lobby.keys_get(call));
  lobby.listen(60ms);
  lobby.keys.write(call);  // as if it had not heard us: a device repeats after a tenth of a second
  CHECK(lobby.keys_get(call));
  CHECK(lobby.records("TicketCalled"));
  CHECK(lobby.strip_gets(call_of_a001()));
  CHECK(lobby.keys_get(ff68(1, 0x02, {0x0A, 0x0A, 0x0A, 0, 0, 1})));  // its own display
  const auto journal = lobby.journal();
  CHECK(journal.find("TicketCalled") == journal.rfind("TicketCalled"));
  CHECK(journal.find("\"by\":\"keys-1\"") != std::string::npos);
}

TEST_CASE("a key means what the site says that it does, also on another maker's keypad") {
  OtherMakers lobby("\n[keys]\npause = \"call\"\n");
  lobby.hall.issue("social-security");
  lobby.keys.write(ff68(1, 0x10, {0x12}));
  CHECK(lobby.records("TicketCalled"));
}

TEST_CASE("a keypad's display says how many wait") {
  OtherMakers lobby;
  CHECK(lobby.keys_get(ff68(1, 0x02, {0, 0, 0, 0x0A, 0x0A, 0x0A})));
  lobby.hall.issue("social-security");
  lobby.hall.issue("social-security");
  CHECK(lobby.keys_get(ff68(1, 0x02, {0, 0, 2, 0x0A, 0x0A, 0x0A})));
}

TEST_CASE("the pad asks when a ticket is finished, and the score that is given is the ticket's, once") {
  OtherMakers lobby;
  lobby.hall.issue("social-security");
  lobby.hall.act("w1", "call-next");
  lobby.hall.act("w1", "start");
  lobby.hall.act("w1", "finish");
  CHECK(lobby.keys_get(ff68(101, 0x01, {0x0B})));
  lobby.keys.write(ff68(101, 0x11, {1}));
  CHECK(lobby.keys_get(ff68(101, 0x01, {1})));
  CHECK(lobby.records("ServiceRated"));
  lobby.keys.write(ff68(101, 0x11, {4}));  // somebody else plays with it
  CHECK(lobby.keys_get(ff68(101, 0x01, {4})));
  const auto journal = lobby.journal();
  CHECK(journal.find("\"score\":\"good\"") != std::string::npos);
  CHECK(journal.find("ServiceRated") == journal.rfind("ServiceRated"));
}
