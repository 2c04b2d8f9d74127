#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "daemon/ctl/verbs.hpp"

namespace lobby::ctl {

/// What boards show, the texts for them, and the emergency page.
std::string show_boards(Shape shape, const boost::json::value& value);

}  // namespace lobby::ctl
