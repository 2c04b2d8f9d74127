#include "daemon/devices/printers.hpp"

#include <algorithm>
#include <deque>
#include <utility>
#include <variant>

#include "daemon/devices/device_state.hpp"

namespace lobby::devices {
namespace {

using hall::DeviceState;
using hall::PrintState;

PrintState state_of(printer::PrintResult result) {
  switch (result) {
    case printer::PrintResult::printed:
      return PrintState::printed;
    case printer::PrintResult::sent:
      return PrintState::sent;
    case printer::PrintResult::failed:
      return PrintState::failed;
    case printer::PrintResult::unknown:
      break;
  }
  return PrintState::unknown;
}

printer::TextLine::Align align_of(display::PaperLine::Align align) {
  switch (align) {
    case display::PaperLine::Align::centre:
      return printer::TextLine::Align::centre;
    case display::PaperLine::Align::right:
      return printer::TextLine::Align::right;
    default:
      return printer::TextLine::Align::left;
  }
}

printer::Job job_of(const display::TicketPaper& paper, int columns) {
  printer::Job job;
  for (auto& item : display::ticket_face(paper, columns)) {
    if (auto* line = std::get_if<display::PaperLine>(&item)) {
      job.items.push_back(
          printer::TextLine{std::move(line->text), align_of(line->align), line->scale, line->bold});
    } else if (auto* code = std::get_if<display::PaperQr>(&item)) {
      job.items.push_back(printer::Qr{std::move(code->data), code->module, align_of(code->align)});
    }
  }
  return job;
}

}  // namespace

struct Printers::Unit final : printer::TicketPrinter::Listener {
  Unit(link::Executor& executor, const PrinterConfig& config, std::unique_ptr<link::ByteLink> link,
       Roster& to_roster)
      : id(config.id),
        profile(config.profile),
        columns(config.profile.columns),
        roster(to_roster),
        device(executor, std::move(link), config.profile, *this) {}

  void printer_changed(link::Status status, std::string_view reason) override {
    is_known = is_known || was_heard(status);
    prints = status == link::Status::ok;
    const auto state = state_of(status, reason, is_known);
    roster.tell(id, state, reason, state == DeviceState::degraded && !prints);
    trouble = reason;
  }

  using Done = std::function<void(printer::PrintResult, std::string)>;

  /// One paper at a time: a slip that somebody asks for never meets a ticket in the printer.
  void print(printer::Job job, Done done) {
    waiting.emplace_back(std::move(job), std::move(done));
    begin_next();
  }
  void begin_next() {
    if (is_printing || waiting.empty()) {
      return;
    }
    is_printing = true;
    auto [job, done] = std::move(waiting.front());
    waiting.pop_front();
    device.print(job, [this, done = std::move(done)](printer::PrintResult result, std::string reason) {
      is_printing = false;
      done(result, std::move(reason));
      begin_next();
    });
  }

  hall::DeviceId id;
  printer::Profile profile;
  int columns;
  Roster& roster;
  std::string trouble;
  bool is_printing = false;
  std::deque<std::pair<printer::Job, Done>> waiting;
  bool is_known = false;
  bool prints = false;
  printer::TicketPrinter device;
};

Printers::Printers(link::Executor& executor, const std::vector<PrinterConfig>& configs,
                   const MakeLink& make_link, Roster& roster)
    : executor_(executor) {
  for (const auto& config : configs) {
    units_.push_back(std::make_unique<Unit>(executor, config, make_link(config), roster));
    hall::DeviceView view;
    view.id = config.id;
    view.kind = hall::DeviceKind::printer;
    view.driver = config.profile.name;
    view.zone = config.zone;
    view.reason = "not heard of yet";
    view.detail = units_.back()->device.describe();
    roster.add(std::move(view));
  }
  for (const auto& unit : units_) {
    unit->device.start();
  }
}

Printers::~Printers() = default;

Printers::Unit* Printers::find(const hall::DeviceId& id) const {
  const auto found =
      std::find_if(units_.begin(), units_.end(), [&](const auto& unit) { return unit->id == id; });
  return found == units_.end() ? nullptr : found->get();
}

bool Printers::can_print(const hall::DeviceId& id) const {
  const auto* unit = find(id);
  return unit != nullptr && unit->prints;
}

void Printers::print(const hall::DeviceId& id, const display::TicketPaper& paper,
                     std::function<void(PrintState, std::string reason)> done) {
  auto* unit = find(id);
  if (unit == nullptr) {
    executor_.post([done = std::move(done)] { done(PrintState::failed, "there is no such printer"); });
    return;
  }
  unit->print(job_of(paper, unit->columns),
              [done = std::move(done)](printer::PrintResult result, std::string reason) {
                done(state_of(result), std::move(reason));
              });
}

void Printers::refresh(const hall::DeviceId& id, std::function<void()> done) {
  if (auto* unit = find(id)) {
    unit->device.refresh(std::move(done));
  } else {
    done();
  }
}

std::optional<Printers::About> Printers::about(const hall::DeviceId& id) const {
  const auto* unit = find(id);
  if (unit == nullptr) {
    return std::nullopt;
  }
  return About{unit->profile, unit->device.describe(), unit->trouble.empty() ? "ok" : unit->trouble};
}

}  // namespace lobby::devices
