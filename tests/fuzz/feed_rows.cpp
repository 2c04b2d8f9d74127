// Any bytes as an answer: rows whose fields are bounded and hold no number of a person, or a reason. The
// bytes before the first line feed are a name as well: no field of a row beside it tells a part of it.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/feed/escapes.hpp"
#include "daemon/feed/hide.hpp"
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

const lobby::feed::Resource& cases() {
  return *mapping().find(lobby::feed::What::cases);
}

void require(bool good) {
  if (!good) {
    std::abort();
  }
}

std::u32string text_of(const boost::json::object& line, const char* name) {
  const auto& text = line.at(name).as_string();
  return lobby::feed::decode({text.data(), text.size()});
}

void check(const lobby::feed::Row& row) {
  require(!row.id.empty());
  require(row.line.size() <= lobby::feed::longest_line);
  const auto line = boost::json::parse(row.line).as_object();
  for (const char* name : {"matter_name", "dept_name", "status_raw"}) {
    const auto text = text_of(line, name);
    require(lobby::feed::redact(text) == text);
  }
  for (const char* name : {"id", "case_no", "query_code"}) {
    const auto text = text_of(line, name);
    require(lobby::feed::redact_number(text) == text);
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
  const auto answer = lobby::feed::read_answer(mapping(), cases(), {}, body);
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
  const auto line = json::parse(good->rows[0].line).as_object();
  for (const char* field :
       {"case_no", "query_code", "matter_name", "dept_name", "applicant_display", "status_raw"}) {
    require(!lobby::feed::tells_name(text_of(line, field), hidden));
  }
}

/// The same bytes as the answer to every list of the hall's own contract.
void check_lists(std::string_view body) {
  static const lobby::feed::Mapping native =
      lobby::feed::read_mapping(LOBBY_SOURCE_DIR "/config/mappings/native.toml");
  for (const auto& resource : native.resources) {
    const auto answer = lobby::feed::read_answer(native, resource, {"510682", "key", "key"}, body);
    if (const auto* good = std::get_if<lobby::feed::Answer>(&answer)) {
      for (const auto& row : good->rows) {
        require(!row.id.empty() && row.line.size() <= lobby::feed::longest_line);
        require(boost::json::parse(row.line).is_object());
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto name = lobby::feed::encode(lobby::feed::decode(body.substr(0, body.find('\n')).substr(0, 200)));
  for (const char* type : {"1", "2", ""}) {
    check_name(name, type);
  }
  check_lists(body);
  const auto answer = lobby::feed::read_answer(mapping(), cases(), {"510682", "key", {}}, body);
  if (const auto* fault = std::get_if<lobby::feed::AnswerFault>(&answer)) {
    require(!fault->reason.empty() && fault->reason.size() <= 400);
    return 0;
  }
  for (const auto& row : std::get<lobby::feed::Answer>(answer).rows) {
    check(row);
  }
  return 0;
}
