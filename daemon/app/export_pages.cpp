#include "daemon/app/export_pages.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <string_view>
#include <utility>

#include "daemon/app/export_html.hpp"

namespace lobby::app {
namespace {

namespace json = boost::json;
using html::Column;
using html::escaped;
using html::list_at;
using html::plain;
using html::table;
using html::text_at;
using html::when;
using Row = const json::object&;

/// `status_text`, or the word itself where there is none.
std::string wording(Row row, std::string_view key) {
  const auto text = text_at(row, std::string(key) + "_text");
  return escaped(text.empty() ? text_at(row, key) : text);
}

/// Two members in one cell.
std::string both(const std::string& first, const std::string& second) {
  return first + (first.empty() || second.empty() ? "" : " ") + second;
}

std::string project(Row row, std::string_view) {
  return both(escaped(text_at(row, "project_name")), escaped(text_at(row, "section_name")));
}
std::string next_project(Row row, std::string_view) {
  return both(escaped(html::when_at(row, "next_at")),
              both(escaped(text_at(row, "next_project")), escaped(text_at(row, "next_section"))));
}

std::string notice_type(Row row, std::string_view key) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> words{
      {{"tender", "招标公告"},
       {"change", "变更公告"},
       {"candidates", "中标候选人公示"},
       {"result", "中标结果"},
       {"failed", "流标"},
       {"terminated", "终止"},
       {"contract", "合同"},
       {"other", "其他"}}};
  const auto word = text_at(row, key);
  const auto known =
      std::find_if(words.begin(), words.end(), [&](const auto& one) { return one.first == word; });
  return known == words.end() ? escaped(word) : std::string(known->second);
}

/// Title, or name of the project, with a link to the whole notice.
std::string notice_title(Row row, std::string_view) {
  const auto title = text_at(row, "title");
  return html::link(text_at(row, "url"), title.empty() ? text_at(row, "project_name") : title);
}

std::string candidates(Row row, std::string_view key) {
  std::string out;
  for (const auto& one : list_at(row, key)) {
    if (const auto* candidate = one.if_object()) {
      out += out.empty() ? "" : "；";
      out += both(escaped(text_at(*candidate, "rank")),
                  both(escaped(text_at(*candidate, "name")), escaped(text_at(*candidate, "price"))));
    }
  }
  return out;
}

std::string period(Row row, std::string_view) {
  const auto from = escaped(text_at(row, "publish_from"));
  const auto to = escaped(text_at(row, "publish_to"));
  return from.empty() && to.empty() ? "" : from + " 至 " + to;
}

std::string matter_name(Row row, std::string_view) {
  return html::link(text_at(row, "guide_url"), text_at(row, "name"));
}

std::string heading(std::string_view tag, const std::string& text) {
  const std::string name(tag);
  return text.empty() ? "" : "<" + name + ">" + text + "</" + name + ">\n";
}

std::string department_part(Row department) {
  static constexpr Column columns[] = {{"事项", "name", matter_name},
                                       {"承诺时限", "promised_limit", plain},
                                       {"法定时限", "statutory_limit", plain},
                                       {"收费", "fee", plain}};
  const auto name = text_at(department, "name");
  const auto phone = text_at(department, "phone");
  return heading("h3", escaped(name)) + (phone.empty() ? "" : "<p>电话：" + escaped(phone) + "</p>\n") +
         table(name + "的事项", columns, list_at(department, "matters"), "暂无事项。");
}

std::string group_part(Row group) {
  std::string out = heading("h2", escaped(text_at(group, "name")));
  for (const auto& department : list_at(group, "departments")) {
    if (department.is_object()) {
      out += department_part(department.get_object());
    }
  }
  return out;
}

/// A part that is not there where its list is empty.
std::string part(Row data, std::string_view key, std::string_view title, std::span<const Column> columns) {
  const auto& rows = list_at(data, key);
  return rows.empty() ? "" : heading("h2", std::string(title)) + table(title, columns, rows, "");
}

}  // namespace

std::string approvals_body(Row data) {
  static constexpr Column columns[] = {
      {"办件编号", "case_no", plain},         {"事项名称", "matter_name", plain},
      {"申请人", "applicant_display", plain}, {"办理部门", "dept_name", plain},
      {"受理时间", "accepted_at", when},      {"承诺办结时间", "due_promised", when},
      {"办理状态", "status", wording}};
  return table("办件公示", columns, list_at(data, "cases"), "暂无公示的办件。");
}

std::string bids_body(Row data) {
  static constexpr Column openings[] = {
      {"项目编号", "project_no", plain}, {"项目名称", "project_name", project},
      {"交易类型", "trade_type", plain}, {"招标人", "tenderer", plain},
      {"代理机构", "agency", plain},     {"开标时间", "open_at", when},
      {"开标室", "open_room", plain},    {"状态", "status", wording}};
  static constexpr Column rooms[] = {{"房间", "room", plain},
                                     {"状态", "state", wording},
                                     {"当前项目", "project_name", project},
                                     {"下一场", "next_at", next_project}};
  static constexpr Column notices[] = {
      {"公告", "title", notice_title},      {"类型", "notice_type", notice_type},
      {"标段", "section_name", plain},      {"中标候选人", "candidates", candidates},
      {"公示时间", "publish_from", period}, {"异议联系方式", "objection_contact", plain}};
  return heading("h2", "今日开标") +
         table("今日开标", openings, list_at(data, "openings"), "今日没有开标。") +
         part(data, "rooms", "开标评标场所", rooms) + heading("h2", "公示公告") +
         table("公示公告", notices, list_at(data, "notices"), "暂无公示公告。");
}

std::string catalogue_body(Row data) {
  static constexpr Column windows[] = {{"窗口", "number", plain}, {"名称", "name", plain}};
  static constexpr Column hotlines[] = {{"热线", "label_zh", plain}, {"号码", "number", plain}};
  static constexpr Column notices[] = {
      {"公告", "title", plain}, {"内容", "text", plain}, {"单位", "unit", plain}};
  static constexpr Column agencies[] = {
      {"中介机构", "name", plain}, {"资质", "licence", plain}, {"承诺时限", "promised_limit", plain}};
  std::string out = part(data, "notices", "通知公告", notices);
  for (const auto& group : list_at(data, "groups")) {
    if (group.is_object()) {
      out += group_part(group.get_object());
    }
  }
  return out + part(data, "windows", "办事窗口", windows) + part(data, "agencies", "中介服务机构", agencies) +
         part(data, "hotlines", "服务热线", hotlines);
}

}  // namespace lobby::app
