#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tests/sim/approval_http.hpp"

/// The SOAP that a .NET service speaks beside its plain GET.
namespace lobby::sim {

enum class Soap : std::uint8_t { none, v1_1, v1_2 };

/// By the media type of a POST.
Soap soap_of(const ApprovalRequest& request);

/// What the envelope calls `method` of tempuri.org with, by the names of its elements. nullopt: it is no
/// envelope of that version, or SOAPAction (1.1) or the action of the media type (1.2) names another method.
std::optional<std::map<std::string, std::string>> soap_call(const ApprovalRequest& request,
                                                            std::string_view method);

/// The answer `<string xmlns="http://tempuri.org/">…</string>` to a GET as the result of the method.
ApprovalReply soap_reply(Soap version, std::string_view method, ApprovalReply reply);

}  // namespace lobby::sim
