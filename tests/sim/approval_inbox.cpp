#include "tests/sim/approval_inbox.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "tests/sim/json_text.hpp"

namespace lobby::sim {
namespace {

constexpr std::size_t most_kept = 100'000;

std::string id_of(const boost::json::value& item) {
  return item.is_object() ? text(item.get_object(), "id") : std::string();
}

std::set<std::string> texts_of(const boost::json::object& body, std::string_view key) {
  std::set<std::string> out;
  const boost::json::value* const all = body.if_contains(key);
  for (const boost::json::value& one :
       all != nullptr && all->is_array() ? all->get_array() : boost::json::array()) {
    out.emplace(one.is_string() ? std::string(one.get_string()) : std::string());
  }
  return out;
}

ApprovalReply refused(int status) {
  return {status, json_type,
          boost::json::serialize(boost::json::object{{"code", status * 100}, {"message", "refused"}})};
}

}  // namespace

bool ApprovalInbox::is_for(const ApprovalRequest& request) {
  return request.method == "POST" &&
         (request.resource == "/queue-events" || request.resource == "/evaluations");
}

std::string ApprovalInbox::set(const boost::json::object& body) {
  const boost::json::value* const limit = body.if_contains("limit");
  if (limit != nullptr && (!limit->is_int64() || limit->get_int64() < 1)) {
    return "limit must be a number from 1.";
  }
  limit_ = limit == nullptr ? most : static_cast<std::size_t>(limit->get_int64());
  conflict_ = body.contains("conflict") && body.at("conflict") == boost::json::value(true);
  poison_ = texts_of(body, "poison");
  reject_ = texts_of(body, "reject");
  return {};
}

/// The status that refuses these items as a whole; 0: none.
int ApprovalInbox::refusal(const boost::json::array& items, const Box& box) const {
  if (items.size() > limit_) {
    return 413;
  }
  const auto any = [&](const auto& is_bad) { return std::any_of(items.begin(), items.end(), is_bad); };
  if (any([&](const auto& one) { return id_of(one).empty() || poison_.contains(id_of(one)); })) {
    return 422;
  }
  return conflict_ && any([&](const auto& one) { return box.ids.contains(id_of(one)); }) ? 409 : 0;
}

ApprovalReply ApprovalInbox::take(const ApprovalRequest& request) {
  Box& box = boxes_[request.resource];
  ++box.posts;
  boost::json::error_code error;
  const boost::json::value body = boost::json::parse(request.body, error);
  const boost::json::value* const items =
      error || !body.is_object() ? nullptr : body.get_object().if_contains("items");
  const int status = items == nullptr || !items->is_array() ? 422 : refusal(items->get_array(), box);
  if (status != 0) {
    ++box.refused;
    return refused(status);
  }
  boost::json::array rejected;
  for (const boost::json::value& one : items->get_array()) {
    ++box.items;
    if (reject_.contains(id_of(one))) {
      rejected.push_back({{"id", id_of(one)}, {"reason", "not wanted here"}});
    } else if (box.ids.insert(id_of(one)).second && taken_.size() < most_kept) {
      taken_.push_back(boost::json::serialize(one));
    }
  }
  boost::json::object data;
  if (!rejected.empty()) {
    data["rejected"] = std::move(rejected);
  }
  return {
      200, json_type,
      boost::json::serialize(boost::json::object{{"code", 0}, {"message", "ok"}, {"data", std::move(data)}})};
}

boost::json::object ApprovalInbox::describe() const {
  boost::json::object out;
  for (const auto& [resource, box] : boxes_) {
    out[resource] = {
        {"posts", box.posts}, {"refused", box.refused}, {"items", box.items}, {"different", box.ids.size()}};
  }
  return out;
}

std::string ApprovalInbox::lines() const {
  std::string out;
  for (const std::string& one : taken_) {
    out += one + "\n";
  }
  return out;
}

}  // namespace lobby::sim
