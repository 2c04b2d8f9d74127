#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/api/acts.hpp"
#include "daemon/api/call.hpp"
#include "daemon/api/commands.hpp"

/// The table of everything that the API serves, and the way of a request to its handler.
namespace lobby::api {

/// Who may: a set of roles, or everybody without an account.
using Roles = std::uint16_t;
inline constexpr Roles bit_of(Role role) {
  return static_cast<Roles>(1U << static_cast<unsigned>(role));
}
inline constexpr Roles every_role = 0x3f;
inline constexpr Roles the_public = 0x100;
inline constexpr Roles this_machine = 0x200;  ///< public, but loopback only unless the options say otherwise

struct Route {
  Method method;
  std::string_view pattern;  ///< `/api/v1/tickets/{id}`
  Roles roles;               ///< beside supervisor and admin (GET) or admin (the rest)
  Handler handler;
  ReadCommand command = nullptr;  ///< for perform()
  Shows shows = Shows::nothing;
};

std::span<const Route> routes();

struct Match {
  const Route* route;
  std::vector<std::string> ids;
};
/// 404, or 405 with the methods that there are.
std::variant<Match, Problem> find_route(Method method, const Target& target);

bool is_allowed(const Route& route, Role role);

/// From the head of a request alone (the body may still be on its way): is there such a route, who asks, and
/// may they? Fills in what the call says of them.
std::optional<Problem> admit(Desk& desk, Call& call);

/// How long the body of an admitted call may be.
std::size_t body_limit_of(const Desk& desk, const Call& call);

/// Hands a call that was admitted, now with its body, to the handler.
void serve(Desk& desk, Call call);

/// What a request asks for, as far as it can be told without a hall: the route and, for a command, the
/// command. For tests that throw bytes at it.
std::variant<const Route*, Problem> examine(const Request& request, Role role);

}  // namespace lobby::api
