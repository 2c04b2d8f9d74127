#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/app/board_wiring.hpp"
#include "daemon/app/commissioning.hpp"
#include "daemon/app/estimator.hpp"
#include "daemon/app/evaluation_wiring.hpp"
#include "daemon/app/export_wiring.hpp"
#include "daemon/app/lobby.hpp"
#include "daemon/app/outbox_wiring.hpp"
#include "daemon/app/ports.hpp"
#include "daemon/app/registrar.hpp"
#include "daemon/app/slips.hpp"
#include "daemon/app/sources.hpp"
#include "daemon/app/state_dir.hpp"
#include "daemon/devices/buses.hpp"
#include "daemon/devices/dialect_lines.hpp"
#include "daemon/devices/keypads.hpp"
#include "daemon/devices/readers.hpp"
#include "daemon/devices/signs.hpp"
#include "daemon/flows/arrivals.hpp"
#include "daemon/flows/issue.hpp"
#include "daemon/journal/reports.hpp"
#include "drivers/link/asio_executor.hpp"

/// Internal to Lobby: the one file that knows everyone.
namespace lobby::app {

/// An event of the journal as streams have it.
api::EventLine streamed(const journal::Line& line);

/// Everything the lobby is made of, from the ground up. What stands further down knows what stands above it
/// only through callbacks.
struct Lobby::House {
  House(boost::asio::io_context& io_context, const SiteFile& site_file, LobbyOptions given);

  Registrar::Hooks hooks();
  void recorded(const hall::Event& event, const journal::Line& line);
  void device_changed(const hall::ReportDevice& report);
  void storage_changed(bool writable, const std::string& reason);
  void start_devices();
  flows::Key meant_by(flows::Key printed) const;
  void start_panels();
  void start_other_makers();
  void start_readers();
  void person_shown(const devices::ReaderConfig& reader, std::string_view number);
  void list_absent();
  void start_flows();
  void look_at_printer(const hall::Command& command, std::function<void()> go);
  void second_passed();
  void stop(std::function<void()> then);
  void wait_for_records();
  void end();
  std::vector<hall::WindowView> windows() const;

  boost::asio::io_context& io;
  const SiteFile& file;
  LobbyOptions options;
  link::AsioExecutor executor;
  SiteKey key;
  std::unique_ptr<journal::Journal> journal;
  journal::Reports statistics;  ///< reads what the journal holds, and closes before it
  Registrar registrar;
  DeskPort desk;
  Estimator estimator;
  devices::Roster roster;
  Publish publish;

  flows::EarlierPrinting earlier;
  std::unique_ptr<devices::Printers> printers;
  std::unique_ptr<devices::Buses> buses;
  std::unique_ptr<devices::WindowUnits> units;
  std::unique_ptr<devices::DialectLines> dialect_lines;
  std::unique_ptr<devices::Signs> other_signs;
  std::unique_ptr<devices::Panels> panels;
  std::unique_ptr<devices::Keypads> keypads;
  std::unique_ptr<Commissioning> commissioning;
  std::unique_ptr<Slips> slips;
  std::unique_ptr<devices::Readers> readers;
  std::unique_ptr<PaperPort> paper;
  std::unique_ptr<SignsPort> signs;
  std::unique_ptr<LampsPort> lamps;
  std::unique_ptr<flows::Issue> issue;
  std::unique_ptr<flows::Calls> calls;
  std::unique_ptr<flows::Panels> buttons;
  std::unique_ptr<flows::Arrivals> arrivals;
  std::unique_ptr<Sources> sources;
  std::unique_ptr<OutboxWiring> outboxes;
  std::unique_ptr<ExportWiring> pages;
  std::unique_ptr<BoardWiring> boards;
  std::unique_ptr<EvaluationWiring> evaluations;
  link::Timer each_second;
  link::Timer grace;
  bool stopping = false;
  int still_busy = 0;           ///< while stopping: signs and printers that are waited for
  std::function<void()> ended;  ///< while stopping: whom to tell
  std::map<std::string, std::uint64_t> events_by_type;
};

}  // namespace lobby::app
