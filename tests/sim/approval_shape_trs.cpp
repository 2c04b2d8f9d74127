#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "tests/sim/approval_shape.hpp"
#include "tests/sim/json_text.hpp"

namespace lobby::sim {
namespace {

using boost::json::value;

struct Word {
  std::string_view word, own;
};

constexpr Word states[] = {{"announced", "待开标"},
                           {"changed", "变更"},
                           {"bidding_closed", "投标截止"},
                           {"opening", "开标中"},
                           {"evaluating", "评标中"},
                           {"candidates_published", "候选人公示"},
                           {"result_published", "结果公示"},
                           {"contracted", "已签合同"},
                           {"postponed", "延期"},
                           {"failed", "流标"},
                           {"terminated", "终止"}};
constexpr Word notice_types[] = {{"tender", "招标公告"},           {"change", "变更公告"},
                                 {"candidates", "中标候选人公示"}, {"result", "中标结果公告"},
                                 {"failed", "流标公告"},           {"terminated", "终止公告"},
                                 {"contract", "合同公告"},         {"other", "答疑"}};
constexpr Word trades[] = {{"工程建设", "A"}, {"土地矿权", "B"}, {"产权交易", "C"}, {"政府采购", "D"}};

template <std::size_t N>
std::string own(const Word (&table)[N], const std::string& word) {
  for (const Word& one : table) {
    if (one.word == word) {
      return std::string(one.own);
    }
  }
  return word;
}

/// "2026年03月16日 09:30" from one hand, "2026-03-16 09:30" from the other.
std::string typed(const std::string& time, std::size_t place) {
  if (time.size() < 16 || place % 2 == 0) {
    return spaced(time, "--").substr(0, 16);
  }
  return time.substr(0, 4) + "年" + time.substr(5, 2) + "月" + time.substr(8, 2) + "日 " + time.substr(11, 5);
}

std::string or_slash(const std::string& text) {
  return text.empty() ? "/" : text;
}

boost::json::array names_of(const boost::json::object& row, std::string_view key) {
  boost::json::array out;
  const value* const all = row.if_contains(key);
  for (const value& one : all != nullptr && all->is_array() ? all->get_array() : boost::json::array()) {
    out.push_back(one.is_object() ? value(text(one.get_object(), "name")) : one);
  }
  return out;
}

boost::json::array winners_of(const boost::json::object& row) {
  boost::json::array out;
  const value* const all = row.if_contains("candidates");
  for (const value& one : all != nullptr && all->is_array() ? all->get_array() : boost::json::array()) {
    if (one.is_object()) {
      out.push_back({{"pm", std::to_string(integer(one.get_object(), "rank"))},
                     {"hxrmc", text(one.get_object(), "name")},
                     {"bj", text(one.get_object(), "price")}});
    }
  }
  return out;
}

std::string wrap(boost::json::array rows, const ListPage& list) {
  // The code and the total change their type from one answer to the next.
  const bool as_text = list.turn % 2 == 1;
  boost::json::object whole;
  whole["state"] = as_text ? value("200") : value(200);
  whole["message"] = nullptr;
  whole["data"] = {{"total", as_text ? value(std::to_string(list.total)) : value(list.total)},
                   {"pageNum", list.ask.page},
                   {"list", std::move(rows)}};
  return boost::json::serialize(whole);
}

std::string bids(const ListPage& list) {
  boost::json::array rows;
  for (const boost::json::object& one : list.records) {
    const std::size_t place = rows.size();
    rows.push_back({{"metadataId", text(one, "id")},
                    {"xmbh", " " + text(one, "project_no") + " "},
                    {"xmmc", text(one, "project_name")},
                    {"bdbh", text(one, "section_no")},
                    {"bdmc", text(one, "section_name")},
                    {"jylx", own(trades, text(one, "trade_type"))},
                    {"zbr", or_slash(text(one, "tenderer"))},
                    {"dljg", or_slash(text(one, "agency"))},
                    {"kbsj", typed(text(one, "open_at"), place)},
                    {"jssj", typed(text(one, "end_at"), place)},
                    {"kbs", text(one, "open_room")},
                    {"pbs", text(one, "eval_room")},
                    {"docRelTime", spaced(text(one, "updated_at"), "")},
                    {"zt", own(states, text(one, "status"))},
                    {"tbjs", integer(one, "bidder_count")},
                    {"pbzj", names_of(one, "experts")},
                    {"lqwj", names_of(one, "document_holders")},
                    {"hxrList", winners_of(one)}});
  }
  return wrap(std::move(rows), list);
}

std::string notices(const ListPage& list) {
  boost::json::array rows;
  for (const boost::json::object& one : list.records) {
    rows.push_back({{"metadataId", text(one, "id")},
                    {"xmbh", text(one, "project_no")},
                    {"xmmc", text(one, "project_name")},
                    {"bdbh", text(one, "section_no")},
                    {"gglx", own(notice_types, text(one, "notice_type"))},
                    {"docTitle", text(one, "title")},
                    {"gsksrq", day_part(text(one, "publish_from"), "")},
                    {"gsjsrq", spaced(text(one, "publish_to"), "")},
                    {"yydh", text(one, "objection_contact")},
                    {"docPubUrl", text(one, "url")},
                    {"pbzj", names_of(one, "experts")},
                    {"hxrList", winners_of(one)}});
  }
  return wrap(std::move(rows), list);
}

ListAsk ask(const ApprovalRequest& request, const std::string& secret) {
  ListAsk out = ask_by_query(request, "page", "size", 0);
  out.authorised = has_bearer(request, secret);
  return out;
}

std::string failure(Failing why) {
  const bool is_credential = why == Failing::credential;
  return boost::json::serialize(
      boost::json::object{{"state", is_credential ? 401 : 500},
                          {"message", is_credential ? "未登录或登录已过期" : "系统维护中"},
                          {"data", nullptr}});
}

}  // namespace

const ApprovalShape& trs_shape() {
  static const ApprovalShape shape{"trs",
                                   "application/json;charset=GBK",
                                   Charset::gb18030,
                                   "xmmc",
                                   false,
                                   50,
                                   ask,
                                   failure,
                                   {{"/openings", ApprovalRecords::Kind::bid, bids},
                                    {"/notices", ApprovalRecords::Kind::notice, notices}}};
  return shape;
}

}  // namespace lobby::sim
