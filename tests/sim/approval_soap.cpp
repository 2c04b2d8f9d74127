#include "tests/sim/approval_soap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <utility>

namespace lobby::sim {
namespace {

constexpr std::string_view envelope_1_1 = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr std::string_view envelope_1_2 = "http://www.w3.org/2003/05/soap-envelope";
constexpr std::string_view service = "http://tempuri.org/";

std::string_view local_part(std::string_view name) {
  return name.substr(std::min(name.size(), name.find(':') + 1));
}

pugi::xml_node child(const pugi::xml_node& of, std::string_view name) {
  return of.find_child([name](const pugi::xml_node& one) { return local_part(one.name()) == name; });
}

/// Does the element, by its prefix or without one, lie in that name space?
bool lies_in(const pugi::xml_node& element, std::string_view space) {
  const std::string_view name = element.name();
  const std::size_t colon = name.find(':');
  const std::string key =
      colon == std::string_view::npos ? "xmlns" : "xmlns:" + std::string(name.substr(0, colon));
  for (pugi::xml_node at = element; at; at = at.parent()) {
    if (const auto declared = at.attribute(key.c_str())) {
      return declared.value() == space;
    }
  }
  return false;
}

}  // namespace

Soap soap_of(const ApprovalRequest& request) {
  const std::string type = request.header("content-type");
  return request.method != "POST"                   ? Soap::none
         : type.starts_with("application/soap+xml") ? Soap::v1_2
         : type.starts_with("text/xml")             ? Soap::v1_1
                                                    : Soap::none;
}

std::optional<std::map<std::string, std::string>> soap_call(const ApprovalRequest& request,
                                                            std::string_view method) {
  const Soap version = soap_of(request);
  const std::string action = fmt::format("\"{}{}\"", service, method);
  const bool names_it = version == Soap::v1_2
                            ? request.header("content-type").find("action=" + action) != std::string::npos
                            : request.header("soapaction") == action;
  pugi::xml_document document;
  if (version == Soap::none || !names_it ||
      !document.load_buffer(request.body.data(), request.body.size(), pugi::parse_default)) {
    return std::nullopt;
  }
  const pugi::xml_node envelope = child(document, "Envelope");
  const pugi::xml_node call = child(child(envelope, "Body"), method);
  if (!call || !lies_in(envelope, version == Soap::v1_1 ? envelope_1_1 : envelope_1_2) ||
      !lies_in(call, service)) {
    return std::nullopt;
  }
  std::map<std::string, std::string> out;
  for (const pugi::xml_node argument : call.children()) {
    out[std::string(local_part(argument.name()))] = argument.text().get();
  }
  return out;
}

ApprovalReply soap_reply(Soap version, std::string_view method, ApprovalReply reply) {
  const std::string open = fmt::format("<string xmlns=\"{}\">", service);
  const std::size_t begin = reply.body.find(open);
  const std::size_t end = reply.body.rfind("</string>");
  if (version == Soap::none || begin == std::string::npos || end == std::string::npos) {
    return reply;
  }
  const std::string result = reply.body.substr(begin + open.size(), end - begin - open.size());
  reply.body = fmt::format(
      "{0}<soap:Envelope xmlns:soap=\"{1}\" "
      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soap:Body>"
      "<{2}Response xmlns=\"{3}\"><{2}Result>{4}</{2}Result></{2}Response></soap:Body></soap:Envelope>\n",
      reply.body.substr(0, begin), version == Soap::v1_1 ? envelope_1_1 : envelope_1_2, method, service,
      result);
  if (version == Soap::v1_2) {
    reply.content_type.replace(0, reply.content_type.find(';'), "application/soap+xml");
  }
  return reply;
}

}  // namespace lobby::sim
