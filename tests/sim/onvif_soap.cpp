#include "tests/sim/onvif_soap.hpp"

#include <fmt/format.h>

#include <charconv>

namespace lobby::sim {
namespace {

constexpr const char* soap_type = "application/soap+xml; charset=utf-8";
constexpr std::string_view soap_head =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<env:Envelope "
    "xmlns:env=\"http://www.w3.org/2003/05/soap-envelope\" "
    "xmlns:tds=\"http://www.onvif.org/ver10/device/wsdl\" "
    "xmlns:trc=\"http://www.onvif.org/ver10/recording/wsdl\" "
    "xmlns:tse=\"http://www.onvif.org/ver10/search/wsdl\" "
    "xmlns:tev=\"http://www.onvif.org/ver10/events/wsdl\" xmlns:tt=\"http://www.onvif.org/ver10/schema\" "
    "xmlns:tns1=\"http://www.onvif.org/ver10/topics\" xmlns:ter=\"http://www.onvif.org/ver10/error\" "
    "xmlns:wsnt=\"http://docs.oasis-open.org/wsn/b-2\" "
    "xmlns:wsa=\"http://www.w3.org/2005/08/addressing\"><env:Body>";

std::string whole(const std::string& body) {
  return std::string(soap_head) + body + "</env:Body></env:Envelope>\n";
}

}  // namespace

HttpReply soap(const std::string& body) {
  return {200, whole(body), soap_type, {}};
}

HttpReply soap_fault(std::string_view code, std::string_view sub, std::string_view inner, int status) {
  const std::string deeper = inner.empty()
                                 ? std::string()
                                 : fmt::format("<env:Subcode><env:Value>{}</env:Value></env:Subcode>", inner);
  return {status,
          whole(fmt::format("<env:Fault><env:Code><env:Value>{}</env:Value><env:Subcode><env:Value>{}"
                            "</env:Value>{}</env:Subcode></env:Code><env:Reason><env:Text xml:lang=\"en\">no"
                            "</env:Text></env:Reason></env:Fault>",
                            code, sub, deeper)),
          soap_type,
          {}};
}

std::string soap_operation(std::string_view message) {
  auto at = message.find("Body");
  at = at == std::string_view::npos ? at : message.find('>', at);
  at = at == std::string_view::npos ? at : message.find('<', at);
  if (at == std::string_view::npos) {
    return {};
  }
  const auto name = message.substr(at + 1, message.find_first_of(" />", at + 1) - at - 1);
  const auto colon = name.find(':');
  return std::string(colon == std::string_view::npos ? name : name.substr(colon + 1));
}

int soap_seconds(std::string_view text) {
  if (!text.starts_with("PT") || text.size() < 4) {
    return 0;
  }
  int count = 0;
  std::from_chars(text.data() + 2, text.data() + text.size() - 1, count);
  return text.back() == 'M' ? count * 60 : text.back() == 'S' ? count : 0;
}

}  // namespace lobby::sim
