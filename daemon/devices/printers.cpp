#include "daemon/devices/printers.hpp"

#include <algorithm>
#include <deque>
#include <utility>
#include <variant>

#include "daemon/devices/device_state.hpp"

namespace lobby::devices {
namespace {

using hall::DeviceState;
using printer::PrintResult;

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
  struct Wanted {
    printer::Job job;
    Done done;
    Later later;
  };
  Unit(link::Executor& executor, const PrinterConfig& config, std::unique_ptr<link::ByteLink> link,
       Roster& to_roster, const Options& options)
      : id(config.id),
        profile(config.profile),
        tickets_when_low(config.tickets_when_low),
        loop(executor),
        roster(to_roster),
        ready(options.ready),
        device(executor, std::move(link), config.profile, *this,
               {options.glyphs, config.has_flow_bytes(), config.retract_after}) {}

  // --- how it is ---
  void printer_changed(link::Status status, std::string_view reason) override {
    is_known = is_known || was_heard(status);
    prints = status == link::Status::ok;
    trouble = reason;
    const bool is_low = prints && !reason.empty();
    if (is_low != was_low) {
      was_low = is_low;
      since_low = 0;
    }
    const auto state = state_of(status, reason, is_known);
    roster.detail(id, detail());
    roster.tell(id, state, reason, state == DeviceState::degraded && !prints);
    look_at_waiting();
  }
  void printer_ready() override { look_at_waiting(); }

  /// How it is wired and, once the paper is low, how far it goes.
  std::string detail() const {
    auto text = device.describe();
    if (was_low && tickets_when_low) {
      const auto left = std::max(0, *tickets_when_low - since_low);
      text += "; about " + std::to_string(left) + " tickets left on the roll";
    } else if (was_low) {
      text += "; " + std::to_string(since_low) + " tickets since the paper became low";
    }
    if (lost_characters > 0) {
      text += "; " + std::to_string(lost_characters) + " characters printed as 〓, no font has them";
    }
    return text;
  }

  // --- papers ---
  /// One at a time: a slip that somebody asks for never meets a ticket in the printer.
  void print(Wanted wanted) {
    waiting.push_back(std::move(wanted));
    look_at_waiting();
  }
  void look_at_waiting() {
    if (is_printing) {
      return;
    }
    if (!waiting.empty() && (device.is_ready() || !prints)) {
      begin(std::move(waiting.front()));
    } else if (waiting.empty() && device.is_ready() && ready) {
      loop.post([ready = ready, id = id] { ready(id); });
    }
  }
  /// Of a printer that cannot print, it is the driver who says why.
  void begin(Wanted wanted) {
    waiting.pop_front();
    is_printing = true;
    device.print(
        wanted.job,
        [this, done = std::move(wanted.done)](PrintResult result, std::string reason) {
          is_printing = false;
          count(result);
          done(result, std::move(reason));
          look_at_waiting();
        },
        std::move(wanted.later));
  }
  void count(PrintResult result) {
    if (result == PrintResult::failed) {
      return;
    }
    lost_characters += device.losses().characters;
    since_low += was_low ? 1 : 0;
    roster.detail(id, detail());
  }

  hall::DeviceId id;
  printer::Profile profile;
  std::optional<int> tickets_when_low;
  link::Executor& loop;
  Roster& roster;
  Ready ready;
  std::string trouble;
  bool is_printing = false;
  std::deque<Wanted> waiting;
  bool is_known = false;
  bool prints = false;
  bool was_low = false;
  int since_low = 0;  ///< tickets
  unsigned lost_characters = 0;
  printer::TicketPrinter device;
};

Printers::Printers(link::Executor& executor, const std::vector<PrinterConfig>& configs,
                   const MakeLink& make_link, Roster& roster, Options options)
    : executor_(executor) {
  for (const auto& config : configs) {
    units_.push_back(std::make_unique<Unit>(executor, config, make_link(config), roster, options));
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
    const auto is_among = [&](const std::vector<hall::DeviceId>& ids) {
      return std::find(ids.begin(), ids.end(), unit->id) != ids.end();
    };
    if (is_among(options.used)) {
      unit->device.was_used();
    }
    if (is_among(options.torn)) {
      unit->device.left_torn();
    }
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

bool Printers::is_ready(const hall::DeviceId& id) const {
  const auto* unit = find(id);
  return unit != nullptr && !unit->is_printing && unit->waiting.empty() && unit->device.is_ready();
}

void Printers::print(const hall::DeviceId& id, const display::TicketPaper& paper, Done done, Later later) {
  auto* unit = find(id);
  if (unit == nullptr) {
    executor_.post([done = std::move(done)] { done(PrintResult::failed, "there is no such printer"); });
    return;
  }
  unit->print({job_of(paper, unit->profile.columns), std::move(done), std::move(later)});
}

void Printers::identify(const hall::DeviceId& id,
                        std::function<void(std::optional<printer::Identity>)> done) {
  if (auto* unit = find(id); unit != nullptr && unit->profile.identifies) {
    unit->device.identify(std::move(done));
  } else {
    executor_.post([done = std::move(done)] { done(std::nullopt); });
  }
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
