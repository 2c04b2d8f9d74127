#pragma once

#include <string>

#include "daemon/feed/row_reader.hpp"

namespace lobby::feed {

/// `{"kind":"case","id":…}` with every field of a case, texts ("" for no value), `return_count` a number and
/// `suppressed` a truth value; the field `kind` is called `matter_kind`. Of a matter that is suppressed:
/// without case_no, query_code, applicant_display, applicant_key and queue_ticket.
std::string case_line(const std::string& id, RowReader& row, const Reading& by);

/// `{"kind":"record","id":…,"row":{…}}`, only fields with a value. Candidates that make the line longer than
/// longest_line are left out, the last first.
std::string record_line(const std::string& id, RowReader& row, const Reading& by);

}  // namespace lobby::feed
