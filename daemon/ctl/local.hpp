#pragma once

#include "daemon/ctl/run.hpp"

/// What needs no daemon.
namespace lobby::ctl {

Exit list_ports(const Settings& settings, Console& console);

/// `lobbyd --check`, of the lobbyd beside this program, else of the path. Its exit status and words.
Exit check_site(const Arguments& given, const Settings& settings, Console& console);

}  // namespace lobby::ctl
