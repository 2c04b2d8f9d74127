#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace lobby::ctl {

std::string show_approvals(const boost::json::value& value);
/// The same answer with one case in it.
std::string show_approval(const boost::json::value& value);
std::string show_review(const boost::json::value& value);
std::string show_bids(const boost::json::value& value);

}  // namespace lobby::ctl
