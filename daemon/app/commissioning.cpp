#include "daemon/app/commissioning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "drivers/window/commissioning.hpp"

namespace lobby::app {
namespace {

using hall::Refused;
using Kind = window::FoundUnit::Kind;

std::string_view to_text(Kind kind) {
  switch (kind) {
    case Kind::window_unit:
      return "window_unit";
    case Kind::button_panel:
      return "panel";
    case Kind::other:
      return "other";
    case Kind::unclear:
      break;
  }
  return "unclear";
}

std::string font_text(printer::Profile::Font font) {
  switch (font) {
    case printer::Profile::Font::gb2312:
      return "GB2312";
    case printer::Profile::Font::gbk:
      return "GBK";
    default:
      return "GB18030";
  }
}

/// How it confirms that paper came out.
std::string proof_text(printer::Profile::Confirm confirm) {
  switch (confirm) {
    case printer::Profile::Confirm::process_id:
      return "切纸后回送编号";
    case printer::Profile::Confirm::in_order_status:
      return "按序应答状态";
    case printer::Profile::Confirm::esc_v:
      return "按序应答纸张状态";
    case printer::Profile::Confirm::none:
      break;
  }
  return "不能确认，只知已发送";
}

/// What the printer itself says goes before what its profile does.
PrinterTraits traits_of(const hall::DeviceId& device, const devices::Printers::About& about,
                        const std::optional<printer::Identity>& identity) {
  PrinterTraits traits;
  traits.printer = device;
  traits.model = about.profile.name;
  traits.fonts = font_text(about.profile.font);
  traits.proof = proof_text(about.profile.confirm);
  traits.wire = about.wire;
  traits.state = about.state;
  traits.columns = about.profile.columns;
  if (identity) {
    const auto name = identity->maker + (identity->maker.empty() ? "" : " ") + identity->model;
    traits.model += name.empty() ? "" : fmt::format(" ({})", name);
    traits.firmware = identity->firmware;
    traits.fonts += identity->font.empty() ? "" : fmt::format(" ({})", identity->font);
  }
  return traits;
}

bool is_line(const SiteFile& site, const hall::DeviceId& id) {
  const auto& lines = site.devices.buses;
  return std::any_of(lines.begin(), lines.end(), [&](const auto& line) { return line.id == id; });
}

std::optional<hall::Refusal> refusal_of(link::Status status, std::uint8_t address) {
  switch (status) {
    case link::Status::ok:
      return std::nullopt;
    case link::Status::gone:
      return hall::Refusal{Refused::wrong_state, "the line is away"};
    case link::Status::refused:
      return hall::Refusal{
          Refused::wrong_state,
          fmt::format("somebody is at address {} already, or the unit cannot keep its settings", address)};
    default:
      return hall::Refusal{
          Refused::wrong_state,
          fmt::format("nobody answers at address {} now: is the unit there, and is a key of it held down "
                      "if it was to claim the address?",
                      address)};
  }
}

}  // namespace

Commissioning::Commissioning(Devices devices, const SiteFile& site, std::function<PaperSource()> papers)
    : devices_(devices), site_(site), papers_(std::move(papers)) {}

std::optional<Commissioning::Place> Commissioning::place_of(const hall::DeviceId& device) const {
  for (const auto& unit : site_.devices.units) {
    if (unit.id == device) {
      return Place{unit.bus, unit.address};
    }
  }
  for (const auto& panel : site_.devices.panels) {
    if (panel.id == device) {
      return Place{panel.bus, panel.address};
    }
  }
  return std::nullopt;
}

std::string Commissioning::device_at(const hall::DeviceId& bus, std::uint8_t address) const {
  for (const auto& unit : site_.devices.units) {
    if (unit.bus == bus && unit.address == address) {
      return unit.id.value;
    }
  }
  for (const auto& panel : site_.devices.panels) {
    if (panel.bus == bus && panel.address == address) {
      return panel.id.value;
    }
  }
  for (const auto& sign : site_.devices.signs) {
    if (sign.on_bus && sign.line == bus && sign.address == address) {
      return sign.id.value;
    }
  }
  for (const auto& board : site_.boards) {
    const auto* sign = board.wire.sign();
    if (sign != nullptr && sign->on_bus && sign->line == bus && sign->address <= address &&
        address < sign->address + sign->rows) {
      return board.wire.id.value;
    }
  }
  return {};
}

void Commissioning::scan(const hall::DeviceId& bus, std::uint8_t from, std::uint8_t to,
                         std::function<void(Found)> done) {
  if (!is_line(site_, bus)) {
    return done(
        hall::Refusal{Refused::unknown_device, "there is no line `" + bus.value + "` that speaks Modbus"});
  }
  if (!scanned_->insert(bus.value).second) {
    return done(hall::Refusal{Refused::wrong_state, "the line is being scanned already"});
  }
  window::scan(
      devices_.buses.find(bus), from, to,
      [this, bus, scanned = scanned_, done = std::move(done)](const window::ScanReport& report) {
        scanned->erase(bus.value);
        if (report.status != link::Status::ok) {
          return done(hall::Refusal{Refused::wrong_state, "the line is away"});
        }
        std::vector<api::FoundUnit> units;
        units.reserve(report.units.size());
        for (const auto& unit : report.units) {
          const bool is_ours = unit.kind == Kind::window_unit || unit.kind == Kind::button_panel;
          units.push_back({unit.address, to_text(unit.kind),
                           is_ours ? fmt::format("{}.{}", unit.firmware >> 8, unit.firmware & 0xFF) : "",
                           device_at(bus, unit.address), unit.asked, unit.answered, unit.corrupt,
                           unit.may_be_two()});
        }
        done(std::move(units));
      });
}

void Commissioning::set_address(const hall::DeviceId& device, std::uint8_t address, bool claim,
                                std::function<void(std::optional<hall::Refusal>)> done) {
  const auto place = place_of(device);
  if (!place) {
    return done(hall::Refusal{Refused::unknown_device, "there is no unit of ours `" + device.value + "`"});
  }
  auto& bus = devices_.buses.find(place->bus);
  const auto tell = [address, done = std::move(done)](link::Status status) {
    done(refusal_of(status, address));
  };
  if (claim) {
    window::claim_address(bus, {address}, tell);
  } else {
    window::move_unit(bus, {place->address}, {address}, tell);
  }
}

void Commissioning::self_test(const hall::DeviceId& device,
                              std::function<void(std::optional<hall::Refusal>)> done) {
  if (print_test(device, done)) {
    return;
  }
  if (devices_.units.locate(device) || devices_.panels.locate(device)) {
    return done(std::nullopt);
  }
  done(
      is_device(device)
          ? hall::Refusal{Refused::wrong_state, "device `" + device.value + "` has nothing to show by itself"}
          : hall::Refusal{Refused::unknown_device, "there is no device `" + device.value + "`"});
}

/// False: it is no printer.
bool Commissioning::print_test(const hall::DeviceId& device,
                               const std::function<void(std::optional<hall::Refusal>)>& done) {
  const auto about = devices_.printers.about(device);
  if (!about) {
    return false;
  }
  devices_.printers.identify(device, [this, device, about = *about,
                                      done](const std::optional<printer::Identity>& identity) {
    devices_.printers.print(
        device, self_test_paper(papers_(), traits_of(device, about, identity)),
        [device, done](printer::PrintResult result, const std::string& reason) {
          const bool is_out = result == printer::PrintResult::printed || result == printer::PrintResult::sent;
          done(is_out ? std::nullopt
                      : std::optional(hall::Refusal{Refused::printer_unavailable,
                                                    "printer `" + device.value + "`: " + reason}));
        });
  });
  return true;
}

bool Commissioning::is_device(const hall::DeviceId& device) const {
  const auto among = [&](const auto& list) {
    return std::any_of(list.begin(), list.end(), [&](const auto& one) { return one.id == device; });
  };
  const auto& all = site_.devices;
  return device.value == "clock" || device.value == "storage" || among(all.printers) || among(all.buses) ||
         among(all.feeds) || among(all.absent) || among(all.signs) || among(all.keypads) ||
         among(all.dialect_lines) || among(site_.recorders) ||
         std::any_of(site_.boards.begin(), site_.boards.end(),
                     [&](const auto& board) { return board.wire.id == device; });
}

}  // namespace lobby::app
