#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <span>

#include "daemon/app/site_reader.hpp"

namespace lobby::app {
namespace {

using window::DisplayMap;
using window::FrameDialect;
using Kind = window::FramePart::Kind;

FrameDialect::Form form_of(std::string_view word) {
  if (word == "attributed") {
    return FrameDialect::Form::attributed;
  }
  if (word == "zero_after") {
    return FrameDialect::Form::zero_after;
  }
  return word == "nibbles" ? FrameDialect::Form::nibbles : FrameDialect::Form::plain;
}

void read_frame(const TomlFile& file, FrameDialect& dialect) {
  for (const auto* node : get_elements(file.root(), "frame")) {
    const auto text = text_of(*node);
    auto part = window::parse_frame_part(text);
    if (!part) {
      file.fail(*node,
                fmt::format(
                    "{} is no part of a frame: write bytes like \"AA 51\", \"blink E0 E1\", \"page 0A\", or "
                    "one of the names in config/README.md",
                    in_quotes(text)));
    }
    dialect.frame.push_back(*std::move(part));
  }
  const bool says_something = std::any_of(dialect.frame.begin(), dialect.frame.end(), [](const auto& part) {
    return part.kind == Kind::text || part.kind == Kind::number_low;
  });
  if (!says_something) {
    file.fail(at(file.root(), "frame"),
              "the frame carries nothing to show: put \"text\" or \"number_low\" into it");
  }
}

/// Text that has room on the sign must have room in the frame.
void check_text_bytes(const TomlFile& file, const FrameDialect& dialect) {
  using Form = FrameDialect::Form;
  const std::size_t each = dialect.form == Form::plain ? 1 : 2;  // to a column, at most
  const auto most = each * static_cast<std::size_t>(dialect.columns);
  if (dialect.text_bytes != 0 && dialect.text_bytes < most) {
    file.fail(at(file.root(), "text_bytes"),
              fmt::format("a text of {} columns may take {} bytes, not {}: make \"columns\" smaller",
                          dialect.columns, most, dialect.text_bytes));
  }
}

/// Pages that the frames cannot tell apart would overwrite each other.
void check_pages(const TomlFile& file, const FrameDialect& dialect) {
  if (dialect.pages > 1 && !window::has_part(dialect, Kind::page)) {
    file.fail(at(file.root(), "pages"),
              "the frame does not say which page it is: put a part like \"page 0A\" into it, or take "
              "\"pages\" out");
  }
}

FrameDialect read_frames(const TomlFile& file, int columns) {
  const auto& root = file.root();
  FrameDialect frames;
  frames.name = std::filesystem::path(file.name()).stem().string();
  read_frame(file, frames);
  frames.form = form_of(get_text(root, "text", "plain"));
  frames.attribute = static_cast<std::uint8_t>(get_integer(root, "attribute", frames.attribute));
  frames.ascii_only = get_boolean(root, "ascii_only", frames.ascii_only);
  frames.columns = columns;
  frames.fill_columns = get_boolean(root, "fill_columns", frames.fill_columns);
  frames.text_bytes = get_u32(root, "text_bytes", 0);
  frames.pages = static_cast<int>(get_integer(root, "pages", frames.pages));
  frames.checksum_from = get_u32(root, "checksum_from", 0);
  frames.pause = std::chrono::milliseconds(get_u32(root, "pause_ms", 100));
  check_text_bytes(file, frames);
  check_pages(file, frames);
  return frames;
}

DisplayMap::Form map_form_of(std::string_view word) {
  using Form = DisplayMap::Form;
  return word == "digits"     ? Form::digits
         : word == "number"   ? Form::number
         : word == "number24" ? Form::number24
                              : Form::text;
}

/// The largest number that goes into the registers.
void check_number(const TomlFile& file, const DisplayMap& map) {
  const int most = map.form == DisplayMap::Form::number ? 4 : map.form == DisplayMap::Form::number24 ? 7 : 8;
  if (map.places > most && map.form != DisplayMap::Form::text) {
    file.fail(
        at(file.root(), "digits"),
        fmt::format("a number in these registers has at most {} digits: make \"digits\" smaller", most));
  }
}

DisplayMap read_map(const TomlFile& file, int columns) {
  const auto& root = file.root();
  const auto word16 = [&](std::string_view key) {
    return static_cast<std::uint16_t>(get_integer(root, key, 0));
  };
  DisplayMap map;
  map.form = map_form_of(get_text(root, "registers"));
  map.start = word16("start");
  map.places = columns;
  map.one_by_one = get_boolean(root, "one_by_one", map.one_by_one);
  map.is_readable = get_boolean(root, "readable", map.is_readable);
  if (has(root, "brightness_register")) {
    map.brightness_register = word16("brightness_register");
    map.brightness = word16("brightness");
  }
  if (has(root, "digits") == (map.form == DisplayMap::Form::text)) {
    file.fail(at(root, "registers"),
              "registers of text have \"columns\", all others \"digits\": say how many");
  }
  check_number(file, map);
  return map;
}

/// A profile is of frames or of registers; the keys of the other kind would say nothing.
void check_kind(const TomlFile& file, bool is_modbus) {
  const auto& root = file.root();
  if (has(root, "frame") == has(root, "registers")) {
    file.fail(
        at(root, has(root, "frame") ? "registers" : "schema"),
        "a sign has either a \"frame\" or, with dialect = \"modbus\", \"registers\": write one of them");
  }
  if (is_modbus != has(root, "registers")) {
    file.fail(at(root, "dialect"),
              "\"registers\" are for dialect = \"modbus\", and for it alone: change one of them");
  }
  constexpr std::string_view of_frames[] = {"text",       "attribute", "ascii_only",    "fill_columns",
                                            "text_bytes", "pages",     "checksum_from", "pause_ms"};
  constexpr std::string_view of_registers[] = {"start", "one_by_one", "readable", "brightness_register",
                                               "brightness"};
  const std::span<const std::string_view> wrong = is_modbus ? std::span<const std::string_view>(of_frames)
                                                            : std::span<const std::string_view>(of_registers);
  for (const auto key : wrong) {
    if (has(root, key)) {
      file.fail(at(root, key), fmt::format("{} is for signs with {}: take it out", in_quotes(key),
                                           is_modbus ? "a \"frame\"" : "\"registers\""));
    }
  }
}

}  // namespace

SignProfile read_sign_profile(const std::string& path) {
  const auto file = TomlFile::read(path);
  const auto& root = file.root();
  check_keys(file, root, sign_profile());
  SignProfile profile;
  profile.dialect = get_text(root, "dialect");
  const bool is_modbus = profile.dialect == "modbus";
  check_kind(file, is_modbus);
  profile.digits_only = has(root, "digits");
  if (profile.digits_only && has(root, "columns")) {
    file.fail(at(root, "columns"), "a sign has either \"columns\" or \"digits\": take one of them out");
  }
  profile.columns =
      static_cast<int>(get_integer(root, profile.digits_only ? "digits" : "columns", profile.columns));
  if (is_modbus) {
    profile.protocol = read_map(file, profile.columns);
  } else {
    profile.protocol = read_frames(file, profile.columns);
  }
  return profile;
}

}  // namespace lobby::app
