#pragma once

#include <string>
#include <string_view>

#include "tests/sim/http_text.hpp"

namespace lobby::sim {

/// SOAP 1.2 as a device writes it. `body` uses the prefixes tds, trc, tev, tt, wsnt, wsa.
HttpReply soap(const std::string& body);
/// `inner` may be empty.
HttpReply soap_fault(std::string_view code, std::string_view sub, std::string_view inner, int status);
/// The local name of the one element in the body of a message; empty: it is none.
std::string soap_operation(std::string_view message);
/// `PT5S`, `PT1M`; 0: no such span.
int soap_seconds(std::string_view text);

}  // namespace lobby::sim
