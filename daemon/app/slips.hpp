#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/api/backend.hpp"
#include "daemon/app/papers.hpp"
#include "daemon/devices/printers.hpp"
#include "daemon/hall/decide.hpp"

namespace lobby::app {

/// Papers that staff ask for and that are no tickets. They wait behind what their printer prints, and nothing
/// of them is kept.
class Slips {
 public:
  /// `papers`: what a slip is made from, now. Lives on the loop; the printers outlive it.
  Slips(devices::Printers& printers, std::function<PaperSource()> papers);

  using Done = std::function<void(std::variant<api::PrintedSlip, hall::Refusal>)>;
  /// 一次性告知 for a ticket that ended as `notified` today. `printer`: left out, that of a kiosk in the
  /// window's zone, or the ticket's own. `done` once, after the printer's word.
  void notice(hall::TicketId ticket, const std::vector<std::string>& missing,
              const std::optional<hall::DeviceId>& printer, Done done);

 private:
  devices::Printers& printers_;
  std::function<PaperSource()> papers_;
};

}  // namespace lobby::app
