#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "daemon/app/site_reader.hpp"

namespace lobby::app {
namespace {

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
                fmt::format("{} is no part of a frame: write bytes like \"AA 51\", \"blink E0 E1\", or "
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

}  // namespace

SignProfile read_sign_profile(const std::string& path) {
  const auto file = TomlFile::read(path);
  const auto& root = file.root();
  check_keys(file, root, sign_profile());
  SignProfile profile;
  profile.dialect = get_text(root, "dialect");
  profile.digits_only = has(root, "digits");
  auto& frames = profile.frames;
  frames.name = std::filesystem::path(path).stem().string();
  read_frame(file, frames);
  frames.form = form_of(get_text(root, "text", "plain"));
  frames.attribute = static_cast<std::uint8_t>(get_integer(root, "attribute", frames.attribute));
  frames.ascii_only = get_boolean(root, "ascii_only", frames.ascii_only);
  frames.columns = static_cast<int>(get_integer(root, "columns", frames.columns));
  if (profile.digits_only) {
    if (has(root, "columns")) {
      file.fail(at(root, "columns"), "a sign has either \"columns\" or \"digits\": take one of them out");
    }
    frames.columns = static_cast<int>(get_integer(root, "digits", 0));
  }
  frames.fill_columns = get_boolean(root, "fill_columns", frames.fill_columns);
  frames.text_bytes = get_u32(root, "text_bytes", 0);
  frames.checksum_from = get_u32(root, "checksum_from", 0);
  frames.pause = std::chrono::milliseconds(get_u32(root, "pause_ms", 100));
  check_text_bytes(file, frames);
  return profile;
}

}  // namespace lobby::app
