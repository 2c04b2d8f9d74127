#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/ctl/run.hpp"

/// Accounts in the state directory itself; a running daemon sees the change within a second.
namespace lobby::ctl {

struct NewUser {
  std::string name, role;
  std::vector<std::string> windows;
  std::string password, pin;  ///< empty: none
};

/// The directory is made when it is not there yet, and that is said; the one above it must be there.
Exit add_local_user(const NewUser& user, const Settings& settings, Console& console);
Exit list_local_users(const Settings& settings, Console& console);
Exit remove_local_user(const std::string& name, const Settings& settings, Console& console);

}  // namespace lobby::ctl
