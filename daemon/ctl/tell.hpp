#pragma once

#include <boost/json/object.hpp>
#include <string>

namespace lobby::ctl {

/// An event in plain words on one line: `    42  09:05:31  A017 called to w3`.
std::string tell(const boost::json::object& event);

/// A JSON scalar as a person reads it: no quotes, null is empty.
std::string plain(const boost::json::value* value);

}  // namespace lobby::ctl
