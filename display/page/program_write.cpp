#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <type_traits>

#include "display/canvas/utf8.hpp"
#include "display/page/program.hpp"
#include "display/page/program_fields.hpp"

namespace lobby::display {
namespace {

namespace json = boost::json;

struct ProgramWriter {
  json::value written(const std::string& text) const { return json::value(to_utf8(code_points(text))); }
  json::value written(bool value) const { return json::value(value); }
  json::value written(int value) const { return json::value(value); }
  json::value written(std::chrono::milliseconds value) const {
    return json::value(std::int64_t{value.count()});
  }
  json::value written(Instant value) const { return json::value(std::int64_t{value.count()}); }
  json::value written(Colour colour) const { return json::array({colour.red, colour.green, colour.blue}); }

  template <class E>
  requires std::is_enum_v<E> json::value written(E value)
  const { return json::value(program::words_of<E>.at(static_cast<std::size_t>(value))); }

  template <class T, std::size_t size>
  json::value written(const std::array<T, size>& list) const {
    json::array out;
    for (const auto& one : list) {
      out.push_back(written(one));
    }
    return out;
  }

  template <class T>
  json::value written(const std::vector<T>& list) const {
    json::array out;
    out.reserve(std::min(list.size(), ProgramBounds::rows));
    for (std::size_t i = 0; i < list.size() && i < ProgramBounds::rows; ++i) {
      out.push_back(written(list[i]));
    }
    return out;
  }

  template <class T>
  requires(!std::is_same_v<decltype(program::fields_of<T>), const std::nullptr_t>) json::value
      written(const T& view)
  const {
    json::object out;
    write_fields(out, view);
    return out;
  }

  json::value written(const BoardView& view) const {
    json::object out;
    out["kind"] = program::kinds.at(view.index());
    std::visit([&](const auto& one) { write_fields(out, one); }, view);
    return out;
  }

  template <class T>
  void write_fields(json::object& out, const T& view) const {
    std::apply([&](const auto&... field) { (out.emplace(field.name, written(view.*(field.member))), ...); },
               program::fields_of<T>);
  }

  json::value written(const PlaylistZone& zone) const {
    json::object out;
    out["area"] = json::array({zone.area.x, zone.area.y, zone.area.width, zone.area.height});
    json::array& items = out["items"].emplace_array();
    for (const auto& item : zone.items) {
      json::object one;
      one["page"] = written(item.view);
      one["dwell_ms"] = nullptr;
      if (item.dwell) {
        one["dwell_ms"] = std::chrono::floor<std::chrono::milliseconds>(*item.dwell).count();
      }
      items.push_back(std::move(one));
    }
    return out;
  }
};

}  // namespace

std::string write_program(const BoardProgram& program) {
  const ProgramWriter writer;
  json::object out;
  out["board"] = writer.written(program.board);
  out["version"] = program.version;
  out["now_us"] = program.now.count();
  out["at_us"] = program.at ? writer.written(*program.at) : json::value(nullptr);
  out["valid_for_ms"] = program.valid_for.count();
  out["brightness"] = program.brightness;
  out["power"] = program.power;
  out["closing"] = program.closing;
  out["width"] = program.playlist.width;
  out["height"] = program.playlist.height;
  out["style"] = writer.written(program.playlist.style);
  out["rest"] = writer.written(program.playlist.rest.text);
  json::array& zones = out["zones"].emplace_array();
  for (const auto& zone : program.playlist.zones) {
    zones.push_back(writer.written(zone));
  }
  json::object& pages = out["pages"].emplace_object();
  for (const auto& [name, view] : program.views.pages) {
    pages[name] = writer.written(view);
  }
  out["over_all"] = program.views.over_all ? writer.written(*program.views.over_all) : json::value(nullptr);
  return json::serialize(out);
}

}  // namespace lobby::display
