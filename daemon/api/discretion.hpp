#pragma once

#include <string>
#include <string_view>

#include "daemon/api/account.hpp"

/// What of an event is not for everybody's eyes.
namespace lobby::api {

/// Takes the members of this name out of a line of JSON, at any depth. The line must be as we write them: no
/// spaces between, and the members' values numbers or texts.
void hide_member(std::string& json, std::string_view name);

/// Takes out of an event what this role may not see: whose ticket or appointment it is (a key, but the same
/// person's is the same each time), the code that an appointment is used with, and words for a board that
/// nobody has approved.
void hide_for(Role role, std::string& json);
/// Would hide_for() take anything out?
bool hides(Role role, std::string_view json);

}  // namespace lobby::api
