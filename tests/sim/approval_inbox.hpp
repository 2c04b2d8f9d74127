#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/approval_http.hpp"

namespace lobby::sim {

/// Where the province takes what a hall tells of itself: POST …/queue-events and …/evaluations with
/// {"items":[{"id":…, …}]}. Every id is taken once, at most 500 at a time. Belongs to one thread at a time.
class ApprovalInbox {
 public:
  static bool is_for(const ApprovalRequest& request);
  ApprovalReply take(const ApprovalRequest& request);

  /// {"limit":N} items at most in one post; {"poison":[id…]} a post with one of them is refused by 422;
  /// {"reject":[id…]} such an item is refused by name in a good answer; {"conflict":true} a post with an id
  /// that is there already is refused by 409. What is not named is as at first. A sentence when it is wrong.
  std::string set(const boost::json::object& body);

  /// By resource: posts, refused posts, items that came, and different ones.
  boost::json::object describe() const;
  /// What was taken, once each and in order, one object a line.
  std::string lines() const;

 private:
  struct Box {
    std::uint64_t posts = 0, refused = 0, items = 0;
    std::set<std::string> ids;
  };
  int refusal(const boost::json::array& items, const Box& box) const;

  std::size_t limit_ = most;
  bool conflict_ = false;
  std::set<std::string> poison_, reject_;
  std::map<std::string, Box> boxes_;
  std::vector<std::string> taken_;
  static constexpr std::size_t most = 500;
};

}  // namespace lobby::sim
