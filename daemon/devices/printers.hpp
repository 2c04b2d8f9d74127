#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/devices/config.hpp"
#include "daemon/devices/roster.hpp"
#include "daemon/hall/ids.hpp"
#include "daemon/hall/words.hpp"
#include "display/ticket/ticket_face.hpp"
#include "drivers/link/byte_link.hpp"
#include "drivers/link/executor.hpp"
#include "drivers/printer/ticket_printer.hpp"

namespace lobby::devices {

/// The site's ticket printers. On one side a paper face and a print state, on the other drivers/printer.
class Printers {
 public:
  using MakeLink = std::function<std::unique_ptr<link::ByteLink>(const PrinterConfig&)>;
  /// Somebody could print on it again.
  using Ready = std::function<void(const hall::DeviceId&)>;
  /// What a site decides for all of its printers.
  struct Options {
    printer::escpos::Glyphs glyphs;    ///< for characters that a printer's own font lacks
    std::vector<hall::DeviceId> used;  ///< which an earlier life of the daemon may have printed on
    std::vector<hall::DeviceId> torn;  ///< of these: where part of a ticket may have been left
    Ready ready;                       ///< may be empty
  };
  /// Adds each printer to the roster (kind printer) and starts it. There it is `absent` until it was heard
  /// once, `gone` when its wire is or it fell silent, `degraded` when it says why it cannot print (then
  /// also blocked: no number is given for it) or is low on paper (then it prints on, and `detail` counts).
  Printers(link::Executor& executor, const std::vector<PrinterConfig>& configs, const MakeLink& make_link,
           Roster& roster, Options options = {});
  ~Printers();

  using Done = std::function<void(printer::PrintResult, std::string reason)>;
  using Later = std::function<void(printer::Learnt)>;
  /// Paper for the printer's width, behind what it prints already. `done` exactly once, and why. An unknown
  /// id or a printer that is away: failed, at once (posted). `later`: what is learnt of it after that.
  void print(const hall::DeviceId& id, const display::TicketPaper& paper, Done done, Later later = {});

  /// Tells when it is known whether the printer can print now, at most 300 ms later; what came of it is in
  /// the roster by then. An unknown id: at once.
  void refresh(const hall::DeviceId& id, std::function<void()> done);

  /// What is known of one: what it can do by its profile, how it is wired, and how it is.
  struct About {
    printer::Profile profile;
    std::string wire;
    std::string state;  ///< `ok`, or what is wrong
  };
  /// nullopt: no such printer.
  std::optional<About> about(const hall::DeviceId& id) const;

  /// Would it take a ticket now, or when the one in flight is done? Also when its paper is low.
  bool can_print(const hall::DeviceId& id) const;
  /// Would the first byte of a ticket leave at once?
  bool is_ready(const hall::DeviceId& id) const;

  /// Asks a printer what it is; nullopt: it cannot be asked, or does not answer.
  void identify(const hall::DeviceId& id, std::function<void(std::optional<printer::Identity>)> done);

 private:
  struct Unit;
  Unit* find(const hall::DeviceId& id) const;
  link::Executor& executor_;
  std::vector<std::unique_ptr<Unit>> units_;
};

}  // namespace lobby::devices
