#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "tests/sim/approval_calendar.hpp"
#include "tests/sim/approval_shape.hpp"
#include "tests/sim/approval_soap.hpp"

namespace lobby::sim {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

/// A text as this system's versions write it: plain, or as CDATA.
std::string content(const std::string& text, std::size_t place) {
  const bool is_bare = place % 3 == 1 && text.find("]]>") == std::string::npos && !text.empty();
  return is_bare ? "<![CDATA[" + text + "]]>" : escaped(text);
}

std::string element(std::string_view name, const std::string& text, std::size_t place) {
  return text.empty() ? fmt::format("<{}/>", name)
                      : fmt::format("<{0}>{1}</{0}>", name, content(text, place));
}

std::string slashed(const std::string& time) {
  std::string out = spaced(time, "");
  std::replace(out.begin(), out.end(), '-', '/');
  return out;
}

std::string row(const ApprovalCase& one, std::size_t place) {
  const Limit limit = parse_limit(one.promised_limit);
  const std::string_view unit = limit.unit == "day" ? "天" : limit.unit == "hour" ? "小时" : "工作日";
  PortalStatus status = portal_status(one.status);
  // This one has no words for what happens on the way.
  status.word = status.number == "2" ? "办理中" : status.word;
  const bool is_natural = one.applicant.type == "person" || one.applicant.type == "sole_trader";
  const std::string type = one.applicant.type == "org" ? " Type=\"法人\""
                           : is_natural                ? " Type=\"自然人\""
                                                       : "";
  std::string out = fmt::format("    <Case Guid=\"{}\">\n      ", escaped(one.id));
  out += element("BJBH", " " + one.case_no + " ", 0) + element("CXM", one.query_code, place);
  out += element("SXMC", one.matter_name, place) + "\n      ";
  out += fmt::format("<BMMC Code=\"{}\">{}</BMMC>", escaped(one.dept_code), escaped(one.dept_name));
  out += fmt::format("<SQR{}>{}</SQR>", type, content(one.applicant.name, place));
  out +=
      element("ZJHM", one.applicant.id_no, place) + element("SJHM", one.applicant.phone, place) + "\n      ";
  out += element("SLSJ", slashed(one.accepted_at), place) + element("BJSJ", slashed(one.finished_at), place);
  out += limit.unit.empty() ? "<CNSX/>" : fmt::format("<CNSX Unit=\"{}\">{}</CNSX>", unit, limit.n);
  const bool by_number = place % 2 == 1 && !status.number.empty();
  out += element("ZT", by_number ? status.number : status.word, place) + "\n      <TBCX>";
  for (const ClockStop& stop : one.stops) {
    out += fmt::format("<Item Start=\"{}\" End=\"{}\"/>", slashed(stop.from), slashed(stop.to));
  }
  return out + "</TBCX>\n    </Case>\n";
}

/// The answer of a method that returns a text, whose text is XML again. Nobody minds what the inner document
/// says of its charset.
std::string outer(const std::string& inner, std::string_view charset) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"{}\"?>\n<string xmlns=\"http://tempuri.org/\">{}</string>\n", charset,
      escaped("<?xml version=\"1.0\" encoding=\"gb2312\"?>\n" + inner));
}

std::string document(const ListPage& list) {
  const auto now = std::chrono::system_clock::time_point(std::chrono::milliseconds(list.now_ms));
  std::string out =
      fmt::format("<Root>\n  <Head Total=\"{}\" Now=\"{}\"><Code>1</Code><Message/></Head>\n  <Body>\n",
                  list.total, to_rfc3339(now));
  for (std::size_t i = 0; i < list.rows.size(); ++i) {
    out += row(list.rows[i], i);
  }
  return out + "  </Body>\n</Root>\n";
}

std::string refusal(Failing why) {
  return fmt::format("<Root><Head><Code>{}</Code><Message>{}</Message></Head></Root>",
                     why == Failing::credential ? 0 : 9,
                     why == Failing::credential ? "无权访问" : "系统维护中");
}

constexpr std::string_view method = "GetCaseList";

ListAsk ask(const ApprovalRequest& request, const std::string& secret) {
  ApprovalRequest asked = request;
  bool understood = request.method == "GET" && !request.resource.empty();
  if (soap_of(request) != Soap::none) {
    const auto call = soap_call(request, method);
    understood = call.has_value() && request.resource.empty();
    asked.query = call.value_or(std::map<std::string, std::string>());
  }
  ListAsk out = ask_by_query(asked, "pageIndex", "pageSize", 1);
  out.understood = understood;
  out.authorised = secret.empty() || asked.param("key") == secret;
  return out;
}

ApprovalReply dress(const ApprovalRequest& request, ApprovalReply reply) {
  return soap_reply(soap_of(request), method, std::move(reply));
}

std::string page(const ListPage& list) {
  return outer(document(list), "utf-8");
}

std::string page_in_gb(const ListPage& list) {
  return outer(document(list), "GB18030");
}

std::string failure(Failing why) {
  return outer(refusal(why), "utf-8");
}

std::string failure_in_gb(Failing why) {
  return outer(refusal(why), "GB18030");
}

}  // namespace

const ApprovalShape& asmx_shape() {
  static const ApprovalShape shape{"asmx",
                                   "text/xml; charset=utf-8",
                                   Charset::utf8,
                                   "SQR",
                                   false,
                                   50,
                                   ask,
                                   failure,
                                   {{"/GetCaseList", std::nullopt, page}, {"", std::nullopt, page}},
                                   dress};
  return shape;
}

const ApprovalShape& xml_shape() {
  static const ApprovalShape shape{
      "xml",
      "text/xml; charset=GB18030",
      Charset::gb18030,
      "SQR",
      false,
      50,
      ask,
      failure_in_gb,
      {{"/GetCaseList", std::nullopt, page_in_gb}, {"", std::nullopt, page_in_gb}},
      dress};
  return shape;
}

}  // namespace lobby::sim
