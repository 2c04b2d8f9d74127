#include "daemon/feed/rows.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/parse.hpp>

#include "daemon/feed/lines.hpp"
#include "daemon/feed/page_walk.hpp"
#include "daemon/feed/text.hpp"
#include "tests/feed/fixtures.hpp"

namespace lobby::feed {
namespace {

/// A run of exactly eleven digits that begins like a mobile number.
bool has_mobile_number(const std::string& text) {
  constexpr std::size_t length = 11;
  const char* digits = "0123456789";
  for (std::size_t at = text.find_first_of(digits); at != std::string::npos;) {
    const std::size_t end = std::min(text.find_first_not_of(digits, at), text.size());
    if (end - at == length && text[at] == '1' && text[at + 1] >= '3') {
      return true;
    }
    at = text.find_first_of(digits, end);
  }
  return false;
}

TEST_CASE("an answer becomes rows, whether custom is an object or a text that holds JSON") {
  for (const char* name : {"object.json", "text.json"}) {
    CAPTURE(name);
    const Answer answer = read_good(fixture(name));
    check_cases(answer, "object.expected");
    CHECK(answer.total == 4);
    CHECK(answer.items == 4);
    CHECK(answer.counts.skipped == 0);
    CHECK(answer.counts.unknown_status == 0);
    CHECK(answer.counts.bad_values == 0);
  }
}

TEST_CASE("bad rows are skipped or lose a field and are counted; the others come through") {
  const Answer answer = read_good(fixture("irregular.json"), "510682");
  check_cases(answer, "irregular.expected");
  CHECK(answer.items == 12);
  // Without an id, id null, id empty, no object, a telephone number as id, a name in the id.
  CHECK(answer.counts.skipped == 6);
  CHECK(answer.counts.unknown_status == 1);
  CHECK(answer.counts.outside_area == 1);
  // 30 February; an object and a list where texts belong; another form of date; an ID number as case number.
  CHECK(answer.counts.bad_values == 5);
}

TEST_CASE("rows of other areas are left out only when the feed has an area") {
  CHECK(read_good(fixture("irregular.json")).counts.outside_area == 0);
  CHECK(read_good(fixture("irregular.json")).rows.size() == 6);
  CHECK(read_good(fixture("irregular.json"), "51").rows.size() == 6);
  CHECK(read_good(fixture("irregular.json"), "510683").counts.outside_area == 2);
}

TEST_CASE("HTTP 200 is no success: both codes count") {
  const auto refused = read_bad(fixture("refused.json"));
  CHECK(refused.kind == AnswerFault::Kind::unauthorised);
  CHECK(refused.reason.find("身份验证失败") != std::string::npos);
  const auto failed = read_bad(fixture("failed.json"));
  CHECK(failed.kind == AnswerFault::Kind::failed);
  CHECK(failed.reason == "the upstream reports a failure: code 0");
  CHECK(read_bad(R"({"status":{"code":"500"},"custom":{"code":"1","projectlist":[]}})").kind ==
        AnswerFault::Kind::failed);
  CHECK(read_bad(R"({"custom":{"code":"1","projectlist":[]}})").kind == AnswerFault::Kind::failed);
}

TEST_CASE("no text of the upstream is in a reason, and the same trouble has the same reason") {
  const auto reason = [](const std::string& code, const std::string& text) {
    return read_bad(R"({"status":{"code":)" + code + R"(},"custom":{"code":"1","text":")" + text + R"("}})")
        .reason;
  };
  const std::string plain = "the upstream reports a failure";
  CHECK(reason("500", "申请人张三丰的办件不存在,电话0838-8201234") == plain + ": code 500");
  CHECK(reason("500", "请求号 8f0c-0001") == reason("500", "请求号 8f0c-0002"));
  CHECK(reason("-1", "") == plain + ": code -1");
  for (const char* code :
       {R"("张三丰")", R"("FAIL")", R"("8f0c-0001")", "138000", R"("-")", R"("")", "1.5"}) {
    CAPTURE(code);
    CHECK(reason(code, "") == plain);
  }
  const Mapping listed = epoint_with("# failure_codes", "failure_codes");
  const auto told =
      read_answer(listed, listed.resources.front(), {}, R"({"status":{"code":"FAIL"},"custom":{}})");
  CHECK(std::get<AnswerFault>(told).reason == plain + ": code FAIL");
}

TEST_CASE("what is no answer is told without its content") {
  const auto page = read_bad(fixture("login.html"));
  CHECK(page.kind == AnswerFault::Kind::unreadable);
  CHECK(page.reason == "the answer is a login page, not JSON");
  CHECK(read_bad("<HTML><title>张三丰的办件</title>").reason == "the answer is a web page, not JSON");
  CHECK(read_bad("<html><title>网站防火墙 事件号 8821</title>").reason ==
        "the answer is the page of a firewall, not JSON");
  CHECK(read_bad("<?xml version=\"1.0\"?><r>张三丰</r>").reason == "the answer is HTML or XML, not JSON");
  CHECK(read_bad(fixture("cut_off.json")).kind == AnswerFault::Kind::unreadable);
  CHECK(read_bad("").kind == AnswerFault::Kind::unreadable);
  CHECK(read_bad("null").kind == AnswerFault::Kind::failed);
  CHECK(read_bad(R"({"status":{"code":1},"custom":{"code":"1","projectlist":{}}})").kind ==
        AnswerFault::Kind::unreadable);
  CHECK(read_bad(R"({"status":{"code":1},"custom":"{\"code\":\"1\",\"projectlist\":["})").kind ==
        AnswerFault::Kind::unreadable);
}

TEST_CASE("a text may be long only where it holds JSON") {
  const std::string long_text(20'000, 'x');
  const std::string row = R"({"projectguid":"a","status":"30","projectname":")" + long_text + "\"}";
  CHECK(read_bad(R"({"status":{"code":1},"custom":{"code":"1","projectlist":[)" + row + "]}}").kind ==
        AnswerFault::Kind::unreadable);
  std::string inner = R"({"code":"1","projectlist":[)";
  for (int i = 0; i < 1000; ++i) {
    inner += (i == 0 ? "" : ",") + std::string(R"({"projectguid":")") + std::to_string(i) + R"("})";
  }
  inner += "]}";
  std::string quoted;
  for (const char c : inner) {
    quoted += c == '"' ? "\\\"" : std::string(1, c);
  }
  CHECK(read_good(R"({"status":{"code":1},"custom":")" + quoted + "\"}").rows.size() == 1000);
}

TEST_CASE("fields never grow beyond what a line may hold") {
  std::string row = R"({"status":{"code":1},"custom":{"code":"1","projectlist":[{"projectguid":"a")";
  std::string wide;
  for (int i = 0; i < 4000; ++i) {
    wide += "𠮷";
  }
  for (const char* key : {"flowsn", "querycode", "projectname", "ouname", "applyername", "status"}) {
    row += std::string(",\"") + key + "\":\"" + wide + "\"";
  }
  const Answer answer = read_good(row + "}]}}");
  REQUIRE(answer.rows.size() == 1);
  CHECK(answer.rows[0].line.size() < 16 * 1024);
}

TEST_CASE("no raw name, ID or telephone number of any fixture is in anything that leaves") {
  std::string inputs;
  std::string outputs;
  for (const char* name : {"object.json", "text.json", "irregular.json", "refused.json", "failed.json",
                           "login.html", "cut_off.json"}) {
    const std::string body = fixture(name);
    inputs += body;
    for (const char* area : {"", "510682"}) {
      const auto answer = read_answer(epoint(), epoint_cases(), {area, {}, {}}, body);
      if (const auto* fault = std::get_if<AnswerFault>(&answer)) {
        outputs += fault_line(What::cases, fault->reason, std::chrono::seconds(1)) + "\n";
        continue;
      }
      const auto& good = std::get<Answer>(answer);
      for (const Row& one : good.rows) {
        outputs += one.line + "\n";
      }
      for (const std::string& id : good.removed) {
        outputs += removed_line(id) + "\n";
      }
    }
  }
  for (const std::string& secret : fixture_lines("secrets.txt")) {
    CAPTURE(secret);
    CHECK(inputs.find(secret) != std::string::npos);
    CHECK(outputs.find(secret) == std::string::npos);
  }
  CHECK_FALSE(has_mobile_number(outputs));
}

hall::CaseRow read_row(const std::string& fields) {
  const Answer answer = read_good(
      R"({"status":{"code":1},"custom":{"code":"1","projectlist":[{"projectguid":"a",)" + fields + "}]}}");
  REQUIRE(answer.rows.size() == 1);
  return case_of(answer.rows[0]);
}

TEST_CASE("a name in another field is seen through JSON and HTML escapes, transforms and types") {
  CHECK(read_row(R"("applyername":"张三丰","projectname":"{\"n\":\"\\u5f20\\u4e09\\u4e30\"}")").matter_name ==
        R"({"n":"张**"})");
  CHECK(read_row(R"("applyername":"张三丰","projectname":"&#24352;&#19977;&#20016;低保")").matter_name ==
        "张**低保");
  CHECK(read_row(R"("applyername":"&#24352;三丰","projectname":"张三丰低保")").matter_name == "张**低保");
  CHECK(read_row(R"("applyername":"张三丰","status":"张三丰待补")").status_raw == "张**待补");
  CHECK(read_row(R"("applyername":"张三、李四","flowsn":"李四-7","applyertype":"个人")").case_no == "李**-7");
}

TEST_CASE("when the name cannot be read, the texts that may tell it are withheld and counted") {
  for (const char* name : {R"({"name":"张三丰"})", R"(["张三丰"])"}) {
    const Answer answer = read_good(
        std::string(R"({"status":{"code":1},"custom":{"code":"1","projectlist":[{"projectguid":"a",)") +
        R"("flowsn":"S-1","projectname":"张三丰低保","ouname":"某局","status":"张三丰待补","applyername":)" +
        name + R"(},{"projectguid":"b","projectname":"低保","applyername":null,"status":"已受理"}]}})");
    REQUIRE(answer.rows.size() == 2);
    const auto first = case_of(answer.rows[0]);
    CHECK(first.applicant_display == "—");
    CHECK(first.matter_name == "—");
    CHECK(first.dept_name == "—");
    CHECK(first.status_raw == "—");
    CHECK(first.case_no == "S-1");
    CHECK(case_of(answer.rows[1]).matter_name == "低保");
    CHECK(answer.counts.bad_values == 4);
  }
}

TEST_CASE("when the name cannot be read, no number keeps letters that may be of it") {
  const Answer answer = read_good(
      R"({"status":{"code":1},"custom":{"code":"1","projectlist":[{"projectguid":"a","flowsn":"张三丰-7",
      "querycode":"SF-8","applyername":["张三丰"],"status":"30"},
      {"projectguid":"张三丰-9","flowsn":"S-9","applyername":{},"status":"30"}]}})");
  REQUIRE(answer.rows.size() == 1);
  CHECK(case_of(answer.rows[0]).case_no == "");
  CHECK(case_of(answer.rows[0]).query_code == "SF-8");
  CHECK(answer.counts.skipped == 1);
}

TEST_CASE("a row that names hundreds of people tells none of them and does not hold the others up") {
  std::string names;
  for (int i = 0; i < 400; ++i) {
    names += (i == 0 ? "\"" : ",\"") +
             encode(std::u32string{U'张', static_cast<char32_t>(0x5000 + i), U'鑫'}) + "\"";
  }
  const Mapping mapping = epoint_with("schema = 1", "schema = 1\nhide = [\"/people\"]");
  const auto read =
      read_answer(mapping, mapping.resources.front(), {},
                  R"({"status":{"code":1},"custom":{"code":"1","projectlist":[{"projectguid":"a",
                                "projectname":"关于)" +
                      encode(std::u32string{U'张', 0x5000 + 399, U'鑫'}) +
                      R"(的申请","status":"30","people":[)" + names + R"(]},
                                {"projectguid":"b","projectname":"道路","status":"30"}]}})");
  const auto& rows = std::get<Answer>(read).rows;
  REQUIRE(rows.size() == 2);
  CHECK(case_of(rows[0]).matter_name == "—");
  CHECK(case_of(rows[1]).matter_name == "道路");
}

TEST_CASE("a number of a person within a case number goes, dates and serials stay") {
  const auto case_no = [](const std::string& number) {
    return read_row("\"flowsn\":\"" + number + '"').case_no;
  };
  CHECK(case_no("510682199001011234-1") == "***-1");
  CHECK(case_no("SF13800001234") == "SF***");
  CHECK(case_no("13800001234#") == "***#");
  CHECK(case_no("A510682900101123") == "A***");
  CHECK(case_no("510682900101123") == "");
  CHECK(case_no("138 0000 1234") == "");
  for (const char* plain :
       {"510682202603160001", "510682(2026)000124", "20260316-0001-138", "SF-2026-0316-0001",
        "510682260316001", "135-20260316", "2026031600012", "413214567890123", "0838-2026001"}) {
    CHECK(case_no(plain) == plain);
  }
  const hall::CaseRow row =
      read_row(R"("querycode":"13800001234#","projectname":")" + std::string(299, 'x') + R"(13800001234")");
  CHECK(row.query_code == "***#");
  CHECK(row.matter_name == std::string(299, 'x') + "*");
}

TEST_CASE("an id that tells of a person becomes a pseudonym, or its row is skipped") {
  const std::string body =
      R"({"status":{"code":1},"custom":{"code":"1","projectlist":[{"projectguid":"SF13800001234"},
      {"projectguid":"SF13800001235"},{"projectguid":"张三丰-7","applyername":"张三丰"},
      {"projectguid":"510682202603160001"}]}})";
  const auto ids = [&body](std::string_view key) {
    const auto answer = std::get<Answer>(read_answer(epoint(), epoint_cases(), {"", key, {}}, body));
    std::vector<std::string> out;
    for (const auto& row : answer.rows) {
      out.push_back(row.id);
    }
    CHECK(answer.counts.skipped == 4 - out.size());
    return out;
  };
  CHECK(ids("") == std::vector<std::string>{"510682202603160001"});
  const auto named = ids("key");
  REQUIRE(named.size() == 4);
  CHECK(named == ids("key"));
  CHECK(named[0] != named[1]);
  CHECK(named[0] != ids("other")[0]);
  for (const std::size_t i : {0U, 1U, 2U}) {
    CHECK(named[i].size() == 34);
    CHECK(named[i].starts_with("x-"));
  }
  CHECK(named[3] == "510682202603160001");
}

TEST_CASE("a name that the mapping cuts is hidden whole, and so is one that another pointer leads to") {
  const Mapping mapping =
      epoint_with("from = [\"/applyername\"]\ntransforms = [\"trim\"",
                  "from = [\"/applyername\", \"/agent\"]\ntransforms = [{ substring = [0, 1] }, \"trim\"");
  const auto read = read_answer(
      mapping, mapping.resources.front(), {},
      R"({"status":{"code":1},"custom":{"code":"1","projectlist":[{"projectguid":"a","applyername":"张三丰",
      "agent":"李四光","projectname":"张三丰由李四光代办"}]}})");
  REQUIRE(std::holds_alternative<Answer>(read));
  CHECK(case_of(std::get<Answer>(read).rows[0]).matter_name == "张**由李**代办");
}

TEST_CASE("a cursor is read where the mapping says, and an answer by it is a part") {
  const std::string text = R"(
schema = 1
name = "native"
[request]
method = "GET"
[request.query]
since = "{cursor}"
[answer]
items = "/items"
cursor = "/next"
[field.id]
from = ["/id"]
[field.case_no]
from = ["/no"]
[field.status]
from = ["/s"]
[status.words]
"1" = "accepted"
)";
  const Mapping mapping = parse_mapping(text, "m.toml");
  const auto cursor = [&mapping](const std::string& next) {
    const auto answer =
        read_answer(mapping, mapping.resources.front(), {}, R"({"items":[{"id":"a"}],"next":)" + next + "}");
    Collected collected("/tmp");
    PageWalk walk(mapping.resources.front(), "", collected);
    CHECK(walk.take(std::get<Answer>(answer)).empty());
    CHECK_FALSE(walk.next());
    CHECK(walk.full());
    CHECK(collected.rows() == 1);
    return walk.cursor();
  };
  CHECK(cursor(R"("MjAyNi0xMS0yMA==")") == "MjAyNi0xMS0yMA==");
  CHECK(cursor("17736228") == "17736228");
  for (const char* unusable : {R"("张三丰")", R"("since-13800001234")", "null", "{}", R"("")"}) {
    CHECK(cursor(unusable) == "");
  }
  CHECK_THROWS_WITH(parse_mapping(text + "[paging]\nstyle = \"page\"\n", "m.toml"),
                    doctest::Contains("one answer per pull"));
}

TEST_CASE("a mapping of another shape: deleted rows, exact area, light, times in milliseconds") {
  const Mapping mapping = parse_mapping(R"(
schema = 1
name = "other"
[request]
method = "GET"
[answer]
items = "/data/items"
deleted = "/deleted"
[field.id]
from = ["/id"]
[field.case_no]
from = ["/caseNo"]
[field.matter_name]
from = ["/matter"]
transforms = [{ substring = [1, 2] }]
[field.light]
from = ["/warn"]
transforms = [{ map = { "1" = "yellow", "3" = "red" }, otherwise = "" }]
[field.updated_at]
from = ["/at"]
transforms = [{ date = ["epoch_ms"] }]
[field.query_code]
from = ["/limit", "/other"]
transforms = ["number"]
[field.status]
from = ["/s"]
[status]
otherwise = "reviewing"
[status.words]
"true" = "finished"
[area]
from = ["/area"]
match = "equal"
missing = "drop"
)",
                                        "other.toml");
  const auto read = read_answer(mapping, mapping.resources.front(), {"51", {}, {}}, R"({"data":{"items":[
    {"id":1,"caseNo":"a","matter":"一二三四","warn":3,"at":1795136400000,"limit":"承诺12.5工作日","s":true,"area":"51"},
    {"id":2,"deleted":true,"area":"51"},{"id":3,"area":"5106"},{"id":4},
    {"id":5,"warn":2,"limit":"","other":"-3天","at":"x","s":"?","area":51}]}})");
  REQUIRE(std::holds_alternative<Answer>(read));
  const auto& answer = std::get<Answer>(read);
  CHECK(answer.removed == std::vector<std::string>{"2"});
  CHECK(answer.outside == std::vector<std::string>{"3", "4"});
  REQUIRE(answer.rows.size() == 2);
  const auto first = case_of(answer.rows[0]);
  const auto second = case_of(answer.rows[1]);
  CHECK(first.id == "1");
  CHECK(first.matter_name == "二三");
  CHECK(first.light == "red");
  CHECK(first.updated_at == "2026-11-20T09:00:00.000+08:00");
  CHECK(first.query_code == "12.5");
  CHECK(first.status == "finished");
  CHECK(second.light == "");
  CHECK(second.query_code == "-3");
  CHECK(second.updated_at == "");
  CHECK(second.status == "reviewing");
  CHECK(answer.counts.bad_values == 1);
}

}  // namespace
}  // namespace lobby::feed
