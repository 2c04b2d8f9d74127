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
#include "daemon/feed/xml.hpp"
#include "daemon/hall/time.hpp"

namespace lobby::feed {
namespace {

namespace json = boost::json;

std::string lower_start(std::string_view body) {
  std::string start(body.substr(0, 4096));
  std::transform(start.begin(), start.end(), start.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return start;
}

/// Where rows belong stands something else: told by its kind. Titles and texts of pages name people and
/// change with every request.
std::string foreign_page(const std::string& start, std::string_view wanted) {
  constexpr std::string_view login_words[] = {"登录", "登陆", "身份认证", "login", "signin", "password"};
  constexpr std::string_view wall_words[] = {"防火墙", "拦截", "firewall", "captcha"};
  const auto holds = [&start](std::string_view word) { return start.find(word) != std::string::npos; };
  if (std::any_of(std::begin(login_words), std::end(login_words), holds)) {
    return fmt::format("the answer is a login page, not {}", wanted);
  }
  if (std::any_of(std::begin(wall_words), std::end(wall_words), holds)) {
    return fmt::format("the answer is the page of a firewall, not {}", wanted);
  }
  return fmt::format("the answer is {}, not {}", holds("<html") ? "a web page" : "HTML or XML", wanted);
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

/// An answer out of its wrappings.
struct Unwrapped {
  json::value value;
  bool has_xml = false;  ///< some of it: lists of one row or none do not look like lists
};

bool begins_like_xml(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return first != std::string_view::npos && text[first] == '<';
}

std::optional<AnswerFault> unwrap_at(json::value& inner, Unwrapped& out) {
  const json::string text = inner.get_string();
  const bool xml = begins_like_xml({text.data(), text.size()});
  auto again = xml ? parse_xml({text.data(), text.size()}) : parse_strict({text.data(), text.size()});
  if (const auto* fault = std::get_if<JsonFault>(&again)) {
    // Some systems wrap JSON in JSON only now and then: the trouble is the same, and so is its name.
    return unreadable(xml || out.has_xml ? fmt::format("inside a text that should hold {}: {}",
                                                       xml ? "XML" : "JSON", fault->reason)
                                         : fault->reason);
  }
  out.has_xml = out.has_xml || xml;
  inner = std::get<json::value>(std::move(again));
  return std::nullopt;
}

std::variant<Unwrapped, AnswerFault> unwrapped(const AnswerShape& shape, std::string_view body) {
  JsonBounds outer;
  const std::size_t text_bound = outer.text;
  if (!shape.unwrap.empty()) {
    outer.text = outer.body;
  }
  auto parsed = shape.xml ? parse_xml(body, outer) : parse_strict(body, outer);
  if (const auto* fault = std::get_if<JsonFault>(&parsed)) {
    return unreadable(fault->reason);
  }
  Unwrapped out{std::get<json::value>(std::move(parsed)), shape.xml};
  for (const Pointer& pointer : shape.unwrap) {
    json::value* inner = find(out.value, pointer);
    if (inner == nullptr || !inner->is_string()) {
      continue;
    }
    if (auto fault = unwrap_at(*inner, out)) {
      return *std::move(fault);
    }
  }
  if (!texts_fit(out.value, text_bound)) {
    return unreadable(fmt::format("the answer holds a text of more than {} bytes", text_bound));
  }
  return out;
}

/// The list of rows; of XML also one row that is not repeated, and none, where only what holds them is left.
std::optional<json::array> take_items(Unwrapped& answer, const Pointer& at) {
  json::value* items = find(answer.value, at);
  if (items != nullptr && items->is_array()) {
    return std::move(items->get_array());
  }
  if (!answer.has_xml) {
    return std::nullopt;
  }
  if (items != nullptr && items->is_object()) {
    return json::array{std::move(*items)};
  }
  const bool empty = items != nullptr && items->is_string() && items->get_string().empty();
  const bool within = items == nullptr && at.size() > 1 &&
                      find(std::as_const(answer.value), Pointer(at.begin(), at.end() - 1)) != nullptr;
  return empty || within ? std::optional(json::array()) : std::nullopt;
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
    const auto& outdated = shape.outdated_codes;
    if (std::find(outdated.begin(), outdated.end(), code) != outdated.end()) {
      return AnswerFault{AnswerFault::Kind::outdated, "the upstream wants to be read from the start"};
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

std::optional<std::int64_t> read_server_time(const json::value& answer, const AnswerShape& shape) {
  constexpr std::int64_t last_ms = 253402300799999;  // of the year 9999
  const json::value* value = shape.server_time ? find(answer, *shape.server_time) : nullptr;
  std::string text;
  if (value == nullptr || !scalar_text(*value, text)) {
    return std::nullopt;
  }
  if (const auto instant = hall::parse_instant(text)) {
    return instant->utc_ms;
  }
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
  const bool good = error == std::errc() && end == text.data() + text.size() && ms > 0 && ms <= last_ms;
  return good ? std::optional(ms) : std::nullopt;
}

}  // namespace

std::variant<Envelope, AnswerFault> open_envelope(const AnswerShape& shape, std::string_view body) {
  const std::string start = lower_start(body);
  if (begins_like_xml(body) && (!shape.xml || start.find("<html") != std::string::npos)) {
    return unreadable(foreign_page(start, shape.xml ? "XML" : "JSON"));
  }
  auto parsed = unwrapped(shape, body);
  if (auto* fault = std::get_if<AnswerFault>(&parsed)) {
    return std::move(*fault);
  }
  auto& unwrapped_answer = std::get<Unwrapped>(parsed);
  const json::value& answer = unwrapped_answer.value;
  if (auto fault = check_success(answer, shape)) {
    return *std::move(fault);
  }
  Envelope out;
  out.total = read_total(answer, shape);
  out.cursor = read_cursor(answer, shape);
  out.has_more = shape.has_more && is_true(find(answer, *shape.has_more));
  out.server_time_ms = read_server_time(answer, shape);
  auto items = take_items(unwrapped_answer, shape.items);
  if (!items) {
    return unreadable("the answer has no list where the mapping expects the rows");
  }
  out.items = *std::move(items);
  return out;
}

}  // namespace lobby::feed
