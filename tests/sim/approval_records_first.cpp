#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <utility>

#include "tests/sim/approval_matters.hpp"
#include "tests/sim/approval_people.hpp"
#include "tests/sim/approval_records.hpp"

namespace lobby::sim {
namespace {

using boost::json::array;
using boost::json::object;

struct Opening {
  int day, hour, minute;
  std::string_view name, trade_type, open_room, eval_room;
  bool fails;
};

constexpr Opening openings[] = {
    {0, 9, 30, "什邡市示例道路改造工程", "工程建设", "开标室一", "评标室一", false},
    {0, 10, 0, "红白镇示例小学食堂设备采购", "政府采购", "开标室二", "评标室二", false},
    {0, 14, 30, "什邡市示例污水管网监理", "工程建设", "开标室一", "评标室三", false},
    {0, 15, 0, "马祖镇示例地块出让", "土地使用权", "开标室三", "", true},
    {1, 9, 0, "什邡市示例医院信息系统采购", "政府采购", "开标室二", "评标室一", false},
    {-1, 10, 0, "什邡市示例中学塑胶跑道采购", "政府采购", "开标室一", "评标室二", false},
};

constexpr std::string_view firms[] = {
    "四川示例甲建设有限公司", "德阳示例乙工程有限公司", "什邡示例丙商贸有限公司",
    "四川示例丁科技有限公司", "成都示例戊咨询有限公司", "绵阳示例己设备有限公司",
};

/// Three experts and the firms that fetched the documents but win nothing: neither may ever be named.
array experts(ApprovalDice& dice) {
  array all;
  for (const std::string_view nth : {"甲", "乙", "丙"}) {
    all.push_back(
        {{"name", fmt::format("评委某{}{}", nth, 10 + dice.below(90))}, {"phone", make_phone(dice)}});
  }
  return all;
}

array holders(ApprovalDice& dice) {
  array all;
  for (int i = 0; i < 2; ++i) {
    all.push_back({{"name", fmt::format("四川示例领文件{}号有限公司", 100 + dice.below(900))},
                   {"phone", make_phone(dice)}});
  }
  return all;
}

array candidates(std::size_t first) {
  array all;
  for (int rank = 1; rank <= 3; ++rank) {
    all.push_back({{"rank", rank},
                   {"name", firms[(first + static_cast<std::size_t>(rank)) % std::size(firms)]},
                   {"price", fmt::format("{}.00", 1'000'000 + rank * 12'345)}});
  }
  return all;
}

}  // namespace

void ApprovalRecords::first_matters() {
  for (const ApprovalMatter& matter : approval_matters()) {
    add(Kind::matter, {{"code", matter.code},
                       {"name", matter.name},
                       {"short_name", matter.short_name},
                       {"dept_code", matter.dept_code},
                       {"dept_name", matter.dept_name},
                       {"kind", matter.kind},
                       {"service_type", "行政审批服务事项"},
                       {"promised_limit", matter.promised},
                       {"statutory_limit", matter.statutory},
                       {"fee", "不收费"},
                       {"guide_url", fmt::format("https://guide.example/{}", matter.code)},
                       {"phone", "0838-0000000"},
                       {"enabled", true},
                       {"changed_at", at(-20, 10, 0)}});
  }
}

void ApprovalRecords::first_staff(ApprovalDice& dice) {
  for (int i = 1; i <= 12; ++i) {
    add(Kind::staff, {{"staff_no", fmt::format("SIM{:03}", i)},
                      {"name", fmt::format("示例员{}", i)},
                      {"title", i % 4 == 0 ? "首席代表" : "窗口工作人员"},
                      {"unit", approval_matters()[static_cast<std::size_t>(i)].dept_name},
                      {"window_no", std::to_string(i)},
                      {"photo_ref", fmt::format("photo-{:03}", i)},
                      {"mobile", make_phone(dice)}});
  }
}

void ApprovalRecords::first_alerts(ApprovalDice& dice) {
  constexpr std::pair<std::string_view, std::string_view> kinds_of[] = {
      {"warning", "sent"},   {"yellow", "sent"},       {"red", "supervised"},
      {"yellow", "pending"}, {"warning", "cancelled"}, {"yellow", "withdrawn"}};
  int number = 0;
  for (const auto& [card, state] : kinds_of) {
    const ApprovalMatter& matter = approval_matters()[dice.below(approval_matters().size())];
    ++number;
    add(Kind::alert, {{"case_no", fmt::format("510682SIMALERT{:02}", number)},
                      {"card", card},
                      {"at", at(-number, 9, number)},
                      {"basis", card == "warning" ? "距承诺时限不足2个工作日" : "超过承诺时限"},
                      {"state", state},
                      {"matter_name", matter.name},
                      {"dept_name", matter.dept_name},
                      {"promised_limit", matter.promised},
                      {"overdue_days", card == "warning" ? 0 : number}});
  }
}

void ApprovalRecords::first_bids(ApprovalDice& dice) {
  std::size_t number = 0;
  for (const Opening& one : openings) {
    ++number;
    object row{{"project_no", fmt::format("SIM-GC-{:03}", number)},
               {"project_name", one.name},
               {"section_no", "1"},
               {"section_name", "第一标段"},
               {"trade_type", one.trade_type},
               {"tenderer", "什邡市示例单位"},
               {"agency", "成都示例戊咨询有限公司"},
               {"open_at", at(one.day, one.hour, one.minute)},
               {"end_at", at(one.day, one.hour + 3, one.minute)},
               {"open_room", one.open_room},
               {"eval_room", one.eval_room},
               {"status", ""},
               {"updated_at", ""},
               {"bidder_count", 5},
               {"experts", experts(dice)},
               {"document_holders", holders(dice)},
               {"bidders", candidates(number)},
               {"candidates", candidates(number)}};
    if (one.fails) {
      row["failure_reason"] = "有效投标人不足三家";
    }
    add(Kind::bid, std::move(row)).moves = true;
  }
}

void ApprovalRecords::first_notices() {
  constexpr std::pair<std::string_view, std::string_view> types[] = {
      {"tender", "招标公告"},   {"change", "变更公告"}, {"candidates", "中标候选人公示"},
      {"result", "中标结果"},   {"failed", "流标公告"}, {"terminated", "终止公告"},
      {"contract", "合同公示"}, {"other", "其他公告"}};
  std::size_t number = 0;
  for (const auto& [type, title] : types) {
    ++number;
    const bool has_candidates = type == "candidates" || type == "result";
    object row{{"project_no", fmt::format("SIM-GG-{:03}", number)},
               {"project_name", fmt::format("什邡市示例项目{}", number)},
               {"section_no", "1"},
               {"notice_type", type},
               {"title", fmt::format("什邡市示例项目{}{}", number, title)},
               {"candidates", has_candidates ? candidates(number) : array()},
               {"publish_from", at(-1, 0, 0)},
               {"publish_to", at(2, 23, 59)},
               {"objection_contact", "0838-0000001"},
               {"url", fmt::format("https://trade.example/{}", number)},
               {"status", has_candidates ? "candidates_published" : "announced"}};
    add(Kind::notice, std::move(row));
  }
  // Names that the trading platform knows already, and that wait for their day.
  add(Kind::notice, {{"project_no", "SIM-GC-003"},
                     {"project_name", openings[2].name},
                     {"section_no", "1"},
                     {"notice_type", "candidates"},
                     {"title", "中标候选人公示（未发布）"},
                     {"candidates", candidates(3)},
                     {"publish_from", at(1, 0, 0)},
                     {"publish_to", at(4, 23, 59)},
                     {"objection_contact", "0838-0000001"},
                     {"url", ""},
                     {"status", "evaluating"}});
  // A notice that is over.
  add(Kind::notice, {{"project_no", "SIM-GG-099"},
                     {"project_name", "什邡市示例旧项目"},
                     {"section_no", "1"},
                     {"notice_type", "candidates"},
                     {"title", "什邡市示例旧项目中标候选人公示"},
                     {"candidates", candidates(4)},
                     {"publish_from", at(-6, 0, 0)},
                     {"publish_to", at(-2, 23, 59)},
                     {"objection_contact", "0838-0000001"},
                     {"url", ""},
                     {"status", "candidates_published"}});
}

void ApprovalRecords::first_appointments(ApprovalDice& dice) {
  constexpr std::string_view states[] = {"booked", "booked", "booked", "taken", "missed", "cancelled"};
  constexpr std::string_view channels[] = {"网厅", "手机", "微信", "一体机"};
  for (int i = 0; i < 24; ++i) {
    const int day = i / 12;
    const int slot = 9 + (i % 12) / 4;
    const Applicant who = make_applicant(dice, false);
    const std::string date = at(day, 0, 0).substr(0, 10);
    object row{{"date", date},
               {"slot_start", at(day, slot, 0)},
               {"slot_end", at(day, slot, 30)},
               {"service", approval_matters()[dice.below(approval_matters().size())].name},
               {"state", day > 0 ? "booked" : states[static_cast<std::size_t>(i) % std::size(states)]},
               {"channel", dice.one_of(channels)},
               {"code", fmt::format("SIM{:05}", 10'000 + i)}};
    if (const std::vector<std::string> hidden = lobby::sim::secrets_of(who); hidden.size() == 3) {
      row["person_name"] = hidden[0];
      row["person_id_no"] = hidden[1];
      row["person_phone"] = hidden[2];
    }
    add(Kind::appointment, std::move(row));
  }
}

}  // namespace lobby::sim
