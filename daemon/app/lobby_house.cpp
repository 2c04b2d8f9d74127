#include "daemon/app/lobby_house.hpp"

#include <chrono>
#include <utility>

#include "daemon/app/links.hpp"
#include "daemon/app/log.hpp"
#include "daemon/app/metrics.hpp"
#include "daemon/app/warnings.hpp"
#include "daemon/devices/feed_process.hpp"
#include "daemon/devices/paper_glyphs.hpp"
#include "drivers/kiosk/id_number.hpp"

namespace lobby::app {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const hall::DeviceId clock_id{"clock"};
const hall::DeviceId storage_id{"storage"};

std::unique_ptr<journal::Journal> open_journal(link::Executor& executor, const std::string& directory) {
  journal::Options options;
  options.directory = directory;
  options.post = [&executor](std::function<void()> work) { executor.post(std::move(work)); };
  return journal::Journal::open(std::move(options));
}

journal::Reports::Options report_options(link::Executor& executor, const std::string& directory) {
  journal::Reports::Options options;
  options.directory = directory;
  options.post = [&executor](std::function<void()> work) { executor.post(std::move(work)); };
  return options;
}

}  // namespace

api::EventLine streamed(const journal::Line& line) {
  return {line.seq, line.type, line.window, line.json};
}

Lobby::House::House(boost::asio::io_context& io_context, const SiteFile& site_file, LobbyOptions given)
    : io(io_context),
      file(site_file),
      options(std::move(given)),
      executor(io),
      key(options.state_directory),
      journal(open_journal(executor, options.state_directory)),
      statistics(report_options(executor, options.state_directory)),
      registrar(*journal, file.hall, options.now, hooks()),
      desk(registrar, file.hall, options.now, executor),
      roster(options.now, [this](const hall::ReportDevice& report) { device_changed(report); }),
      sources(std::make_unique<Sources>(
          Sources::House{executor, file, key, registrar, roster, options.state_directory, options.now,
                         logged(devices::feed_spawner(io, options.feed_program)), options.trial_clock_ms})),
      each_second(executor),
      grace(executor) {}

Registrar::Hooks Lobby::House::hooks() {
  Registrar::Hooks result;
  result.recorded = [this](const hall::Event& event, const journal::Line& line) { recorded(event, line); };
  result.storage = [this](bool writable, const std::string& reason) { storage_changed(writable, reason); };
  result.post = [this](std::function<void()> work) { executor.post(std::move(work)); };
  result.in_one_second = [this](std::function<void()> work) { executor.after(seconds(1), std::move(work)); };
  return result;
}

void Lobby::House::recorded(const hall::Event& event, const journal::Line& line) {
  ++events_by_type[line.type];
  log_event(event);
  if (const auto* opened = std::get_if<hall::DayOpened>(&event.body)) {
    if (const auto warning = calendar_warning(file.hall, opened->date)) {
      log(Priority::warning, *warning);
    }
  }
  if (publish) {
    publish(streamed(line));
  }
  if (issue) {
    issue->on_event(event);
    calls->on_event(event);
    buttons->on_event(event);
    arrivals->on_event(event);
    boards->on_event(event);
    evaluations->on_event(event);
    if (const auto* finished = std::get_if<hall::ServiceFinished>(&event.body)) {
      keypads->ask_rating(finished->window);
    }
  }
}

void Lobby::House::device_changed(const hall::ReportDevice& report) {
  registrar.report(report, "");
  if (issue && report.kind == hall::DeviceKind::printer) {
    issue->on_printer(report.device);
  }
}

void Lobby::House::storage_changed(bool writable, const std::string& reason) {
  log_storage(writable, reason);
  roster.tell(storage_id, writable ? hall::DeviceState::ok : hall::DeviceState::degraded, reason);
  if (!writable && calls) {
    calls->start();  // what was not recorded did not happen: every sign shows the state that is on disk
  }
}

void Lobby::House::list_absent() {
  for (const auto& config : file.devices.absent) {
    hall::DeviceView view;
    view.id = config.id;
    view.kind = config.kind;
    view.driver = config.driver;
    view.reason = "no driver serves this kind of device";
    view.zone = config.zone;
    view.window = config.window;
    view.bus = config.bus;
    view.address = config.address;
    view.kiosk = config.kiosk;
    roster.add(std::move(view));
  }
}

void Lobby::House::start_devices() {
  const auto add = [this](const hall::DeviceId& id, hall::DeviceKind kind, const char* driver) {
    hall::DeviceView view;
    view.id = id;
    view.kind = kind;
    view.driver = driver;
    roster.add(std::move(view));
    roster.tell(id, hall::DeviceState::ok, "");
  };
  add(clock_id, hall::DeviceKind::clock, "system");
  add(storage_id, hall::DeviceKind::storage, "sqlite");
  printers = std::make_unique<devices::Printers>(
      executor, file.devices.printers,
      [this](const devices::PrinterConfig& config) { return link_to(io, config); }, roster,
      devices::Printers::Options{devices::paper_glyphs(file.papers.fonts), earlier.used, earlier.torn,
                                 [this](const hall::DeviceId& id) {
                                   if (issue) {
                                     issue->on_printer(id);
                                   }
                                 }});
  buses = std::make_unique<devices::Buses>(executor, file.devices.buses, roster);
  devices::WindowUnits::Reports reports;
  reports.key = [this](const hall::WindowId& window, hall::KeyPress press, wire::window_unit::Key pressed,
                       std::function<void()> take) {
    if (stopping) {
      return;  // not acknowledged either: it waits in the unit
    }
    calls->on_key(window, meant_by(meaning_of(pressed)), std::move(press), std::move(take));
  };
  reports.call_shown = [this](const hall::WindowId& window, std::uint64_t call,
                              const hall::DeviceId& device) { calls->on_shown(window, call, device); };
  units = std::make_unique<devices::WindowUnits>(
      executor, file.devices.units, [this](const hall::DeviceId& id) -> bus::Bus& { return buses->find(id); },
      [this](const hall::DeviceId& id) { return journal->last_press(id); }, roster, std::move(reports));
  start_panels();
  start_other_makers();
  const auto papers = [this] {
    return PaperSource{file.hall, registrar.state(), file.papers, options.now()};
  };
  commissioning = std::make_unique<Commissioning>(Commissioning::Devices{*buses, *units, *panels, *printers},
                                                  file, papers);
  slips = std::make_unique<Slips>(*printers, papers);
  start_readers();
  list_absent();
}

/// What a key means in this hall, by what is printed on it.
flows::Key Lobby::House::meant_by(flows::Key printed) const {
  const auto meant = file.keys.find(printed);
  return meant == file.keys.end() ? printed : meant->second;
}

void Lobby::House::start_panels() {
  panels = std::make_unique<devices::Panels>(
      executor, file.devices.panels,
      [this](const hall::DeviceId& id) -> bus::Bus& { return buses->find(id); },
      [this](const hall::DeviceId& id) { return journal->last_press(id); }, roster,
      [this](const hall::DeviceId& panel, unsigned button, hall::KeyPress press, std::function<void()> take) {
        if (!stopping) {  // else it waits in the panel
          buttons->on_button(panel, button, std::move(press), std::move(take));
        }
      });
}

void Lobby::House::start_other_makers() {
  dialect_lines = std::make_unique<devices::DialectLines>(
      executor, file.devices.dialect_lines, [this](const auto& where) { return link_to(io, where); }, roster);
  other_signs = std::make_unique<devices::Signs>(
      executor, file.devices.signs, *dialect_lines,
      [this](const hall::DeviceId& id) -> bus::Bus& { return buses->find(id); }, roster,
      [this](const hall::WindowId& window, std::uint64_t call, const hall::DeviceId& device) {
        calls->on_shown(window, call, device);
      });
  devices::Keypads::Reports reports;
  reports.key = [this](const hall::WindowId& window, hall::KeyPress press, window::KeypadKey pressed,
                       std::function<void()> take) {
    if (!stopping) {
      calls->on_key(window, meant_by(meaning_of(pressed)), std::move(press), std::move(take));
    }
  };
  reports.rated = [this](const hall::WindowId& window, hall::KeyPress press, hall::Score score,
                         std::function<void()> take) {
    if (!stopping) {
      calls->on_score(window, score, std::move(press), std::move(take));
    }
  };
  keypads = std::make_unique<devices::Keypads>(
      executor, file.devices.keypads, *dialect_lines,
      [this](const hall::DeviceId& id) { return journal->last_press(id); }, roster, std::move(reports));
}

void Lobby::House::start_readers() {
  devices::Readers::Reports reports;
  reports.id_number = [this](const devices::ReaderConfig& reader, std::string_view number) {
    if (!stopping) {
      person_shown(reader, number);
    }
  };
  reports.code = [this](const devices::ReaderConfig& reader, std::string_view code) {
    if (!stopping) {
      arrivals->on_code(reader.kiosk, code, reader.id.value);
    }
  };
  readers = std::make_unique<devices::Readers>(
      executor, file.devices.readers,
      [this](const devices::ReaderConfig& config) { return link_to(io, config); }, roster,
      std::move(reports));
}

void Lobby::House::person_shown(const devices::ReaderConfig& reader, std::string_view number) {
  const auto date = hall::local_date(options.now());
  arrivals->on_person(reader.kiosk, key.applicant_key(number, hall::year_month(date).year),
                      reader.elderly_at && kiosk::is_of_age(number, *reader.elderly_at, hall::to_text(date)));
}

void Lobby::House::start_flows() {
  paper = std::make_unique<PaperPort>(
      *printers, desk,
      PaperPort::Sources{
          file.papers, [this] { return estimator.fresh(options.now()); },
          [this](hall::TicketId ticket) { return key.ticket_token(ticket); },
          [this](hall::TicketId ticket) { return who_asked(*journal, registrar.state(), ticket); }});
  signs = std::make_unique<SignsPort>(*units, *other_signs, *keypads, desk);
  issue = std::make_unique<flows::Issue>(desk, *paper, std::int64_t{file.print_within_s} * 1000);
  calls = std::make_unique<flows::Calls>(desk, *signs);
  arrivals = std::make_unique<flows::Arrivals>(
      desk, [this](const hall::KioskId& kiosk) { buttons->refuse_at(kiosk); });
  desk.before = [this](const hall::Command& command, std::function<void()> go) {
    look_at_printer(command, std::move(go));
  };
  desk.complete = [this](hall::Command& command) { return arrivals->complete(command); };
  lamps = std::make_unique<LampsPort>(*panels);
  buttons = std::make_unique<flows::Panels>(desk, *lamps, file.panels);
  issue->start();
  calls->start();
  buttons->start();
  sources->start();
  outboxes = std::make_unique<OutboxWiring>(
      file.outboxes,
      OutboxWiring::House{executor, *journal, registrar, file.hall, roster, options.state_directory,
                          options.now, logged(devices::feed_spawner(io, options.feed_program)),
                          options.trial_clock_ms});
  pages = std::make_unique<ExportWiring>(
      executor, file.exported, [this] { return sources->public_texts(); }, options.now);
  boards = std::make_unique<BoardWiring>(
      BoardWiring::House{io, executor, file, registrar, *sources, roster, options.now, *dialect_lines,
                         [this](const hall::DeviceId& id) -> bus::Bus& { return buses->find(id); }});
  dialect_lines->start();  // everybody has joined
  evaluations = std::make_unique<EvaluationWiring>(
      EvaluationWiring::House{io, executor, file, desk, roster, options.state_directory, options.now});
}

/// A number that nobody can print must not be given: who gives one asks the printer first.
void Lobby::House::look_at_printer(const hall::Command& command, std::function<void()> go) {
  const auto* issue_one = std::get_if<hall::IssueTicket>(&command);
  const auto* kiosk = issue_one != nullptr && issue_one->kiosk ? file.hall.find(*issue_one->kiosk) : nullptr;
  if (kiosk == nullptr || kiosk->printer.value.empty()) {
    return go();
  }
  printers->refresh(kiosk->printer, [this, other = kiosk->other_printer, go = std::move(go)]() mutable {
    printers->refresh(other, std::move(go));
  });
}

void Lobby::House::second_passed() {
  const auto now = options.now();
  const auto trouble = hall::clock_is_behind(registrar.state(), now)
                           ? std::optional<std::string>("the clock is behind the last event: set it")
                           : calendar_warning(file.hall, hall::local_date(now));
  roster.tell(clock_id, trouble ? hall::DeviceState::degraded : hall::DeviceState::ok, trouble.value_or(""));
  registrar.turn_day_if_due();
  registrar.when_durable([this] { estimator.look(file.hall, registrar.state(), options.now()); });
  issue->tick();
  if (!stopping) {
    buttons->tick();
  }
  arrivals->tick();
  sources->tick();
  boards->tick();
  evaluations->tick();
  signs->refresh_waiting();
  each_second.start(seconds(1), [this] { second_passed(); });
}

void Lobby::House::stop(std::function<void()> then) {
  // The last tenth is for whoever ends the program.
  const auto at_most = milliseconds(seconds(file.stop_grace_s)) * 9 / 10;
  stopping = true;
  ended = std::move(then);
  grace.start(at_most, [this] { end(); });
  sources->stop();
  outboxes->stop();
  pages->stop();
  units->want_closing(windows());
  panels->want_dark();
  other_signs->want_closing(windows());
  keypads->want_dark();
  still_busy = 4;
  boards->boards().stop(at_most, [this] { wait_for_records(); });
  other_signs->when_settled(at_most, [this] { wait_for_records(); });
  units->when_settled(at_most, [this] { wait_for_records(); });
  issue->stop([this] { wait_for_records(); });
}

/// What became of signs and paper was reported, but is not on the disk yet.
void Lobby::House::wait_for_records() {
  if (--still_busy == 0) {
    registrar.when_idle([this] { end(); });
  }
}

void Lobby::House::end() {
  grace.cancel();
  if (ended) {
    executor.post(std::exchange(ended, nullptr));
  }
}

std::vector<hall::WindowView> Lobby::House::windows() const {
  std::vector<hall::WindowView> views;
  views.reserve(file.hall.windows.size());
  for (const auto& window : file.hall.windows) {
    views.push_back(hall::window_view(file.hall, registrar.state(), window));
  }
  return views;
}

}  // namespace lobby::app
