#include "daemon/api/commands.hpp"

#include <limits>
#include <utility>

#include "daemon/api/account.hpp"
#include "daemon/api/fields.hpp"

namespace lobby::api {
namespace {

constexpr std::size_t id_length = 64;
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
  if (fields.has("kiosk")) {
    command.kiosk = hall::KioskId{fields.text("kiosk", Need::required, id_length)};
  }
  command.language = fields.text("language", Need::optional, 16);
  const bool green = command.lane == hall::Lane::green;
  if (auto problem = fields.finish()) {
    return *std::move(problem);
  }
  if (auto problem = refuse_green(green, green_type, granted_by, asking.role)) {
    return *std::move(problem);
  }
  return command;
}

CommandOrProblem read_cancel(const Asking& asking) {
  return about_ticket(asking, [](BodyFields&, hall::TicketId ticket) { return hall::CancelTicket{ticket}; });
}

CommandOrProblem read_reprint(const Asking& asking) {
  return about_ticket(asking, [](BodyFields& fields, hall::TicketId ticket) {
    hall::ReprintTicket command{ticket, {}};
    if (fields.has("printer")) {
      command.printer = hall::DeviceId{fields.text("printer", Need::required, id_length)};
    }
    return command;
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
    const auto ticket =
        fields.number("ticket", Need::required, 1, std::numeric_limits<std::int64_t>::max()).value_or(0);
    return hall::CallTicket{std::move(window), hall::TicketId{ticket}};
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
  return about_window(
      asking, [](BodyFields&, hall::WindowId window) { return hall::StartService{std::move(window)}; });
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

}  // namespace lobby::api
