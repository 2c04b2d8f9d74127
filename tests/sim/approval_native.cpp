#include "tests/sim/approval_native.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <optional>
#include <utility>

#include "tests/sim/approval_auth.hpp"
#include "tests/sim/approval_shape.hpp"
#include "tests/sim/json_text.hpp"

namespace lobby::sim {
namespace {

using boost::json::value;
using Kind = ApprovalRecords::Kind;

constexpr std::size_t longest_list = 10'000;
constexpr std::size_t usual_list = 200;

value or_null(const std::string& text) {
  return text.empty() ? value(nullptr) : value(text);
}

value limit_value(const std::string& text) {
  const Limit limit = parse_limit(text);
  return limit.unit.empty() ? value(nullptr) : value{{"n", limit.n}, {"unit", limit.unit}};
}

/// A cursor is a text that means something to this server only: which book, and the last change seen.
std::string make_cursor(std::uint64_t generation, std::uint64_t last) {
  return fmt::format("g{:x}.{:x}", generation, last);
}

/// nullopt: not one of this book.
std::optional<std::uint64_t> parse_cursor(const std::string& text, std::uint64_t generation) {
  if (text.empty()) {
    return 0;
  }
  const std::string head = fmt::format("g{:x}.", generation);
  std::uint64_t last = 0;
  const char* const end = text.data() + text.size();
  if (!text.starts_with(head) || std::from_chars(text.data() + head.size(), end, last, 16).ptr != end) {
    return std::nullopt;
  }
  return last;
}

std::optional<Kind> changing_list(const std::string& resource) {
  return resource == "/matters"        ? std::optional(Kind::matter)
         : resource == "/staff"        ? std::optional(Kind::staff)
         : resource == "/alerts"       ? std::optional(Kind::alert)
         : resource == "/bid-notices"  ? std::optional(Kind::notice)
         : resource == "/appointments" ? std::optional(Kind::appointment)
                                       : std::nullopt;
}

std::size_t limit_of(const ApprovalRequest& request) {
  return std::clamp<std::size_t>(parse_count(request.param("limit"), usual_list), 1, longest_list);
}

}  // namespace

boost::json::object native_row(const ApprovalCase& one) {
  boost::json::array stops;
  for (const ClockStop& stop : one.stops) {
    stops.push_back({{"from", stop.from},
                     {"to", or_null(stop.to)},
                     {"limit", limit_value(one.stop_limit)},
                     {"reasonCode", "inspection"}});
  }
  const bool stands = !one.stops.empty() && one.stops.back().to.empty();
  value suspended = nullptr;
  if (stands) {
    suspended = {{"on", true},
                 {"reasonCode", "inspection"},
                 {"since", one.stops.back().from},
                 {"limitDays", parse_limit(one.stop_limit).n}};
  }
  return {{"id", one.id},
          {"caseNo", one.case_no},
          {"queryCode", one.query_code},
          {"regionCode", one.region_code},
          {"matterCode", one.matter_code},
          {"matterName", one.matter_name},
          {"deptCode", one.dept_code},
          {"deptName", one.dept_name},
          {"kind", one.kind},
          {"applicantType", one.applicant.type},
          {"applicantName", one.applicant.name},
          {"applicantId", one.applicant.id_no},
          {"applicantPhone", one.applicant.phone},
          {"appliedAt", or_null(one.applied_at)},
          {"acceptedAt", or_null(one.accepted_at)},
          {"duePromised", or_null(one.due_promised)},
          {"dueStatutory", or_null(one.due_statutory)},
          {"finishedAt", or_null(one.finished_at)},
          {"updatedAt", or_null(one.updated_at)},
          {"promisedLimit", limit_value(one.promised_limit)},
          {"statutoryLimit", limit_value(one.statutory_limit)},
          {"stageName", one.stage_name},
          {"stageDue", or_null(one.stage_due)},
          {"status", one.status},
          {"light", one.light},
          {"lightSource", "upstream"},
          {"card", one.card},
          {"suspended", std::move(suspended)},
          {"suspensions", std::move(stops)},
          {"stopLimit", one.stop_limit},
          {"returnCount", one.return_count},
          {"queueTicket", one.queue_ticket},
          {"windowNo", one.window_no},
          {"upstreamVersion", std::to_string(one.version)}};
}

std::string ApprovalNative::envelope(int code, std::string_view message) {
  return boost::json::serialize(boost::json::object{{"code", code}, {"message", message}, {"data", nullptr}});
}

ApprovalReply ApprovalNative::reply(const ApprovalRequest& request, const List& list,
                                    const std::string& server_time) const {
  // The server's time is no content: an answer that differs in nothing else is the same.
  const std::string items = boost::json::serialize(list.items);
  const std::string tag = "\"" + hash_hex("SHA256", items + list.cursor).substr(0, 32) + "\"";
  const std::string age = request.resource == "/cases" ? "no-cache" : "max-age=60";
  ApprovalReply out{200, json_type, {}, {{"ETag", tag}, {"Cache-Control", age}}};
  if (request.header("if-none-match") == tag) {
    out.status = 304;
    return out;
  }
  out.body = R"({"code":0,"message":"ok","data":{"items":)" + items + R"(,"hasMore":)" +
             (list.more ? "true" : "false") + R"(,"serverTime":")" + server_time + "\"";
  if (!list.cursor.empty()) {
    out.body += R"(,"nextCursor":)" + boost::json::serialize(boost::json::string(list.cursor));
  }
  out.body += "}}";
  return out;
}

bool ApprovalNative::cases(const ApprovalRequest& request, List& list) {
  const auto after = parse_cursor(request.param("since"), cases_.generation());
  if (!after) {
    return false;
  }
  const CaseBook::Changes found = cases_.changes(*after, limit_of(request));
  for (const CaseBook::Index index : found.rows) {
    if (cases_.is_deleted(index)) {
      list.items.push_back({{"id", cases_.read(index).id}, {"deleted", true}});
    } else {
      list.items.push_back(native_row(cases_.serve(index)));
    }
  }
  list.cursor = make_cursor(cases_.generation(), found.last);
  list.more = found.more;
  return true;
}

const boost::json::object& ApprovalNative::served(const boost::json::object& row) {
  for (std::string& secret : ApprovalRecords::secrets_of(row)) {
    told_.insert(std::move(secret));
  }
  return row;
}

bool ApprovalNative::changes(Kind kind, const ApprovalRequest& request, List& list) {
  const auto after = parse_cursor(request.param("since"), cases_.generation());
  if (!after) {
    return false;
  }
  const std::string date = kind == Kind::appointment ? request.param("date") : std::string();
  std::vector<const ApprovalRecords::Record*> found;
  for (const ApprovalRecords::Record& one : records_.list(kind)) {
    const bool is_wanted = date.empty() || text(one.row, "date") == date;
    if (is_wanted && one.version > *after && !(one.deleted && *after == 0)) {
      found.push_back(&one);
    }
  }
  std::sort(found.begin(), found.end(),
            [](const auto* left, const auto* right) { return left->version < right->version; });
  list.more = found.size() > limit_of(request);
  found.resize(std::min(found.size(), limit_of(request)));
  for (const ApprovalRecords::Record* const one : found) {
    list.items.push_back(one->deleted ? boost::json::object{{"id", text(one->row, "id")}, {"deleted", true}}
                                      : to_camel(served(one->row)));
  }
  list.cursor = make_cursor(cases_.generation(), found.empty() ? *after : found.back()->version);
  return true;
}

std::vector<boost::json::object> ApprovalNative::rows(Kind kind, const ApprovalRequest& request) {
  const std::optional<Day> first =
      kind == Kind::bid ? parse_day(request.param("date")) : std::optional<Day>();
  const std::chrono::days days(std::clamp<std::size_t>(parse_count(request.param("days"), 1), 1, 400));
  std::vector<boost::json::object> out;
  for (const ApprovalRecords::Record& one : records_.list(kind)) {
    const std::optional<Day> day = parse_day(text(one.row, "open_at"));
    const bool is_wanted = !first || (day && *day >= *first && *day < *first + days);
    if (is_wanted && !one.deleted) {
      out.push_back(served(one.row));
    }
  }
  return out;
}

ApprovalReply ApprovalNative::one_case(const ApprovalRequest& request, const std::string& server_time) {
  const auto found = cases_.find(request.resource.substr(sizeof("/cases/") - 1));
  if (!found || cases_.read(*found).deleted || request.param("code").empty() ||
      cases_.read(*found).query_code != request.param("code")) {
    return {404, json_type, envelope(40400, "no such case")};
  }
  boost::json::object data = native_row(cases_.serve(*found));
  data["serverTime"] = server_time;
  return {
      200, json_type,
      boost::json::serialize(boost::json::object{{"code", 0}, {"message", "ok"}, {"data", std::move(data)}})};
}

ApprovalReply ApprovalNative::calendar(const ApprovalRequest& request, const std::string& server_time) const {
  const std::string year = request.resource.substr(request.resource.rfind('/') + 1);
  std::optional<boost::json::object> data = records_.calendar().year(static_cast<int>(parse_count(year, 0)));
  if (!data) {
    return {404, json_type, envelope(40400, "the notice of that year is not out")};
  }
  if (year.ends_with(".json")) {
    return {200, json_type, boost::json::serialize(*data)};
  }
  (*data)["serverTime"] = server_time;
  return {200, json_type,
          boost::json::serialize(
              boost::json::object{{"code", 0}, {"message", "ok"}, {"data", std::move(*data)}})};
}

ApprovalReply ApprovalNative::answer(const ApprovalRequest& request, const std::string& server_time,
                                     bool empty) {
  const std::string& resource = request.resource;
  if (empty) {
    const std::string since = request.param("since");
    return reply(request, {{}, since.empty() ? make_cursor(cases_.generation(), 0) : since, false},
                 server_time);
  }
  if (resource.starts_with("/cases/")) {
    return one_case(request, server_time);
  }
  if (resource.starts_with("/calendar/") || resource.ends_with(".json")) {
    return calendar(request, server_time);
  }
  List list;
  bool is_current = true;
  if (resource == "/cases") {
    is_current = cases(request, list);
  } else if (const auto kind = changing_list(resource)) {
    is_current = changes(*kind, request, list);
  } else if (resource == "/bids") {
    for (const boost::json::object& row : rows(Kind::bid, request)) {
      list.items.push_back(to_camel(row));
    }
  } else {
    return {404, json_type, envelope(40401, "no such resource")};
  }
  return is_current ? reply(request, list, server_time)
                    : ApprovalReply{410, json_type, envelope(40910, "cursor too old")};
}

}  // namespace lobby::sim
