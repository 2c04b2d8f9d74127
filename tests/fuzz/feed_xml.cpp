// Any bytes as XML: a value within the bounds, or a reason that quotes nothing. As the answer of a system
// that speaks XML, alone and within the text of an element: lines within their bound.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/feed/rows.hpp"
#include "daemon/feed/text.hpp"
#include "daemon/feed/xml.hpp"

namespace {

namespace json = boost::json;

void require(bool good) {
  if (!good) {
    std::abort();
  }
}

void check(const json::value& value, std::size_t depth) {
  const lobby::feed::JsonBounds bounds;
  // A list adds a level to the element it stands in.
  require(depth <= 2 * bounds.depth + 1);
  if (const auto* object = value.if_object()) {
    require(object->size() <= bounds.keys + 1);
    for (const auto& [key, inner] : *object) {
      check(inner, depth + 1);
    }
  } else if (const auto* list = value.if_array()) {
    require(list->size() >= 2 && list->size() <= bounds.items);
    for (const json::value& inner : *list) {
      require(!inner.is_array());
      check(inner, depth + 1);
    }
  } else if (const auto* text = value.if_string()) {
    require(text->size() <= bounds.text && lobby::feed::is_utf8({text->data(), text->size()}));
  } else {
    require(value.is_null());
  }
}

void check_answer(std::string_view body) {
  static const lobby::feed::Mapping mapping =
      lobby::feed::read_mapping(LOBBY_SOURCE_DIR "/config/mappings/asmx.toml");
  const auto answer =
      lobby::feed::read_answer(mapping, mapping.resources.front(), {"510682", "key", "key"}, body);
  if (const auto* fault = std::get_if<lobby::feed::AnswerFault>(&answer)) {
    require(!fault->reason.empty() && fault->reason.size() <= 400);
    return;
  }
  for (const auto& row : std::get<lobby::feed::Answer>(answer).rows) {
    require(!row.id.empty() && row.line.size() <= lobby::feed::longest_line);
  }
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = lobby::feed::parse_xml(text);
  if (const auto* value = std::get_if<json::value>(&parsed)) {
    check(*value, 0);
  } else {
    require(std::get<lobby::feed::JsonFault>(parsed).reason.size() <= 200);
  }
  check_answer(text);
  check_answer("<string>" + escaped(text) + "</string>");
  return 0;
}
