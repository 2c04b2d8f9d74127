#include "daemon/feed/envelope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string>
#include <utility>

#include "daemon/feed/redact.hpp"
#include "daemon/feed/strict_json.hpp"
#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

namespace json = boost::json;

/// Where rows belong stands something else: told by its kind. Titles and texts of pages name people and
/// change with every request.
std::string foreign_page(std::string_view body) {
  constexpr std::string_view login_words[] = {"登录", "登陆", "身份认证", "login", "signin", "password"};
  constexpr std::string_view wall_words[] = {"防火墙", "拦截", "firewall", "captcha"};
  std::string start(body.substr(0, 4096));
  std::transform(start.begin(), start.end(), start.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const auto holds = [&start](std::string_view word) { return start.find(word) != std::string::npos; };
  if (std::any_of(std::begin(login_words), std::end(login_words), holds)) {
    return "the answer is a login page, not JSON";
  }
  if (std::any_of(std::begin(wall_words), std::end(wall_words), holds)) {
    return "the answer is the page of a firewall, not JSON";
  }
  return holds("<html") ? "the answer is a web page, not JSON" : "the answer is HTML or XML, not JSON";
}

AnswerFault unreadable(std::string reason) {
  return {AnswerFault::Kind::unreadable, std::move(reason)};
}

/// Strings that hold JSON may be as long as the body; every other text keeps its bound.
bool texts_fit(const json::value& value, std::size_t bound) {
  if (const auto* object = value.if_object()) {
    return std::all_of(object->begin(), object->end(),
                       [bound](const auto& pair) { return texts_fit(pair.value(), bound); });
  }
  if (const auto* array = value.if_array()) {
    return std::all_of(array->begin(), array->end(),
                       [bound](const auto& item) { return texts_fit(item, bound); });
  }
  return !value.is_string() || value.get_string().size() <= bound;
}

std::variant<json::value, AnswerFault> unwrapped(const AnswerShape& shape, std::string_view body) {
  JsonBounds outer;
  const std::size_t text_bound = outer.text;
  if (!shape.unwrap.empty()) {
    outer.text = outer.body;
  }
  auto parsed = parse_strict(body, outer);
  if (const auto* fault = std::get_if<JsonFault>(&parsed)) {
    return unreadable(fault->reason);
  }
  auto& value = std::get<json::value>(parsed);
  for (const Pointer& pointer : shape.unwrap) {
    json::value* inner = find(value, pointer);
    if (inner == nullptr || !inner->is_string()) {
      continue;
    }
    const json::string text = inner->get_string();
    auto again = parse_strict({text.data(), text.size()});
    if (const auto* fault = std::get_if<JsonFault>(&again)) {
      return unreadable("inside a text that should hold JSON: " + fault->reason);
    }
    *inner = std::get<json::value>(std::move(again));
  }
  if (!texts_fit(value, text_bound)) {
    return unreadable(fmt::format("the answer holds a text of more than {} bytes", text_bound));
  }
  return std::move(value);
}

std::string message_of(const json::value& answer, const AnswerShape& shape) {
  std::string text;
  for (const Pointer& pointer : shape.message) {
    const json::value* value = find(answer, pointer);
    if (value != nullptr && scalar_text(*value, text) && !text.empty()) {
      return text;
    }
  }
  return {};
}

/// A code that is short and numeric, or that the mapping lists; anything else may be a text about somebody,
/// or another one with every request.
std::string safe_code(const std::string& code, const AnswerShape& shape) {
  constexpr std::size_t longest = 5;
  const std::string_view digits = std::string_view(code).substr(code.starts_with('-') ? 1 : 0);
  const bool numeric = !digits.empty() && digits.size() <= longest &&
                       digits.find_first_not_of("0123456789") == std::string_view::npos;
  const auto& known = shape.failure_codes;
  return numeric || std::find(known.begin(), known.end(), code) != known.end() ? code : std::string();
}

std::optional<AnswerFault> check_success(const json::value& answer, const AnswerShape& shape) {
  for (const Success& rule : shape.success) {
    const json::value* value = find(answer, rule.at);
    std::string code;
    const bool given = value != nullptr && scalar_text(*value, code);
    if (given && std::find(rule.is.begin(), rule.is.end(), code) != rule.is.end()) {
      continue;
    }
    const std::string message = message_of(answer, shape);
    for (const std::string& word : shape.auth_failed) {
      if (message.find(word) != std::string::npos) {
        return AnswerFault{AnswerFault::Kind::unauthorised,
                           fmt::format("the upstream refuses the token: {}", word)};
      }
    }
    if (!given) {
      return AnswerFault{AnswerFault::Kind::failed, "the answer lacks the code that says how it went"};
    }
    const std::string told = safe_code(code, shape);
    return AnswerFault{AnswerFault::Kind::failed,
                       told.empty() ? "the upstream reports a failure"
                                    : fmt::format("the upstream reports a failure: code {}", told)};
  }
  return std::nullopt;
}

std::optional<std::uint64_t> read_total(const json::value& answer, const AnswerShape& shape) {
  const json::value* value = shape.total ? find(answer, *shape.total) : nullptr;
  std::string text;
  std::uint64_t total = 0;
  if (value == nullptr || !scalar_text(*value, text)) {
    return std::nullopt;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), total);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(total) : std::nullopt;
}

/// It is kept by the daemon: short, visible, and no number of a person.
std::string read_cursor(const json::value& answer, const AnswerShape& shape) {
  constexpr std::size_t longest = 512;
  const json::value* value = shape.cursor ? find(answer, *shape.cursor) : nullptr;
  std::string text;
  const auto visible = [](char c) { return c > 0x20 && c < 0x7F; };
  const bool good = value != nullptr && scalar_text(*value, text) && text.size() <= longest &&
                    std::all_of(text.begin(), text.end(), visible) &&
                    redact_number(decode(text)) == decode(text);
  return good ? text : std::string();
}

}  // namespace

std::variant<Envelope, AnswerFault> open_envelope(const AnswerShape& shape, std::string_view body) {
  const std::size_t first = body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first != std::string_view::npos && body[first] == '<') {
    return unreadable(foreign_page(body));
  }
  auto parsed = unwrapped(shape, body);
  if (auto* fault = std::get_if<AnswerFault>(&parsed)) {
    return std::move(*fault);
  }
  auto& answer = std::get<json::value>(parsed);
  if (auto fault = check_success(answer, shape)) {
    return *std::move(fault);
  }
  json::value* items = find(answer, shape.items);
  if (items == nullptr || !items->is_array()) {
    return unreadable("the answer has no list where the mapping expects the rows");
  }
  const auto total = read_total(answer, shape);
  std::string cursor = read_cursor(answer, shape);
  return Envelope{std::move(items->get_array()), total, std::move(cursor)};
}

}  // namespace lobby::feed
