#include "daemon/api/commands.hpp"

#include <limits>
#include <utility>

#include "daemon/api/account.hpp"

namespace lobby::api {
namespace {

constexpr std::size_t text_length = 200;

CommandOrProblem result(Fields& fields, hall::Command command) {
  if (auto problem = fields.finish()) {
    return *std::move(problem);
  }
  return command;
}

/// `make(fields, ticket)` for a path that names a ticket.
template <class Make>
CommandOrProblem about_ticket(const Asking& asking, Make make) {
  const auto id = parse_number(asking.id);
  if (!id || *id == 0) {
    return not_found("there is no ticket `" + asking.id + "`: the id is a number", "unknown_ticket");
  }
  BodyFields fields(asking.body);
  hall::Command command = make(fields, hall::TicketId{*id});
  return result(fields, std::move(command));
}

std::uint64_t ticket_in(BodyFields& fields) {
  return fields.number("ticket", Need::required, 1, std::numeric_limits<std::int64_t>::max()).value_or(0);
}

template <class Id>
std::optional<Id> optional_id(BodyFields& fields, std::string_view name) {
  return fields.has(name) ? std::optional(Id{fields.text(name, Need::required, id_length)}) : std::nullopt;
}

/// `make(fields, window)` for a path that names a window.
template <class Make>
CommandOrProblem about_window(const Asking& asking, Make make) {
  BodyFields fields(asking.body);
  hall::Command command = make(fields, hall::WindowId{asking.id});
  return result(fields, std::move(command));
}

/// The green lane is for those whom the law names; a person of the hall answers for it, never a machine.
std::optional<Problem> refuse_green(bool green, std::optional<std::uint64_t> type, const std::string& by,
                                    Role role) {
  if (green && role == Role::kiosk) {
    return forbidden("a kiosk may not grant the green lane");
  }
  if (green && (!type || by.empty())) {
    return bad_request(std::string("lane `green` needs the field `") +
                       (type ? "granted_by`" : "green_type`"));
  }
  if (!green && (type || !by.empty())) {
    return bad_request(std::string("field `") + (type ? "green_type" : "granted_by") +
                       "` goes with lane `green` only");
  }
  return std::nullopt;
}

}  // namespace

CommandOrProblem read_issue(const Asking& asking) {
  BodyFields fields(asking.body);
  hall::IssueTicket command;
  command.service.value = fields.text("service", Need::required, id_length);
  command.lane = fields.word<hall::Lane>("lane", Need::optional).value_or(hall::Lane::ordinary);
  const auto green_type = fields.number("green_type", Need::optional, 1, 5);
  const auto granted_by = fields.text("granted_by", Need::optional, id_length);
  command.kiosk = optional_id<hall::KioskId>(fields, "kiosk");
  command.language = fields.text("language", Need::optional, 16);
  command.applicant = fields.person("applicant_id", Need::optional, asking.key_of);
  command.appointment = fields.text("appointment", Need::optional, id_length);
  command.notice_slip_no = fields.text("notice_slip_no", Need::optional, id_length);
  const bool green = command.lane == hall::Lane::green;
  if (auto problem = fields.finish()) {
    return *std::move(problem);
  }
  if (auto problem = refuse_green(green, green_type, granted_by, asking.role)) {
    return *std::move(problem);
  }
  if (green_type) {
    command.green_type = static_cast<std::uint32_t>(*green_type);
  }
  command.granted_by = granted_by;
  return command;
}

CommandOrProblem read_reinstate(const Asking& asking) {
  return about_ticket(asking,
                      [](BodyFields&, hall::TicketId ticket) { return hall::ReinstateTicket{ticket}; });
}

CommandOrProblem read_cancel(const Asking& asking) {
  return about_ticket(asking, [](BodyFields&, hall::TicketId ticket) { return hall::CancelTicket{ticket}; });
}

CommandOrProblem read_reprint(const Asking& asking) {
  return about_ticket(asking, [](BodyFields& fields, hall::TicketId ticket) {
    return hall::ReprintTicket{ticket, optional_id<hall::DeviceId>(fields, "printer")};
  });
}

CommandOrProblem read_settle_print(const Asking& asking) {
  return about_ticket(asking, [](BodyFields& fields, hall::TicketId ticket) {
    return hall::SettlePrint{ticket, fields.flag("printed", Need::required).value_or(false)};
  });
}

CommandOrProblem read_open(const Asking& asking) {
  return about_window(asking, [](BodyFields& fields, hall::WindowId window) {
    return hall::OpenWindow{std::move(window),
                            hall::ClerkId{fields.text("clerk", Need::required, id_length)}};
  });
}

CommandOrProblem read_take_over(const Asking& asking) {
  return about_window(asking, [](BodyFields& fields, hall::WindowId window) {
    return hall::TakeOverWindow{std::move(window),
                                hall::ClerkId{fields.text("clerk", Need::required, id_length)}};
  });
}

CommandOrProblem read_close(const Asking& asking) {
  return about_window(
      asking, [](BodyFields&, hall::WindowId window) { return hall::CloseWindow{std::move(window)}; });
}

CommandOrProblem read_call_next(const Asking& asking) {
  return about_window(asking, [](BodyFields&, hall::WindowId window) {
    return hall::CallNext{std::move(window), false};
  });
}

CommandOrProblem read_call(const Asking& asking) {
  return about_window(asking, [](BodyFields& fields, hall::WindowId window) {
    return hall::CallTicket{std::move(window), hall::TicketId{ticket_in(fields)}};
  });
}

CommandOrProblem read_resume_held(const Asking& asking) {
  return about_window(asking, [](BodyFields& fields, hall::WindowId window) {
    return hall::ResumeHeld{std::move(window), hall::TicketId{ticket_in(fields)}};
  });
}

CommandOrProblem read_collect(const Asking& asking) {
  return about_window(asking, [](BodyFields& fields, hall::WindowId window) {
    return hall::CollectLicence{std::move(window), fields.plain_code("case_tail", 4, 8)};
  });
}

CommandOrProblem read_recall(const Asking& asking) {
  return about_window(
      asking, [](BodyFields&, hall::WindowId window) { return hall::RecallTicket{std::move(window)}; });
}

CommandOrProblem read_no_show(const Asking& asking) {
  return about_window(asking, [](BodyFields& fields, hall::WindowId window) {
    return hall::MarkNoShow{std::move(window), fields.text("reason", Need::optional, text_length)};
  });
}

CommandOrProblem read_start(const Asking& asking) {
  return about_window(asking, [](BodyFields& fields, hall::WindowId window) {
    return hall::StartService{std::move(window), optional_id<hall::ServiceId>(fields, "service")};
  });
}

CommandOrProblem read_hold(const Asking& asking) {
  return about_window(asking, [](BodyFields& fields, hall::WindowId window) {
    const auto kind = fields.word<hall::HoldKind>("kind", Need::optional);
    return hall::HoldTicket{std::move(window), kind.value_or(hall::HoldKind::away)};
  });
}

CommandOrProblem read_transfer(const Asking& asking) {
  BodyFields fields(asking.body);
  hall::TransferTicket command;
  command.window.value = asking.id;
  command.to_service = optional_id<hall::ServiceId>(fields, "service");
  command.to_window = optional_id<hall::WindowId>(fields, "window");
  command.place = fields.word<hall::QueuePlace>("place", Need::optional).value_or(hall::QueuePlace::tail);
  if (auto problem = fields.finish()) {
    return *std::move(problem);
  }
  if (command.to_service.has_value() == command.to_window.has_value()) {
    return bad_request("a transfer goes to one of both: field `service` or field `window`");
  }
  return command;
}

CommandOrProblem read_rate(const Asking& asking) {
  return about_window(asking, [](BodyFields& fields, hall::WindowId window) {
    hall::RateService command;
    command.window = std::move(window);
    command.score = fields.word<hall::Score>("score", Need::required).value_or(hall::Score{});
    command.via = fields.word<hall::RatedVia>("by", Need::required).value_or(hall::RatedVia{});
    return command;
  });
}

CommandOrProblem read_finish(const Asking& asking) {
  return about_window(asking, [](BodyFields& fields, hall::WindowId window) {
    hall::FinishService command;
    command.window = std::move(window);
    command.outcome = fields.word<hall::Outcome>("outcome", Need::optional).value_or(hall::Outcome::on_spot);
    command.case_no = fields.code("case_no", Need::optional);
    command.notice_slip_no = fields.code("notice_slip_no", Need::optional);
    return command;
  });
}

CommandOrProblem read_pause(const Asking& asking) {
  return about_window(asking, [](BodyFields& fields, hall::WindowId window) {
    hall::PauseWindow command;
    command.window = std::move(window);
    command.reason = fields.text("reason", Need::required, text_length);
    command.message = fields.text("message", Need::optional, text_length);
    command.back_at = fields.time("back_at", Need::optional);
    return command;
  });
}

CommandOrProblem read_resume(const Asking& asking) {
  return about_window(
      asking, [](BodyFields&, hall::WindowId window) { return hall::ResumeWindow{std::move(window)}; });
}

CommandOrProblem read_help(const Asking& asking) {
  return about_window(asking,
                      [](BodyFields&, hall::WindowId window) { return hall::CallHelp{std::move(window)}; });
}

CommandOrProblem read_help_done(const Asking& asking) {
  return about_window(asking,
                      [](BodyFields&, hall::WindowId window) { return hall::EndHelp{std::move(window)}; });
}

}  // namespace lobby::api
