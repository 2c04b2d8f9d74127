#include <doctest/doctest.h>
#include <iconv.h>

#include <set>
#include <string>

#include "tests/sim_tests/approval_office.hpp"

using namespace lobby::sim;

namespace {

std::string from_gb(std::string bytes) {
  const iconv_t converter = ::iconv_open("UTF-8", "GB18030");
  std::string out(bytes.size() * 3, '\0');
  char* from = bytes.data();
  char* to = out.data();
  std::size_t from_left = bytes.size();
  std::size_t to_left = out.size();
  CHECK(::iconv(converter, &from, &from_left, &to, &to_left) == 0);
  ::iconv_close(converter);
  out.resize(out.size() - to_left);
  return out;
}

constexpr const char* one_case = R"({"case_no":"SF-1","query_code":"0042","matter_name":"食品经营许可",
    "applicant_name":"李𠮷三","applicant_type":"person","applicant_id_no":"SIM-ID","status":"not_accepted",
    "accepted_at":"2026-03-16T08:30:00+08:00","due_promised":"","promised_limit":"5 workday","return_count":2,
    "stops":"2026-03-16T09:00:00+08:00/;","stop_limit":"10 workday","queue_ticket":"A017","card":"yellow"})";

/// The newest case is on the first page; later ones have come by then only when a minute has passed.
const boost::json::value& newest(const boost::json::value& rows, const char* key) {
  for (const boost::json::value& row : rows.get_array()) {
    if (row.at(key) == "SF-1") {
      return row;
    }
  }
  FAIL("the case is not there");
  return rows;
}

}  // namespace

TEST_CASE("kechuang: content that is a text now and then, base 1, a code that changes its type") {
  const Office office("kechuang", "t-0");
  office.put("case", one_case);
  const auto ask = [&](const std::string& list, int number, const std::string& token) {
    const auto result = office.http->Post(("/api" + list).c_str(),
                                          R"({"token":")" + token + R"(","areaCode":"510682","pageNo":)" +
                                              std::to_string(number) + R"(,"pageSize":20})",
                                          "application/json");
    REQUIRE(result);
    CHECK(result->status == 200);
    return boost::json::parse(result->body);
  };
  const boost::json::value refused = ask("/case/list", 1, "other");
  CHECK(refused.at("code") == "-1");
  CHECK(refused.at("msg") == "身份验证失败");
  const boost::json::value as_text = ask("/case/list", 1, "t-0");
  const boost::json::value as_object = ask("/case/list", 1, "t-0");
  CHECK(as_text.at("code") == 0);
  REQUIRE(as_text.at("data").is_string());
  REQUIRE(as_object.at("data").is_object());
  const boost::json::value data = boost::json::parse(as_text.at("data").get_string());
  CHECK(data.at("total") == "49");
  CHECK(data.at("list").get_array().size() == 20);
  const boost::json::value& row = newest(data.at("list"), "instanceCode");
  CHECK((row.at("status") == 2 || row.at("status") == "2"));
  CHECK(row.at("applicantName") == "李𠮷三");
  CHECK(row.at("acceptTime") == "2026-03-16 08:30:00.0");
  CHECK((row.at("promiseLimit") == 5 || row.at("promiseLimit") == "5"));
  CHECK(row.at("promiseLimitUnit") == "1");
  CHECK(row.at("superviseResult") == "2");
  CHECK(row.at("queueCode") == "A017");
  CHECK(row.at("specialList").at(0).at("endTime") == "--");
  CHECK(row.at("specialLimit") == 10);
  std::set<bool> numbers;
  for (const boost::json::value& one : data.at("list").get_array()) {
    numbers.insert(one.at("status").is_number());
  }
  CHECK(numbers.size() == 2);
  const boost::json::value last = ask("/case/list", 3, "t-0").at("data");
  CHECK(boost::json::parse(last.get_string()).at("list").get_array().size() == 9);
  const boost::json::value alerts = ask("/supervise/list", 1, "t-0").at("data").at("list");
  CHECK(alerts.at(0).at("result") == 1);
  CHECK(alerts.at(2).at("state") == "B");
}

TEST_CASE("kechuang: older installations sign the sorted pairs of a query") {
  const Office office("kechuang", "SECRET");
  CHECK(office.json("/api/case/list?pageNo=1&pageSize=5").at("code") == "-1");
  // md5sum of "pageNo=1&pageSize=5&key=SECRET"
  const std::string sign = "00A2BA6FAE57B2941616DCC6510D64F3";
  CHECK(office.json("/api/case/list?pageSize=5&pageNo=1&sign=" + sign).at("code") == 0);
  CHECK(office.json("/api/case/list?pageSize=6&pageNo=1&sign=" + sign).at("code") == "-1");
}

TEST_CASE("jeecg: records within a result, base 1, numbers as numbers, null for what is not known") {
  const Office office("jeecg", "t-1");
  office.put("case", one_case);
  const std::string list = "/api/case/public/list?pageNo=1&pageSize=10";
  const boost::json::value refused = office.json(list);
  CHECK(refused.at("success") == false);
  CHECK(refused.at("code") == 401);
  const boost::json::value page = office.json(list, {{"X-Access-Token", "t-1"}});
  CHECK(page.at("success") == true);
  CHECK(page.at("code") == 200);
  CHECK(page.at("result").at("total") == 49);
  CHECK(page.at("result").at("pages") == 5);
  const boost::json::value& row = newest(page.at("result").at("records"), "caseNo");
  CHECK(row.at("status") == 47);
  CHECK(row.at("applyType") == "1");
  CHECK(row.at("promiseEndTime").is_null());
  CHECK(row.at("promiseDays") == 5);
  CHECK(row.at("promiseUnit_dictText") == "工作日");
  CHECK(row.at("backCount") == 2);
  office.fault(R"({"kind":"error_inside"})");
  // A failure that calls itself a success.
  CHECK(office.json(list, {{"X-Access-Token", "t-1"}}).at("success") == true);
  CHECK(office.json(list, {{"X-Access-Token", "t-1"}}).at("code") == 500);
}

TEST_CASE("trs: openings and notices in GB 18030 by declaration, times as typed, experts in the open") {
  const Office office("trs");
  office.put("bid", R"({"project_no":"T-1","section_no":"2","project_name":"某𠮷项目","status":"opening",
      "open_at":"2026-03-16T08:30:00+08:00","experts":["评委甲"]})");
  const auto ask = [&](const std::string& target) {
    const httplib::Result result = office.get(target);
    REQUIRE(result);
    CHECK(result->status == 200);
    CHECK(result->get_header_value("Content-Type") == "application/json;charset=GBK");
    return boost::json::parse(from_gb(result->body));
  };
  const boost::json::value page = ask("/api/openings?date=2026-03-16&days=1&page=0&size=50");
  CHECK(page.at("state") == 200);
  CHECK(page.at("data").at("total") == 5);
  const boost::json::value& rows = page.at("data").at("list");
  std::set<char> lengths;
  const boost::json::value* ours = nullptr;
  for (const boost::json::value& one : rows.get_array()) {
    lengths.insert(one.at("kbsj").get_string().find("年") == std::string::npos ? '-' : 'y');
    ours = one.at("xmbh") == " T-1 " ? &one : ours;
  }
  CHECK(lengths.size() == 2);
  REQUIRE(ours != nullptr);
  CHECK(ours->at("xmmc") == "某𠮷项目");
  CHECK(ours->at("zt") == "开标中");
  CHECK(ours->at("kbsj") == "2026-03-16 08:30");
  CHECK(ours->at("pbzj").at(0) == "评委甲");
  CHECK(office.names().find("评委甲\n") != std::string::npos);
  // The types change from one answer to the next.
  const boost::json::value notices = ask("/api/notices?page=0&size=4");
  CHECK(notices.at("state") == "200");
  CHECK(notices.at("data").at("total") == "10");
  CHECK(notices.at("data").at("list").at(2).at("gglx") == "中标候选人公示");
  CHECK(notices.at("data").at("list").at(2).at("hxrList").at(0).at("pm") == "1");
  CHECK(ask("/api/notices?page=2&size=4").at("data").at("list").get_array().size() == 2);
}

TEST_CASE("ruoyi: rows beside a total, a byte order mark, and the last page again and again") {
  const Office office("ruoyi", "t-3");
  office.put("case", one_case);
  const auto ask = [&](int number, const char* token) {
    const auto result = office.get("/api/case/list?pageSize=20&pageNum=" + std::to_string(number),
                                   {{"Authorization", std::string("Bearer ") + token}});
    REQUIRE(result);
    CHECK(result->status == 200);
    REQUIRE(result->body.starts_with("\xEF\xBB\xBF"));
    return boost::json::parse(result->body.substr(3));
  };
  CHECK(ask(1, "other").at("code") == 401);
  const boost::json::value first = ask(1, "t-3");
  CHECK(first.at("code") == 200);
  CHECK(first.at("total") == 49);
  const boost::json::value& row = newest(first.at("rows"), "projId");
  CHECK(row.at("caseStatus") == "4");
  CHECK(row.at("caseId").is_number());
  CHECK(row.at("dept").at("areaCode") == "510682");
  std::set<std::size_t> lengths;
  for (const boost::json::value& one : first.at("rows").get_array()) {
    if (one.at("acceptDate").is_string()) {
      lengths.insert(one.at("acceptDate").get_string().size());
    }
  }
  CHECK(lengths == std::set<std::size_t>{0, 8, 10, 19});
  CHECK(ask(3, "t-3").at("rows").get_array().size() == 9);
  CHECK(ask(4, "t-3").at("rows") == ask(3, "t-3").at("rows"));
}

TEST_CASE("asmx: a document within a document, CDATA, entities, empty elements; xml: the same in GB 18030") {
  for (const std::string shape : {"asmx", "xml"}) {
    CAPTURE(shape);
    const bool is_gb = shape == "xml";
    const Office office(shape, "t-4");
    office.put("case", one_case);
    office.put("case", R"({"case_no":"SF-2","matter_name":"甲<乙>&丙","status":"accepted"})");
    const auto ask = [&](const std::string& query) {
      const auto result = office.get("/api/GetCaseList?" + query);
      REQUIRE(result);
      CHECK(result->status == 200);
      CHECK(result->get_header_value("Content-Type") ==
            (is_gb ? "text/xml; charset=GB18030" : "text/xml; charset=utf-8"));
      return is_gb ? from_gb(result->body) : result->body;
    };
    CHECK(ask("pageIndex=1&pageSize=10").find("&lt;Code&gt;0&lt;/Code&gt;") != std::string::npos);
    const std::string page = ask("pageIndex=1&pageSize=10&key=t-4");
    CHECK(page.starts_with(is_gb ? "<?xml version=\"1.0\" encoding=\"GB18030\"?>"
                                 : "<?xml version=\"1.0\" encoding=\"utf-8\"?>"));
    const auto has = [&](const char* text) { return page.find(text) != std::string::npos; };
    CHECK(has("<string xmlns=\"http://tempuri.org/\">"));
    CHECK(has("Total=&quot;50&quot; Now=&quot;2026-03-16T09:0"));
    CHECK(has("&lt;BJBH&gt; SF-1 &lt;/BJBH&gt;"));
    CHECK(has("李𠮷三"));
    CHECK(has("&lt;![CDATA["));
    CHECK(has("甲&amp;lt;乙&amp;gt;&amp;amp;丙"));
    CHECK(has("2026/03/16 08:30:00"));
    CHECK(has("&lt;BJSJ/&gt;"));
    CHECK(has("&lt;CNSX Unit=&quot;工作日&quot;&gt;5&lt;/CNSX&gt;"));
    CHECK(has("&lt;Item Start=&quot;2026/03/16 09:00:00&quot; End=&quot;&quot;/&gt;"));
    const std::string none = ask("pageIndex=9&pageSize=10&key=t-4");
    CHECK(none.find("&lt;Case ") == std::string::npos);
    CHECK(none.find("Total=&quot;50&quot;") != std::string::npos);
  }
}

TEST_CASE("asmx: SOAP posted to the service itself, in both versions, is answered in an envelope") {
  const Office office("asmx-soap", "t-4");
  struct Version {
    const char* space;
    const char* type;
    const char* action;  ///< SOAPAction; nullptr: none
    const char* answer;
  };
  const Version versions[] = {
      {"http://schemas.xmlsoap.org/soap/envelope/", "text/xml; charset=utf-8",
       "\"http://tempuri.org/GetCaseList\"", "text/xml; charset=utf-8"},
      {"http://www.w3.org/2003/05/soap-envelope",
       "application/soap+xml; charset=utf-8; action=\"http://tempuri.org/GetCaseList\"", nullptr,
       "application/soap+xml; charset=utf-8"}};
  const auto post = [&](const Version& version, const std::string& key, const char* action) {
    httplib::Headers headers;
    if (action != nullptr) {
      headers.emplace("SOAPAction", action);
    }
    const auto result = office.http->Post(
        "/api", headers,
        "<s:Envelope xmlns:s=\"" + std::string(version.space) +
            "\"><s:Body><GetCaseList xmlns=\"http://tempuri.org/\"><key>" + key +
            "</key><pageIndex>5</pageIndex><pageSize>10</pageSize></GetCaseList></s:Body></s:Envelope>",
        version.type);
    REQUIRE(result);
    CHECK(result->status == 200);
    return *result;
  };
  const auto rows = [](const std::string& body) {
    std::size_t count = 0;
    for (auto at = body.find("&lt;Case "); at != std::string::npos; at = body.find("&lt;Case ", at + 1)) {
      ++count;
    }
    return count;
  };
  for (const Version& version : versions) {
    CAPTURE(version.type);
    const auto page = post(version, "t-4", version.action);
    CHECK(page.get_header_value("Content-Type") == version.answer);
    CHECK(page.body.find(std::string("<soap:Envelope xmlns:soap=\"") + version.space + "\"") !=
          std::string::npos);
    CHECK(page.body.find("<GetCaseListResult>&lt;?xml") != std::string::npos);
    CHECK(rows(page.body) == 8);  // of 48, from 41 on
    CHECK(post(version, "t-5", version.action).body.find("&lt;Code&gt;0&lt;/Code&gt;") != std::string::npos);
  }
  // Another method, and none.
  for (const char* const action :
       {"\"http://tempuri.org/GetStaffList\"", static_cast<const char*>(nullptr)}) {
    const auto refused = post(versions[0], "t-4", action);
    CHECK(rows(refused.body) == 0);
    CHECK(refused.body.find("&lt;Code&gt;9&lt;/Code&gt;") != std::string::npos);
  }
}

TEST_CASE("a shape is known by how the mapping's name begins, and an unknown one is Epoint's") {
  CHECK(shape_of("native").name == "native");
  CHECK(shape_of("jeecg-county").name == "jeecg");
  CHECK(shape_of("epoint").name == "epoint");
  CHECK(shape_of("").name == "epoint");
  CHECK(shape_of("something").name == "epoint");
}
