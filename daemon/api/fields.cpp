#include "daemon/api/fields.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <charconv>

#include "daemon/api/personal.hpp"
#include "daemon/api/secrets.hpp"
#include "daemon/api/target.hpp"

namespace lobby::api {
namespace {

namespace json = boost::json;
constexpr std::size_t deepest = 16;

std::string field(std::string_view name) {
  return "field `" + std::string(name) + "` ";
}
std::string parameter(std::string_view name) {
  return "query parameter `" + std::string(name) + "` ";
}
/// How many members the object has as it is written, in a text that is JSON: a name that stands twice counts
/// twice.
std::size_t members_written(std::string_view text) {
  std::size_t depth = 0, members = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      while (text[++i] != '"') {
        i += text[i] == '\\' ? 1 : 0;
      }
    }
    depth += c == '{' || c == '[' ? 1 : 0;
    depth -= c == '}' || c == ']' ? 1 : 0;
    members += c == ':' && depth == 1 ? 1 : 0;
  }
  return members;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_small_letter(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_letter_or_digit(char c) {
  return is_digit(c) || is_small_letter(c) || (c >= 'A' && c <= 'Z');
}
bool is_all(std::string_view text, bool (*fits)(char)) {
  return std::all_of(text.begin(), text.end(), fits);
}
std::string between(std::uint64_t least, std::uint64_t most) {
  return "must be an integer from " + std::to_string(least) + " to " + std::to_string(most);
}

}  // namespace

void Fields::fail(std::string detail) {
  if (!fault_) {
    fault_ = bad_request(std::move(detail));
  }
}

void Fields::missing(std::string_view name) {
  fail(std::string(what_) + " `" + std::string(name) + "` is missing");
}

std::string Fields::choices(std::span<const std::string_view> words) {
  std::string text = "must be one of ";
  for (const auto word : words) {
    text += word;
    text += ", ";
  }
  return text.substr(0, text.size() - 2);
}

std::optional<Problem> Fields::finish() {
  if (!fault_ && !unread_.empty()) {
    const bool shown = is_clean_text(*unread_.begin()) && length(*unread_.begin()) <= 64;
    fail("unknown " + std::string(what_) + (shown ? " `" + *unread_.begin() + "`" : std::string()));
  }
  return fault_;
}

BodyFields::BodyFields(std::string_view body) : Fields("field") {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return;
  }
  json::parse_options bounds;
  bounds.max_depth = deepest;
  json::error_code error;
  auto value = json::parse(json::string_view(body.data(), body.size()), error, {}, bounds);
  if (error == json::error::too_deep) {
    fail("the body is nested deeper than " + std::to_string(deepest) + " levels");
  } else if (error) {
    fail("the body is not JSON: " + error.message());
  } else if (!value.is_object()) {
    fail("the body must be a JSON object");
  } else {
    object_ = std::move(value.get_object());
    if (object_.size() != members_written(body)) {
      fail("a field stands in the body twice");
    }
  }
  for (const auto& [name, unused] : object_) {
    unread_.emplace(name);
  }
}

json::value* BodyFields::take(std::string_view name, Need need) {
  auto* value = object_.if_contains(name);
  if (value == nullptr && need == Need::required) {
    missing(name);
  }
  if (const auto it = unread_.find(name); it != unread_.end()) {
    unread_.erase(it);
  }
  return value;
}

/// The number itself is not repeated: answers are kept, and shown to others.
void BodyFields::refuse_personal(std::string_view name) {
  fail(field(name) + "holds what looks like an ID or telephone number; such numbers are not taken");
}

std::string BodyFields::text(std::string_view name, Need need, std::size_t most) {
  auto result = secret(name, need, most);
  if (holds_personal_number(result)) {
    refuse_personal(name);
  }
  return result;
}

std::string BodyFields::code(std::string_view name, Need need) {
  constexpr std::size_t most = 64;
  auto result = secret(name, need, most);
  const auto is_allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '(' ||
           c == ')' || c == '-';
  };
  if (has(name) && (result.empty() || !std::all_of(result.begin(), result.end(), is_allowed))) {
    fail(field(name) + "must be 1 to 64 letters, digits, brackets and hyphens");
  }
  if (holds_personal_number(result, Digits::are_a_code)) {
    refuse_personal(name);
  }
  return result;
}

std::string BodyFields::secret(std::string_view name, Need need, std::size_t most) {
  const auto* value = take(name, need);
  if (value == nullptr) {
    return {};
  }
  const auto* given = value->if_string();
  if (given == nullptr) {
    fail(field(name) + "must be a string");
    return {};
  }
  std::string result(given->data(), given->size());
  if (!is_clean_text(result)) {
    fail(field(name) + "holds control characters");
  } else if (length(result) > most) {
    fail(field(name) + "is longer than " + std::to_string(most) + " characters");
  } else if (result.empty() && need == Need::required) {
    fail(field(name) + "is empty");
  }
  return result;
}

std::optional<std::uint64_t> BodyFields::number(std::string_view name, Need need, std::uint64_t least,
                                                std::uint64_t most) {
  const auto* value = take(name, need);
  if (value == nullptr) {
    return std::nullopt;
  }
  json::error_code error;
  const auto given = value->is_double() ? 0 : value->to_number<std::uint64_t>(error);
  if (value->is_double() || error || given < least || given > most) {
    fail(field(name) + between(least, most));
    return std::nullopt;
  }
  return given;
}

std::optional<bool> BodyFields::flag(std::string_view name, Need need) {
  const auto* value = take(name, need);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (!value->is_bool()) {
    fail(field(name) + "must be true or false");
    return std::nullopt;
  }
  return value->get_bool();
}

std::optional<hall::Instant> BodyFields::time(std::string_view name, Need need) {
  const bool given = has(name);
  const auto at = hall::parse_instant(text(name, need, 64));
  if (given && !at) {
    fail(field(name) + "must be a time like 2026-03-16T08:55:00+08:00");
  }
  return at;
}

std::optional<hall::Date> BodyFields::date(std::string_view name, Need need) {
  const bool given = has(name);
  const auto date = hall::parse_date(text(name, need, 64));
  if (given && !date) {
    fail(field(name) + "must be a date like 2026-03-16");
  }
  return date;
}

std::optional<int> BodyFields::minute(std::string_view name, Need need) {
  const bool given = has(name);
  const std::string clock = text(name, need, 64);
  const bool formed = clock.size() == 5 && clock[2] == ':' && is_all(clock.substr(0, 2), is_digit) &&
                      is_all(clock.substr(3), is_digit);
  const int hour = formed ? (clock[0] - '0') * 10 + clock[1] - '0' : 24;
  const int minute = formed ? (clock[3] - '0') * 10 + clock[4] - '0' : 60;
  if (hour < 24 && minute < 60) {
    return hour * 60 + minute;
  }
  if (given) {
    fail(field(name) + "must be a time of day like 09:30");
  }
  return std::nullopt;
}

std::string BodyFields::plain_code(std::string_view name, std::size_t least, std::size_t most) {
  std::string code = text(name, Need::required, most);
  if (has(name) && (code.size() < least || !is_all(code, is_letter_or_digit))) {
    fail(field(name) + "must be " + std::to_string(least) + " to " + std::to_string(most) +
         " digits and Latin letters");
  }
  return code;
}

hall::ApplicantKey BodyFields::person(std::string_view name, Need need, const KeyOf& key_of) {
  constexpr std::size_t most = 64;
  auto* value = take(name, need);
  if (value == nullptr) {
    return {};
  }
  auto* given = value->if_string();
  if (given == nullptr) {
    fail(field(name) + "must be a string");
    return {};
  }
  // In place: a copy would have to be wiped too.
  std::size_t size = 0;
  for (const char c : *given) {
    if (c != ' ') {
      (*given)[size++] = is_small_letter(c) ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  const std::string_view number(given->data(), size);
  hall::ApplicantKey key;
  if (!is_clean_text(number) || length(number) > most || number.empty()) {
    fail(field(name) + "must be 1 to " + std::to_string(most) + " characters of one line");
  } else {
    key = key_of(number);
  }
  wipe(given->data(), given->size());
  return key;
}

std::vector<std::string> BodyFields::texts(std::string_view name, std::size_t most_items, std::size_t most) {
  const auto* value = take(name, Need::optional);
  std::vector<std::string> result;
  if (value == nullptr) {
    return result;
  }
  const auto* items = value->if_array();
  if (items == nullptr || items->size() > most_items) {
    fail(field(name) + "must be an array of at most " + std::to_string(most_items) + " strings");
    return result;
  }
  for (const auto& item : *items) {
    const auto* given = item.if_string();
    if (given == nullptr || given->empty() || length(*given) > most || !is_clean_text(*given)) {
      fail(field(name) + "must hold strings of 1 to " + std::to_string(most) + " characters");
      return result;
    }
    if (holds_personal_number(*given)) {
      refuse_personal(name);
    }
    result.emplace_back(given->data(), given->size());
  }
  return result;
}

QueryFields::QueryFields(const std::vector<std::pair<std::string, std::string>>& query)
    : Fields("query parameter"), query_(query) {
  for (const auto& [name, unused] : query) {
    if (!unread_.insert(name).second) {
      fail(parameter(name) + "is given twice");
    }
  }
}

std::optional<std::string> QueryFields::text(std::string_view name) {
  for (const auto& [given, value] : query_) {
    if (given == name) {
      unread_.erase(given);
      return value;
    }
  }
  return std::nullopt;
}

std::optional<std::string> QueryFields::choice(std::string_view name,
                                               std::span<const std::string_view> words) {
  auto given = text(name);
  if (given && std::find(words.begin(), words.end(), *given) == words.end()) {
    fail(parameter(name) + choices(words));
  }
  return given;
}

std::optional<std::uint64_t> QueryFields::number(std::string_view name, std::uint64_t least,
                                                 std::uint64_t most) {
  const auto given = text(name);
  if (!given) {
    return std::nullopt;
  }
  const auto value = parse_number(*given);
  if (!value || *value < least || *value > most) {
    fail(parameter(name) + between(least, most));
    return std::nullopt;
  }
  return value;
}

std::optional<hall::Date> QueryFields::date(std::string_view name) {
  const auto given = text(name);
  const auto date = given ? hall::parse_date(*given) : std::nullopt;
  if (given && !date) {
    fail(parameter(name) + "must be a date like 2026-03-16");
  }
  return date;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

}  // namespace lobby::api
