#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/feed/mapping.hpp"

namespace lobby::feed {

/// One field of a row as text, through its transforms except the mask. Empty: no value. `bad` counts values
/// that had to be left out.
std::string read_field(const boost::json::value& row, const Field& field, const Mapping& mapping,
                       std::uint32_t& bad);

/// The items of a list within a row.
struct Items {
  std::vector<const boost::json::value*> list;  ///< into the row, or into `parsed`
  std::unique_ptr<boost::json::value> parsed;   ///< of a text that holds JSON
  bool bad = false;                             ///< something that is no list stands there
};
/// Of the first pointer that leads to a list or to an object, which is a list of one.
Items items_at(const boost::json::value& row, const std::vector<Pointer>& from);

}  // namespace lobby::feed
