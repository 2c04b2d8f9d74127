#pragma once

#include <optional>

#include "daemon/api/call.hpp"

namespace lobby::api {

/// Who asks, and may they? Fills in call.account and call.session.
std::optional<Problem> let_in(Desk& desk, Call& call);

/// A login for one act ends with the first changing call that was done: not with one that was refused, nor
/// with a repeat that was answered as before. Refused while another is under way.
std::optional<Problem> hold_to_one_act(Call& call);

/// The value of a cookie in a Cookie header; empty when it is not there.
std::string cookie_of(std::string_view header, std::string_view name);

inline constexpr std::string_view session_cookie = "lobby_session";

}  // namespace lobby::api
