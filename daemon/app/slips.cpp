#include "daemon/app/slips.hpp"

#include <algorithm>
#include <utility>

namespace lobby::app {
namespace {

using hall::Refused;
using printer::PrintResult;

std::string_view to_text(PrintResult result) {
  switch (result) {
    case PrintResult::printed:
      return "printed";
    case PrintResult::sent:
      return "sent";
    default:
      return "unknown";
  }
}

/// Where the person sits: the printer of a kiosk in the window's zone; else where the ticket came out.
hall::DeviceId printer_near(const PaperSource& from, const hall::Ticket& ticket) {
  const auto* window =
      ticket.window != hall::no_ix ? from.site.find(from.state.windows[ticket.window].id) : nullptr;
  for (const auto& kiosk : from.site.kiosks) {
    if (window != nullptr && kiosk.zone == window->zone && !kiosk.printer.value.empty()) {
      return kiosk.printer;
    }
  }
  return ticket.printer != hall::no_ix ? from.state.devices[ticket.printer].id : hall::DeviceId{};
}

}  // namespace

Slips::Slips(devices::Printers& printers, std::function<PaperSource()> papers)
    : printers_(printers), papers_(std::move(papers)) {}

void Slips::notice(hall::TicketId id, const std::vector<std::string>& missing,
                   const std::optional<hall::DeviceId>& printer, Done done) {
  const auto from = papers_();
  const auto* ticket = from.state.find(id);
  if (ticket == nullptr) {
    return done(
        hall::Refusal{Refused::unknown_ticket, "there is no ticket " + std::to_string(id.value) + " today"});
  }
  const auto& notices = from.state.notices;
  const auto notice = std::find_if(notices.rbegin(), notices.rend(),
                                   [&](const hall::Notice& one) { return one.ticket == id; });
  if (notice == notices.rend()) {
    return done(hall::Refusal{
        Refused::wrong_state,
        "ticket " + from.state.number_of(*ticket) + " did not end as notified with the number of a slip"});
  }
  const auto where = printer ? *printer : printer_near(from, *ticket);
  if (where.value.empty()) {
    return done(hall::Refusal{Refused::bad_request, "name the printer: there is none in the window's zone"});
  }
  if (!printers_.about(where)) {
    return done(hall::Refusal{Refused::unknown_device, "there is no printer `" + where.value + "`"});
  }
  printers_.print(
      where, notice_paper(from, *notice, missing, {}),
      [where, done = std::move(done)](PrintResult result, const std::string& reason) {
        if (result == PrintResult::failed || result == PrintResult::voided) {
          done(hall::Refusal{Refused::printer_unavailable, "printer `" + where.value + "`: " + reason});
        } else {
          done(api::PrintedSlip{where, to_text(result)});
        }
      });
}

}  // namespace lobby::app
