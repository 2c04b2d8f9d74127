// The public pages as a citizen, a screen reader and somebody with bad intentions find them.
#include "daemon/app/export_pages.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <set>
#include <string>
#include <vector>

#include "daemon/app/export_html.hpp"

namespace {

using namespace lobby;
namespace html = app::html;
namespace json = boost::json;

json::object parsed(const std::string& text) {
  return json::parse(text).as_object();
}
bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}
std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) {
    ++found;
  }
  return found;
}

/// Every tag that is opened is closed, in order; names of the elements that stand in the page.
std::set<std::string> elements_of(const std::string& text) {
  std::vector<std::string> open;
  std::set<std::string> names;
  for (auto at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1)) {
    const auto end = text.find('>', at);
    REQUIRE(end != std::string::npos);
    const bool closes = text[at + 1] == '/';
    const auto begin = at + (closes ? 2 : 1);
    const auto name = text.substr(begin, text.find_first_of(" >", begin) - begin);
    if (name == "!DOCTYPE" || name == "meta") {
      continue;
    }
    if (!closes) {
      names.insert(name);
      open.push_back(name);
      continue;
    }
    REQUIRE_MESSAGE(!open.empty(), "closes what is not open: ", name);
    CHECK(open.back() == name);
    open.pop_back();
  }
  CHECK(open.empty());
  return names;
}

const std::string cases = R"({"as_of":"2026-03-16T09:05:31.123+08:00","stale":false,"version":7,"cases":[
{"case_no":"510682-2026-0001","matter_name":"食品经营许可","dept_name":"市场监督管理局",
"applicant_display":"张**","status":"reviewing","status_text":"审核中","accepted_at":"2026-03-10",
"due_promised":"2026-03-17T17:30:00.000+08:00","query_code":"S3CRET","light":"red"},
{"case_no":"510682-2026-0002","matter_name":"不动产登记","dept_name":null,"status":"finished"}]})";

html::Frame frame() {
  return {"什邡市人民政府政务服务中心", "办件公示", "approvals.html", "00ff", "2026-03-16 09:05",
          "2026-03-16 09:05",           false};
}

TEST_CASE("cases stand in a table by the board's columns, in words for people") {
  const auto body = app::approvals_body(parsed(cases));
  for (const auto* column :
       {"办件编号", "事项名称", "申请人", "办理部门", "受理时间", "承诺办结时间", "办理状态"}) {
    CHECK(holds(body, std::string("scope=\"col\">") + column + "</th>"));
    CHECK(count(body, std::string("data-label=\"") + column + "\"") == 2);
  }
  CHECK(holds(body, ">510682-2026-0001</td>"));
  CHECK(holds(body, ">审核中</td>"));
  CHECK(holds(body, "><time>2026-03-10</time></td>"));
  CHECK(holds(body, "><time>2026-03-17 17:30</time></td>"));
  CHECK(holds(body, ">finished</td>"));  // no wording came with it
  CHECK_FALSE(holds(body, "S3CRET"));
  CHECK_FALSE(holds(body, "red"));
  CHECK(count(body, "<tr role=\"row\">") == 3);
  CHECK(holds(body, "<caption>办件公示</caption>"));
}

TEST_CASE("nothing to show is said in words") {
  CHECK(app::approvals_body({}) == "<p>暂无公示的办件。</p>\n");
  CHECK(holds(app::bids_body({}), "今日没有开标。"));
  CHECK(holds(app::bids_body({}), "暂无公示公告。"));
  CHECK(app::catalogue_body({}).empty());
}

TEST_CASE("what comes from elsewhere is text, never markup") {
  const auto evil = [](std::string text) {
    const std::string bad = R"x(<script>alert(1)</script>\"' onmouseover=x &amp; \u0000\u202e)x";
    for (auto at = text.find("EVIL"); at != std::string::npos; at = text.find("EVIL", at + bad.size())) {
      text.replace(at, 4, bad);
    }
    return parsed(text);
  };
  const auto approvals = app::approvals_body(
      evil(R"({"cases":[{"case_no":"EVIL","matter_name":"EVIL","status":"EVIL","accepted_at":"EVIL"}]})"));
  const auto bids = app::bids_body(evil(
      R"x({"openings":[{"project_name":"EVIL","open_at":"EVIL"}],"rooms":[{"room":"EVIL"}],"notices":
[{"title":"EVIL","notice_type":"EVIL","url":"javascript:alert(1)","publish_from":"EVIL","candidates":
[{"name":"EVIL"}]}]})x"));
  const auto catalogue = app::catalogue_body(evil(
      R"x({"groups":[{"name":"EVIL","departments":[{"name":"EVIL","phone":"EVIL","matters":[{"name":"EVIL",
"guide_url":"https://h/\"onclick=x"}]}]}]})x"));
  for (const auto& body : {approvals, bids, catalogue}) {
    const auto whole = html::page(frame(), body);
    const auto names = elements_of(whole);
    CHECK_FALSE(names.contains("script"));
    CHECK_FALSE(holds(whole, "javascript:"));
    CHECK_FALSE(holds(whole, "\"onclick"));
    CHECK_FALSE(holds(whole, "\xE2\x80\xAE"));  // turns the direction of what follows
    CHECK(holds(whole, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39; onmouseover=x &amp;amp;"));
  }
}

TEST_CASE("only addresses of the web are links") {
  CHECK(html::link("https://h/a?b=1&c=2", "指南") ==
        R"(<a href="https://h/a?b=1&amp;c=2" rel="noopener noreferrer">指南</a>)");
  for (const auto* address :
       {"", "javascript:alert(1)", "data:text/html,x", "//h/x", "HTTPS", "/etc/passwd"}) {
    CHECK(html::link(address, "指南") == "指南");
  }
}

TEST_CASE("a page is whole, in one language, for narrow screens, and loads nothing") {
  const auto whole = html::page(frame(), app::approvals_body(parsed(cases)));
  CHECK(whole.starts_with("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"));
  CHECK(holds(whole, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"));
  CHECK(holds(whole, "<title>办件公示 - 什邡市人民政府政务服务中心</title>"));
  CHECK(count(whole, "<h1>") == 1);
  CHECK(holds(whole, "<a href=\"approvals.html\" aria-current=\"page\">办件公示</a>"));
  CHECK(count(whole, "aria-current=\"page\"") == 1);
  CHECK(holds(whole, "href=\"#main\""));
  CHECK(holds(whole, "<main id=\"main\">"));
  CHECK(holds(whole, "数据时间：2026-03-16 09:05"));
  CHECK(holds(whole, "发布时间：2026-03-16 09:05"));
  CHECK(holds(whole, "数据版本：00ff"));
  const auto names = elements_of(whole);
  for (const auto* name : {"script", "img", "link", "iframe", "form", "object", "base"}) {
    CHECK_FALSE(names.contains(name));
  }
  CHECK_FALSE(holds(whole, "url("));
  CHECK_FALSE(holds(whole, "截至"));
}

TEST_CASE("what is old is labelled with its time") {
  auto stale = frame();
  stale.stale = true;
  CHECK(holds(html::page(stale, ""),
              "<p class=\"stale\" role=\"status\">数据未能及时更新，以下内容截至 2026-03-16 09:05。</p>"));
  stale.as_of.clear();
  CHECK(holds(html::page(stale, ""), "以下内容时间不详。"));
}

TEST_CASE("openings, rooms and notices, with candidates only where the API gives them") {
  const auto body = app::bids_body(parsed(R"({"openings":[
{"project_no":"SF-1","project_name":"道路","section_name":"一标段","open_at":"2026-03-16T10:00:00.000+08:00",
"open_room":"第一开标室","status":"opening","status_text":"开标中"}],
"rooms":[{"room":"评标室","state":"evaluating","state_text":"评标中 请勿打扰","project_name":null}],
"notices":[{"title":"道路结果","notice_type":"result","url":"https://ggzy.example.gov.cn/1",
"publish_from":"2026-03-14","publish_to":"2026-03-16","objection_contact":"0838-1","candidates":
[{"rank":1,"name":"甲公司","price":"100 万元"},{"rank":2,"name":"乙公司","price":null}]}]})"));
  CHECK(holds(body, ">道路 一标段</td>"));
  CHECK(holds(body, "><time>2026-03-16 10:00</time></td>"));
  CHECK(holds(body, ">开标中</td>"));
  CHECK(holds(body, ">评标中 请勿打扰</td>"));
  CHECK(holds(body, ">中标结果</td>"));
  CHECK(holds(body, ">1 甲公司 100 万元；2 乙公司</td>"));
  CHECK(holds(body, ">2026-03-14 至 2026-03-16</td>"));
  CHECK(holds(body, R"(<a href="https://ggzy.example.gov.cn/1" rel="noopener noreferrer">道路结果</a>)"));
}

TEST_CASE("matters by group and department, and what else a visitor needs") {
  const auto body = app::catalogue_body(parsed(R"({"groups":[{"name":"审批","departments":[{"name":"市监局",
"phone":"0838-2","matters":[{"name":"食品经营许可","promised_limit":"5个工作日","fee":"不收费",
"guide_url":"https://h/g"}]},{"name":"空局","matters":[]}]}],
"windows":[{"number":3,"name":"三号窗口"}],"hotlines":[{"number":"12345","label_zh":"政务热线"}],
"agencies":[],"staff":[{"staff_no":"1024","name":"张三丰","title":"科员"}],
"notices":[{"title":"放假","text":"周一休息","unit":"中心"}]})"));
  CHECK(holds(body, "<h2>审批</h2>"));
  CHECK(holds(body, "<h3>市监局</h3>\n<p>电话：0838-2</p>"));
  CHECK(holds(body, ">食品经营许可</a></td>"));
  CHECK(holds(body, "暂无事项。"));
  CHECK(holds(body, ">三号窗口</td>"));
  CHECK(holds(body, ">12345</td>"));
  CHECK(holds(body, ">周一休息</td>"));
  CHECK_FALSE(holds(body, "中介服务机构"));
  CHECK_FALSE(holds(body, "张三丰"));
  elements_of(html::page(frame(), body));
}

}  // namespace
