#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "daemon/app/site_reader.hpp"
#include "drivers/bus/line_timing.hpp"

namespace lobby::app {
namespace {

using devices::SignRows;
using std::chrono::milliseconds;

constexpr int least_columns = 8;
constexpr std::int64_t last_address = 247;

/// What dots, colours and brightness are to other boards, the profile says of a sign, or nobody can.
void refuse_keys_of_dots(const SiteReader& reader, const toml::table& row) {
  for (const auto* key : {"width", "height", "colour", "size", "universe", "order", "scroll_speed", "roll",
                          "brightness", "brightness_at", "part"}) {
    if (has(row, key)) {
      reader.file.fail(at(row, key),
                       fmt::format("{} means nothing to a sign of characters, whose profile says "
                                   "what it is: take it out",
                                   in_quotes(key)));
    }
  }
}

/// Pages are sentences, most of them Chinese.
void check_holds_pages(const SiteReader& reader, const toml::table& row, const SignProfile& profile) {
  const auto name = in_quotes(get_text(row, "profile"));
  const auto refuse = [&](std::string_view why) {
    reader.file.fail(at(row, "profile"),
                     fmt::format("signs of {} {}: choose one that shows text, or hang it above a window as a "
                                 "[[sign]]",
                                 name, why));
  };
  const auto* frames = std::get_if<window::FrameDialect>(&profile.protocol);
  if (profile.digits_only) {
    refuse("show digits alone, which hold no page");
  }
  if (frames != nullptr && frames->ascii_only) {
    refuse("have no Chinese characters, which pages are of");
  }
  if (frames != nullptr && !window::has_part(*frames, window::FramePart::Kind::text)) {
    refuse("are told no text, and so no page");
  }
  if (profile.columns < least_columns) {
    refuse(fmt::format("have room for {} columns, and a page needs {}", profile.columns, least_columns));
  }
}

void take_rows(SiteReader& reader, const toml::table& row, const SignRows& sign, const std::string& board) {
  const auto last = sign.address + sign.rows - 1;
  if (last > last_address) {
    reader.file.fail(at(row, "rows"),
                     fmt::format("{} rows from address {} on end at {}, and {} is the last: begin lower",
                                 sign.rows, sign.address, last, last_address));
  }
  for (std::int64_t address = sign.address + 1; sign.on_bus && address <= last; ++address) {
    take_place_on_bus(reader, at(row, "rows"), {sign.line.value, address}, board);
  }
}

/// On the wire, with the silence behind it, for everything that one row keeps. Of a display: it is written
/// and read back.
std::chrono::duration<double> turn_of_row(const SignRows& sign, std::uint32_t baud) {
  const auto* frames = std::get_if<window::FrameDialect>(&sign.protocol);
  if (frames == nullptr) {
    bus::LineTiming timing;
    timing.baud = baud;
    constexpr std::size_t both_frames = 40;
    const auto bytes = both_frames + 2 * static_cast<std::size_t>(sign.columns);
    return timing.wire(bytes) + 2 * timing.gap();
  }
  const auto bytes = window::encode_frame(*frames, sign.address, {}, 0).bytes.size();
  const std::chrono::duration<double> wire(baud == 0 ? 0 : static_cast<double>(bytes * 10) / baud);
  return frames->pages * (wire + frames->pause);
}

/// 0: bytes take no time there.
std::uint32_t baud_of(const SiteFile& site, const hall::DeviceId& line) {
  for (const auto& one : site.devices.dialect_lines) {
    const auto* serial = std::get_if<devices::SerialPort>(&one.link);
    if (one.id == line) {
      return serial != nullptr ? serial->baud : 0;
    }
  }
  for (const auto& one : site.devices.buses) {
    if (one.id == line) {
      return one.port.baud;  // behind a gateway: the usual one
    }
  }
  return 0;
}

}  // namespace

void read_sign_rows(SiteReader& reader, const toml::table& row, devices::BoardConfig& board) {
  const auto& id = board.id.value;
  refuse_keys_of_dots(reader, row);
  if (!has(row, "profile")) {
    reader.file.fail(
        at(row, "protocol"),
        fmt::format("{} is a sign of nobody knows which kind: name its file of profiles/signs by "
                    "\"profile\"",
                    in_quotes(id)));
  }
  SignRows sign;
  sign.driver = get_text(row, "profile");
  auto profile =
      read_sign_profile(find_named_file(reader, at(row, "profile"), "profiles/signs", sign.driver));
  check_holds_pages(reader, row, profile);
  sign.columns = profile.columns;
  sign.rows = static_cast<int>(get_integer(row, "rows", 1));
  const auto address = get_integer(row, "address", 1);
  if (address == 0) {
    reader.file.fail(at(row, "address"), "0 is no address of a sign: write one of 1 to 247");
  }
  sign.address = static_cast<std::uint8_t>(address);
  const bool is_alone = has(row, "link") && !has(row, "bus");
  sign.on_bus = !is_alone && hangs_on_bus(reader, row, id);
  if (sign.on_bus) {
    take_address(reader, row, id, profile.dialect);
    sign.line.value = get_text(row, "bus");
  } else if (profile.dialect == "modbus") {
    reader.file.fail(at(row, "link"),
                     fmt::format("{} speaks Modbus and hangs on a link: give its line a [[bus]], and name it "
                                 "by \"bus\" and \"address\"",
                                 in_quotes(id)));
  } else {
    sign.line.value = id;
    auto link = read_link(reader, row, id);
    if (auto* serial = std::get_if<devices::SerialPort>(&link); serial != nullptr && !has(row, "baud")) {
      serial->baud = 9600;
    }
    reader.site.devices.dialect_lines.push_back({sign.line, profile.dialect, std::move(link), false});
  }
  take_rows(reader, row, sign, id);
  sign.protocol = std::move(profile.protocol);
  board.link = std::move(sign);
}

void fit_pages_to_lines(SiteFile& site) {
  std::map<std::string, std::chrono::duration<double>> all;
  for (const auto& board : site.boards) {
    if (const auto* sign = board.wire.sign()) {
      all[sign->line.value] += sign->rows * turn_of_row(*sign, baud_of(site, sign->line));
    }
  }
  for (auto& board : site.boards) {
    if (const auto* sign = board.wire.sign()) {
      // A fifth of the line is for calls, and for what stands on signs.
      const auto least = std::chrono::ceil<std::chrono::seconds>(all[sign->line.value] * 1.25);
      auto& style = board.wire.playlist.style;
      style.dwell = std::max<milliseconds>(style.dwell, least);
      style.least_dwell = std::max<milliseconds>(style.least_dwell, least);
    }
  }
}

}  // namespace lobby::app
