#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "daemon/ctl/verbs.hpp"

namespace lobby::ctl {

/// Of evaluation, evaluations and rooms.
std::string show_evaluations(Shape shape, const boost::json::value& value);

}  // namespace lobby::ctl
