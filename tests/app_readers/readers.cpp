// Cards and codes at a kiosk, from the bytes of their readers to the tickets; and that nothing is left of
// them.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/input.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "drivers/link/descriptor.hpp"
#include "tests/app_lobby/real_lobby.hpp"
#include "tests/fakes/pty.hpp"

namespace {

using namespace lobby;

const std::string number = "11010519491231002X";  // the example of GB 11643-1999, born in 1949

/// Paper is nothing to these tests.
void take_printer_out(std::string& text) {
  const std::string printer = ", printer = \"p1\"";
  text.erase(text.find(printer), printer.size());
}

std::string site_in(const std::filesystem::path& folder) {
  auto text = tests::site_of_every_kind();
  const std::string readers = R"(
reader = [
  {id = "card-1", protocol = "id_card", kiosk = "k1", link = "input:FOLDER/event-kbd", elderly_at = 60},
  {id = "scan-1", protocol = "qr_code", kiosk = "k1", link = "serial:FOLDER/scanner", baud = 9600},
]
)";
  text.insert(text.find("[hours.never]"), readers);
  text.insert(text.find("prefix = \"A\""), "slots = {hours = \"always\", every_min = 30, capacity = 9}, ");
  take_printer_out(text);
  for (auto at = text.find("FOLDER"); at != std::string::npos; at = text.find("FOLDER", at)) {
    text.replace(at, 6, folder.string());
  }
  return text;
}

void put(const link::Descriptor& pipe, std::uint16_t type, std::uint16_t code, std::int32_t value) {
  input_event event{};
  event.type = type;
  event.code = code;
  event.value = value;
  REQUIRE(::write(pipe.get(), &event, sizeof event) == sizeof event);
}

/// A keyboard wedge and a scanner at kiosk k1.
struct Kiosk {
  Kiosk() : scanner(folder.path() / "scanner"), hall((make_pipe(), site_in(folder.path()))) {
    for (const auto* id : {"card-1", "scan-1"}) {
      REQUIRE_MESSAGE(waits_for([&] { return device(id).at("state") == "ok"; }), id);
    }
  }
  void make_pipe() {
    const auto path = folder.path() / "event-kbd";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    wedge = link::Descriptor(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  }
  bool waits_for(const std::function<bool()>& holds) const {
    for (int tries = 0; tries < 100; ++tries) {
      if (holds()) {
        return true;
      }
      scanner.read(1, std::chrono::milliseconds(50));  // nothing comes: a pause
    }
    return false;
  }
  boost::json::value device(const std::string& id) const {
    const auto devices = hall.get("/api/v1/devices").json();
    for (const auto& each : devices.as_array()) {
      if (each.at("id").as_string() == id) {
        return each;
      }
    }
    return {};
  }
  /// The card is put on the reader, which types its number.
  void show_card() {
    const auto before = device("card-1").at("detail");
    for (const char c : number) {
      const bool is_x = c == 'X';
      const auto code = static_cast<std::uint16_t>(is_x ? KEY_X : c == '0' ? KEY_0 : KEY_1 + (c - '1'));
      if (is_x) {
        put(wedge, EV_KEY, KEY_LEFTSHIFT, 1);
      }
      put(wedge, EV_KEY, code, 1);
      put(wedge, EV_KEY, code, 0);
      put(wedge, EV_SYN, SYN_REPORT, 0);
      if (is_x) {
        put(wedge, EV_KEY, KEY_LEFTSHIFT, 0);
      }
    }
    put(wedge, EV_KEY, KEY_ENTER, 1);
    REQUIRE(waits_for([&] { return device("card-1").at("detail") != before; }));
  }
  tests::Answer take(const std::string& service) const {
    return hall.post("/api/v1/tickets", "kiosk", R"({"service":")" + service + R"(","kiosk":"k1"})");
  }
  std::string journal() const { return hall.get("/api/v1/journal?limit=1000").body; }

  fakes::TemporaryFolder folder;
  fakes::Pty scanner;
  link::Descriptor wedge;
  tests::RealLobby hall;
};

}  // namespace

TEST_CASE("a card makes the next ticket of the kiosk its holder's, in the lane of that age") {
  Kiosk kiosk;
  kiosk.show_card();
  const auto first = kiosk.take("single");
  REQUIRE(first.status == 201);
  CHECK(first.json().at("lane") == "elderly");
  const auto stranger = kiosk.take("single");  // the card counted once
  CHECK(stranger.status != 201);
  CHECK(stranger.code() != "already_has_ticket");
  kiosk.show_card();
  CHECK(kiosk.take("single").code() == "already_has_ticket");  // the same person again
}

TEST_CASE("nothing of a card's number is in the journal, the devices, the state directory or an answer") {
  Kiosk kiosk;
  kiosk.show_card();
  REQUIRE(kiosk.take("social").status == 201);
  const auto holds_number = [](const std::string& text) {
    return text.find(number) != std::string::npos || text.find("19491231") != std::string::npos;
  };
  CHECK_FALSE(holds_number(kiosk.journal()));
  CHECK_FALSE(holds_number(kiosk.hall.get("/api/v1/devices").body));
  CHECK_FALSE(holds_number(kiosk.hall.get("/api/v1/tickets").body));
  for (const auto& file : std::filesystem::recursive_directory_iterator(kiosk.hall.state_directory())) {
    if (file.is_regular_file()) {
      std::ifstream in(file.path(), std::ios::binary);
      std::stringstream content;
      content << in.rdbuf();
      CHECK_FALSE_MESSAGE(holds_number(content.str()), file.path().string());
    }
  }
}

TEST_CASE("a booking code at the scanner checks in at once, a second time it does nothing") {
  Kiosk kiosk;
  const auto booked = kiosk.hall.post("/api/v1/appointments", "clerk",
                                      R"({"service":"social","date":"2026-03-16","time":"09:30"})");
  REQUIRE_MESSAGE(booked.status == 201, booked.body);
  const std::string code = booked.json().at("code").as_string().c_str();
  kiosk.hall.pass(29 * 60);
  const std::string line = code + "\r\n";
  kiosk.scanner.write({line.begin(), line.end()});
  CHECK(kiosk.waits_for([&] { return kiosk.journal().find("TicketIssued") != std::string::npos; }));
  const auto journal = kiosk.journal();
  CHECK(journal.find("\"by\":\"scan-1\"") != std::string::npos);
  CHECK(journal.find("\"lane\":\"appointment\"") != std::string::npos);
  kiosk.scanner.write({line.begin(), line.end()});
  const std::string wrong = "99999999\r../../etc\r";
  kiosk.scanner.write({wrong.begin(), wrong.end()});
  CHECK(kiosk.waits_for([&] {
    return std::string(kiosk.device("scan-1").at("detail").as_string()).find("read 3, of no use 1") !=
           std::string::npos;
  }));
  const auto after = kiosk.journal();
  CHECK(after.find("TicketIssued") == after.rfind("TicketIssued"));
}
