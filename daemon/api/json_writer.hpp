#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/hall/ids.hpp"
#include "daemon/hall/time.hpp"
#include "daemon/hall/words.hpp"

/// JSON text, written front to back. Texts must be UTF-8, which every reader of foreign bytes checks.
namespace lobby::api {

void put(std::string& out, std::string_view text);
inline void put(std::string& out, const std::string& text) {
  put(out, std::string_view(text));
}
inline void put(std::string& out, const char* text) {
  put(out, std::string_view(text));
}
inline void put(std::string& out, std::same_as<bool> auto value) {
  out += value ? "true" : "false";
}
template <std::integral T>
requires(!std::same_as<T, bool>) void put(std::string& out, T value) {
  out += std::to_string(value);
}
inline void put(std::string& out, hall::Word auto word) {
  put(out, hall::to_text(word));
}
inline void put(std::string& out, hall::Instant at) {
  put(out, hall::to_text(at));
}
inline void put(std::string& out, hall::Date date) {
  put(out, hall::to_text(date));
}
template <class Tag, class Rep>
void put(std::string& out, const hall::Id<Tag, Rep>& id) {
  put(out, id.value);
}
template <class T>
void put(std::string& out, const std::optional<T>& value) {
  if (value) {
    put(out, *value);
  } else {
    out += "null";
  }
}

/// `null` for what is not known.
inline std::optional<std::string_view> or_null(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(text);
}
template <class Tag>
std::optional<std::string_view> or_null(const hall::Id<Tag, std::string>& id) {
  return or_null(std::string_view(id.value));
}

/// An object that is closed when it goes: see to it that it goes before `out` does anywhere. Nothing else may
/// be written to `out` meanwhile but by open().
class JsonObject {
 public:
  explicit JsonObject(std::string& out) : out_(out) { out_ += '{'; }
  ~JsonObject() { out_ += '}'; }
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;

  template <class T>
  JsonObject& add(std::string_view name, const T& value) {
    put(open(name), value);
    return *this;
  }
  /// Left out when there is none.
  template <class T>
  JsonObject& add_if(std::string_view name, const std::optional<T>& value) {
    return value ? add(name, *value) : *this;
  }
  /// The value of this name is what the caller writes next.
  std::string& open(std::string_view name) {
    if (!empty_) {
      out_ += ',';
    }
    empty_ = false;
    put(out_, name);
    out_ += ':';
    return out_;
  }

 private:
  std::string& out_;
  bool empty_ = true;
};

/// `write(out, item)` for each.
template <class Items, class Write>
void put_array(std::string& out, Items&& items, Write write) {
  out += '[';
  bool first = true;
  for (auto& item : items) {
    if (!first) {
      out += ',';
    }
    first = false;
    write(out, item);
  }
  out += ']';
}
template <class Items>
void put_array(std::string& out, const Items& items) {
  put_array(out, items, [](std::string& to, const auto& item) { put(to, item); });
}

}  // namespace lobby::api
