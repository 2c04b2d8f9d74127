// Any bytes as an answer: rows whose fields are bounded and hold no number of a person, or a reason. The
// bytes before the first line feed are a name as well: no field of a row beside it tells a part of it.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/feed/escapes.hpp"
#include "daemon/feed/hide.hpp"
#include "daemon/feed/lines.hpp"
#include "daemon/feed/mask.hpp"
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
  for (const std::string* text : {&row.id, &row.case_no, &row.query_code}) {
    const auto decoded = lobby::feed::decode(*text);
    require(lobby::feed::redact_number(decoded) == decoded);
  }
}

/// The name in each field, with the given type of applicant.
void check_name(const std::string& name, const char* type) {
  namespace json = boost::json;
  const std::string told = "关于" + name + "的申请";
  json::object row{{"projectguid", "g-1"}, {"flowsn", told},      {"querycode", name}, {"projectname", told},
                   {"ouname", name},       {"applyername", name}, {"status", told},    {"applyertype", type}};
  const json::object custom{{"code", "1"}, {"projectlist", json::array{std::move(row)}}};
  const auto body = json::serialize(json::object{{"status", {{"code", "1"}}}, {"custom", custom}});
  const auto answer = lobby::feed::read_answer(mapping(), {}, body);
  const auto* good = std::get_if<lobby::feed::Answer>(&answer);
  if (good == nullptr) {
    return;
  }
  require(good->rows.size() == 1);
  using lobby::feed::Applicant;
  const auto kind = std::string_view(type) == "1"   ? Applicant::person
                    : std::string_view(type) == "2" ? Applicant::org
                                                    : Applicant::unknown;
  const auto raw = lobby::feed::unescape(lobby::feed::decode(name));
  const auto hidden = lobby::feed::mask_name(raw, kind, mapping().mask).hidden;
  const auto& got = good->rows[0];
  for (const std::string* text : {&got.case_no, &got.query_code, &got.matter_name, &got.dept_name,
                                  &got.applicant_display, &got.status_raw}) {
    require(!lobby::feed::tells_name(lobby::feed::decode(*text), hidden));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto name = lobby::feed::encode(lobby::feed::decode(body.substr(0, body.find('\n')).substr(0, 200)));
  for (const char* type : {"1", "2", ""}) {
    check_name(name, type);
  }
  const auto answer = lobby::feed::read_answer(mapping(), {"510682", "key"}, body);
  if (const auto* fault = std::get_if<lobby::feed::AnswerFault>(&answer)) {
    require(!fault->reason.empty() && fault->reason.size() <= 400);
    return 0;
  }
  for (const auto& row : std::get<lobby::feed::Answer>(answer).rows) {
    check(row);
  }
  return 0;
}
