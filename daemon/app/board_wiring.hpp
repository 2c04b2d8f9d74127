#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "daemon/app/registrar.hpp"
#include "daemon/app/site_file.hpp"
#include "daemon/app/sources.hpp"
#include "daemon/devices/boards.hpp"
#include "daemon/devices/roster.hpp"
#include "daemon/hall/view.hpp"
#include "daemon/hall/working_days.hpp"

namespace lobby::app {

/// Tells the LED boards what the hall and its sources know: calls at once, all else when it changes. What is
/// recorded is shown, never what may yet be taken back.
class BoardWiring {
 public:
  struct House {
    boost::asio::io_context& io;
    link::Executor& executor;
    const SiteFile& file;
    Registrar& registrar;
    Sources& sources;
    devices::Roster& roster;
    std::function<hall::Instant()> now;
    devices::DialectLines& dialect_lines;  ///< not started yet
    std::function<bus::Bus&(const hall::DeviceId&)> find_bus;
  };
  explicit BoardWiring(House house);

  void on_event(const hall::Event& event);
  void tick();  ///< each second
  devices::Boards& boards() { return boards_; }
  /// With what somebody has to look at.
  std::vector<hall::BoardState> states() const;

 private:
  void look_at_sources();
  void when_durable(std::function<void()> then);
  void catch_up();
  void tell_calls();
  void tell_all();
  /// Keeps what a board says anew of its sources for the next publication.
  void note(const hall::DeviceId& board, const display::BoardViews& before, const display::BoardViews& now);
  void publish();
  /// Are there words of people that are older than the catalogue? What is found is logged once.
  void look_at_words();

  House house_;
  std::vector<devices::BoardConfig> wires_;
  devices::Boards boards_;
  std::map<std::string, display::BoardViews> told_;
  bool called_ = false;  ///< since the loop's last turn
  bool moved_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::set<std::string> new_boards_, new_sources_;  ///< since the last publication
  bool is_catalogue_told_ = false;
  const hall::WorkingDays days_;
  std::map<std::string, hall::BoardReminder> reminders_;
  hall::Site site_;  ///< with what the superior system says of the catalogue, as of cases_version_
  hall::CasePage cases_;
  /// The day of their totals, and whether their source is silent, go with it.
  std::optional<std::tuple<std::uint64_t, std::string, bool>> cases_version_;
};

}  // namespace lobby::app
