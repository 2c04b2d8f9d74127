// What is asked about evaluations and openings of bids.
#include <utility>

#include "daemon/api/commands.hpp"

namespace lobby::api {
namespace {

constexpr std::size_t most_project_name = 200;
constexpr std::size_t most_reason = 200;

/// The number in the path; whether there is such an evaluation is for the hall to say.
std::variant<hall::EvaluationId, Problem> evaluation_in(const Asking& asking) {
  const auto id = parse_number(asking.id);
  if (!id || *id == 0) {
    return not_found("there is no evaluation `" + asking.id + "`: the id is a number", "unknown_evaluation");
  }
  return hall::EvaluationId{*id};
}

template <class Command>
CommandOrProblem about_evaluation(const Asking& asking) {
  auto id = evaluation_in(asking);
  if (auto* problem = std::get_if<Problem>(&id)) {
    return std::move(*problem);
  }
  if (auto problem = BodyFields(asking.body).finish()) {
    return *std::move(problem);
  }
  return Command{std::get<hall::EvaluationId>(id)};
}

}  // namespace

CommandOrProblem read_plan_evaluation(const Asking& asking) {
  BodyFields fields(asking.body);
  hall::PlanEvaluation command;
  command.room.value = fields.text("room", Need::required, id_length);
  command.kind = fields.word<hall::RoomUse>("kind", Need::required).value_or(command.kind);
  command.project_no = fields.code("project_no", Need::required);
  command.project_name = fields.text("project_name", Need::required, most_project_name);
  command.section = fields.text("section", Need::optional, id_length);
  command.retention_class = fields.text("retention_class", Need::required, id_length);
  command.planned_at = fields.time("planned_at", Need::optional);
  if (auto problem = fields.finish()) {
    return *std::move(problem);
  }
  return command;
}

CommandOrProblem read_start_evaluation(const Asking& asking) {
  return about_evaluation<hall::StartEvaluation>(asking);
}

CommandOrProblem read_stop_evaluation(const Asking& asking) {
  return about_evaluation<hall::StopEvaluation>(asking);
}

CommandOrProblem read_open_unwitnessed(const Asking& asking) {
  auto id = evaluation_in(asking);
  if (auto* problem = std::get_if<Problem>(&id)) {
    return std::move(*problem);
  }
  BodyFields fields(asking.body);
  hall::OpenUnwitnessed command{std::get<hall::EvaluationId>(id),
                                fields.text("reason", Need::required, most_reason)};
  if (auto problem = fields.finish()) {
    return *std::move(problem);
  }
  return command;
}

CommandOrProblem read_acknowledge(const Asking& asking) {
  auto id = evaluation_in(asking);
  if (auto* problem = std::get_if<Problem>(&id)) {
    return std::move(*problem);
  }
  constexpr std::uint64_t most = 1ULL << 53U;
  BodyFields fields(asking.body);
  const auto alarm = fields.number("alarm", Need::required, 1, most).value_or(0);
  if (auto problem = fields.finish()) {
    return *std::move(problem);
  }
  return hall::AcknowledgeAlarm{std::get<hall::EvaluationId>(id), {alarm}};
}

}  // namespace lobby::api
