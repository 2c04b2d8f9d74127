#pragma once

#include "daemon/ctl/run.hpp"

/// Accounts: in the state directory when --state names one (daemon running or not), else through the server.
namespace lobby::ctl {

/// Prints the token alone on one line; it is shown this once, only its hash is kept.
Exit add_user(const Arguments& given, const Settings& settings, Console& console);
Exit list_users(const Settings& settings, Console& console);
Exit remove_user(const Arguments& given, const Settings& settings, Console& console);

}  // namespace lobby::ctl
