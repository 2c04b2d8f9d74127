#pragma once

#include <string>

#include "daemon/ctl/verbs.hpp"

namespace lobby::ctl {

/// An answer's body as text for a person. A body that is not what the shape expects is given back as it is.
std::string show(Shape shape, const std::string& body);

}  // namespace lobby::ctl
