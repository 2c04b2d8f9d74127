#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/sim/approval_shape.hpp"
#include "tests/sim/faults.hpp"

namespace lobby::sim {

/// What a fault of the approval system can be told beside its kind; what is not told has a default.
struct ApprovalFault {
  std::string only;               ///< resource it is limited to ("/bids"; "/" the feed's own url); empty: all
  std::int64_t ms = 30'000;       ///< drip: of the whole answer
  std::int64_t offset_s = 3'600;  ///< clock
  std::int64_t retry_after_s = 7;  ///< too_many
  bool as_date = false;            ///< too_many: Retry-After is a date
  std::int64_t mb = 200;           ///< endless (0: until nobody reads), header_bomb, gzip_bomb
  std::int64_t depth = 10'000;     ///< deep
  bool entities = false;           ///< deep, XML: a bomb of entities instead
  bool inside = false;             ///< cursor_gone: code 40910 in HTTP 200; freeze: in the midst of an answer
  std::string to;                  ///< redirect; empty: this server under another name of the host
  std::int64_t rows = 3;           ///< shifting: rows that move before every page but the first
};

/// The faults of an approval system that are on, and what was told of them.
class ApprovalFaults {
 public:
  /// A sentence when the body says it wrongly.
  std::string tell(Fault fault, const boost::json::object& body);
  const ApprovalFault& of(Fault fault) const;
  bool hits(Fault fault, const std::string& resource) const;
  static bool can_have(Fault fault);

  FaultSet set;

 private:
  std::map<Fault, ApprovalFault> told_;
};

// --- spoilt bodies ---
/// A page that wants a password.
std::string login_page();
/// Nested so deep, in the shape's syntax; with `entities` ten levels of entities of ten each (XML only).
std::string deep_body(const ApprovalShape& shape, std::int64_t depth, bool entities);
/// A number that JSON has not, in the first row; XML: an entity that nobody declared.
std::string with_nan(std::string body, const ApprovalShape& shape);
/// Half a surrogate pair in the first applicant's name, and the name twice in that row.
std::string with_half_names(std::string body, const ApprovalShape& shape);
/// The name that with_half_names() adds.
std::string half_name();
/// `mb` megabytes of spaces as gzip, in a thousandth of it.
std::string gzip_bomb(std::int64_t mb);

}  // namespace lobby::sim
