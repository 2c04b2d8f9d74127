#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/devices/paper_glyphs.hpp"
#include "daemon/hall/estimate.hpp"
#include "daemon/hall/event.hpp"
#include "daemon/hall/site.hpp"
#include "daemon/hall/state.hpp"
#include "display/ticket/ticket_face.hpp"

/// What stands on each paper of a site: the hall's words on one side, the names of the templates on the
/// other.
namespace lobby::app {

using PaperFace = std::shared_ptr<const display::PaperTemplate>;

/// `[paper]` of a site file, and the templates that it names. Without a printer there are none.
struct Papers {
  PaperFace ticket, notice, checkpoint, self_test;
  std::map<hall::DeviceId, PaperFace> tickets;  ///< of printers that have one of their own
  std::string link;  ///< a ticket's token behind it is the address of its page; may be empty
  std::string complaint_phone;
  bool copied_by = true;                                            ///< a copy says who asked for it
  std::vector<std::string> fonts = devices::default_paper_fonts();  ///< for what the printers' own lack
};

/// What a paper is made from, at the moment when it is printed.
struct PaperSource {
  const hall::Site& site;
  const hall::State& state;
  const Papers& papers;
  hall::Instant now;
  const hall::Estimates* estimates = nullptr;  ///< fresh ones, or no wait is told
};

/// The how-manieth copy, 0: the original; and the account or device that asked for it, when that is known.
struct PaperCopy {
  std::uint32_t n = 0;
  std::string by = {};
};

/// The ticket for one of the site's printers. `token`: the ticket's, which a copy shares.
display::TicketPaper ticket_paper(const PaperSource& from, const hall::Ticket& ticket,
                                  const hall::DeviceId& printer, const PaperCopy& copy,
                                  const std::string& token);

/// 一次性告知. `missing`: what the person is to bring, one thing each.
display::TicketPaper notice_paper(const PaperSource& from, const hall::Notice& notice,
                                  const std::vector<std::string>& missing, const PaperCopy& copy);

/// How far the evidence of a bid evaluation reaches.
struct Checkpoint {
  std::string session;  ///< its log's id
  std::string room;
  std::uint32_t record = 0;
  std::string head;  ///< hash in hexadecimal; the paper shows 16 digits
  hall::Instant at;
  std::string qr;  ///< what the symbol says; may be empty
};
display::TicketPaper checkpoint_paper(const hall::Site& site, const Papers& papers,
                                      const Checkpoint& checkpoint);

/// What a printer says of itself, as people read it. What is empty is not said.
struct PrinterTraits {
  hall::DeviceId printer;
  std::string model, firmware, fonts, proof, wire, state;
  int columns = 48;
};
display::TicketPaper self_test_paper(const PaperSource& from, const PrinterTraits& traits);

}  // namespace lobby::app
