#include "daemon/app/ports.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

namespace lobby::app {

DeskPort::DeskPort(Registrar& registrar, const hall::Site& site, Registrar::Now now,
                   const link::Executor& executor)
    : registrar_(registrar), site_(site), now_(std::move(now)), executor_(executor) {}

std::int64_t DeskPort::mono_ms() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(executor_.now().time_since_epoch()).count();
}

Registrar::Request DeskPort::request_of(hall::Command command, std::string by,
                                        std::function<void(std::optional<hall::Refusal>)> done) {
  Registrar::Request request;
  request.command = std::move(command);
  request.by = std::move(by);
  request.done = [done = std::move(done)](std::variant<std::vector<hall::Event>, hall::Refusal> result) {
    auto* refusal = std::get_if<hall::Refusal>(&result);
    done(refusal != nullptr ? std::optional(std::move(*refusal)) : std::nullopt);
  };
  return request;
}

void DeskPort::ask(hall::Command command, std::string by,
                   std::function<void(std::optional<hall::Refusal>)> done) {
  submit(request_of(std::move(command), std::move(by), std::move(done)));
}

void DeskPort::ask_for_key(hall::Command command, hall::KeyPress press,
                           std::function<void(std::optional<hall::Refusal>)> done) {
  auto refused = complete(command);
  auto request = request_of(
      std::move(command), press.device.value,
      [refused = std::move(refused), done = std::move(done)](const std::optional<hall::Refusal>& refusal) {
        if (refusal) {
          refused(refusal->code);
        }
        done(refusal);
      });
  request.press = std::move(press);
  submit(std::move(request));
}

void DeskPort::submit(Registrar::Request request) {
  const auto held = std::make_shared<Registrar::Request>(std::move(request));
  before(held->command, [this, held] { registrar_.submit(std::move(*held)); });
}

void DeskPort::report(hall::Command command, std::string by) {
  registrar_.report(std::move(command), std::move(by));
}

namespace {

flows::Paper::Result result_of(printer::PrintResult result) {
  switch (result) {
    case printer::PrintResult::printed:
      return flows::Paper::Result::printed;
    case printer::PrintResult::sent:
      return flows::Paper::Result::sent;
    case printer::PrintResult::failed:
      return flows::Paper::Result::failed;
    case printer::PrintResult::voided:
      return flows::Paper::Result::voided;
    default:
      return flows::Paper::Result::unknown;
  }
}

flows::Paper::Later later_of(printer::Learnt learnt) {
  switch (learnt) {
    case printer::Learnt::proven:
      return flows::Paper::Later::proven;
    case printer::Learnt::taken:
      return flows::Paper::Later::taken;
    default:
      return flows::Paper::Later::retracted;
  }
}

}  // namespace

std::string who_asked(journal::Journal& journal, const hall::State& state, hall::TicketId ticket) {
  constexpr std::size_t most = 200;
  std::string asker;
  for (const auto& line : journal.history(ticket, most)) {
    if (line.type == hall::TicketReprinted::type) {
      const auto event = journal::from_json(line.json);
      asker = event ? event->by : "";
    }
  }
  return state.find(hall::DeviceId{asker}) == nullptr ? asker : "";
}

PaperPort::PaperPort(devices::Printers& printers, const flows::Desk& desk, Sources sources)
    : printers_(printers), desk_(desk), sources_(std::move(sources)) {}

bool PaperPort::is_ready(const hall::DeviceId& printer) const {
  return printers_.is_ready(printer);
}

void PaperPort::print(hall::TicketId ticket, std::uint32_t copy, const hall::DeviceId& printer, Told told) {
  const auto* found = desk_.state().find(ticket);
  if (found == nullptr) {  // the day turned between the record and the paper
    told.done(Result::failed, "the ticket's day is over");
    return;
  }
  const PaperSource from{desk_.site(), desk_.state(), sources_.papers, desk_.now(), sources_.estimates()};
  const PaperCopy which{copy, copy > 0 ? sources_.asker(ticket) : ""};
  printers_.print(
      printer, ticket_paper(from, *found, printer, which, sources_.token(ticket)),
      [done = std::move(told.done)](printer::PrintResult result, std::string reason) {
        done(result_of(result), std::move(reason));
      },
      [later = std::move(told.later)](printer::Learnt learnt) { later(later_of(learnt)); });
}

namespace {

/// Tickets that the window may call.
std::uint32_t waiting_for(const hall::WindowView& window, const hall::State& state) {
  std::size_t waiting = 0;
  for (const auto& service : window.services) {
    if (const auto* queue = state.find(service)) {
      waiting += queue->waiting();
    }
  }
  return static_cast<std::uint32_t>(waiting);
}

}  // namespace

void SignsPort::want(const hall::WindowView& window, std::uint64_t call) {
  units_.want(window, call);
  others_.want(window, call);
  keypads_.want(window, waiting_for(window, desk_.state()));
}

void SignsPort::refresh_waiting() {
  for (const auto& window : desk_.site().windows) {
    const auto view = hall::window_view(desk_.site(), desk_.state(), window);
    keypads_.want(view, waiting_for(view, desk_.state()));
  }
}

flows::Key meaning_of(wire::window_unit::Key key) {
  using wire::window_unit::Key;
  switch (key) {
    case Key::call:
      return flows::Key::call;
    case Key::recall:
      return flows::Key::recall;
    case Key::start:
      return flows::Key::start;
    case Key::finish:
      return flows::Key::finish;
    case Key::no_show:
      return flows::Key::no_show;
    case Key::hold:
      return flows::Key::hold;
    case Key::transfer:
      return flows::Key::transfer;
    case Key::pause:
      return flows::Key::pause;
    case Key::evaluate:
      return flows::Key::evaluate;
    case Key::help:
      return flows::Key::help;
    default:
      return key <= Key::digit_9 ? static_cast<flows::Key>(key) : flows::Key::other;
  }
}

flows::Key meaning_of(window::KeypadKey key) {
  using window::KeypadKey;
  switch (key) {
    case KeypadKey::call:
      return flows::Key::call;
    case KeypadKey::recall:
      return flows::Key::recall;
    case KeypadKey::no_show:
      return flows::Key::no_show;
    case KeypadKey::hold:
      return flows::Key::hold;
    case KeypadKey::transfer:
      return flows::Key::transfer;
    case KeypadKey::pause:
      return flows::Key::pause;
    case KeypadKey::ask_rating:
      return flows::Key::evaluate;
    default:
      return flows::Key::other;
  }
}

}  // namespace lobby::app
