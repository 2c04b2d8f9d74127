// What is asked about the words on boards: free texts and the emergency page.
#include <utility>

#include "daemon/api/commands.hpp"

namespace lobby::api {
namespace {

constexpr std::size_t most_words = 200;
constexpr std::size_t most_zones = 64;

/// `Command` for a path that names a draft; the body is empty.
template <class Command>
CommandOrProblem about_draft(const Asking& asking) {
  const auto id = parse_number(asking.id);
  if (!id || *id == 0) {
    return not_found("there is no text `" + asking.id + "`: the id is a number");
  }
  if (auto problem = BodyFields(asking.body).finish()) {
    return *std::move(problem);
  }
  return Command{hall::DraftId{*id}};
}

}  // namespace

CommandOrProblem read_draft_text(const Asking& asking) {
  BodyFields fields(asking.body);
  hall::DraftText command;
  command.board.value = asking.id;
  command.text = fields.text("text", Need::required, most_words);
  command.until = fields.time("until", Need::required).value_or(hall::Instant{});
  if (auto problem = fields.finish()) {
    return *std::move(problem);
  }
  return command;
}

CommandOrProblem read_approve_text(const Asking& asking) {
  return about_draft<hall::ApproveText>(asking);
}

CommandOrProblem read_withdraw_text(const Asking& asking) {
  return about_draft<hall::WithdrawText>(asking);
}

CommandOrProblem read_check_board(const Asking& asking) {
  if (auto problem = BodyFields(asking.body).finish()) {
    return *std::move(problem);
  }
  return hall::CheckBoard{{asking.id}};
}

CommandOrProblem read_emergency(const Asking& asking) {
  BodyFields fields(asking.body);
  hall::ShowEmergency command;
  command.text = fields.text("text", Need::required, most_words);
  for (auto& zone : fields.texts("zones", most_zones, id_length)) {
    command.zones.push_back({std::move(zone)});
  }
  if (auto problem = fields.finish()) {
    return *std::move(problem);
  }
  return command;
}

CommandOrProblem read_clear_emergency(const Asking& asking) {
  if (auto problem = BodyFields(asking.body).finish()) {
    return *std::move(problem);
  }
  return hall::ClearEmergency{};
}

}  // namespace lobby::api
