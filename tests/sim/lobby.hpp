#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/sim/approvals.hpp"
#include "tests/sim/control.hpp"
#include "tests/sim/dialect_line.hpp"
#include "tests/sim/emulated_unit.hpp"
#include "tests/sim/led_board.hpp"
#include "tests/sim/line.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/printer.hpp"
#include "tests/sim/recorder.hpp"
#include "tests/sim/relay_board.hpp"
#include "tests/sim/site.hpp"
#include "tests/sim/unit.hpp"
#include "tests/sim/wall_clock.hpp"

namespace lobby::sim {

/// The whole simulated lobby of a site: every far end, the control API and the people.
class SimulatedLobby {
 public:
  struct Options {
    std::uint64_t seed = 1;
    std::vector<std::string> first_of_map;  ///< units that are the first of the register map
    std::string firmware;                   ///< folder of the images
    milliseconds board_time{5};             ///< that a board's card takes for an order
    std::vector<std::string> emulate;       ///< units and panels that are such an image in an emulator
    /// Folder with ID.pem and ID.key of each feed whose url is https, and ID.ca where its clients must have a
    /// certificate of that authority. The site file is the daemon's too, so they do not stand there.
    std::string certificates;
  };
  /// Throws SiteError when the options name what the site has not.
  SimulatedLobby(const Site& site, const WallClock& clock, const Options& options);

  /// Plugs everything in and serves. A sentence when one end cannot be made; then the rest is to be thrown
  /// away with the object.
  std::string start(const std::string& host, int port);
  std::string control_url() const { return control_->url(); }
  People& people() { return *people_; }

 private:
  void make_units(const Site& site, const Options& options);
  void make_unit(const UnitEnd& end, UnitShape shape, const UnitModel::Settings& settings);
  void emulate(const UnitEnd& end, UnitShape shape, const UnitModel::Settings& settings,
               const std::string& firmware);
  void make_feeds(const Site& site, const WallClock& clock, const Options& options);
  void make_lines(const Site& site);
  /// The lines of other makers' devices; who hangs on them is added to `devices`.
  void make_dialect_lines(const Site& site, std::vector<std::shared_ptr<Device>>& devices);
  Control::Answer change_people(const boost::json::object& body);

  std::vector<std::shared_ptr<Printer>> printers_;
  std::vector<std::shared_ptr<Unit>> units_;  ///< of windows: the clerks press their keys
  std::vector<std::shared_ptr<EmulatedUnit>> emulated_;
  std::vector<std::shared_ptr<Device>> drop_devices_;
  std::multimap<std::string, Line::Drop> drops_;  ///< by line
  std::vector<std::shared_ptr<Line>> lines_;
  std::vector<std::shared_ptr<DialectLine>> dialect_lines_;
  std::vector<std::shared_ptr<LedBoard>> boards_;
  std::vector<std::shared_ptr<Recorder>> recorders_;
  std::vector<std::shared_ptr<RelayBoard>> relays_;
  std::vector<std::shared_ptr<Approvals>> feeds_;
  std::shared_ptr<const display::DotFont> font_;
  std::unique_ptr<People> people_;
  std::unique_ptr<Control> control_;
};

}  // namespace lobby::sim
