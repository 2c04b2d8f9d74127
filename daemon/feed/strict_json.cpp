#include "daemon/feed/strict_json.hpp"

#include <fmt/format.h>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>
#include <unordered_set>
#include <utility>
#include <vector>

namespace lobby::feed {
namespace {

namespace json = boost::json;

/// What Boost's own parser lacks: duplicate keys refused, bounds while reading. Names as Boost.JSON wants
/// them.
class Builder {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  explicit Builder(const JsonBounds& bounds) : bounds_(bounds) { stack_.reset({}); }
  json::value release() { return stack_.release(); }
  const char* fault() const { return fault_; }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code& ec) {
    keys_.emplace_back();
    return count(ec);
  }
  bool on_object_end(std::size_t n, json::error_code&) {
    keys_.pop_back();
    stack_.push_object(n);
    return true;
  }
  bool on_array_begin(json::error_code& ec) { return count(ec); }
  bool on_array_end(std::size_t n, json::error_code& ec) {
    if (n > bounds_.items) {
      return refuse(ec, "a list is too long");
    }
    stack_.push_array(n);
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t n, json::error_code& ec) {
    key_.append(part.data(), part.size());
    stack_.push_chars(part);
    return n <= bounds_.text || refuse(ec, "a key is too long");
  }
  bool on_key(json::string_view part, std::size_t n, json::error_code& ec) {
    if (n > bounds_.text) {
      return refuse(ec, "a key is too long");
    }
    key_.append(part.data(), part.size());
    if (!keys_.back().insert(std::exchange(key_, {})).second) {
      return refuse(ec, "a key stands twice in one object");
    }
    if (keys_.back().size() > bounds_.keys) {
      return refuse(ec, "an object has too many keys");
    }
    stack_.push_key(part);
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t n, json::error_code& ec) {
    stack_.push_chars(part);
    return n <= bounds_.text || refuse(ec, "a text is too long");
  }
  bool on_string(json::string_view part, std::size_t n, json::error_code& ec) {
    if (n > bounds_.text) {
      return refuse(ec, "a text is too long");
    }
    stack_.push_string(part);
    return count(ec);
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t n, json::string_view, json::error_code& ec) {
    stack_.push_int64(n);
    return count(ec);
  }
  bool on_uint64(std::uint64_t n, json::string_view, json::error_code& ec) {
    stack_.push_uint64(n);
    return count(ec);
  }
  bool on_double(double n, json::string_view, json::error_code& ec) {
    if (!std::isfinite(n)) {
      return refuse(ec, "a number is too large");
    }
    stack_.push_double(n);
    return count(ec);
  }
  bool on_bool(bool b, json::error_code& ec) {
    stack_.push_bool(b);
    return count(ec);
  }
  bool on_null(json::error_code& ec) {
    stack_.push_null();
    return count(ec);
  }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  bool count(json::error_code& ec) {
    return ++values_ <= bounds_.values || refuse(ec, "there are too many values");
  }
  bool refuse(json::error_code& ec, const char* why) {
    fault_ = why;
    ec = make_error_code(json::error::exception);
    return false;
  }

  JsonBounds bounds_;
  json::value_stack stack_;
  std::vector<std::unordered_set<std::string>> keys_;
  std::string key_;
  std::size_t values_ = 0;
  const char* fault_ = nullptr;
};

std::string plain_words(json::error_code ec) {
  if (ec == json::error::incomplete) {
    return "it ends too early";
  }
  if (ec == json::error::too_deep) {
    return "it is nested too deeply";
  }
  if (ec == json::error::illegal_leading_surrogate || ec == json::error::illegal_trailing_surrogate) {
    return "a lone surrogate";
  }
  return "it is malformed";  // the library's own words name places in its source
}

/// Half a character and then none: for the library that is a syntax error like any other.
bool ends_in_half(std::string_view text) {
  constexpr std::size_t length = 6;  // \ud842
  if (text.size() < length) {
    return false;
  }
  const std::string_view last = text.substr(text.size() - length);
  return last.starts_with("\\u") && (last[2] == 'd' || last[2] == 'D') &&
         std::string_view("89abAB").find(last[3]) != std::string_view::npos;
}

const json::value* step(const json::value& value, const std::string& token) {
  if (const auto* object = value.if_object()) {
    return object->if_contains(token);
  }
  const auto* array = value.if_array();
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  const bool number = error == std::errc() && end == token.data() + token.size();
  return array != nullptr && number && index < array->size() ? &(*array)[index] : nullptr;
}

}  // namespace

std::variant<json::value, JsonFault> parse_strict(std::string_view text, const JsonBounds& bounds) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.size() > bounds.body) {
    return JsonFault{fmt::format("the answer is longer than {} bytes", bounds.body)};
  }
  if (text.starts_with(byte_order_mark)) {
    text.remove_prefix(byte_order_mark.size());
  }
  json::parse_options options;
  options.max_depth = bounds.depth;
  json::basic_parser<Builder> parser(options, bounds);
  json::error_code ec;
  std::size_t read = parser.write_some(false, text.data(), text.size(), ec);
  while (!ec && read < text.size() &&
         std::string_view(" \t\r\n").find(text[read]) != std::string_view::npos) {
    ++read;
  }
  if (!ec && read < text.size()) {
    ec = make_error_code(json::error::extra_data);
  }
  if (ec == json::error::syntax && ends_in_half(text.substr(0, read))) {
    ec = make_error_code(json::error::illegal_leading_surrogate);
  }
  if (ec) {
    const char* own = parser.handler().fault();
    return JsonFault{"the answer is not the JSON that is allowed: " +
                     (own != nullptr ? std::string(own) : plain_words(ec))};
  }
  return parser.handler().release();
}

const json::value* find(const json::value& value, const Pointer& pointer) {
  const json::value* at = &value;
  for (const std::string& token : pointer) {
    at = step(*at, token);
    if (at == nullptr) {
      return nullptr;
    }
  }
  return at;
}

json::value* find(json::value& value, const Pointer& pointer) {
  return const_cast<json::value*>(find(std::as_const(value), pointer));
}

bool is_true(const json::value* value) {
  std::string text;
  return value != nullptr && scalar_text(*value, text) && (text == "true" || text == "1");
}

bool scalar_text(const json::value& value, std::string& out) {
  switch (value.kind()) {
    case json::kind::string:
      out.assign(value.get_string().data(), value.get_string().size());
      return true;
    case json::kind::int64:
      out = fmt::format("{}", value.get_int64());
      return true;
    case json::kind::uint64:
      out = fmt::format("{}", value.get_uint64());
      return true;
    case json::kind::double_:
      out = fmt::format("{}", value.get_double());
      return true;
    case json::kind::bool_:
      out = value.get_bool() ? "true" : "false";
      return true;
    default:
      return false;
  }
}

}  // namespace lobby::feed
