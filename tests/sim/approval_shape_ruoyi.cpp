#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "tests/sim/approval_shape.hpp"

namespace lobby::sim {
namespace {

using boost::json::value;

struct Word {
  std::string_view word, code;
};

/// Provincial hand-over codes: they know what was handed over last, not every state.
constexpr Word statuses[] = {{"submitted", "1"},  {"pre_rejected", "4"}, {"received", "1"},
                             {"correcting", "6"}, {"not_accepted", "4"}, {"accepted", "3"},
                             {"reviewing", "8"},  {"approving", "8"},    {"suspended", "9"},
                             {"forwarded", "8"},  {"extended", "10"},    {"approved", "11"},
                             {"rejected", "11"},  {"finished", "11"},    {"returned", "4"},
                             {"withdrawn", "11"}, {"void", "11"},        {"deemed", "11"}};

/// A number of 15 digits at most, so that no reader loses any.
std::uint64_t number_of(const std::string& id) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char c : id) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  }
  return hash % 1'000'000'000'000'000U;
}

/// "20260316", "2026-03-16", or a day with a time: as each department fills it in.
value day_of_form(const std::string& time, std::size_t place) {
  if (time.empty()) {
    return place % 2 == 0 ? value("") : value(nullptr);
  }
  std::string day = time.substr(0, 10);
  if (place % 3 == 0) {
    std::erase(day, '-');
  }
  return place % 3 == 2 ? value(spaced(time, "")) : value(day);
}

std::string limit_of(const std::string& text, std::size_t place) {
  const Limit limit = parse_limit(text);
  if (limit.unit != "workday") {
    return limit.unit == "immediate" ? "0" : "--";
  }
  return std::to_string(limit.n) + (place % 2 == 0 ? "个工作日" : "");
}

boost::json::object row(const ApprovalCase& one, std::size_t place) {
  std::string status = one.status;
  for (const Word& word : statuses) {
    status = word.word == one.status ? std::string(word.code) : status;
  }
  const std::string& type = one.applicant.type;
  boost::json::object out{{"searchValue", nullptr},
                          {"params", boost::json::object()},
                          {"caseId", number_of(one.id)},
                          {"projId", one.case_no},
                          {"projPwd", one.query_code},
                          {"serviceCode", one.matter_code},
                          {"serviceName", one.matter_name},
                          {"applyerName", one.applicant.name},
                          {"applyerPageCode", one.applicant.id_no},
                          {"applyerPhone", one.applicant.phone},
                          {"createTime", spaced(one.applied_at, "")},
                          {"acceptDate", day_of_form(one.accepted_at, place)},
                          {"promiseDate", day_of_form(one.due_promised, place)},
                          {"finishDate", day_of_form(one.finished_at, place)},
                          {"updateTime", spaced(one.updated_at, "")},
                          {"promiseLimit", limit_of(one.promised_limit, place)},
                          {"lawLimit", limit_of(one.statutory_limit, place)},
                          {"version", one.version}};
  const bool is_natural = type == "person" || type == "sole_trader";
  out["applyerType"] = type == "org"    ? value("1")
                       : !is_natural    ? value(nullptr)
                       : place % 2 == 0 ? value("0")
                                        : value(0);
  out["caseStatus"] = status;
  out["dept"] = {{"deptId", 103}, {"deptName", one.dept_name}, {"areaCode", one.region_code}};
  return out;
}

std::string page(const ListPage& list) {
  boost::json::array rows;
  for (const ApprovalCase& one : list.rows) {
    rows.push_back(row(one, rows.size()));
  }
  return boost::json::serialize(boost::json::object{
      {"total", list.total}, {"rows", std::move(rows)}, {"code", 200}, {"msg", "查询成功"}});
}

ListAsk ask(const ApprovalRequest& request, const std::string& secret) {
  ListAsk out = ask_by_query(request, "pageNum", "pageSize", 1);
  out.authorised = has_bearer(request, secret);
  return out;
}

std::string failure(Failing why) {
  const bool is_credential = why == Failing::credential;
  return boost::json::serialize(boost::json::object{
      {"msg", is_credential ? "请求访问：/case/list，认证失败，无法访问系统资源" : "系统维护中"},
      {"code", is_credential ? 401 : 500}});
}

}  // namespace

const ApprovalShape& ruoyi_shape() {
  static const ApprovalShape shape{"ruoyi",
                                   "application/json",
                                   Charset::utf8_bom,
                                   "applyerName",
                                   true,
                                   100,
                                   ask,
                                   failure,
                                   {{"/case/list", std::nullopt, page}}};
  return shape;
}

}  // namespace lobby::sim
