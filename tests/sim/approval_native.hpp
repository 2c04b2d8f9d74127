#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/approval_http.hpp"
#include "tests/sim/approval_records.hpp"
#include "tests/sim/case_book.hpp"

namespace lobby::sim {

/// The lists of the hall's own contract, under the feed's url: /cases /cases/{case_no} /matters /staff
/// /alerts /bids /bid-notices /calendar/{year} /appointments. Cursors, ETags, deletions and the server's
/// time.
class ApprovalNative {
 public:
  ApprovalNative(CaseBook& cases, ApprovalRecords& records) : cases_(cases), records_(records) {}

  /// `server_time` as this system's clock has it. `empty`: success with nothing in it.
  ApprovalReply answer(const ApprovalRequest& request, const std::string& server_time, bool empty);
  /// The rows of a list for another shape, in snake_case; bids of the days that the request names.
  std::vector<boost::json::object> rows(ApprovalRecords::Kind kind, const ApprovalRequest& request);
  /// Numbers and names that rows told and nobody may see.
  const std::set<std::string>& told_secrets() const { return told_; }

  /// An answer in the contract's envelope; HTTP status apart.
  static std::string envelope(int code, std::string_view message);

 private:
  struct List {
    boost::json::array items;
    std::string cursor;
    bool more = false;
  };
  ApprovalReply reply(const ApprovalRequest& request, const List& list, const std::string& server_time) const;
  ApprovalReply one_case(const ApprovalRequest& request, const std::string& server_time);
  ApprovalReply calendar(const ApprovalRequest& request, const std::string& server_time) const;
  /// false: the cursor means nothing any more.
  bool cases(const ApprovalRequest& request, List& list);
  bool changes(ApprovalRecords::Kind kind, const ApprovalRequest& request, List& list);
  const boost::json::object& served(const boost::json::object& row);

  CaseBook& cases_;
  ApprovalRecords& records_;
  std::set<std::string> told_;
};

/// A case as the contract writes it.
boost::json::object native_row(const ApprovalCase& one);

}  // namespace lobby::sim
