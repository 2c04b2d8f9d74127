#include "daemon/app/warnings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "daemon/devices/buses.hpp"
#include "drivers/bus/line_timing.hpp"
#include "firmware/wire/window_unit.hpp"

namespace lobby::app {

namespace {

/// Writing the closing text to every unit of a line, the exchange that is under way included.
std::chrono::duration<double> closing_time(const devices::BusConfig& line, std::size_t units) {
  bus::Exchange face;
  face.kind = bus::Exchange::Kind::write;
  face.values.resize(wire::window_unit::face_count);
  auto timing = devices::line_timing(line);
  timing.baud = line.port.baud;  // behind a gateway: the usual one
  const auto exchange =
      timing.wire(bus::request_bytes(face) + bus::reply_bytes(face)) + timing.silence() + timing.gap();
  return exchange * static_cast<std::int64_t>(units + 1);
}

/// The closing frames of everything on a line, and the silence behind each.
struct Closing {
  std::chrono::duration<double> needed{0};
  std::ptrdiff_t signs = 0;
};
Closing closing_of(const devices::DialectLineConfig& line, const SiteFile& site) {
  const auto* serial = std::get_if<devices::SerialPort>(&line.link);
  Closing closing;
  const auto add = [&](const auto& sign, int rows, const std::string& text) {
    const auto* frames = std::get_if<window::FrameDialect>(&sign.protocol);
    if (frames == nullptr || sign.line != line.id) {
      return;
    }
    const auto bytes = window::encode_frame(*frames, sign.address, {text, false}, 0).bytes.size();
    const auto bits = static_cast<double>(bytes * 10);
    const std::chrono::duration<double> wire(serial != nullptr ? bits / serial->baud : 0);
    closing.needed += rows * (wire + frames->pause);
    closing.signs += 1;
  };
  for (const auto& sign : site.devices.signs) {
    add(sign, 1, "暂停服务");
  }
  for (const auto& board : site.boards) {
    if (const auto* sign = board.wire.sign()) {
      add(*sign, sign->rows * sign->pages(), board.wire.playlist.rest.text);
    }
  }
  return closing;
}

std::string too_slow(const hall::DeviceId& bus, double needed, std::ptrdiff_t units, const SiteFile& site) {
  return fmt::format(
      "bus \"{}\" needs {:.1f} s to show the closing text on its {} units, but "
      "stop_grace_s is {}; raise it to {:.0f}",
      bus.value, needed, units, site.stop_grace_s, std::ceil(needed));
}

std::optional<std::string> fonts_warning(const SiteFile& site) {
  const auto missing = devices::PaperGlyphs(site.papers.fonts).missing();
  if (site.devices.printers.empty() || missing.empty()) {
    return std::nullopt;
  }
  return fmt::format(
      "rare characters may be missing on paper, because there is no font {}: install fonts-wqy-zenhei, "
      "unifont "
      "and fonts-hanazono, or name others in \"fonts\" of [paper]",
      fmt::join(missing, ", "));
}

}  // namespace

std::optional<std::string> calendar_warning(const hall::Site& site, hall::Date today) {
  const auto year = site.calendar.missing_year(today);
  if (!year) {
    return std::nullopt;
  }
  return fmt::format(
      "the calendar of {0} is missing, its days follow the weekday: add calendars/{0}.json and name it in "
      "\"calendar\"",
      *year);
}

std::string reminder_warning(const hall::DeviceId& board, const hall::BoardReminder& reminder) {
  std::string words;
  for (const auto& text : reminder.texts) {
    words += fmt::format("{}{}", words.empty() ? "text " : ", ", text.value);
  }
  if (reminder.notices) {
    words += words.empty() ? "the notices" : " and the notices";
  }
  return fmt::format(
      "board \"{0}\" may say what is no longer right: the catalogue changed on {1}; look at {2} until {3}, "
      "then say \"lobbyctl board confirm {0}\"",
      board.value, hall::to_text(hall::local_date(reminder.since)), words, hall::to_text(reminder.due));
}

std::vector<std::string> warnings_of(const SiteFile& site, hall::Date today) {
  std::vector<std::string> warnings;
  if (auto sentence = calendar_warning(site.hall, today)) {
    warnings.push_back(*std::move(sentence));
  }
  if (auto sentence = fonts_warning(site)) {
    warnings.push_back(*std::move(sentence));
  }
  for (const auto& line : site.devices.buses) {
    const auto units = std::count_if(site.devices.units.begin(), site.devices.units.end(),
                                     [&](const devices::UnitConfig& unit) { return unit.bus == line.id; });
    const auto needed = closing_time(line, static_cast<std::size_t>(units)).count();
    if (needed > site.stop_grace_s) {
      warnings.push_back(too_slow(line.id, needed, units, site));
    }
  }
  for (const auto& line : site.devices.dialect_lines) {
    const auto closing = closing_of(line, site);
    if (closing.needed.count() > site.stop_grace_s) {
      warnings.push_back(too_slow(line.id, closing.needed.count(), closing.signs, site));
    }
  }
  return warnings;
}

}  // namespace lobby::app
