// What is asked about people beyond their tickets: appointments, blocks, and what tenants say of theirs.
#include <limits>
#include <utility>

#include "daemon/api/commands.hpp"
#include "daemon/api/secrets.hpp"

namespace lobby::api {
namespace {

/// Short enough to be typed at a kiosk, and too many to be guessed one by one there.
constexpr unsigned code_digits = 8;

}  // namespace

CommandOrProblem read_book(const Asking& asking) {
  BodyFields fields(asking.body);
  hall::BookAppointment command;
  command.service.value = fields.text("service", Need::required, id_length);
  command.date = fields.date("date", Need::required).value_or(hall::Date{});
  command.minute = fields.minute("time", Need::required).value_or(0);
  command.applicant = fields.person("applicant_id", Need::optional, asking.key_of);
  if (auto problem = fields.finish()) {
    return *std::move(problem);
  }
  command.code = random_digits(code_digits);
  return command;
}

CommandOrProblem read_unbook(const Asking& asking) {
  const auto id = parse_number(asking.id);
  if (!id || *id == 0) {
    return not_found("there is no appointment `" + asking.id + "`: the id is a number");
  }
  if (auto problem = BodyFields(asking.body).finish()) {
    return *std::move(problem);
  }
  return hall::CancelAppointment{hall::AppointmentId{*id}};
}

CommandOrProblem read_block(const Asking& asking) {
  BodyFields fields(asking.body);
  hall::BlockApplicant command;
  command.applicant = fields.person("applicant_id", Need::required, asking.key_of);
  command.until = fields.date("until", Need::required).value_or(hall::Date{});
  if (auto problem = fields.finish()) {
    return *std::move(problem);
  }
  return command;
}

CommandOrProblem read_tenant(const Asking& asking) {
  constexpr std::uint64_t most = 100'000;
  BodyFields fields(asking.body);
  hall::ReportTenant command;
  command.service.value = asking.id;
  command.waiting = static_cast<std::uint32_t>(fields.number("waiting", Need::required, 0, most).value_or(0));
  command.called = fields.text("called", Need::optional, id_length);
  command.at_window = fields.text("window", Need::optional, id_length);
  if (auto problem = fields.finish()) {
    return *std::move(problem);
  }
  return command;
}

}  // namespace lobby::api
