#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/link/byte_link.hpp"
#include "drivers/link/executor.hpp"
#include "drivers/printer/encoded.hpp"
#include "drivers/printer/glyphs.hpp"
#include "drivers/printer/job.hpp"
#include "drivers/printer/print_run.hpp"
#include "drivers/printer/profile.hpp"

namespace lobby::printer {

/// What is learnt of a job after its result.
enum class Learnt : std::uint8_t {
  proven,    ///< it was unknown, and the missing proof came after all
  taken,     ///< somebody took it from the outlet
  retracted  ///< nobody did, and the printer took it back
};

/// What a printer says of itself, as it says it; empty where it says nothing.
struct Identity {
  std::string maker, model, firmware, serial, font;
};

/// What is decided of a printer where it stands.
struct PrinterOptions {
  escpos::Glyphs glyphs;                                    ///< for what its own font lacks
  bool flow_bytes = true;                                   ///< XON and XOFF may stand between what it says
  link::Duration retract_after = std::chrono::seconds(30);  ///< of a ticket that nobody takes
};

/// One ticket printer on a byte link: one job at a time. Knows no ticket.
///
/// It is asked how it is once a second, and every 300 ms while a job is in it. A job that ended in anything
/// but `printed` or `sent` may leave something in the printer; that is got out, and cut off, before the next
/// one.
class TicketPrinter {
 public:
  struct Listener {
    virtual ~Listener() = default;
    /// ok; `refused` = on line but cannot print (paper, cover, cutter, named in `reason`); `gone`, `timeout`
    /// …
    virtual void printer_changed(link::Status status, std::string_view reason) = 0;
    /// It has become ready, without a change of its status: the job before is out of it.
    virtual void printer_ready() {}
  };
  TicketPrinter(link::Executor& executor, std::unique_ptr<link::ByteLink> link, Profile profile,
                Listener& listener, PrinterOptions options = {});
  ~TicketPrinter();
  TicketPrinter(const TicketPrinter&) = delete;
  TicketPrinter& operator=(const TicketPrinter&) = delete;

  /// An earlier life printed on it, so that answers to its fences may still come. Before start().
  void was_used();
  /// It may even have left part of a job in the printer. Before start().
  void left_torn();
  void start();
  /// Tells when what is known of the printer is at most `fresh_for` old. It is asked, when it is older; one
  /// that has not answered within `answer_within` counts as away from then on, until it answers. At once with
  /// a job in flight, and of a printer that cannot be asked.
  void refresh(std::function<void()> done);
  static constexpr link::Duration fresh_for = std::chrono::seconds(1);
  static constexpr link::Duration answer_within = std::chrono::milliseconds(300);
  /// On line, no fault known, nothing of a job before in it, and no ticket in the outlet that it could
  /// retract.
  bool is_ready() const;

  using Done = std::function<void(PrintResult, std::string reason)>;
  /// Of a printer that was heard within `fresh_for` the first byte leaves before this returns; another one is
  /// asked first. `done` runs exactly once, in a later turn, at the latest 8 s after the longest that the job
  /// takes on a printer that is well. `failed`, "busy" when it is not ready. `learnt` runs after `done`, if
  /// anything is; never again once the printer is destroyed.
  void print(const Job& job, Done done, std::function<void(Learnt)> learnt = {});
  /// Asks what it is, by its profile; nullopt: it cannot be asked, does not answer, or is busy.
  void identify(std::function<void(std::optional<Identity>)> done);
  /// What the last job lost on the way to bytes.
  escpos::Losses losses() const;
  std::string describe() const;

 private:
  class Machine;
  std::shared_ptr<Machine> machine_;
};

}  // namespace lobby::printer
