#include "tests/sim/lobby.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <random>

#include "tests/sim/digit_display.hpp"
#include "tests/sim/ff68_device.hpp"
#include "tests/sim/json_text.hpp"
#include "tests/sim/strip_sign.hpp"
#include "tests/sim/text_display.hpp"

namespace lobby::sim {
namespace {

Control::Answer refused(const std::string& sentence) {
  return {400, boost::json::object{{"status", 400}, {"detail", sentence}}};
}

std::unique_ptr<Plug> plug_of(const PrinterEnd& end) {
  if (end.tcp) {
    return make_tcp_plug(*end.tcp);
  }
  return end.usb ? make_usb_plug(end.path) : make_serial_plug(end.path);
}

}  // namespace

void SimulatedLobby::make_unit(const UnitEnd& end, UnitShape shape, const UnitModel::Settings& settings) {
  std::random_device dice;
  const std::string& where = shape == UnitShape::button_panel ? end.kiosk : end.window;
  const auto unit = std::make_shared<Unit>(Unit::Place{end.id, end.bus, where, settings, shape},
                                           static_cast<std::uint16_t>(dice()), font_);
  if (shape != UnitShape::button_panel) {
    units_.push_back(unit);
  }
  drop_devices_.push_back(unit);
  drops_.emplace(end.bus, Line::Drop{end.id, unit});
}

void SimulatedLobby::emulate(const UnitEnd& end, UnitShape shape, const UnitModel::Settings& settings,
                             const std::string& firmware) {
  const bool panel = shape == UnitShape::button_panel;
  const std::string image = firmware + (panel ? "/button-panel.elf" : "/window-unit.elf");
  const auto unit = std::make_shared<EmulatedUnit>(
      EmulatedUnit::Place{end.id, end.bus, panel ? end.kiosk : end.window, settings, shape, image});
  emulated_.push_back(unit);
  drop_devices_.push_back(unit);
  drops_.emplace(end.bus, Line::Drop{end.id, unit});
}

void SimulatedLobby::make_units(const Site& site, const Options& options) {
  const auto settings_of = [&](const UnitEnd& end) {
    UnitModel::Settings settings;
    settings.address = end.address;
    for (const BusEnd& bus : site.buses) {
      if (bus.id == end.bus) {
        settings.baud = static_cast<std::uint16_t>(bus.baud / 100);
        settings.parity = bus.parity;
      }
    }
    return settings;
  };
  std::vector<std::string> unknown = options.emulate;
  unknown.insert(unknown.end(), options.first_of_map.begin(), options.first_of_map.end());
  const auto is_in = [](const std::vector<std::string>& ids, const UnitEnd& end) {
    return std::find(ids.begin(), ids.end(), end.id) != ids.end();
  };
  const auto make = [&](const UnitEnd& end, UnitShape shape) {
    std::erase(unknown, end.id);
    if (is_in(options.emulate, end)) {
      emulate(end, shape, settings_of(end), options.firmware);
    } else {
      make_unit(end, shape, settings_of(end));
    }
  };
  for (const UnitEnd& end : site.units) {
    make(end, is_in(options.first_of_map, end) ? UnitShape::first_of_map : UnitShape::window_unit);
  }
  for (const UnitEnd& end : site.panels) {
    make(end, UnitShape::button_panel);
  }
  if (!unknown.empty()) {
    throw SiteError("The site has no unit or panel " + unknown.front() + ".");
  }
}

void SimulatedLobby::make_lines(const Site& site) {
  for (const BusEnd& end : site.buses) {
    std::vector<Line::Drop> drops;
    const auto [begin, behind] = drops_.equal_range(end.id);
    std::transform(begin, behind, std::back_inserter(drops), [](const auto& each) { return each.second; });
    lines_.push_back(
        std::make_shared<Line>(end.id, end.path, LinePace{end.baud, end.parity != 0}, std::move(drops)));
  }
}

void SimulatedLobby::make_dialect_lines(const Site& site, std::vector<std::shared_ptr<Device>>& devices) {
  const auto font = std::make_shared<const display::DotFont>();
  for (const BusEnd& line : site.dialect_lines) {
    std::vector<std::shared_ptr<Talker>> talkers;
    const auto add = [&](const auto& device) {
      devices.push_back(device);
      talkers.push_back(device);
    };
    for (const TalkerEnd& end : site.talkers) {
      if (end.bus != line.id) {
        continue;
      }
      if (end.kind == "sign" || end.kind == "board") {
        add(std::make_shared<StripSign>(end, font));
      } else {
        add(std::make_shared<Ff68Device>(end.id, end.kind, end.window, end.address));
      }
    }
    dialect_lines_.push_back(
        std::make_shared<DialectLine>(line.id, line.path, line.dialect, std::move(talkers)));
    devices.push_back(dialect_lines_.back());
  }
}

void SimulatedLobby::make_feeds(const Site& site, const WallClock& clock, const Options& options) {
  for (FeedEnd end : site.feeds) {
    if (end.tls && options.certificates.empty()) {
      throw SiteError("feed " + end.id + ": its url is https, name its certificate by --certificates.");
    }
    if (end.tls) {
      const std::string file = options.certificates + "/" + end.id;
      end.cert_file = file + ".pem";
      end.key_file = file + ".key";
      end.client_ca_file = std::filesystem::exists(file + ".ca") ? file + ".ca" : "";
    }
    feeds_.push_back(std::make_shared<Approvals>(std::move(end), clock, options.seed));
  }
}

SimulatedLobby::SimulatedLobby(const Site& site, const WallClock& clock, const Options& options) {
  std::vector<std::shared_ptr<Device>> devices;
  for (const PrinterEnd& end : site.printers) {
    printers_.push_back(
        std::make_shared<Printer>(end.id, Printer::shape_of(end, site.config_dir), plug_of(end)));
    devices.push_back(printers_.back());
  }
  font_ = std::make_shared<const display::DotFont>();
  make_units(site, options);
  for (const TalkerEnd& end : site.displays) {
    const auto display = std::make_shared<DigitDisplay>(end.id, end.window, end.address, font_);
    drop_devices_.push_back(display);
    drops_.emplace(end.bus, Line::Drop{end.id, display});
  }
  for (const TalkerEnd& end : site.texts) {
    const auto display = std::make_shared<TextDisplay>(end, font_);
    drop_devices_.push_back(display);
    drops_.emplace(end.bus, Line::Drop{end.id, display});
  }
  for (const RelayEnd& end : site.relays) {
    relays_.push_back(std::make_shared<RelayBoard>(end));
    drop_devices_.push_back(relays_.back());
    if (!end.tcp) {
      drops_.emplace(end.bus, Line::Drop{end.id, relays_.back()});
    }
  }
  make_lines(site);
  devices.insert(devices.end(), lines_.begin(), lines_.end());
  devices.insert(devices.end(), drop_devices_.begin(), drop_devices_.end());
  make_dialect_lines(site, devices);
  for (const BoardEnd& end : site.boards) {
    boards_.push_back(std::make_shared<LedBoard>(end, card_of(end, options.board_time, font_), plug_of(end)));
    devices.push_back(boards_.back());
  }
  for (const RecorderEnd& end : site.recorders) {
    recorders_.push_back(Recorder::make(end, clock));
    devices.push_back(recorders_.back());
  }
  make_feeds(site, clock, options);
  devices.insert(devices.end(), feeds_.begin(), feeds_.end());
  people_ = std::make_unique<People>(site, units_, clock, options.seed);
  Control::Extra extra;
  extra.get_people = [this] { return Control::Answer{200, people_->describe()}; };
  extra.post_people = [this](const boost::json::object& body) { return change_people(body); };
  extra.approvals = feeds_.empty() ? nullptr : feeds_.front();
  control_ = std::make_unique<Control>(std::move(devices), site.others, std::move(extra));
}

Control::Answer SimulatedLobby::change_people(const boost::json::object& body) {
  People::Settings settings = people_->settings();
  if (const boost::json::value* const speed = body.if_contains("speed")) {
    if (!speed->is_number()) {
      return refused("speed must be a number.");
    }
    settings.speed = speed->to_number<double>();
  }
  settings.server = text(body, "server", settings.server);
  settings.token_dir = text(body, "token_dir", settings.token_dir);
  const std::string sentence = people_->change(settings);
  return sentence.empty() ? Control::Answer{200, people_->describe()} : refused(sentence);
}

std::string SimulatedLobby::start(const std::string& host, int port) {
  const auto first_fault = [](auto& devices) {
    for (auto& device : devices) {
      if (const std::string why = device->start(); !why.empty()) {
        return device->id() + ": " + why;
      }
    }
    return std::string();
  };
  // First of all: an emulator ends with the thread that started it, and this one stays.
  std::string why = first_fault(emulated_);
  why = why.empty() ? first_fault(printers_) : why;
  why = why.empty() ? first_fault(lines_) : why;
  why = why.empty() ? first_fault(dialect_lines_) : why;
  why = why.empty() ? first_fault(boards_) : why;
  why = why.empty() ? first_fault(recorders_) : why;
  why = why.empty() ? first_fault(relays_) : why;
  why = why.empty() ? first_fault(feeds_) : why;
  return why.empty() ? control_->start(host, port) : why;
}

}  // namespace lobby::sim
