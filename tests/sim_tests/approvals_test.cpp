#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <set>
#include <string>

#include "tests/sim/approvals.hpp"

using namespace lobby::sim;

namespace {

boost::json::value custom_of(const std::string& answer) {
  const boost::json::value whole = boost::json::parse(answer);
  CHECK(whole.at("status").at("code") == 200);
  const boost::json::value& custom = whole.at("custom");
  return custom.is_string() ? boost::json::parse(custom.get_string()) : custom;
}

struct Office {
  WallClock clock{*parse_rfc3339("2026-03-16T09:00:00+08:00")};
  Approvals system{FeedEnd{"approvals", {"127.0.0.1", 0}, "/list", "", "510682"}, clock, 3};

  boost::json::array page(int number, int size, const std::string& more = "") {
    const boost::json::value custom =
        custom_of(system.answer(R"({"token":"","params":{"currentpage":")" + std::to_string(number) +
                                R"(","pagesize":")" + std::to_string(size) + "\"" + more + "}}"));
    CHECK(custom.at("code") == "1");
    return custom.at("projectlist").get_array();
  }
};

}  // namespace

TEST_CASE("pages count from 0, newest first, and hold every case once") {
  Office office;
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

TEST_CASE("numbers travel as texts and the content now and then as a text of JSON") {
  Office office;
  int wrapped = 0;
  for (int i = 0; i < 6; ++i) {
    const boost::json::value whole = boost::json::parse(office.system.answer(R"({"params":{}})"));
    wrapped += whole.at("custom").is_string() ? 1 : 0;
  }
  CHECK(wrapped == 2);
  CHECK(custom_of(office.system.answer(R"({"params":{}})")).at("totalcount") == "48");
}

TEST_CASE("the list holds raw names, missing dates and the words of the upstream") {
  Office office;
  bool compound = false;
  bool undated = false;
  bool company = false;
  for (const boost::json::value& row : office.page(0, 50)) {
    const std::string name(row.at("applyername").get_string());
    compound = compound || name.starts_with("欧阳") || name.starts_with("司马") || name.starts_with("诸葛") ||
               name.starts_with("上官") || name.starts_with("夏侯");
    company = company || name.ends_with("公司");
    undated = undated || row.at("receivedate") == "--";
  }
  CHECK(compound);
  CHECK(company);
  CHECK(undated);
}

TEST_CASE("a case is added, found by its number, changed and filtered") {
  Office office;
  CHECK(office.system
            .put_case({{"case_no", "SF-2026-1"},
                       {"query_code", "0042"},
                       {"matter_name", "食品经营许可"},
                       {"applicant_name", "张三"},
                       {"applicant_type", "person"},
                       {"status", "accepted"},
                       {"accepted_at", "2026-03-16T08:30:00+08:00"}})
            .empty());
  boost::json::array found = office.page(0, 10, R"(,"keyword":"SF-2026-1")");
  REQUIRE(found.size() == 1);
  CHECK(found[0].at("status") == "已受理");
  CHECK(found[0].at("applyername") == "张三");
  CHECK(found[0].at("receivedate") == "2026-03-16");
  CHECK(found[0].at("querycode") == "0042");
  CHECK(office.page(0, 1)[0].at("flowsn") == "SF-2026-1");
  CHECK(office.system.put_case({{"case_no", "SF-2026-1"}, {"status", "finished"}}).empty());
  found = office.page(0, 10, R"(,"keyword":"SF-2026-1")");
  REQUIRE(found.size() == 1);
  CHECK(found[0].at("status") == "正常办结");
  CHECK(found[0].at("applyername") == "张三");
  CHECK(office.page(0, 50, R"(,"areacode":"999999")").empty());
  CHECK(office.page(0, 50, R"(,"areacode":"5106")").size() == 49);
  CHECK(office.page(0, 50, R"(,"type":"day")").size() < office.page(0, 50, R"(,"type":"week")").size());
  CHECK_FALSE(office.system.put_case({{"case_no", ""}}).empty());
  CHECK_FALSE(office.system.put_case({{"case_no", std::string(65, 'x')}}).empty());
}

TEST_CASE("business errors come with HTTP's blessing and code 0") {
  Office office;
  CHECK(custom_of(office.system.answer("no json")).at("code") == "0");
  CHECK(custom_of(office.system.answer("[1,2]")).at("code") == "0");
  office.system.inject(Fault::refuse, milliseconds(0));
  CHECK(custom_of(office.system.answer("{}")).at("code") == "0");
}

TEST_CASE("cases move forward slowly and new ones come") {
  CaseBook book(*parse_rfc3339("2026-03-16T09:00:00+08:00"), "510682", 5);
  const auto finished = [&] {
    return std::count_if(book.cases().begin(), book.cases().end(),
                         [](const ApprovalCase& one) { return one.status == "正常办结"; });
  };
  const auto before = finished();
  book.advance(std::chrono::minutes(10));
  CHECK(book.size() == 58);
  book.advance(std::chrono::minutes(60));
  CHECK(finished() > before);
  CHECK(book.size() == 108);
  const auto at_an_hour = book.size();
  book.advance(std::chrono::minutes(30));  // time does not run back
  CHECK(book.size() == at_an_hour);
}
