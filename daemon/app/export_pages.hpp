#pragma once

#include <boost/json/object.hpp>
#include <string>

/// What stands on the public pages between head and foot; `data` as the API answers GET /approvals, /bids and
/// /catalogue. What a member lacks is not shown; nothing is shown that is not named here.
namespace lobby::app {

std::string approvals_body(const boost::json::object& data);
std::string bids_body(const boost::json::object& data);
std::string catalogue_body(const boost::json::object& data);

}  // namespace lobby::app
