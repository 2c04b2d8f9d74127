#pragma once

#include <string>

#include "tests/hall/a_hall.hpp"

namespace lobby::hall::testing {

inline TicketId issue(Hall& hall, Lane lane = Lane::ordinary, const std::string& service = "social") {
  auto command = an_issue(service);
  command.lane = lane;
  if (lane == Lane::green) {
    command.green_type = 1;
    command.granted_by = "chief";
  }
  return *ticket_of(hall.must(command).front());
}

/// The next one at the window; who stands there is finished.
inline TicketId call(Hall& hall, const WindowId& window = {"w1"}) {
  return *ticket_of(hall.must(CallNext{.window = window, .finish_first = true}).back());
}

}  // namespace lobby::hall::testing
