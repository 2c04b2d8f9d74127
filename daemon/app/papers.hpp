#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "daemon/hall/estimate.hpp"
#include "daemon/hall/site.hpp"
#include "daemon/hall/state.hpp"
#include "display/ticket/ticket_face.hpp"

/// What stands on each paper of a site.
namespace lobby::app {

using PaperFace = std::shared_ptr<const display::PaperTemplate>;

/// `[paper]` of a site file, and the templates that it names. Without a printer there are none.
struct Papers {
  PaperFace ticket, notice, checkpoint, self_test;
  std::map<hall::DeviceId, PaperFace> tickets;  ///< of printers that have one of their own
  std::string link;             ///< a ticket's token behind it is the address of its page; may be empty
  std::string complaint_phone;  ///< may be empty
  bool copied_by = true;        ///< a copy says who asked for it
};

}  // namespace lobby::app
