#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "tests/sim/approval_shape.hpp"

namespace lobby::sim {
namespace {

/// Numbers travel as texts here, but a number is understood too.
std::string text_or_number(const boost::json::object& from, std::string_view key) {
  const boost::json::value* const value = from.if_contains(key);
  if (value == nullptr) {
    return {};
  }
  return value->is_string() ? std::string(value->get_string()) : boost::json::serialize(*value);
}

int days_back(std::string_view type) {
  return type == "day" ? 0 : type == "week" ? 7 : type == "month" ? 31 : type == "year" ? 366 : 36'500;
}

ListAsk ask(const ApprovalRequest& request, const std::string& secret) {
  ListAsk out;
  boost::json::error_code error;
  const boost::json::value body = boost::json::parse(request.body, error);
  if (error || !body.is_object()) {
    out.understood = false;
    return out;
  }
  const boost::json::object& whole = body.get_object();
  out.authorised = secret.empty() || text_or_number(whole, "token") == secret;
  const boost::json::value* const given = whole.if_contains("params");
  const boost::json::object params =
      given != nullptr && given->is_object() ? given->get_object() : boost::json::object();
  out.page = parse_count(text_or_number(params, "currentpage"), 0);
  out.size = parse_count(text_or_number(params, "pagesize"), out.size);
  out.keyword = text_or_number(params, "keyword");
  out.area = text_or_number(params, "areacode");
  out.days = days_back(text_or_number(params, "type"));
  out.params_shown = given == nullptr ? std::string() : boost::json::serialize(params);
  return out;
}

boost::json::object row(const ApprovalCase& one) {
  const std::string& received = one.accepted_at.empty() ? one.applied_at : one.accepted_at;
  const std::string type = one.applicant.type == "org"      ? "2"
                           : one.applicant.type == "person" ? "1"
                                                            : one.applicant.type;
  return {{"projectguid", one.id},
          {"projectname", one.matter_name},
          {"flowsn", one.case_no},
          {"ouname", one.dept_name},
          {"applyername", one.applicant.name},
          {"applyertype", type == "sole_trader" ? "个体工商户" : type},
          {"applyercardno", one.applicant.id_no},
          {"applyermobile", one.applicant.phone},
          {"status", epoint_status(one.status)},
          {"receivedate", day_part(received, "--")},
          {"promisedate", spaced(one.due_promised, "--")},
          {"finishdate", spaced(one.finished_at, "--")},
          {"updatedate", spaced(one.updated_at, "--")},
          {"querycode", one.query_code},
          {"areacode", one.region_code}};
}

std::string wrap(boost::json::object custom, bool as_text) {
  boost::json::object whole{{"status", {{"code", 200}, {"text", "操作成功"}, {"url", ""}}}};
  if (as_text) {
    whole["custom"] = boost::json::serialize(custom);
  } else {
    whole["custom"] = std::move(custom);
  }
  return boost::json::serialize(whole);
}

std::string page(const ListPage& list) {
  boost::json::array rows;
  for (const ApprovalCase& one : list.rows) {
    rows.push_back(row(one));
  }
  // Every third answer wraps its content as a text, as this system does now and then.
  return wrap({{"code", "1"},
               {"text", "获取成功"},
               {"totalcount", std::to_string(list.total)},
               {"projectlist", std::move(rows)}},
              list.turn % 3 == 2);
}

std::string failure(Failing why) {
  const std::string_view sentence = why == Failing::credential ? "身份验证失败"
                                    : why == Failing::request  ? "参数格式错误"
                                                               : "系统维护中，请稍后再试";
  return wrap({{"code", "0"}, {"text", sentence}}, false);
}

}  // namespace

const ApprovalShape& epoint_shape() {
  static const ApprovalShape shape{
      "epoint", "application/json;charset=utf-8", Charset::utf8, "applyername", false, 50, ask,
      failure,  {{"", std::nullopt, page}}};
  return shape;
}

}  // namespace lobby::sim
