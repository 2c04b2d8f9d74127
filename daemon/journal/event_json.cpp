#include <algorithm>
#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include "daemon/journal/journal.hpp"
#include "daemon/journal/json_text.hpp"

namespace lobby::journal {
namespace {

namespace json = boost::json;

/// A day begins with everything that crosses midnight; hall/state.hpp says how much that is at most.
constexpr std::size_t longest_line = 32 * 1024 * 1024;

// --- one member: how it stands in a line, and how it comes back ---

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <class T>
concept Count = std::unsigned_integral<T> && !std::same_as<T, bool>;

void put(std::string& out, std::same_as<bool> auto value) {
  out += value ? "true" : "false";
}
void put(std::string& out, Count auto value) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}
void put(std::string& out, const std::string& text) {
  append_json_string(out, text);
}
void put(std::string& out, hall::Word auto word) {
  append_json_string(out, hall::to_text(word));
}
void put(std::string& out, hall::Instant at) {
  append_json_string(out, hall::to_text(at));
}
void put(std::string& out, hall::Date date) {
  append_json_string(out, hall::to_text(date));
}
template <class Tag, class Rep>
void put(std::string& out, const hall::Id<Tag, Rep>& id) {
  put(out, id.value);
}

template <std::same_as<bool> T>
bool get(const json::value& value, T& out) {
  const auto* said = value.if_bool();
  out = said != nullptr && *said;
  return said != nullptr;
}
template <Count T>
bool get(const json::value& value, T& out) {
  json::error_code error;
  const auto number = value.to_number<std::uint64_t>(error);
  if (error || value.is_double() || number > std::numeric_limits<T>::max()) {
    return false;
  }
  out = static_cast<T>(number);
  return true;
}
bool get(const json::value& value, std::string& out) {
  const auto* text = value.if_string();
  if (text != nullptr) {
    out.assign(text->data(), text->size());
  }
  return text != nullptr;
}
/// Takes what `parse` makes of a JSON string.
template <class T, class Parse>
bool get_parsed(const json::value& value, T& out, Parse parse) {
  const auto* text = value.if_string();
  const auto parsed = text == nullptr ? std::nullopt : parse(std::string_view{text->data(), text->size()});
  if (parsed) {
    out = *parsed;
  }
  return parsed.has_value();
}
template <hall::Word E>
bool get(const json::value& value, E& out) {
  return get_parsed(value, out, [](std::string_view text) { return hall::parse_word<E>(text); });
}
bool get(const json::value& value, hall::Instant& out) {
  // Years 2 to 9998: an offset or a leap second must not lead out of the four digits.
  constexpr std::int64_t earliest_ms = -62'104'060'800'000;
  constexpr std::int64_t latest_ms = 253'370'764'800'000;
  return get_parsed(value, out, [](std::string_view text) { return hall::parse_instant(text); }) &&
         out.utc_ms >= earliest_ms && out.utc_ms < latest_ms;
}
bool get(const json::value& value, hall::Date& out) {
  return get_parsed(value, out, [](std::string_view text) { return hall::parse_date(text); });
}
template <class Tag, class Rep>
bool get(const json::value& value, hall::Id<Tag, Rep>& out) {
  return get(value, out.value);
}

/// Things with fields() of their own inside a list.
template <class T>
concept Struct = requires(T& thing) {
  T::fields(thing, [](std::string_view, auto&) {});
};
void put(std::string& out, const Struct auto& thing);
bool get(const json::value& value, Struct auto& out);

void put(std::string& out, bool value) {
  out += value ? "true" : "false";
}
bool get(const json::value& value, bool& out) {
  const bool* flag = value.if_bool();
  out = flag != nullptr && *flag;
  return flag != nullptr;
}

template <class T>
void put(std::string& out, const std::vector<T>& list) {
  char before = '[';
  for (const T& item : list) {
    out += std::exchange(before, ',');
    put(out, item);
  }
  out += ']';
}
template <class T>
bool get(const json::value& value, std::vector<T>& out) {
  const auto* list = value.if_array();
  if (list == nullptr || list->empty()) {
    return false;
  }
  out.reserve(list->size());
  return std::all_of(list->begin(), list->end(),
                     [&](const json::value& item) { return get(item, out.emplace_back()); });
}

bool is_left_out(bool flag) {
  return !flag;
}
bool is_left_out(const hall::ApplicantKey& key) {
  return key == hall::ApplicantKey{};
}
template <class T>
bool is_left_out(const std::vector<T>& list) {
  return list.empty();
}
bool is_left_out(const std::string& text) {
  return text.empty();
}
template <class Tag>
bool is_left_out(const hall::Id<Tag, std::string>& id) {
  return id.value.empty();
}
template <class T>
bool is_left_out(const std::optional<T>& value) {
  return !value.has_value();
}
template <class T>
bool is_left_out(const T&) {
  return false;
}

/// What `fields(self, f)` calls to write a line.
struct FieldWriter {
  std::string& out;
  const char* before = ",\"";
  template <class T>
  void operator()(std::string_view name, const T& member) {
    if (is_left_out(member)) {
      return;
    }
    out += std::exchange(before, ",\"");
    out += name;
    out += "\":";
    if constexpr (IsOptional<T>::value) {
      put(out, *member);
    } else {
      put(out, member);
    }
  }
};

/// What `fields(self, f)` calls to read one back.
struct FieldReader {
  const json::object& object;
  std::size_t taken = 0;
  bool ok = true;
  template <class T>
  void operator()(std::string_view name, T& member) {
    const auto* value = object.if_contains(name);
    if (value == nullptr) {
      // Only what is_left_out() may be missing; `member` is still as it was made.
      ok = ok && is_left_out(std::as_const(member));
      return;
    }
    ++taken;
    if constexpr (IsOptional<T>::value) {
      ok = ok && get(*value, member.emplace());
    } else {
      ok = ok && get(*value, member);
    }
  }
};

void put(std::string& out, const Struct auto& thing) {
  FieldWriter write{out, "{\""};
  std::remove_cvref_t<decltype(thing)>::fields(thing, write);
  out += '}';
}
bool get(const json::value& value, Struct auto& out) {
  const auto* object = value.if_object();
  if (object == nullptr) {
    return false;
  }
  FieldReader read{*object};
  std::remove_cvref_t<decltype(out)>::fields(out, read);
  return read.ok && read.taken == object->size();
}

template <std::size_t Which = 0>
bool make_body(std::string_view type, hall::Body& body) {
  if constexpr (Which == std::variant_size_v<hall::Body>) {
    return false;
  } else {
    if (std::variant_alternative_t<Which, hall::Body>::type == type) {
      body.emplace<Which>();
      return true;
    }
    return make_body<Which + 1>(type, body);
  }
}

bool read_event(const json::object& object, hall::Event& event) {
  FieldReader head{object};
  std::string type;
  head("seq", event.seq);
  head("at", event.at);
  head("type", type);
  head("by", event.by);
  if (!head.ok || !make_body(type, event.body)) {
    return false;
  }
  FieldReader fields{object, head.taken};
  std::visit([&](auto& body) { std::remove_cvref_t<decltype(body)>::fields(body, fields); }, event.body);
  return fields.ok && fields.taken == object.size();
}

}  // namespace

Line to_line(const hall::Event& event) {
  Line line;
  line.seq = event.seq;
  line.at_ms = event.at.utc_ms;
  line.type = hall::type_of(event);
  line.ticket = hall::ticket_of(event).value_or(hall::TicketId{}).value;
  if (const auto* window = hall::window_of(event)) {
    line.window = window->value;
  }
  line.json.reserve(256);
  line.json += "{\"seq\":";
  put(line.json, event.seq);
  FieldWriter write{line.json};
  write("at", event.at);
  write("type", line.type);
  write("by", event.by);
  std::visit([&](const auto& body) { std::remove_cvref_t<decltype(body)>::fields(body, write); }, event.body);
  line.json += '}';
  return line;
}

std::optional<hall::Event> from_json(std::string_view text) {
  if (text.size() > longest_line) {
    return std::nullopt;
  }
  std::array<unsigned char, 4096> memory{};
  json::monotonic_resource resource{memory.data(), memory.size()};
  json::parse_options bounds;
  bounds.max_depth = 5;
  json::error_code error;
  const auto value = json::parse(json::string_view{text.data(), text.size()}, error, &resource, bounds);
  const auto* object = error ? nullptr : value.if_object();
  hall::Event event;
  if (object == nullptr || !read_event(*object, event)) {
    return std::nullopt;
  }
  return event;
}

}  // namespace lobby::journal
