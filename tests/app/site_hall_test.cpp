// What the hall decides by: services of every kind, packages, lanes, profiles, rules, the catalogue.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "daemon/app/bounds.hpp"
#include "daemon/app/site_file.hpp"
#include "daemon/hall/site.hpp"
#include "tests/app/site_cases.hpp"

namespace {

using namespace lobby;
using namespace lobby::app::cases;

/// A whole site with everything of the hall. Every case below changes one place of it.
const std::string whole = R"(schema = 1
name = "测试大厅"
calendar = ["2026.json"]

[hours.office]
mon = ["08:30-12:00", "13:30-17:30"]
tue = ["08:30-12:00", "13:30-17:30"]

[hours.noon]
mon = ["12:00-13:30"]

[hours.slots]
mon = ["09:00-11:30"]
tue = ["09:00-11:30"]

[hours.uneven]
mon = ["09:00-11:30"]
tue = ["09:00-11:00"]

[hours.night]
mon = ["20:00-22:00"]

[[zone]]
id = "A"
name = "一区"

[[service]]
id = "one"
name = "业务一"
zone = "A"
prefix = "A"
hours = "office"
extended_hours = "noon"
last_issue_before_min = 15
quota_day = 200
quota_slot = 30
quota_slot_min = 60
one_per_person = true
typical_s = 420
modes = ["reception", "appointment"]
slots = {hours = "slots", every_min = 30, capacity = 4}

[[service]]
id = "two"
name = "业务二"
zone = "A"
prefix = "B"
hours = "office"

[[service]]
id = "joint"
name = "并联"
zone = "A"
prefix = "W"
kind = "joint"
joint_category = "construction"
hours = "office"

[[service]]
id = "complaint"
name = "投诉"
zone = "A"
prefix = "U"
kind = "complaint"
hours = "office"

[[service]]
id = "water"
name = "自来水"
zone = "A"
prefix = "Z"
kind = "tenant"
hours = "office"

[[service]]
id = "package"
name = "一件事"
zone = "A"
prefix = "T"
hours = "office"
steps = ["one", "joint"]
steps_in_any_order = true

[[window]]
id = "w1"
number = 1
name = "一号"
zone = "A"
services = ["one", "two", "complaint"]
profile = "busy"
backups = ["1001", "王五"]
transfer_to = "w2"
first_inquiry = true
duty_staff = "1024"

[[window]]
id = "w2"
number = 2
name = "二号"
zone = "A"
services = ["joint", "two"]
joint_categories = ["construction"]
transfer_to = "one"

[lanes]
order = ["green", "elderly", "ordinary", "agent", "military", "firefighter", "martyr_family", "disabled", "pregnant", "appointment"]
preferred_calls = 3
ordinary_calls = 2
anyone_after_s = 1200
exempt = ["green"]
complaint_exempt = true

[[profiles]]
id = "busy"
[[profiles.when]]
services = ["two"]
waited_s = 600
[[profiles.round]]
services = ["one"]
lanes = ["ordinary", "agent"]
calls = 4
[[profiles.round]]

[rules]
recall_limit = 3
recall_least_s = 7
reinstate_within_s = 1800
reinstate_times = 2
reinstate_place = "tail"
agent_limit = 4
notified_days = 12
expire_at = "22:30"
appointment_days = 5
check_in_early_s = 600
check_in_late_s = 300
late_is_ordinary = false

[[catalogue.groups]]
id = "approval"
name = "行政审批服务事项"

[[catalogue.departments]]
id = "market"
group = "approval"
name = "市场监管局"
phone = "12345"

[[catalogue.matters]]
code = "M-1"
department = "market"
name = "设立登记"
short_name = "设立登记"
service = "one"
promised_limit = "1个工作日"
statutory_limit = "10个工作日"
fee = "不收费"
guide_url = "https://guide.example/M-1"
stages = ["受理兼审查", "审核兼审批"]
sample_forms = ["申请书"]
modes = ["reception"]

[[hotlines]]
number = "12345"
label_zh = "热线"
label_en = "Hotline"

[[agency]]
id = "survey"
name = "测绘机构"
licence = "乙级"
promised_limit = "5个工作日"

[[staff]]
staff_no = "1024"
name = "工作人员"
title = "首问责任人"
unit = "政务中心"
photo_ref = "badges/1024.png"

[[notice]]
id = "fees"
title = "收费公示"
text = "不收费"
unit = "政务中心"
from = "2026-03-01"
until = "2026-12-31"
)";

const std::string order =
    R"(["green", "elderly", "ordinary", "agent", "military", "firefighter", "martyr_family", "disabled", "pregnant", "appointment"])";

}  // namespace

TEST_CASE("all of the hall's keys are read") {
  const auto site = app::read_site_text(whole, name).hall;
  const auto& one = site.services[0];
  CHECK(one.extended[0] == std::vector<hall::Hours>{{720, 810}});
  CHECK(one.last_issue_before_min == 15);
  CHECK(one.quota_day == 200);
  CHECK(one.quota_slot == 30);
  CHECK(one.quota_slot_min == 60);
  CHECK(one.one_per_person);
  CHECK(one.typical_s == 420);
  CHECK(one.modes == std::vector<std::string>{"reception", "appointment"});
  CHECK(one.slots.hours == std::vector<hall::Hours>{{540, 690}});
  CHECK(one.slots.every_min == 30);
  CHECK(one.slots.capacity == 4);
  CHECK(site.services[2].joint_category == "construction");
  CHECK(site.services[4].kind == hall::ServiceKind::tenant);
  CHECK(site.services[5].steps == std::vector<hall::ServiceId>{{"one"}, {"joint"}});
  CHECK(site.services[5].steps_in_any_order);
  CHECK(site.windows[0].profile == "busy");
  CHECK(site.windows[0].backups == std::vector<hall::ClerkId>{{"1001"}, {"王五"}});
  CHECK(site.windows[1].joint_categories == std::vector<std::string>{"construction"});
  CHECK(site.lanes.order[1] == hall::Lane::elderly);
  CHECK(site.lanes.preferred_calls == 3);
  CHECK(site.lanes.ordinary_calls == 2);
  CHECK(site.lanes.anyone_after_s == 1200);
  CHECK(site.lanes.exempt == std::vector<hall::Lane>{hall::Lane::green});
  CHECK(site.lanes.complaint_exempt);
  REQUIRE(site.profiles.size() == 1);
  CHECK(site.profiles[0].conditions.at(0).waited_s == 600);
  CHECK(site.profiles[0].conditions[0].choice.services == std::vector<hall::ServiceId>{{"two"}});
  REQUIRE(site.profiles[0].turns.size() == 2);
  CHECK(site.profiles[0].turns[0].calls == 4);
  CHECK(site.profiles[0].turns[0].choice.lanes ==
        std::vector<hall::Lane>{hall::Lane::ordinary, hall::Lane::agent});
  CHECK(site.profiles[0].turns[1].calls == 1);
  CHECK(site.profiles[0].turns[1].choice.services.empty());
}

TEST_CASE("the rules and the catalogue are read") {
  const auto site = app::read_site_text(whole, name).hall;
  CHECK(site.rules.recall_limit == 3);
  CHECK(site.rules.recall_least_s == 7);
  CHECK(site.rules.reinstate_within_s == 1800);
  CHECK(site.rules.reinstate_times == 2);
  CHECK(site.rules.reinstate_place == hall::QueuePlace::tail);
  CHECK(site.rules.agent_limit == 4);
  CHECK(site.rules.notified_days == 12);
  CHECK(site.rules.expire_at_min == 22 * 60 + 30);
  CHECK(site.rules.appointment_days == 5);
  CHECK(site.rules.check_in_early_s == 600);
  CHECK(site.rules.check_in_late_s == 300);
  CHECK_FALSE(site.rules.late_is_ordinary);
  REQUIRE(site.catalogue.groups.size() == 1);
  const auto& department = site.catalogue.groups[0].departments.at(0);
  CHECK(department.phone == "12345");
  const auto& matter = department.matters.at(0);
  CHECK(matter.code == "M-1");
  CHECK(matter.service.value == "one");
  CHECK(matter.promised_limit == "1个工作日");
  CHECK(matter.statutory_limit == "10个工作日");
  CHECK(matter.fee == "不收费");
  CHECK(matter.guide_url == "https://guide.example/M-1");
  CHECK(matter.stages.size() == 2);
  CHECK(matter.sample_forms == std::vector<std::string>{"申请书"});
  CHECK(matter.modes == std::vector<std::string>{"reception"});
  CHECK(site.catalogue.hotlines.at(0).label_en == "Hotline");
}

TEST_CASE("agencies, badges and notices are read, a name only where it may be shown") {
  const auto catalogue = app::read_site_text(whole, name).hall.catalogue;
  CHECK(catalogue.agencies.at(0).name == "测绘机构");
  CHECK(catalogue.agencies.at(0).licence == "乙级");
  CHECK(catalogue.agencies.at(0).promised_limit == "5个工作日");
  const auto& badge = catalogue.staff.at(0);
  CHECK(badge.staff_no == "1024");
  CHECK(badge.name == "工作人员");
  CHECK(badge.title == "首问责任人");
  CHECK(badge.unit == "政务中心");
  CHECK(badge.photo_ref == "badges/1024.png");
  const auto& notice = catalogue.notices.at(0);
  CHECK(notice.title == "收费公示");
  CHECK(notice.text == "不收费");
  CHECK(notice.unit == "政务中心");
  CHECK(notice.from == hall::parse_date("2026-03-01"));
  CHECK(notice.until == hall::parse_date("2026-12-31"));
  const auto text = replaced(whole, "schema = 1\n", "schema = 1\nstaff_by_number = true\n");
  CHECK(app::read_site_text(text, name).hall.catalogue.staff.at(0).name.empty());
}

TEST_CASE("windows with one rule share a line of the bounds") {
  const auto lines = app::bounds_of(app::read_site_text(whole, name));
  const std::string start =
      "who has waited 20 min goes first; then at most one call for each ticket with an "
      "earlier place; before that a full round is 5 calls";
  REQUIRE(lines.size() == 1);  // four and one calls, three and two: the same round
  CHECK(lines[0] == "windows w1, w2: " + start + "; not counted: green, complaint");
  auto text = replaced(whole, "calls = 4", "calls = 6");
  text = replaced(text, "exempt = [\"green\"]\ncomplaint_exempt = true\n", "");
  const auto two = app::bounds_of(app::read_site_text(replaced(text, "= 1200", "= 1210"), name));
  REQUIRE(two.size() == 2);
  CHECK(two[0].starts_with("windows w1: who has waited 1210 s goes first; "));
  CHECK(two[0].ends_with("a full round is 7 calls"));
  CHECK(two[1].starts_with("windows w2: "));
}

TEST_CASE("whatever is wrong with a service is one sentence with the exact place") {
  check_all(whole,
            {
                {"kind of old", "kind = \"tenant\"", "kind = «\"green\"»", ""},
                {"joint without a category", "kind = \"joint\"\njoint_category = \"construction\"\n",
                 "kind = «\"joint\"»\n", "joint_category"},
                {"category of a service that is not joint", "kind = \"tenant\"",
                 "kind = \"tenant\"\njoint_category = «\"market\"»", "water"},
                {"extended hours that are not there", "extended_hours = \"noon\"",
                 "extended_hours = «\"never\"»", ""},
                {"last issue before the opening", "last_issue_before_min = 15",
                 "last_issue_before_min = «90»", "90"},
                {"quota of nobody", "quota_day = 200", "quota_day = «0»", "quota_day"},
                {"quota of a complaint", "kind = \"complaint\"", "kind = \"complaint\"\nquota_day = «5»",
                 "quota_day"},
                {"slot quota of a complaint", "kind = \"complaint\"",
                 "kind = \"complaint\"\nquota_slot = «5»\nquota_slot_min = 30", "quota_slot"},
                {"quota of a slot without a length", "quota_slot = 30\nquota_slot_min = 60",
                 "quota_slot = «30»", "quota_slot_min"},
                {"length of a slot without a quota", "quota_slot = 30\nquota_slot_min = 60",
                 "quota_slot_min = «60»", "quota_slot"},
                {"one_per_person that is a number", "one_per_person = true", "one_per_person = «1»",
                 "one_per_person"},
                {"typical time of a moment", "typical_s = 420", "typical_s = «1»", "typical_s"},
                {"unknown mode", "\"reception\", \"appointment\"", "\"reception\", «\"teleport\"»", ""},
                {"mode twice", "\"reception\", \"appointment\"", "\"reception\", «\"reception\"»", ""},
                {"slots that are no table", "slots = {hours = \"slots\", every_min = 30, capacity = 4}",
                 "«slots» = 30", ""},
                {"unknown key of slots", "capacity = 4}", "capacity = 4, «people» = 4}", ""},
                {"slots without a capacity", ", capacity = 4}", "}", "capacity",
                 "{hours = \"slots\", every_min = 30"},
                {"hours of slots that are not there", "{hours = \"slots\"", "{hours = «\"never\"»", ""},
                {"slots that differ from day to day", "{hours = \"slots\"", "{hours = «\"uneven\"»", ""},
                {"slots beyond the service's hours", "{hours = \"slots\"", "{hours = «\"night\"»", ""},
                {"slots too long for their hours", "every_min = 30", "every_min = «240»", "240"},
                {"package of one", "[\"one\", \"joint\"]", "«[\"one\"]»", "steps"},
                {"step that is not there", "[\"one\", \"joint\"]", "[\"one\", «\"three\"»]", ""},
                {"step twice", "[\"one\", \"joint\"]", "[\"one\", «\"one\"»]", ""},
                {"step that is a tenant's", "[\"one\", \"joint\"]", "[\"one\", «\"water\"»]", ""},
                {"package inside a package", "[\"one\", \"joint\"]", "[\"one\", «\"package\"»]", ""},
                {"package of a kind", "steps = [\"one\", \"joint\"]",
                 "kind = «\"collect\"»\nsteps = [\"one\", \"joint\"]", ""},
                {"order of no steps", "steps = [\"one\", \"joint\"]\nsteps_in_any_order = true",
                 "steps_in_any_order = «true»", "steps"},
            });
}

TEST_CASE("whatever is wrong with a window is one sentence with the exact place") {
  check_all(whole, {
                       {"joint service at a window without its category",
                        "joint_categories = [\"construction\"]\n", "", "construction", "\"joint\", \"two\""},
                       {"category that no service has", "joint_categories = [\"construction\"]",
                        "joint_categories = [\"construction\", «\"market\"»]", ""},
                       {"category twice", "joint_categories = [\"construction\"]",
                        "joint_categories = [\"construction\", «\"construction\"»]", ""},
                       {"joint service without a window", "services = [\"joint\", \"two\"]",
                        "services = [\"two\"]", "\"joint\"", "\"joint\"\nname"},
                       {"package at a window", "services = [\"joint\", \"two\"]",
                        "services = [\"joint\", «\"package\"»]", ""},
                       {"profile that is not there", "profile = \"busy\"", "profile = «\"idle\"»", ""},
                       {"backup twice", "\"1001\", \"王五\"", "\"1001\", «\"1001\"»", ""},
                       {"backups that are no list", "backups = [\"1001\", \"王五\"]", "backups = «\"1001\"»",
                        "backups"},
                   });
}

TEST_CASE("where the transfer key leads, and what a sign says, is read") {
  const auto windows = app::read_site_text(whole, name).hall.windows;
  CHECK(windows.at(0).transfer_to.window.value == "w2");
  CHECK(windows.at(0).transfer_to.service.value.empty());
  CHECK(windows.at(0).first_inquiry);
  CHECK(windows.at(0).duty_staff == "1024");
  CHECK(windows.at(1).transfer_to.service.value == "one");
  CHECK(windows.at(1).transfer_to.window.value.empty());
  CHECK_FALSE(windows.at(1).first_inquiry);
}

TEST_CASE("whatever is wrong with what a window may send to is one sentence with the exact place") {
  const std::string to_w2 = "transfer_to = \"w2\"";
  check_all(whole, {
                       {"transfer to nowhere", to_w2, "transfer_to = «\"w9\"»", ""},
                       {"transfer to itself", to_w2, "transfer_to = «\"w1\"»", "itself"},
                       {"transfer to a tenant", to_w2, "transfer_to = «\"water\"»", ""},
                       {"transfer to a package", to_w2, "transfer_to = «\"package\"»", ""},
                       {"transfer that is a list", to_w2, "transfer_to = «[\"w2\"]»", "transfer_to"},
                       {"duty of nobody", "duty_staff = \"1024\"", "duty_staff = «\"1025\"»", ""},
                       {"first inquiry of a word", "first_inquiry = true", "first_inquiry = «\"yes\"»",
                        "first_inquiry"},
                   });
  const auto namesakes = replaced(whole, "id = \"w2\"", "id = \"two\"");
  check_all(namesakes,
            {{"transfer to one of two", to_w2, "transfer_to = «\"two\"»", "a service and a window"}});
}

TEST_CASE("whatever is wrong with lanes, profiles and rules is one sentence with the exact place") {
  check_all(whole,
            {
                {"lanes that are rows", "[lanes]", "[[«lanes»]]", ""},
                {"unknown key of the lanes", "ordinary_calls = 2", "«usual_calls» = 2", ""},
                {"unknown lane", "\"pregnant\", \"appointment\"]", "\"pregnant\", «\"vip\"»]", ""},
                {"lane twice", "\"pregnant\", \"appointment\"]", "\"pregnant\", «\"pregnant\"»]", ""},
                {"lane that is missing", order, "«[\"green\", \"ordinary\"]»", "\"appointment\""},
                {"no ordinary calls", "ordinary_calls = 2", "ordinary_calls = «0»", "ordinary_calls"},
                {"no preferred calls", "preferred_calls = 3", "preferred_calls = «0»", "preferred_calls"},
                {"everybody at once", "anyone_after_s = 1200", "anyone_after_s = «59»", ""},
                {"everybody tomorrow", "anyone_after_s = 1200", "anyone_after_s = «14401»", ""},
                {"another exempt lane", "exempt = [\"green\"]", "exempt = [«\"elderly\"»]", ""},
                {"profile twice", "[rules]", "[[profiles]]\nid = «\"busy\"»\n[rules]", ""},
                {"profile without a name", "id = \"busy\"\n", "", "\"id\"", "[[profiles]]\n"},
                {"service of a condition that is not there", "services = [\"two\"]\nwaited_s",
                 "services = [«\"three\"»]\nwaited_s", ""},
                {"condition that never comes", "waited_s = 600", "waited_s = «1200»", "1200"},
                {"condition without a time", "waited_s = 600\n", "", "waited_s", "[[profiles.when]]\n"},
                {"unknown key of a condition", "waited_s = 600", "waited_s = 600\n«calls» = 2", ""},
                {"lane of a turn that is not there", "lanes = [\"ordinary\", \"agent\"]",
                 "lanes = [\"ordinary\", «\"quick\"»]", ""},
                {"turn of no calls", "calls = 4", "calls = «0»", "calls"},
                {"hours in a profile", "id = \"busy\"", "id = \"busy\"\n«hours» = 3", ""},
                {"recalls without end", "recall_limit = 3", "recall_limit = «99»", "recall_limit"},
                {"place that is none", "reinstate_place = \"tail\"", "reinstate_place = «\"middle\"»", ""},
                {"expiry before the last hour", "expire_at = \"22:30\"", "expire_at = «\"17:00\"»", "17:30"},
                {"expiry at the last minute", "expire_at = \"22:30\"", "expire_at = «\"17:30\"»", "17:30"},
                {"expiry that is no time", "expire_at = \"22:30\"", "expire_at = «\"22.30\"»", ""},
                {"expiry at the end of the day", "expire_at = \"22:30\"", "expire_at = «\"24:00\"»", ""},
                {"late that is a word", "late_is_ordinary = false", "late_is_ordinary = «\"no\"»",
                 "late_is_ordinary"},
                {"appointments of next year", "appointment_days = 5", "appointment_days = «365»", ""},
            });
}

TEST_CASE("whatever is wrong with the catalogue is one sentence with the exact place") {
  check_all(
      whole,
      {
          {"unknown part", "", "[[catalogue.«agencies»]]\nid = \"x\"\n", ""},
          {"group twice", "", "[[catalogue.groups]]\nid = «\"approval\"»\nname = \"x\"\n", ""},
          {"groups that are no list", "[[catalogue.groups]]", "[catalogue.«groups»]", ""},
          {"group that is not there", "group = \"approval\"", "group = «\"public\"»", ""},
          {"department twice", "",
           "[[catalogue.departments]]\nid = «\"market\"»\ngroup = \"approval\"\nname = \"x\"\n", ""},
          {"department that is not there", "department = \"market\"", "department = «\"fire\"»", ""},
          {"code twice", "",
           "[[catalogue.matters]]\ncode = «\"M-1\"»\ndepartment = \"market\"\nname = \"x\"\nservice = "
           "\"one\"\n",
           ""},
          {"service that is not there", "service = \"one\"", "service = «\"three\"»", ""},
          {"short name that is long", "short_name = \"设立登记\"", "short_name = «\"有限公司设立登记一\"»",
           "9 characters"},
          {"guide that is no address", "\"https://guide.example/M-1\"", "«\"guide.example/M-1\"»", ""},
          {"stage twice", "\"受理兼审查\", \"审核兼审批\"", "\"受理兼审查\", «\"受理兼审查\"»", ""},
          {"fee that is a number", "fee = \"不收费\"", "fee = «80»", "fee"},
          {"unknown mode of a matter", "modes = [\"reception\"]", "modes = [«\"post\"»]", ""},
          {"agency twice", "",
           "[[agency]]\nid = «\"survey\"»\nname = \"x\"\nlicence = \"x\"\npromised_limit = \"x\"\n", ""},
          {"agency without a licence", "licence = \"乙级\"\n", "", "licence", "[[agency]]\n"},
          {"badge twice", "", "[[staff]]\nstaff_no = «\"1024\"»\ntitle = \"x\"\n", ""},
          {"badge without a title", "title = \"首问责任人\"\n", "", "title", "[[staff]]\n"},
          {"staff by a word", "schema = 1", "schema = 1\nstaff_by_number = «\"yes\"»", "staff_by_number"},
          {"notice twice", "", "[[notice]]\nid = «\"fees\"»\ntitle = \"x\"\ntext = \"x\"\n", ""},
          {"notice of no day", "until = \"2026-12-31\"", "until = «\"2026-02-30\"»", ""},
          {"notice that ends before it begins", "until = \"2026-12-31\"", "until = «\"2026-02-28\"»", ""},
          {"hotline without English", "label_en = \"Hotline\"\n", "", "label_en", "[[hotlines]]\n"},
      });
}
