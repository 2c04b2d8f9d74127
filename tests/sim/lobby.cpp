#include "tests/sim/lobby.hpp"

#include <algorithm>
#include <iterator>
#include <random>

#include "tests/sim/json_text.hpp"

namespace lobby::sim {
namespace {

Control::Answer refused(const std::string& sentence) {
  return {400, boost::json::object{{"status", 400}, {"detail", sentence}}};
}

std::unique_ptr<Plug> plug_of(const PrinterEnd& end) {
  return end.tcp ? make_tcp_plug(*end.tcp) : make_serial_plug(end.path);
}

}  // namespace

void SimulatedLobby::make_units(const Site& site, const Options& options) {
  const auto font = std::make_shared<const display::DotFont>();
  std::random_device dice;
  const auto add = [&](const UnitEnd& end, UnitShape shape) {
    const auto bus = std::find_if(site.buses.begin(), site.buses.end(),
                                  [&](const BusEnd& each) { return each.id == end.bus; });
    UnitModel::Settings settings;
    settings.address = end.address;
    if (bus != site.buses.end()) {
      settings.baud = static_cast<std::uint16_t>(bus->baud / 100);
      settings.parity = bus->parity;
    }
    const std::string& where = shape == UnitShape::button_panel ? end.kiosk : end.window;
    const auto unit = std::make_shared<Unit>(Unit::Place{end.id, end.bus, where, settings, shape},
                                             static_cast<std::uint16_t>(dice()), font);
    if (shape != UnitShape::button_panel) {
      units_.push_back(unit);
    }
    drop_devices_.push_back(unit);
    drops_.emplace(end.bus, Line::Drop{end.id, unit});
  };
  for (const UnitEnd& end : site.units) {
    const auto& first = options.first_of_map;
    const bool old = std::find(first.begin(), first.end(), end.id) != first.end();
    add(end, old ? UnitShape::first_of_map : UnitShape::window_unit);
  }
  for (const UnitEnd& end : site.panels) {
    add(end, UnitShape::button_panel);
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

SimulatedLobby::SimulatedLobby(const Site& site, const WallClock& clock, const Options& options) {
  std::vector<std::shared_ptr<Device>> devices;
  for (const PrinterEnd& end : site.printers) {
    printers_.push_back(std::make_shared<Printer>(end.id, Printer::shape_of(end.profile), plug_of(end)));
    devices.push_back(printers_.back());
  }
  make_units(site, options);
  make_lines(site);
  devices.insert(devices.end(), lines_.begin(), lines_.end());
  devices.insert(devices.end(), drop_devices_.begin(), drop_devices_.end());
  for (const FeedEnd& end : site.feeds) {
    feeds_.push_back(std::make_shared<Approvals>(end, clock, options.seed));
    devices.push_back(feeds_.back());
  }
  people_ = std::make_unique<People>(site, units_, clock, options.seed);
  Control::Extra extra;
  extra.get_people = [this] { return Control::Answer{200, people_->describe()}; };
  extra.post_people = [this](const boost::json::object& body) { return change_people(body); };
  extra.get_approvals = [this] {
    return feeds_.empty() ? refused("The site has no feed.")
                          : Control::Answer{200, feeds_.front()->describe()};
  };
  extra.post_case = [this](const boost::json::object& body) {
    const std::string sentence = feeds_.empty() ? "The site has no feed." : feeds_.front()->put_case(body);
    return sentence.empty() ? Control::Answer{200, feeds_.front()->describe()} : refused(sentence);
  };
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
  std::string why = first_fault(printers_);
  why = why.empty() ? first_fault(lines_) : why;
  why = why.empty() ? first_fault(feeds_) : why;
  return why.empty() ? control_->start(host, port) : why;
}

}  // namespace lobby::sim
