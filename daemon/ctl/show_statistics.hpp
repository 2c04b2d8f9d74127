#pragma once

#include <boost/json/object.hpp>
#include <string>

namespace lobby::ctl {

/// A report as a table, durations as people read them: `7:05`, `1:15:00`. `*` stands for what is withheld.
std::string show_statistics(const boost::json::object& report);

}  // namespace lobby::ctl
