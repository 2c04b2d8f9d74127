#pragma once

#include <string>
#include <vector>

#include "daemon/feed/mapping.hpp"
#include "daemon/feed/rows.hpp"

namespace lobby::feed {

/// A file of tests/feed/fixtures.
std::string fixture(const std::string& name);
std::vector<std::string> fixture_lines(const std::string& name);

/// The mapping that is shipped.
const Mapping& epoint();
/// It, with the first occurrence of a part of its text replaced.
Mapping epoint_with(const std::string& part, const std::string& replacement);
std::string epoint_text();

/// The answer of a body that must be readable.
Answer read_good(const std::string& body, const std::string& area = "");
AnswerFault read_bad(const std::string& body);

}  // namespace lobby::feed
