#include "tests/sim/huidu_program.hpp"

#include <algorithm>
#include <charconv>
#include <pugixml.hpp>
#include <string_view>

#include "tests/sim/board_text.hpp"

namespace lobby::sim {
namespace {

constexpr milliseconds duration_unit{100};
constexpr int default_duration = 50;
constexpr int huidu_cell = 16;
constexpr int largest_scale = 8;
constexpr std::size_t most_areas = 64;

/// "#rrggbb"; red when it says nothing.
std::optional<display::Colour> colour_of(const pugi::xml_node& text) {
  const std::string_view word = text.child("font").attribute("color").as_string("#ff0000");
  unsigned value = 0;
  if (word.size() != 7 || word.front() != '#') {
    return std::nullopt;
  }
  const auto [end, fault] = std::from_chars(word.data() + 1, word.data() + word.size(), value, 16);
  if (fault != std::errc() || end != word.data() + word.size()) {
    return std::nullopt;
  }
  return display::Colour{static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8 & 0xFF),
                         static_cast<std::uint8_t>(value & 0xFF)};
}

std::optional<Place> place_of_word(std::string_view word) {
  if (word.empty() || word == "left" || word == "top") {
    return Place::begin;
  }
  if (word == "center" || word == "middle") {
    return Place::middle;
  }
  return word == "right" || word == "bottom" ? std::optional(Place::end) : std::nullopt;
}

bool add_text(const pugi::xml_node& text, TextBox box, const BoardShape& shape, const display::DotFont& font,
              HuiduProgram::Area& area) {
  const auto colour = colour_of(text);
  const pugi::xml_node style = text.child("style");
  const auto across = place_of_word(style.attribute("align").as_string());
  const auto down = place_of_word(style.attribute("valign").as_string());
  const int tenths = text.child("effect").attribute("duration").as_int(default_duration);
  if (!text.child("string") || !colour || !across || !down || tenths < 1 || tenths > 36'000) {
    return false;
  }
  box.across = *across;
  box.down = *down;
  box.one_line = text.attribute("singleLine").as_bool();
  box.scale =
      std::clamp(text.child("font").attribute("size").as_int(huidu_cell) / huidu_cell, 1, largest_scale);
  const auto glyphs = utf8_glyphs(text.child("string").text().as_string(), on_glass(*colour, shape.colour));
  for (display::Picture& page : text_pages(glyphs, box, font)) {
    area.pages.push_back({std::move(page), tenths * duration_unit});
  }
  return true;
}

std::optional<HuiduProgram::Area> read_area(const pugi::xml_node& from, const BoardShape& shape,
                                            const display::DotFont& font) {
  const pugi::xml_node place = from.child("rectangle");
  const auto number = [&](const char* name) { return place.attribute(name).as_int(-1); };
  HuiduProgram::Area area;
  area.x = number("x");
  area.y = number("y");
  TextBox box;
  box.width = number("width");
  box.height = number("height");
  if (area.x < 0 || area.y < 0 || box.width < 1 || box.height < 1 || box.width > shape.width - area.x ||
      box.height > shape.height - area.y) {
    return std::nullopt;
  }
  for (const pugi::xml_node& resource : from.child("resources").children()) {
    const bool is_text = std::string_view(resource.name()) == "text";
    if (resource.type() == pugi::node_element && (!is_text || !add_text(resource, box, shape, font, area))) {
      return std::nullopt;
    }
  }
  return area.pages.empty() ? std::nullopt : std::optional(std::move(area));
}

milliseconds length_of(const HuiduProgram::Area& area) {
  milliseconds whole{0};
  for (const HuiduProgram::Page& page : area.pages) {
    whole += page.stay;
  }
  return whole;
}

}  // namespace

milliseconds HuiduProgram::length() const {
  milliseconds longest{1};
  for (const Area& area : areas) {
    longest = std::max(longest, length_of(area));
  }
  return longest;
}

void HuiduProgram::draw(display::Picture& onto, milliseconds age) const {
  for (const Area& area : areas) {
    milliseconds left = age % length_of(area);
    for (const Page& page : area.pages) {
      if (left < page.stay) {
        lay_over(onto, page.dots, area.x, area.y);
        break;
      }
      left -= page.stay;
    }
  }
}

std::optional<HuiduProgram> read_huidu_program(const pugi::xml_node& from, const BoardShape& shape,
                                               const display::DotFont& font) {
  HuiduProgram program;
  program.guid = from.attribute("guid").as_string();
  for (const pugi::xml_node& node : from.children("area")) {
    auto area = read_area(node, shape, font);
    if (!area || program.areas.size() == most_areas) {
      return std::nullopt;
    }
    program.areas.push_back(std::move(*area));
  }
  return program.areas.empty() ? std::nullopt : std::optional(std::move(program));
}

}  // namespace lobby::sim
