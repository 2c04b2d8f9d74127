#include "daemon/api/router.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/api/gate.hpp"

namespace lobby::api {
namespace {

constexpr Roles kiosk = bit_of(Role::kiosk), clerk = bit_of(Role::clerk), screen = bit_of(Role::screen),
                supervisor = bit_of(Role::supervisor), evaluator = bit_of(Role::evaluator),
                admin = bit_of(Role::admin);
constexpr auto get = Method::get, post = Method::post, del = Method::del;

constexpr Route on_ticket(std::string_view pattern, ReadCommand read) {
  return {post, pattern, clerk, perform, read, Shows::ticket};
}
constexpr Route at_window(std::string_view pattern, ReadCommand read) {
  return {post, pattern, clerk, perform, read, Shows::window};
}

constexpr Route on_evaluation(std::string_view pattern, ReadCommand read) {
  return {post, pattern, evaluator, perform, read, Shows::evaluation};
}

constexpr std::array table{
    Route{get, "/", the_public, get_console},
    Route{get, "/metrics", this_machine, get_metrics},
    Route{get, "/healthz", this_machine, get_healthz},
    Route{get, "/readyz", this_machine, get_readyz},
    Route{get, "/api/v1/openapi.yaml", the_public, get_openapi},
    Route{post, "/api/v1/session", the_public, post_session},
    Route{del, "/api/v1/session", every_role, delete_session},
    Route{get, "/api/v1/hall", every_role, get_hall},
    Route{get, "/api/v1/catalogue", screen | kiosk, get_catalogue},
    Route{post, "/api/v1/tickets", kiosk | clerk, perform, read_issue, Shows::ticket},
    Route{get, "/api/v1/tickets", clerk, get_tickets},
    Route{get, "/api/v1/tickets/{id}", clerk | kiosk, get_ticket},
    Route{post, "/api/v1/tickets/{id}/notice", clerk, post_notice},
    on_ticket("/api/v1/tickets/{id}/reprint", read_reprint),
    on_ticket("/api/v1/tickets/{id}/cancel", read_cancel),
    on_ticket("/api/v1/tickets/{id}/reinstate", read_reinstate),
    on_ticket("/api/v1/tickets/{id}/settle-print", read_settle_print),
    at_window("/api/v1/windows/{id}/open", read_open),
    at_window("/api/v1/windows/{id}/close", read_close),
    at_window("/api/v1/windows/{id}/call-next", read_call_next),
    at_window("/api/v1/windows/{id}/call", read_call),
    at_window("/api/v1/windows/{id}/recall", read_recall),
    at_window("/api/v1/windows/{id}/no-show", read_no_show),
    at_window("/api/v1/windows/{id}/start", read_start),
    at_window("/api/v1/windows/{id}/finish", read_finish),
    at_window("/api/v1/windows/{id}/pause", read_pause),
    at_window("/api/v1/windows/{id}/resume", read_resume),
    at_window("/api/v1/windows/{id}/help", read_help),
    Route{post, "/api/v1/windows/{id}/help-done", clerk | supervisor, perform, read_help_done, Shows::window},
    at_window("/api/v1/windows/{id}/take-over", read_take_over),
    at_window("/api/v1/windows/{id}/resume-held", read_resume_held),
    at_window("/api/v1/windows/{id}/collect", read_collect),
    at_window("/api/v1/windows/{id}/hold", read_hold),
    at_window("/api/v1/windows/{id}/transfer", read_transfer),
    Route{post, "/api/v1/windows/{id}/rate", kiosk | clerk, perform, read_rate, Shows::window},
    Route{get, "/api/v1/appointments", clerk | kiosk, get_appointments},
    Route{post, "/api/v1/appointments", clerk, perform, read_book, Shows::appointment},
    Route{del, "/api/v1/appointments/{id}", clerk, perform, read_unbook, Shows::nothing},
    Route{post, "/api/v1/blocks", supervisor, perform, read_block, Shows::block},
    Route{post, "/api/v1/tenants/{service}", clerk, perform, read_tenant, Shows::service},
    Route{get, "/api/v1/devices", supervisor, get_devices},
    Route{post, "/api/v1/devices/{id}/self-test", supervisor, post_self_test},
    Route{post, "/api/v1/devices/{id}/address", admin, post_address},
    Route{post, "/api/v1/buses/{id}/scan", admin, post_scan},
    Route{get, "/api/v1/approvals", screen | kiosk, get_approvals},
    Route{get, "/api/v1/approvals/{case_no}", screen | kiosk, get_approval},
    Route{get, "/api/v1/review", supervisor, get_review},
    Route{get, "/api/v1/bids", screen, get_bids},
    Route{get, "/api/v1/boards", screen, get_boards},
    Route{get, "/api/v1/boards/{id}/program", screen, get_board_program},
    Route{post, "/api/v1/boards/{id}/shown", screen, post_board_shown},
    Route{get, "/api/v1/boards/drafts", supervisor, get_board_texts},
    Route{del, "/api/v1/boards/drafts/{id}", supervisor, perform, read_withdraw_text, Shows::nothing},
    Route{post, "/api/v1/boards/drafts/{id}/approve", supervisor, perform, read_approve_text, Shows::text},
    Route{post, "/api/v1/boards/{id}/confirm", supervisor, perform, read_check_board, Shows::nothing},
    Route{post, "/api/v1/boards/{id}/text", supervisor, perform, read_draft_text, Shows::draft},
    Route{get, "/api/v1/emergency", every_role, get_emergency},
    Route{post, "/api/v1/emergency", supervisor, perform, read_emergency, Shows::emergency},
    Route{del, "/api/v1/emergency", supervisor, perform, read_clear_emergency, Shows::nothing},
    Route{get, "/api/v1/rooms", evaluator | screen, get_rooms},
    Route{get, "/api/v1/evaluations", evaluator | screen, get_evaluations},
    Route{post, "/api/v1/evaluations", evaluator, perform, read_plan_evaluation, Shows::evaluation},
    Route{get, "/api/v1/evaluations/{id}", evaluator | screen, get_evaluation},
    Route{get, "/api/v1/evaluations/{id}/evidence", evaluator, get_evidence},
    on_evaluation("/api/v1/evaluations/{id}/start", read_start_evaluation),
    on_evaluation("/api/v1/evaluations/{id}/stop", read_stop_evaluation),
    on_evaluation("/api/v1/evaluations/{id}/open-unwitnessed", read_open_unwitnessed),
    on_evaluation("/api/v1/evaluations/{id}/acknowledge", read_acknowledge),
    Route{get, "/api/v1/statistics", supervisor, get_statistics},
    Route{get, "/api/v1/events", every_role, get_events},
    Route{get, "/api/v1/journal", supervisor, get_journal},
    Route{get, "/api/v1/users", admin, get_users},
    Route{post, "/api/v1/users", admin, post_user},
    Route{del, "/api/v1/users/{name}", admin, delete_user},
};

/// The {…} of a pattern that the segments fit; nullopt when they do not.
std::optional<std::vector<std::string>> ids_of(std::string_view pattern,
                                               const std::vector<std::string>& segments) {
  std::vector<std::string> ids;
  pattern.remove_prefix(1);
  for (const auto& segment : segments) {
    if (pattern.empty()) {
      return std::nullopt;
    }
    const auto end = pattern.find('/');
    const auto part = pattern.substr(0, end);
    if (part.starts_with('{') && !segment.empty()) {
      ids.push_back(segment);
    } else if (part != segment) {
      return std::nullopt;
    }
    pattern.remove_prefix(end == std::string_view::npos ? pattern.size() : end + 1);
  }
  if (!pattern.empty()) {
    return std::nullopt;
  }
  return ids;
}

std::string_view to_text(Method method) {
  return method == get ? "GET, HEAD" : method == post ? "POST" : "DELETE";
}

}  // namespace

std::span<const Route> routes() {
  return table;
}

std::variant<Match, Problem> find_route(Method method, const Target& target) {
  std::string allow;
  for (const auto& route : table) {
    auto ids = ids_of(route.pattern, target.segments);
    if (!ids) {
      continue;
    }
    if (route.method == method) {
      return Match{&route, *std::move(ids)};
    }
    allow += (allow.empty() ? "" : ", ") + std::string(to_text(route.method));
  }
  if (allow.empty()) {
    return not_found("there is nothing at this path");
  }
  return Problem{405, "method_not_allowed", "this path takes " + allow, "Allow: " + allow + "\r\n"};
}

bool is_allowed(const Route& route, Role role) {
  const Roles also = route.method == get ? supervisor | admin : admin;
  return ((route.roles | also) & bit_of(role)) != 0;
}

std::optional<Problem> admit(Desk& desk, Call& call) {
  auto target = parse_target(call.request.target);
  if (!target) {
    return bad_request("the target of the request is not a path in UTF-8");
  }
  call.target = *std::move(target);
  auto found = find_route(call.request.method, call.target);
  if (auto* problem = std::get_if<Problem>(&found)) {
    return std::move(*problem);
  }
  auto& match = std::get<Match>(found);
  call.route = match.route;
  call.ids = std::move(match.ids);
  return let_in(desk, call);
}

std::size_t body_limit_of(const Desk& desk, const Call& call) {
  // A name and a secret: whoever has no account is not given more room than that.
  constexpr std::size_t public_limit = 4096;
  const bool is_known = !call.account.name.empty();
  return is_known ? desk.options.body_limit : std::min(public_limit, desk.options.body_limit);
}

void serve(Desk& desk, Call call) {
  if (call.request.method != get) {
    // While the body came, who asks may have lost the right.
    auto problem = let_in(desk, call);
    if (!problem && call.route->handler != delete_session) {
      problem = hold_to_one_act(call);
    }
    if (problem) {
      return call.respond(*problem);
    }
  }
  const auto handler = call.route->handler;
  // A wall is waited for: what it says it shows changes nothing.
  if (desk.closing && call.request.method != get && handler != post_board_shown) {
    return call.respond(stopping());
  }
  handler(desk, std::move(call));
}

std::variant<const Route*, Problem> examine(const Request& request, Role role) {
  const auto target = parse_target(request.target);
  if (!target) {
    return bad_request("the target of the request is not a path in UTF-8");
  }
  auto found = find_route(request.method, *target);
  if (auto* problem = std::get_if<Problem>(&found)) {
    return std::move(*problem);
  }
  const auto& match = std::get<Match>(found);
  if (match.route->command != nullptr) {
    const std::string id = match.ids.empty() ? std::string() : match.ids.front();
    const KeyOf key_of = [](std::string_view) { return hall::ApplicantKey{1}; };
    auto read = match.route->command({id, request.body, role, key_of});
    if (auto* problem = std::get_if<Problem>(&read)) {
      return std::move(*problem);
    }
  }
  return match.route;
}

}  // namespace lobby::api
