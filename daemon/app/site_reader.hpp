#pragma once

#include <filesystem>
#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/app/site_file.hpp"
#include "daemon/app/site_schema.hpp"
#include "daemon/app/toml_reader.hpp"
#include "display/ticket/paper_template.hpp"

/// The second half of reading a site, after its shape was checked: references, ranges, wires. Internal to
/// daemon/app.
namespace lobby::app {

/// Names that must be given once, and where.
class Names {
 public:
  explicit Names(std::string what) : what_(std::move(what)) {}
  /// Takes the `id` of a row, or what else names it; refuses one that is taken.
  std::string take(const TomlFile& file, const toml::table& row, std::string_view key = "id");
  /// A name that the daemon itself gives.
  void reserve(const std::string& name) { places_[name] = 0; }
  /// Refuses a name that nobody has.
  void require(const TomlFile& file, const toml::node& where, const std::string& name) const;
  bool contains(const std::string& name) const { return places_.contains(name); }

 private:
  std::string what_;
  std::map<std::string, std::uint32_t> places_;  ///< name → line
};

struct SiteReader {
  explicit SiteReader(const TomlFile& toml)
      : file(toml), site_dir(std::filesystem::path(toml.name()).parent_path()) {
    // The daemon's own devices.
    devices.reserve("clock");
    devices.reserve("storage");
  }
  const TomlFile& file;
  std::filesystem::path site_dir;
  std::filesystem::path config_dir;
  SiteFile site;
  Names zones{"zone"}, services{"service"}, windows{"window"}, kiosks{"kiosk"}, devices{"device"};
  Names profiles{"profile"}, staff{"staff"};
  std::map<std::string, hall::WeekHours> hours;
  std::set<std::string> printers, buses, recorders;
  std::map<std::string, std::string> dialects;  ///< bus that speaks no Modbus → what it speaks
  std::set<std::string> unit_profiles;          ///< read and found good
  std::map<std::string, std::string> wires;     ///< port or address → the device on it
  std::map<std::pair<std::string, std::int64_t>, std::string> units;  ///< bus, address → the device there
};

// Each reads its sections and refuses what is wrong by SiteError. In this order.
void read_hours(SiteReader& reader);
void read_calendar(SiteReader& reader);  ///< with the files that it names
void read_services(SiteReader& reader);  ///< zones, services, packages
void read_lanes(SiteReader& reader);     ///< the lanes rule, the work profiles of windows
void read_staff(SiteReader& reader);
void read_windows(SiteReader& reader);  ///< after the staff that they name
void read_rules(SiteReader& reader);
void read_keys(SiteReader& reader);
void read_catalogue(SiteReader& reader);  ///< and hotlines, agencies, notices
void read_devices(SiteReader& reader);    ///< printers, buses, units, feeds
void read_feed(SiteReader& reader, const toml::table& row);
void read_approvals(SiteReader& reader);  ///< what is told of cases; after the calendar
void read_papers(SiteReader& reader);     ///< with the templates that it names; after the printers
void read_signs(SiteReader& reader);      ///< other makers' signs, keypads and pads; after the buses
void read_kiosks(SiteReader& reader);     ///< after the printers that they name
void read_panels(SiteReader& reader);     ///< after the kiosks
void read_readers(SiteReader& reader);    ///< after the kiosks where they stand
void read_outboxes(SiteReader& reader);   ///< and the export
void read_boards(SiteReader& reader);
/// Of a board that is a sign on a line: what it is, and where. Before its style and pages.
void read_sign_rows(SiteReader& reader, const toml::table& row, devices::BoardConfig& board);
/// Pages of boards on a slow line stay so long that all of them can be turned.
void fit_pages_to_lines(SiteFile& site);
void read_recorders(SiteReader& reader);  ///< and the rooms that they watch
void read_absent_devices(SiteReader& reader);

/// `HH:MM` as minutes since midnight, up to `24:00`; -1 when it is not.
int minutes_of(std::string_view text);
/// Intervals like `08:30-12:00`, in order, not overlapping.
std::vector<hall::Hours> hours_in(const TomlFile& file, const toml::table& row, std::string_view key);
/// Times of each day like `07:30-18:30`, also over midnight, not overlapping.
std::vector<devices::OnSpan> on_spans_in(const TomlFile& file, const toml::table& row, std::string_view key);
/// The `[hours.NAME]` that the key names.
const hall::WeekHours& named_hours(const SiteReader& reader, const toml::table& row, std::string_view key);
/// The texts of a list; refuses one that stands twice.
std::vector<std::string> texts_once(const TomlFile& file, const toml::table& row, std::string_view key);
/// The services of a list, each there and once.
std::vector<hall::ServiceId> services_of(const SiteReader& reader, const toml::table& row,
                                         std::string_view key);

/// Takes a place on a wire for a device; refuses one that is taken.
void take_wire(SiteReader& reader, const toml::node& where, const std::string& wire,
               const std::string& device);
void take_address(SiteReader& reader, const toml::table& row, const std::string& device,
                  std::string_view dialect = "modbus");
/// One address of a bus for a device; refuses one that is taken.
void take_place_on_bus(SiteReader& reader, const toml::node& where,
                       const std::pair<std::string, std::int64_t>& place, const std::string& device);
/// A [[bus]] whose devices speak a dialect of their own; the port was read already.
void read_dialect_line(SiteReader& reader, const toml::table& row, const devices::BusConfig& bus);
/// Either a link or a place on a bus, never both, never none. Is it a bus?
bool hangs_on_bus(const SiteReader& reader, const toml::table& row, const std::string& device);
/// `tcp:HOST:PORT` or `serial:/path` of the row's key `link`, with its `baud`, `parity` and `flow`. `more`:
/// what else the remedy names.
std::variant<devices::TcpAddress, devices::SerialPort> read_link(SiteReader& reader, const toml::table& row,
                                                                 const std::string& device,
                                                                 std::string_view more = "");
/// `HOST:PORT`, or `[ADDRESS]:PORT`. No port: an empty host.
devices::TcpAddress split_address(std::string_view text);
/// Refuses keys that say nothing of a link that is not serial.
void refuse_serial_keys(const SiteReader& reader, const toml::table& row,
                        std::initializer_list<const char*> keys);
/// The key's zone, when there is one.
std::optional<hall::ZoneId> read_zone(const SiteReader& reader, const toml::table& row);
/// Refuses anything but `http://…` and `https://…` with a host, and a user or password in it.
/// `secret_remedy`: where a secret belongs instead.
void check_url(const TomlFile& file, const toml::node& node, std::string_view secret_remedy);

/// Refuses a secret's file that is not there, is empty, or can be read by others.
void require_secret(const TomlFile& file, const toml::node& where, const std::string& path);

/// A path of the site file: relative ones start at its folder.
std::filesystem::path resolve(const SiteReader& reader, const std::string& path);
/// `<config_dir>/FOLDER/NAME.toml`, which must be a file; the sentence points at `where`.
std::string find_named_file(const SiteReader& reader, const toml::node& where, const std::string& folder,
                            const std::string& name);

printer::Profile read_printer_profile(const std::string& path);
void check_unit_profile(const std::string& path);
struct SignProfile {
  std::string dialect;  ///< what the line speaks
  std::variant<window::FrameDialect, window::DisplayMap> protocol;
  bool digits_only = false;
  int columns = 16;
};
SignProfile read_sign_profile(const std::string& path);
/// What the buttons of a pad mean, from 0 on.
std::vector<hall::Score> read_pad_profile(const std::string& path);
/// A file of `tickets` that must be for papers of this kind.
PaperFace read_paper_template(const std::string& path, display::PaperKind kind);

}  // namespace lobby::app
