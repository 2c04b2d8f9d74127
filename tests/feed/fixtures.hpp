#pragma once

#include <string>
#include <vector>

#include "daemon/feed/mapping.hpp"
#include "daemon/feed/rows.hpp"
#include "daemon/hall/approval.hpp"

namespace lobby::feed {

/// A file of tests/feed/fixtures.
std::string fixture(const std::string& name);
std::vector<std::string> fixture_lines(const std::string& name);

/// The mapping that is shipped.
const Mapping& epoint();
const Resource& epoint_cases();
/// It, with the first occurrence of a part of its text replaced.
Mapping epoint_with(const std::string& part, const std::string& replacement);
std::string epoint_text();

/// What the line of a case says.
hall::CaseRow case_of(const Row& row);

/// The cases of an answer against a file of JSON lines, each with the fields of a case that have a value.
void check_cases(const Answer& answer, const std::string& expected);
/// The records of an answer against a file of JSON lines, each an id and the fields of the record.
void check_records(const Answer& answer, const std::string& expected);

/// The answer of a body that must be readable.
Answer read_good(const std::string& body, const std::string& area = "");
AnswerFault read_bad(const std::string& body);

}  // namespace lobby::feed
