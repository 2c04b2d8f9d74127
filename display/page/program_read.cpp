#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <type_traits>
#include <utility>

#include "display/page/program.hpp"
#include "display/page/program_fields.hpp"

namespace lobby::display {
namespace {

namespace json = boost::json;

struct Between {
  std::int64_t least = 0;
  std::int64_t most = program::last_us;
};

bool read_number(const json::value& from, std::int64_t& to, Between bounds) {
  const auto* const number = from.if_int64();
  if (number == nullptr || *number < bounds.least || *number > bounds.most) {
    return false;
  }
  to = *number;
  return true;
}

// Each gives false for what is not as it has to be; the target is then half filled.

bool read_value(const json::value& from, std::string& to, Between) {
  const auto* const text = from.if_string();
  if (text == nullptr) {
    return false;
  }
  to.assign(text->data(), text->size());
  return true;
}

bool read_value(const json::value& from, bool& to, Between) {
  const auto* const truth = from.if_bool();
  if (truth == nullptr) {
    return false;
  }
  to = *truth;
  return true;
}

bool read_value(const json::value& from, int& to, Between bounds) {
  std::int64_t number = 0;
  if (!read_number(from, number, bounds) || !std::in_range<int>(number)) {
    return false;
  }
  to = static_cast<int>(number);
  return true;
}

template <class Period>
bool read_value(const json::value& from, std::chrono::duration<std::int64_t, Period>& to, Between bounds) {
  std::int64_t number = 0;
  if (!read_number(from, number, bounds)) {
    return false;
  }
  to = std::chrono::duration<std::int64_t, Period>(number);
  return true;
}

/// Exactly `size` numbers.
template <std::size_t size>
bool read_numbers(const json::value& from, std::array<int, size>& to, Between bounds) {
  const auto* const list = from.if_array();
  if (list == nullptr || list->size() != size) {
    return false;
  }
  for (std::size_t i = 0; i < size; ++i) {
    if (!read_value((*list)[i], to[i], bounds)) {
      return false;
    }
  }
  return true;
}

bool read_value(const json::value& from, Colour& to, Between) {
  std::array<int, 3> parts{};
  if (!read_numbers(from, parts, {0, 255})) {
    return false;
  }
  to = {static_cast<std::uint8_t>(parts[0]), static_cast<std::uint8_t>(parts[1]),
        static_cast<std::uint8_t>(parts[2])};
  return true;
}

template <class E>
requires std::is_enum_v<E>
bool read_value(const json::value& from, E& to, Between) {
  const auto* const word = from.if_string();
  const auto& words = program::words_of<E>;
  const auto found = word == nullptr ? words.end() : std::find(words.begin(), words.end(), *word);
  if (found == words.end()) {
    return false;
  }
  to = static_cast<E>(found - words.begin());
  return true;
}

template <std::size_t size>
bool read_value(const json::value& from, std::array<std::string, size>& to, Between bounds) {
  const auto* const list = from.if_array();
  if (list == nullptr || list->size() != size) {
    return false;
  }
  for (std::size_t i = 0; i < size; ++i) {
    if (!read_value((*list)[i], to[i], bounds)) {
      return false;
    }
  }
  return true;
}

template <class T>
concept HasFields = !std::is_same_v<decltype(program::fields_of<T>), const std::nullptr_t>;

template <HasFields T>
bool read_value(const json::value& from, T& to, Between bounds);

template <class T>
bool read_value(const json::value& from, std::vector<T>& to, Between bounds) {
  const auto* const list = from.if_array();
  if (list == nullptr || list->size() > ProgramBounds::rows) {
    return false;
  }
  to.resize(list->size());
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (!read_value((*list)[i], to[i], bounds)) {
      return false;
    }
  }
  return true;
}

template <HasFields T>
bool read_value(const json::value& from, T& to, Between) {
  const auto* const object = from.if_object();
  if (object == nullptr) {
    return false;
  }
  const auto read_one = [&](const auto& field) {
    const auto* const value = object->if_contains(field.name);
    return value == nullptr || read_value(*value, to.*(field.member), {field.least, field.most});
  };
  return std::apply([&](const auto&... field) { return (read_one(field) && ...); }, program::fields_of<T>);
}

template <std::size_t... index>
BoardView view_of_kind(std::size_t kind, std::index_sequence<index...>) {
  BoardView view;
  static_cast<void>(((index == kind && (view.emplace<index>(), true)) || ...));
  return view;
}

bool read_value(const json::value& from, BoardView& to, Between bounds) {
  const auto* const object = from.if_object();
  const auto* const kind = object == nullptr ? nullptr : object->if_contains("kind");
  if (kind == nullptr || !kind->is_string()) {
    return false;
  }
  const auto found = std::find(program::kinds.begin(), program::kinds.end(), kind->get_string());
  if (found == program::kinds.end()) {
    return false;
  }
  to = view_of_kind(static_cast<std::size_t>(found - program::kinds.begin()),
                    std::make_index_sequence<std::variant_size_v<BoardView>>{});
  return std::visit([&](auto& view) { return read_value(from, view, bounds); }, to);
}

/// The members of the outermost objects, which have more to them than a name and a type.
class ProgramReader {
 public:
  explicit ProgramReader(const json::object& object) : object_(object) {}

  bool read(BoardProgram& out) {
    using program::day_ms;
    constexpr int side = ProgramBounds::size;
    return needed("board", out.board) && version(out.version) && needed("now_us", out.now) &&
           maybe("at_us", out.at) && needed("valid_for_ms", out.valid_for, {0, day_ms}) &&
           optional("brightness", out.brightness, {0, 100}) && optional("power", out.power) &&
           optional("closing", out.closing) && needed("width", out.playlist.width, {1, side}) &&
           needed("height", out.playlist.height, {1, side}) && optional("style", out.playlist.style) &&
           optional("rest", out.playlist.rest.text) && zones(out.playlist) && pages(out.views) &&
           maybe("over_all", out.views.over_all);
  }

 private:
  template <class T>
  bool needed(std::string_view name, T& to, Between bounds = {}) {
    const auto* const value = object_.if_contains(name);
    return value != nullptr && read_value(*value, to, bounds);
  }
  template <class T>
  bool optional(std::string_view name, T& to, Between bounds = {}) {
    return !object_.contains(name) || needed(name, to, bounds);
  }
  template <class T>
  bool maybe(std::string_view name, std::optional<T>& to, Between bounds = {}) {
    const auto* const value = object_.if_contains(name);
    if (value == nullptr || value->is_null()) {
      return true;
    }
    return read_value(*value, to.emplace(), bounds);
  }

  bool version(std::uint64_t& to) {
    const auto* const value = object_.if_contains("version");
    if (value == nullptr || (!value->is_int64() && !value->is_uint64())) {
      return false;
    }
    to = value->is_uint64() ? value->get_uint64() : static_cast<std::uint64_t>(value->get_int64());
    return value->is_uint64() || value->get_int64() >= 0;
  }

  bool zones(Playlist& to) {
    const auto* const value = object_.if_contains("zones");
    const auto* const list = value == nullptr ? nullptr : value->if_array();
    if (list == nullptr || list->size() > ProgramBounds::zones) {
      return false;
    }
    return std::all_of(list->begin(), list->end(), [&](const json::value& one) {
      const auto* const zone = one.if_object();
      return zone != nullptr && ProgramReader(*zone).zone(to);
    });
  }

  bool zone(Playlist& to) {
    std::array<int, 4> area{};
    const auto* const value = object_.if_contains("area");
    if (value == nullptr || !read_numbers(*value, area, {0, ProgramBounds::size})) {
      return false;
    }
    const Rect rect{area[0], area[1], area[2], area[3]};
    const auto* const items = object_.if_contains("items");
    const auto* const list = items == nullptr ? nullptr : items->if_array();
    if (rect.empty() || rect.right() > to.width || rect.bottom() > to.height || list == nullptr ||
        list->size() > ProgramBounds::items) {
      return false;
    }
    auto& zone = to.zones.emplace_back();
    zone.area = rect;
    return std::all_of(list->begin(), list->end(), [&](const json::value& one) {
      const auto* const item = one.if_object();
      return item != nullptr && ProgramReader(*item).item(zone.items.emplace_back());
    });
  }

  bool item(PlaylistItem& to) {
    std::optional<std::chrono::milliseconds> dwell;
    if (!needed("page", to.view) || !maybe("dwell_ms", dwell, {1, program::day_ms})) {
      return false;
    }
    to.dwell = dwell;
    return true;
  }

  bool pages(BoardViews& to) {
    const auto* const value = object_.if_contains("pages");
    const auto* const list = value == nullptr ? nullptr : value->if_object();
    if (list == nullptr || list->size() > ProgramBounds::pages) {
      return false;
    }
    return std::all_of(list->begin(), list->end(), [&](const auto& one) {
      return read_value(one.value(), to.pages[std::string(one.key())], {});
    });
  }

  const json::object& object_;
};

}  // namespace

std::optional<BoardProgram> read_program(std::string_view text) {
  if (text.size() > ProgramBounds::bytes) {
    return std::nullopt;
  }
  json::monotonic_resource memory;
  json::parse_options options;
  options.max_depth = ProgramBounds::depth;
  json::error_code error;
  const json::value root = json::parse(text, error, &memory, options);
  BoardProgram program;
  if (error || !root.is_object() || !ProgramReader(root.get_object()).read(program)) {
    return std::nullopt;
  }
  return program;
}

}  // namespace lobby::display
