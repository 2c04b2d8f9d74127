// Any bytes as an answer: rows whose fields are bounded and hold no number of a person, or a reason.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/feed/lines.hpp"
#include "daemon/feed/redact.hpp"
#include "daemon/feed/rows.hpp"
#include "daemon/feed/text.hpp"

namespace {

const lobby::feed::Mapping& mapping() {
  static const lobby::feed::Mapping shipped =
      lobby::feed::read_mapping(LOBBY_SOURCE_DIR "/config/mappings/epoint.toml");
  return shipped;
}

void require(bool good) {
  if (!good) {
    std::abort();
  }
}

void check(const lobby::hall::CaseRow& row) {
  require(!row.id.empty());
  require(lobby::feed::case_line(row).size() <= 16 * 1024);
  for (const std::string* text : {&row.matter_name, &row.dept_name, &row.status_raw}) {
    const auto decoded = lobby::feed::decode(*text);
    require(lobby::feed::redact(decoded) == decoded);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto answer = lobby::feed::read_answer(mapping(), "510682", body);
  if (const auto* fault = std::get_if<lobby::feed::AnswerFault>(&answer)) {
    require(!fault->reason.empty() && fault->reason.size() <= 400);
    return 0;
  }
  for (const auto& row : std::get<lobby::feed::Answer>(answer).rows) {
    check(row);
  }
  return 0;
}
