#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <set>
#include <string>

#include "tests/sim_tests/approval_office.hpp"

using namespace lobby::sim;

namespace {

boost::json::value custom_of(const std::string& answer) {
  const boost::json::value whole = boost::json::parse(answer);
  CHECK(whole.at("status").at("code") == 200);
  const boost::json::value& custom = whole.at("custom");
  return custom.is_string() ? boost::json::parse(custom.get_string()) : custom;
}

/// The list of Epoint, over HTTP.
struct Epoint : Office {
  using Office::Office;

  std::string post(const std::string& body) const {
    const auto result = http->Post("/api", body, "application/json");
    REQUIRE(result);
    CHECK(result->status == 200);
    return result->body;
  }
  boost::json::array page(int number, int size, const std::string& more = "") const {
    const boost::json::value custom =
        custom_of(post(R"({"token":"","params":{"currentpage":")" + std::to_string(number) +
                       R"(","pagesize":")" + std::to_string(size) + "\"" + more + "}}"));
    CHECK(custom.at("code") == "1");
    return custom.at("projectlist").get_array();
  }
};

}  // namespace

TEST_CASE("epoint: pages count from 0, newest first, and hold every case once") {
  const Epoint office("epoint");
  std::set<std::string> seen;
  std::string last = "9999";
  std::size_t rows = 0;
  for (int number = 0;; ++number) {
    const boost::json::array page = office.page(number, 20);
    if (page.empty()) {
      break;
    }
    for (const boost::json::value& row : page) {
      seen.insert(std::string(row.at("projectguid").get_string()));
      const std::string day(row.at("receivedate").get_string());
      CHECK((day == "--" || day <= last));
      last = day == "--" ? last : day;
      ++rows;
    }
  }
  CHECK(rows == 48);
  CHECK(seen.size() == 48);
  CHECK(office.page(99, 50).empty());
  CHECK(office.page(0, 500).size() == 48);
}

TEST_CASE("epoint: numbers travel as texts and the content now and then as a text of JSON") {
  const Epoint office("epoint");
  int wrapped = 0;
  for (int i = 0; i < 6; ++i) {
    wrapped += boost::json::parse(office.post(R"({"params":{}})")).at("custom").is_string() ? 1 : 0;
  }
  CHECK(wrapped == 2);
  CHECK(custom_of(office.post(R"({"params":{}})")).at("totalcount") == "48");
}

TEST_CASE("epoint: the list holds raw names and numbers, missing dates and the words of the upstream") {
  const Epoint office("epoint-county");
  std::set<std::string> statuses;
  std::set<std::string> types;
  std::string told;
  bool undated = false;
  for (const boost::json::value& row : office.page(0, 50)) {
    types.insert(std::string(row.at("applyertype").get_string()));
    statuses.insert(std::string(row.at("status").get_string()));
    undated = undated || row.at("receivedate") == "--";
    if (row.at("applyertype") == "1") {
      told += std::string(row.at("applyercardno").get_string()) + "\n";
    }
  }
  CHECK(types == std::set<std::string>{"1", "2", "个体工商户"});
  for (const char* const word :
       {"外网申报已提交", "待补办", "已受理", "审批不通过", "正常办结", "不予受理", "撤销申请", "异常终止"}) {
    CHECK_MESSAGE(statuses.contains(word), word);
  }
  CHECK(undated);
  const std::string names = "\n" + office.names();
  for (std::size_t at = 0; at < told.size(); at += 19) {
    CHECK(names.find("\n" + told.substr(at, 19)) != std::string::npos);
  }
}

TEST_CASE("epoint: a case is added, found by its number, changed and filtered") {
  const Epoint office("epoint");
  office.put("case", R"({"case_no":"SF-2026-1","query_code":"0042","matter_name":"食品经营许可",
      "applicant_name":"张三","applicant_type":"person","status":"accepted",
      "accepted_at":"2026-03-16T08:30:00+08:00","due_promised":"2026-03-20T17:00:00+08:00"})");
  boost::json::array found = office.page(0, 10, R"(,"keyword":"SF-2026-1")");
  REQUIRE(found.size() == 1);
  CHECK(found[0].at("status") == "已受理");
  CHECK(found[0].at("applyername") == "张三");
  CHECK(found[0].at("receivedate") == "2026-03-16");
  CHECK(found[0].at("promisedate") == "2026-03-20 17:00:00");
  CHECK(found[0].at("finishdate") == "--");
  CHECK(found[0].at("querycode") == "0042");
  CHECK(office.page(0, 1)[0].at("flowsn") == "SF-2026-1");
  office.put("case", R"({"case_no":"SF-2026-1","status":"finished","applicant_name":"诸葛二"})");
  found = office.page(0, 10, R"(,"keyword":"SF-2026-1")");
  REQUIRE(found.size() == 1);
  CHECK(found[0].at("status") == "正常办结");
  CHECK(found[0].at("finishdate") != "--");
  CHECK(office.page(0, 50, R"(,"areacode":"999999")").empty());
  CHECK(office.page(0, 50, R"(,"areacode":"5106")").size() == 49);
  CHECK(office.page(0, 50, R"(,"type":"day")").size() < office.page(0, 50, R"(,"type":"week")").size());
  CHECK(office.system->put("case", {{"case_no", ""}}) != "");
  CHECK(office.system->put("case", {{"case_no", std::string(65, 'x')}}) != "");
  office.put("case", R"({"case_no":"SF-2026-1","deleted":true})");
  CHECK(office.page(0, 10, R"(,"keyword":"SF-2026-1")").empty());
  // What was told stays told: the name of before, and of what is gone.
  CHECK(office.names().find("张三\n") != std::string::npos);
  CHECK(office.names().find("诸葛二\n") != std::string::npos);
}

TEST_CASE("epoint: business errors come with HTTP's blessing and code 0") {
  const Epoint office("epoint", "secret");
  CHECK(custom_of(office.post("no json")).at("code") == "0");
  CHECK(custom_of(office.post("[1,2]")).at("code") == "0");
  CHECK(custom_of(office.post(R"({"token":"other"})")).at("text") == "身份验证失败");
  CHECK(custom_of(office.post(R"({"token":"secret"})")).at("code") == "1");
  office.fault(R"({"kind":"refuse"})");
  CHECK(custom_of(office.post(R"({"token":"secret"})")).at("code") == "0");
  CHECK(office.names().find("\n") != std::string::npos);
}
