#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "daemon/app/papers.hpp"
#include "daemon/app/registrar.hpp"
#include "daemon/devices/keypads.hpp"
#include "daemon/devices/panels.hpp"
#include "daemon/devices/printers.hpp"
#include "daemon/devices/refusal_text.hpp"
#include "daemon/devices/signs.hpp"
#include "daemon/devices/window_units.hpp"
#include "daemon/flows/call.hpp"
#include "daemon/flows/ports.hpp"
#include "daemon/journal/journal.hpp"
#include "drivers/link/executor.hpp"

/// The flows' ports on the real house. Plumbing: nothing is decided here.
namespace lobby::app {

class DeskPort final : public flows::Desk {
 public:
  DeskPort(Registrar& registrar, const hall::Site& site, Registrar::Now now, const link::Executor& executor);
  const hall::Site& site() const override { return site_; }
  const hall::State& state() const override { return registrar_.state(); }
  hall::Instant now() const override { return now_(); }
  std::int64_t mono_ms() const override;
  void ask(hall::Command command, std::string by,
           std::function<void(std::optional<hall::Refusal>)> done) override;
  void ask_for_key(hall::Command command, hall::KeyPress press,
                   std::function<void(std::optional<hall::Refusal>)> done) override;
  void report(hall::Command command, std::string by) override;
  /// What is known besides of a command that is on its way.
  /// Runs `go` when what a command counts on has been looked at.
  std::function<void(const hall::Command&, std::function<void()> go)> before =
      [](const hall::Command&, const std::function<void()>& go) { go(); };
  std::function<std::function<void(hall::Refused)>(hall::Command&)> complete = [](hall::Command&) {
    return [](hall::Refused) {};
  };

 private:
  void submit(Registrar::Request request);
  static Registrar::Request request_of(hall::Command command, std::string by,
                                       std::function<void(std::optional<hall::Refusal>)> done);

  Registrar& registrar_;
  const hall::Site& site_;
  Registrar::Now now_;
  const link::Executor& executor_;
};

/// Who asked for the last copy of a ticket; empty: nobody but its printer.
std::string who_asked(journal::Journal& journal, const hall::State& state, hall::TicketId ticket);

class PaperPort final : public flows::Paper {
 public:
  struct Sources {
    const Papers& papers;
    std::function<const hall::Estimates*()> estimates;  ///< fresh ones, or nullptr
    std::function<std::string(hall::TicketId ticket)> token;
    std::function<std::string(hall::TicketId ticket)> asker;  ///< of the last copy, from the journal
  };
  PaperPort(devices::Printers& printers, const flows::Desk& desk, Sources sources);
  bool is_ready(const hall::DeviceId& printer) const override;
  void print(hall::TicketId ticket, std::uint32_t copy, const hall::DeviceId& printer, Told told) override;

 private:
  devices::Printers& printers_;
  const flows::Desk& desk_;
  Sources sources_;
};

class SignsPort final : public flows::Signs {
 public:
  SignsPort(devices::WindowUnits& units, devices::Signs& others, devices::Keypads& keypads,
            const flows::Desk& desk)
      : units_(units), others_(others), keypads_(keypads), desk_(desk) {}
  void want(const hall::WindowView& window, std::uint64_t call) override;
  void refuse(const hall::WindowId& window, hall::Refused why) override {
    units_.refuse(window, why);
    others_.say(window, devices::refusal_text(why));
    keypads_.refuse(window);
  }
  void ask_rating(const hall::WindowId& window) override {
    units_.ask_rating(window);
    others_.say(window, devices::rating_text);
    keypads_.ask_rating(window);
  }
  /// How many wait for each window, on the displays that show it.
  void refresh_waiting();

 private:
  devices::WindowUnits& units_;
  devices::Signs& others_;
  devices::Keypads& keypads_;
  const flows::Desk& desk_;
};

class LampsPort final : public flows::PanelLamps {
 public:
  explicit LampsPort(devices::Panels& panels) : panels_(panels) {}
  void want(const hall::DeviceId& panel, Lit lit) override { panels_.want(panel, {lit.on, lit.blinking}); }
  void beep(const hall::DeviceId& panel) override { panels_.beep(panel); }

 private:
  devices::Panels& panels_;
};

/// What a key of the window unit's pad means.
flows::Key meaning_of(wire::window_unit::Key key);
/// The same for a keypad of another maker.
flows::Key meaning_of(window::KeypadKey key);

}  // namespace lobby::app
