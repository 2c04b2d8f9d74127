#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/hall/approval.hpp"
#include "daemon/hall/ids.hpp"
#include "daemon/hall/words.hpp"
#include "drivers/link/serial_port.hpp"
#include "drivers/printer/ticket_printer.hpp"
#include "drivers/window/frame_codec.hpp"
#include "drivers/window/modbus_display.hpp"

/// The wires of a site, as daemon/app read them from the site file. Checked: every reference leads somewhere.
namespace lobby::devices {

struct TcpAddress {
  std::string host;  ///< name or address
  std::uint16_t port = 0;
};

struct SerialPort {
  std::string path;  ///< stable: /dev/serial/by-id/… or a udev link
  std::uint32_t baud = 19200;
  enum class Parity : std::uint8_t { none, even, odd } parity = Parity::none;
  link::Flow flow = link::Flow::none;  ///< of printers only
};

/// The node of a printer on USB.
struct UsbNode {
  std::string path;  ///< stable: a udev link; /dev/usb/lp0 changes with the order of plugging
};

constexpr link::Parity link_parity(SerialPort::Parity parity) {
  return parity == SerialPort::Parity::even  ? link::Parity::even
         : parity == SerialPort::Parity::odd ? link::Parity::odd
                                             : link::Parity::none;
}

struct PrinterConfig {
  hall::DeviceId id;
  printer::Profile profile;
  std::variant<TcpAddress, SerialPort, UsbNode> link;
  std::optional<hall::ZoneId> zone;
  std::optional<int> tickets_when_low;     ///< what a roll still gives when it is reported low
  std::chrono::seconds retract_after{30};  ///< of a ticket that nobody takes from the outlet
  /// XON and XOFF may stand between what it says; the family's answers are never mistaken for them.
  bool has_flow_bytes() const {
    const auto* serial = std::get_if<SerialPort>(&link);
    return serial != nullptr && (serial->flow == link::Flow::xon_xoff || profile.answers_dle_eot());
  }
};

struct BusConfig {
  hall::DeviceId id;
  SerialPort port;
  std::optional<TcpAddress> gateway;  ///< the line hangs behind it, and `port` means nothing
  // Left out: what suits the wire (drivers/bus/line_timing.hpp, tcp_port.hpp).
  std::optional<std::uint32_t> gap_us;         ///< silence between exchanges
  std::optional<std::uint32_t> turnaround_ms;  ///< a unit, or the gateway, may take this long
  std::optional<std::uint32_t> late_ms;        ///< an answer may come this long after its time
  bool adapter_turns = false;                  ///< the kernel keeps its hands off the port's RTS
};

struct UnitConfig {
  hall::DeviceId id;
  std::string driver;  ///< profile name
  hall::DeviceId bus;
  std::uint8_t address = 0;
  hall::WindowId window;
  /// What its sign does when this program falls silent: the window's number and 暂停, or nothing.
  bool rests_with_number = true;
  std::uint16_t rest_after_s = 3;
  std::uint16_t brightness = 100;  ///< %
};

/// A line of other makers' devices, all of one dialect.
struct DialectLineConfig {
  hall::DeviceId id;  ///< of the bus; or of the one device that hangs on a link of its own
  std::string dialect;
  std::variant<TcpAddress, SerialPort> link;
  bool is_bus = true;
};

/// Another maker's sign.
struct SignConfig {
  hall::DeviceId id;
  std::string driver;  ///< profile name
  std::variant<window::FrameDialect, window::DisplayMap> protocol;
  bool digits_only = false;
  int columns = 16;  ///< narrow characters that have room
  hall::WindowId window;
  hall::DeviceId line;
  bool on_bus = true;  ///< else `line` is its own link
  std::uint8_t address = 1;
};

/// A box with buttons that give tickets.
struct PanelConfig {
  hall::DeviceId id;
  std::string driver;
  hall::DeviceId bus;
  std::uint8_t address = 0;
  hall::KioskId kiosk;
};

/// Another maker's keypad or evaluator pad.
struct KeypadConfig {
  hall::DeviceId id;
  hall::DeviceKind kind = hall::DeviceKind::keypad;
  std::string driver;  ///< protocol; of a pad its profile
  hall::WindowId window;
  hall::DeviceId line;
  bool on_bus = true;  ///< else `line` is its own link
  std::uint8_t address = 1;
  std::vector<hall::Score> scores;  ///< of a pad: what its buttons mean, from 0 on
};

/// A keyboard that nobody types on: /dev/input/by-id/…-event-kbd.
struct InputDevice {
  std::string path;
};

/// A card reader or a QR scanner at a kiosk.
struct ReaderConfig {
  enum class Reads : std::uint8_t { id_card, qr_code };
  hall::DeviceId id;
  std::string driver;
  Reads reads = Reads::id_card;
  hall::KioskId kiosk;
  std::variant<TcpAddress, SerialPort, InputDevice> link;
  std::optional<int> elderly_at;  ///< years of age from which a card's holder stands in the elderly's lane
};

/// A source of approval cases and records. Files by their full names; empty: none.
struct FeedConfig {
  hall::DeviceId id;
  std::string driver;  ///< mapping name
  std::string mapping_file;
  std::string url;                                ///< empty: files come into drop_dir
  std::string drop_dir;                           ///< where another program puts whole answers
  std::string token_file;                         ///< secret of the upstream, mode 0600
  std::string app_id;                             ///< who we are, where requests are signed
  std::string ca_file;                            ///< certificates of an https upstream; empty: the system's
  std::string client_cert_file, client_key_file;  ///< who we are, by certificate
  std::string bind, proxy;                        ///< interface or address; `host:port`
  std::string proxy_file;                         ///< `user:password` for the proxy, mode 0600
  std::string area_code;                          ///< empty: every area
  bool allow_insecure = false;                    ///< a secret may travel over plain http
  std::vector<hall::What> resources;              ///< what is taken of it
  std::uint32_t interval_s = 30;
  std::uint32_t max_age_s = 600;        ///< older than this is labelled
  std::uint32_t expire_after_s = 3600;  ///< and older than this is not shown any more
  std::uint32_t memory_mb = 128;        ///< of the lobby-feed process
  std::uint32_t total_s = 60;           ///< one pull may take this long
};

/// Named by the site, served by no driver yet.
struct AbsentConfig {
  hall::DeviceId id;
  hall::DeviceKind kind{};
  std::string driver;
  std::optional<hall::ZoneId> zone;
  std::optional<hall::WindowId> window;
  std::optional<hall::DeviceId> bus;
  std::optional<int> address;
  std::optional<hall::KioskId> kiosk;
};

struct Config {
  std::vector<PrinterConfig> printers;
  std::vector<BusConfig> buses;
  std::vector<UnitConfig> units;
  std::vector<DialectLineConfig> dialect_lines;
  std::vector<SignConfig> signs;
  std::vector<PanelConfig> panels;
  std::vector<KeypadConfig> keypads;
  std::vector<ReaderConfig> readers;
  std::vector<FeedConfig> feeds;
  std::vector<AbsentConfig> absent;
};

}  // namespace lobby::devices
