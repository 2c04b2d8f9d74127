#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "daemon/api/fields.hpp"
#include "daemon/api/problem.hpp"
#include "daemon/hall/command.hpp"

/// From the body of a request to the command that it asks for; whether the thing named in the path exists is
/// the hall's to say.
namespace lobby::api {

enum class Role : std::uint8_t;

/// The longest id or name that a body may hold, in characters.
inline constexpr std::size_t id_length = 64;

/// What a command is read from.
struct Asking {
  const std::string& id;  ///< the path's {id}; empty when it has none
  std::string_view body;
  Role role;
  const KeyOf& key_of;
};

using ReadCommand = std::variant<hall::Command, Problem> (*)(const Asking& asking);
using CommandOrProblem = std::variant<hall::Command, Problem>;

CommandOrProblem read_issue(const Asking& asking);
CommandOrProblem read_cancel(const Asking& asking);
CommandOrProblem read_reprint(const Asking& asking);
CommandOrProblem read_settle_print(const Asking& asking);
CommandOrProblem read_open(const Asking& asking);
CommandOrProblem read_close(const Asking& asking);
CommandOrProblem read_call_next(const Asking& asking);
CommandOrProblem read_call(const Asking& asking);
CommandOrProblem read_recall(const Asking& asking);
CommandOrProblem read_no_show(const Asking& asking);
CommandOrProblem read_start(const Asking& asking);
CommandOrProblem read_finish(const Asking& asking);
CommandOrProblem read_pause(const Asking& asking);
CommandOrProblem read_resume(const Asking& asking);
CommandOrProblem read_help(const Asking& asking);
CommandOrProblem read_help_done(const Asking& asking);
CommandOrProblem read_reinstate(const Asking& asking);
CommandOrProblem read_take_over(const Asking& asking);
CommandOrProblem read_resume_held(const Asking& asking);
CommandOrProblem read_collect(const Asking& asking);
CommandOrProblem read_hold(const Asking& asking);
CommandOrProblem read_transfer(const Asking& asking);
CommandOrProblem read_rate(const Asking& asking);

// --- commands_people.cpp ---
/// Draws the code of the booking.
CommandOrProblem read_book(const Asking& asking);
CommandOrProblem read_unbook(const Asking& asking);
CommandOrProblem read_block(const Asking& asking);
CommandOrProblem read_tenant(const Asking& asking);

// --- commands_boards.cpp ---
CommandOrProblem read_draft_text(const Asking& asking);
CommandOrProblem read_approve_text(const Asking& asking);
CommandOrProblem read_check_board(const Asking& asking);
CommandOrProblem read_withdraw_text(const Asking& asking);
CommandOrProblem read_emergency(const Asking& asking);
CommandOrProblem read_clear_emergency(const Asking& asking);

// --- commands_evaluations.cpp ---
CommandOrProblem read_plan_evaluation(const Asking& asking);
CommandOrProblem read_start_evaluation(const Asking& asking);
CommandOrProblem read_stop_evaluation(const Asking& asking);
CommandOrProblem read_open_unwitnessed(const Asking& asking);
CommandOrProblem read_acknowledge(const Asking& asking);

}  // namespace lobby::api
