#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "tests/sim/approval_auth.hpp"
#include "tests/sim/approval_shape.hpp"
#include "tests/sim/json_text.hpp"

namespace lobby::sim {
namespace {

using boost::json::value;

struct Word {
  std::string_view word, code;
};

/// 0 draft, 1 accepted, 2 not accepted, 3 correction, 4 done by the office, 5 done at the unified window,
/// 6 finished, 7 void, 8 returned by the window, 9 submitted online, 10/11 pre-review passed and not.
constexpr Word statuses[] = {{"submitted", "9"},  {"pre_rejected", "11"}, {"received", "10"},
                             {"correcting", "3"}, {"not_accepted", "2"},  {"accepted", "1"},
                             {"reviewing", "1"},  {"approving", "1"},     {"suspended", "1"},
                             {"forwarded", "1"},  {"extended", "1"},      {"approved", "4"},
                             {"rejected", "4"},   {"finished", "6"},      {"returned", "8"},
                             {"withdrawn", "7"},  {"void", "7"},          {"deemed", "5"}};
constexpr Word kinds[] = {{"instant", "1"}, {"promised", "2"}, {"forward", "3"}, {"joint", "4"}};
constexpr Word units[] = {{"workday", "1"}, {"day", "2"}, {"hour", "3"}, {"immediate", "1"}};
constexpr Word cards[] = {{"warning", "1"}, {"yellow", "2"}, {"red", "3"}};
constexpr Word states[] = {
    {"sent", "Y"}, {"pending", "D"}, {"cancelled", "C"}, {"withdrawn", "Q"}, {"supervised", "B"}};

template <std::size_t N>
std::string code(const Word (&table)[N], std::string_view word, std::string_view otherwise) {
  for (const Word& one : table) {
    if (one.word == word) {
      return std::string(one.code);
    }
  }
  return std::string(otherwise);
}

/// The same code is a number in one row and a text in the next.
value now_and_then_a_number(const std::string& text, std::size_t place) {
  const bool is_number = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  return is_number && place % 2 == 0 ? value(parse_count(text, 0)) : value(text);
}

/// Times carry a fraction, or are one of the ways in which a database says that there is none.
std::string stamp(const std::string& time, std::size_t place) {
  if (time.empty()) {
    return place % 3 == 0 ? "0000-00-00 00:00:00" : place % 3 == 1 ? "1900-01-01 00:00:00.0" : "--";
  }
  return spaced(time, "") + (time.size() > 10 ? ".0" : "");
}

void put_limit(boost::json::object& row, std::string_view key, const std::string& text, std::size_t place) {
  const Limit limit = parse_limit(text);
  row[key] = limit.unit.empty() ? value("--") : now_and_then_a_number(std::to_string(limit.n), place);
  row[std::string(key) + "Unit"] = code(units, limit.unit, "");
}

boost::json::object row(const ApprovalCase& one, std::size_t place) {
  boost::json::array stops;
  for (const ClockStop& stop : one.stops) {
    stops.push_back({{"type", "检验检测"},
                     {"reason", "需现场检测"},
                     {"startTime", stamp(stop.from, place)},
                     {"endTime", stop.to.empty() ? "--" : stamp(stop.to, place)},
                     {"approver", "示例批准员"}});
  }
  const std::string status = code(statuses, one.status, one.status);
  boost::json::object out{
      {"instanceCode", one.case_no},
      {"queryCode", one.query_code.empty() ? "无" : one.query_code},
      {"areaCode", now_and_then_a_number(one.region_code, place)},
      {"itemCode", one.matter_code},
      {"itemName", one.matter_name},
      {"itemType", code(kinds, one.kind, "9")},
      {"orgCode", one.dept_code},
      {"orgName", one.dept_name},
      {"applicantType", now_and_then_a_number(one.applicant.type == "org" ? "2" : "1", place)},
      {"applicantName", one.applicant.name},
      {"applicantCertNo", one.applicant.id_no},
      {"applicantMobile", one.applicant.phone},
      {"applyTime", stamp(one.applied_at, place)},
      {"acceptUser", "示例受理员"},
      {"acceptTime", stamp(one.accepted_at, place)},
      {"endUser", ""},
      {"endTime", stamp(one.finished_at, place)},
      {"updateTime", epoch_ms(one.updated_at)},
      {"currentStage", one.stage_name.empty() ? "--" : one.stage_name},
      {"status", now_and_then_a_number(status, place)},
      {"correctionCount", one.status == "correcting" ? 1 : 0},
      {"source", std::to_string(1 + place % 6)},
      {"superviseResult", code(cards, one.card, "")},
      {"specialLimit", one.stop_limit.empty() ? value(nullptr) : value(parse_limit(one.stop_limit).n)},
      {"queueCode", one.queue_ticket.empty() ? "0" : one.queue_ticket},
      {"specialList", std::move(stops)}};
  put_limit(out, "promiseLimit", one.promised_limit, place);
  put_limit(out, "legalLimit", one.statutory_limit, place);
  return out;
}

/// The content is an object, and every other time a text that holds one.
std::string wrap(boost::json::array rows, const ListPage& list) {
  const boost::json::object data{{"total", std::to_string(list.total)}, {"list", std::move(rows)}};
  boost::json::object whole{{"code", 0}, {"msg", "操作成功"}};
  whole["data"] = list.turn % 2 == 1 ? value(boost::json::serialize(data)) : value(data);
  return boost::json::serialize(whole);
}

std::string cases(const ListPage& list) {
  boost::json::array rows;
  for (const ApprovalCase& one : list.rows) {
    rows.push_back(row(one, rows.size()));
  }
  return wrap(std::move(rows), list);
}

std::string alerts(const ListPage& list) {
  boost::json::array rows;
  for (const boost::json::object& one : list.records) {
    const std::size_t place = rows.size();
    boost::json::object out{{"superviseId", text(one, "id")},
                            {"instanceCode", text(one, "case_no")},
                            {"acceptUser", "示例受理员"},
                            {"result", now_and_then_a_number(code(cards, text(one, "card"), ""), place)},
                            {"superviseTime", stamp(text(one, "at"), place)},
                            {"basis", text(one, "basis")},
                            {"state", code(states, text(one, "state"), "") + (place % 2 == 0 ? "" : " ")},
                            {"itemName", text(one, "matter_name")},
                            {"orgName", text(one, "dept_name")},
                            {"overDays", std::to_string(integer(one, "overdue_days"))}};
    put_limit(out, "promiseLimit", text(one, "promised_limit"), place);
    rows.push_back(std::move(out));
  }
  return wrap(std::move(rows), list);
}

std::string text_or_number(const boost::json::object& from, std::string_view key) {
  const value* const found = from.if_contains(key);
  return found == nullptr     ? ""
         : found->is_string() ? std::string(found->get_string())
                              : boost::json::serialize(*found);
}

/// A POST with the token in its body, or an older installation's GET with a signature.
ListAsk ask(const ApprovalRequest& request, const std::string& secret) {
  if (request.method != "POST") {
    ListAsk out = ask_by_query(request, "pageNo", "pageSize", 1);
    out.authorised = secret.empty() || request.param("sign") == md5_sign(request.query, secret);
    return out;
  }
  boost::json::error_code error;
  const value body = boost::json::parse(request.body, error);
  ListAsk out;
  out.understood = !error && body.is_object();
  if (out.understood) {
    ApprovalRequest as_query;
    for (const auto& [key, given] : body.get_object()) {
      as_query.query[key] = text_or_number(body.get_object(), key);
    }
    out = ask_by_query(as_query, "pageNo", "pageSize", 1);
    out.authorised = secret.empty() || as_query.param("token") == secret;
  }
  return out;
}

std::string failure(Failing why) {
  const std::string_view sentence = why == Failing::credential ? "身份验证失败"
                                    : why == Failing::request  ? "参数错误"
                                                               : "系统维护中";
  return boost::json::serialize(boost::json::object{{"code", "-1"}, {"msg", sentence}, {"data", nullptr}});
}

}  // namespace

const ApprovalShape& kechuang_shape() {
  static const ApprovalShape shape{
      "kechuang",
      "application/json",
      Charset::utf8,
      "applicantName",
      false,
      500,
      ask,
      failure,
      {{"/case/list", std::nullopt, cases}, {"/supervise/list", ApprovalRecords::Kind::alert, alerts}}};
  return shape;
}

}  // namespace lobby::sim
