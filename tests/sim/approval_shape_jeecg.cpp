#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "tests/sim/approval_shape.hpp"

namespace lobby::sim {
namespace {

using boost::json::value;

value time_or_null(const std::string& time) {
  return time.empty() ? value(nullptr) : value(spaced(time, ""));
}

value limit_or_null(const std::string& text) {
  const Limit limit = parse_limit(text);
  return limit.unit.empty() ? value(nullptr) : value(limit.n);
}

std::string unit_of(const std::string& text) {
  const Limit limit = parse_limit(text);
  return limit.unit == "day" ? "天" : limit.unit == "hour" ? "小时" : limit.unit.empty() ? "" : "工作日";
}

boost::json::object row(const ApprovalCase& one, std::size_t place) {
  PortalStatus status = portal_status(one.status);
  status.word = status.word == "作废" ? "已作废" : status.word;
  const std::string& type = one.applicant.type;
  boost::json::object out{{"id", one.id},
                          {"caseNo", one.case_no},
                          {"itemCode", one.matter_code},
                          {"itemName", one.matter_name},
                          {"sysOrgCode", one.dept_code},
                          {"deptId", "88"},
                          {"deptId_dictText", one.dept_name},
                          {"applyName", one.applicant.name},
                          {"applyCardNo", one.applicant.id_no},
                          {"applyPhone", one.applicant.phone},
                          {"areaCode", one.region_code},
                          {"createTime", time_or_null(one.applied_at)},
                          {"acceptTime", time_or_null(one.accepted_at)},
                          {"promiseEndTime", time_or_null(one.due_promised)},
                          {"finishTime", time_or_null(one.finished_at)},
                          {"updateTime", epoch_ms(one.updated_at)},
                          {"promiseDays", limit_or_null(one.promised_limit)},
                          {"promiseUnit_dictText", unit_of(one.promised_limit)},
                          {"legalDays", limit_or_null(one.statutory_limit)},
                          {"legalUnit_dictText", unit_of(one.statutory_limit)},
                          {"bpmStatus_dictText", one.stage_name},
                          {"lightStatus", one.light},
                          {"backCount", one.return_count},
                          {"windowNo", one.window_no}};
  out["applyType"] = type == "person" ? "1" : type == "org" ? "2" : type == "sole_trader" ? "3" : "";
  // The dictionary is not filled in everywhere, and knows no number of what is new.
  out["applyType_dictText"] = place % 4 == 3     ? value(nullptr)
                              : type == "person" ? value("个人")
                              : type == "org"    ? value("企业")
                                                 : value("个体工商户");
  const bool has_number = !status.number.empty();
  out["status"] = !has_number ? value(status.word) : value(std::stoi(status.number));
  out["status_dictText"] = has_number && place % 4 == 3 ? value(nullptr) : value(status.word);
  return out;
}

std::string page(const ListPage& list) {
  boost::json::array rows;
  for (const ApprovalCase& one : list.rows) {
    rows.push_back(row(one, rows.size()));
  }
  const std::size_t pages = (list.total + list.ask.size - 1) / list.ask.size;
  return boost::json::serialize(boost::json::object{{"success", true},
                                                    {"message", ""},
                                                    {"code", 200},
                                                    {"result",
                                                     {{"records", std::move(rows)},
                                                      {"total", list.total},
                                                      {"size", list.ask.size},
                                                      {"current", list.ask.page + 1},
                                                      {"orders", boost::json::array()},
                                                      {"pages", pages}}},
                                                    {"timestamp", list.now_ms}});
}

ListAsk ask(const ApprovalRequest& request, const std::string& secret) {
  ListAsk out = ask_by_query(request, "pageNo", "pageSize", 1);
  out.authorised = secret.empty() || request.header("x-access-token") == secret;
  return out;
}

std::string failure(Failing why) {
  const bool is_credential = why == Failing::credential;
  // A failure that calls itself a success, but for the code.
  return boost::json::serialize(
      boost::json::object{{"success", !is_credential},
                          {"message", is_credential ? "Token失效，请重新登录" : "操作失败，系统维护中"},
                          {"code", is_credential ? 401 : 500},
                          {"result", nullptr}});
}

}  // namespace

const ApprovalShape& jeecg_shape() {
  static const ApprovalShape shape{
      "jeecg", "application/json;charset=UTF-8",           Charset::utf8, "applyName", false, 100, ask,
      failure, {{"/case/public/list", std::nullopt, page}}};
  return shape;
}

}  // namespace lobby::sim
