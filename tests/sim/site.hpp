#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace lobby::sim {

/// What the simulator needs of a site file, read leniently: the daemon judges the file, here only the far
/// ends of its wires are looked for.
struct TcpEnd {
  std::string host;
  std::uint16_t port = 0;
};

struct PrinterEnd {
  std::string id;
  std::string profile;
  std::optional<TcpEnd> tcp;  ///< else serial or USB
  std::string path;
  bool usb = false;
  std::uint32_t baud = 115200;
  bool flow_bytes = false;  ///< XON and XOFF
};

struct BusEnd {
  std::string id;
  std::string path;
  std::uint32_t baud = 19200;
  std::uint16_t parity = 0;  ///< 0 none, 1 even, 2 odd
  std::string dialect = {};  ///< empty: Modbus
};

/// Another maker's sign, keypad or pad on a bus; a sign may be a board.
struct TalkerEnd {
  std::string id;
  std::string kind;     ///< "sign", "keypad", "pad", "board"
  std::string profile;  ///< of a sign or board
  std::string bus;
  std::uint8_t address = 0;
  std::string window;
  int rows = 1;  ///< of a board: their addresses count up
};

/// A window unit or a button panel.
struct UnitEnd {
  std::string id;
  std::string bus;
  std::uint8_t address = 0;
  std::string window;  ///< of a unit
  std::string kiosk;   ///< of a panel
};

/// An LED board's card.
struct BoardEnd {
  /// `none`: its wire is not simulated, or it has none yet.
  enum class Link : std::uint8_t { none, tcp, udp, serial, ether };
  std::string id;
  std::string protocol;  ///< onbon_k onbon_5e onbon_6e ddp e131 huidu colorlight gbt23828
  Link link = Link::none;
  TcpEnd at;         ///< of tcp and udp
  std::string path;  ///< of a serial line; or the interface
  int width = 192;
  int height = 32;
  std::string colour;  ///< "red", "dual", "full"
  int address = 0;     ///< screen number, or the sign's; 0: the card's usual one
  int universe = 1;    ///< the first, of E1.31
  bool is_bgr = false;
  std::string zone = {};
};

/// A recorder of one camera.
struct RecorderEnd {
  std::string id;
  std::string protocol;                  ///< onvif isapi dahua motion
  std::vector<TcpEnd> doors;             ///< of motion two: web control, and status
  std::string user = {}, password = {};  ///< no user: it asks for none
  std::string password_file = {};        ///< whose first line the password is
  bool wants_token = false;              ///< WS-UsernameToken instead of Digest
  int attempts = 5;                      ///< wrong passwords until it ignores everybody
};

/// A relay board, on a Modbus line or at a port.
struct RelayEnd {
  std::string id;
  std::string bus;  ///< empty: at the port
  std::optional<TcpEnd> tcp;
  std::uint8_t address = 1;
};

struct FeedEnd {
  std::string id;
  TcpEnd listen;
  std::string path;
  std::string token_file;
  std::string area_code;
  std::string mapping = {};                   ///< name of the file without its ending
  std::string series = {};                    ///< what its case numbers begin with, so that two feeds' differ
  bool tls = false;                           ///< its url is https
  std::string cert_file = {}, key_file = {};  ///< of a system with TLS
  std::string client_ca_file = {};            ///< whose certificates its clients must have; empty: none
};

struct Counter {
  std::string id, zone;
  std::string printer;                ///< of a kiosk
  std::vector<std::string> services;  ///< of a window
  std::vector<std::string> backups;   ///< of a window: the clerks who may take it over; none: anybody
  bool package = false;               ///< a service of several steps
  bool one_per_person = false;        ///< a service
};

/// The rules of the house, as far as people go by them.
struct HouseRules {
  int recall_least_s = 5;
  int reinstate_within_s = 3600;
  int agent_limit = 5;
};

/// A device of a kind that is not simulated.
struct OtherEnd {
  std::string id, kind;
};

struct Site {
  std::string name;
  std::string timezone = "Asia/Shanghai";
  std::string server = "http://127.0.0.1:8080";  ///< the daemon's URL, by the key `listen`
  std::string token_dir;                         ///< the folder `tokens` beside the site file
  std::string config_dir = "..";                 ///< where the folder `profiles` is
  std::vector<PrinterEnd> printers;
  std::vector<BusEnd> buses;
  std::vector<UnitEnd> units;
  std::vector<UnitEnd> panels;
  std::vector<BusEnd> dialect_lines;
  std::vector<TalkerEnd> talkers;
  std::vector<TalkerEnd> displays;  ///< of six digits, on Modbus lines
  std::vector<TalkerEnd> texts;     ///< displays of text, there too
  std::vector<FeedEnd> feeds;
  std::vector<BoardEnd> boards;
  std::vector<RecorderEnd> recorders;
  std::vector<RelayEnd> relays;
  std::vector<Counter> windows;
  std::vector<Counter> kiosks;
  std::vector<Counter> services;
  std::vector<OtherEnd> others;
  HouseRules rules;
};

/// A sentence about why the simulator cannot stand at the far end of this site. Thrown at start-up only.
struct SiteError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

Site read_site(const std::string& path);
Site parse_site(std::string_view toml, const std::string& source);
/// Only the machine itself: 127.0.0.0/8, ::1, localhost.
bool is_loopback(std::string_view host);

}  // namespace lobby::sim
