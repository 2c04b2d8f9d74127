#include <algorithm>

#include "daemon/hall/deciding.hpp"

namespace lobby::hall::deciding {

void add_close(Draft& draft, const Asked& asked, const WindowRecord& record) {
  for (const Line::Entry& entry : record.line.entries()) {
    const Ticket* ticket = asked.state.find(entry.ticket);
    if (ticket == nullptr) {
      continue;
    }
    TicketTransferred back;
    static_cast<AboutTicket&>(back) = about(asked.state, *ticket);
    back.window = record.id;
    back.to_service = back.service;
    back.place = QueuePlace::keep;
    back.queued_at = asked.context.now;
    back.queued_at.utc_ms = ticket->place_ms;
    draft.add(std::move(back));
  }
  draft.add(WindowClosed{AboutWindow{record.id}});
}

Decision on(const Asked& asked, const OpenWindow& command) {
  const Place place = place_of(asked, command.window);
  if (auto refusal = refuse_unless(place, command.window, Need::closed)) {
    return *std::move(refusal);
  }
  if (auto refusal = refuse_without_day(asked)) {
    return *std::move(refusal);
  }
  if (asked.state.day_closed) {
    return refuse(Refused::wrong_state, "the business day is over");
  }
  return one(asked, WindowOpened{AboutWindow{command.window}, command.clerk, {}});
}

Decision on(const Asked& asked, const TakeOverWindow& command) {
  const Place place = place_of(asked, command.window);
  if (place.window == nullptr) {
    return refuse_unknown(command.window);
  }
  const std::string words = "window `" + command.window.value + "` ";
  if (place.state == WindowState::closed) {
    return refuse(Refused::window_closed, words + "is closed; open it");
  }
  if (place.record->clerk == command.clerk) {
    return refuse(Refused::wrong_state, words + "is this clerk's already");
  }
  const auto& backups = place.window->backups;
  if (!backups.empty() && std::find(backups.begin(), backups.end(), command.clerk) == backups.end()) {
    return refuse(Refused::forbidden, words + "has other backup clerks");
  }
  return one(asked, WindowOpened{AboutWindow{command.window}, command.clerk, place.record->clerk});
}

Decision on(const Asked& asked, const CloseWindow& command) {
  const Place place = place_of(asked, command.window);
  if (auto refusal = refuse_unless(place, command.window, Need::without_ticket)) {
    return *std::move(refusal);
  }
  Draft draft(asked);
  add_close(draft, asked, *place.record);
  return draft.done();
}

Decision on(const Asked& asked, const PauseWindow& command) {
  const Place place = place_of(asked, command.window);
  if (auto refusal = refuse_unless(place, command.window, Need::open)) {
    return *std::move(refusal);
  }
  return one(asked,
             WindowPaused{AboutWindow{command.window}, command.reason, command.message, command.back_at});
}

Decision on(const Asked& asked, const ResumeWindow& command) {
  const Place place = place_of(asked, command.window);
  if (auto refusal = refuse_unless(place, command.window, Need::paused)) {
    return *std::move(refusal);
  }
  return one(asked, WindowResumed{AboutWindow{command.window}});
}

Decision on(const Asked& asked, const CallHelp& command) {
  const Place place = place_of(asked, command.window);
  if (place.window == nullptr) {
    return refuse_unknown(command.window);
  }
  if (place.record != nullptr && place.record->help_at) {
    return Refusal{Refused::wrong_state, "help was called to the window already"};
  }
  return one(asked, HelpCalled{AboutWindow{command.window}});
}

Decision on(const Asked& asked, const EndHelp& command) {
  const Place place = place_of(asked, command.window);
  if (place.window == nullptr) {
    return refuse_unknown(command.window);
  }
  if (place.record == nullptr || !place.record->help_at) {
    return Refusal{Refused::wrong_state, "no help was called to the window"};
  }
  return one(asked, HelpEnded{AboutWindow{command.window}});
}

}  // namespace lobby::hall::deciding
