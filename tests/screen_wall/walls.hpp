#pragma once

#include <optional>
#include <string>

#include "display/page/program.hpp"

namespace lobby::display::walls {

/// A board with one text that stands still.
inline BoardProgram text_wall(std::uint64_t version, const std::string& text) {
  BoardProgram program;
  program.board = "wall-1";
  program.version = version;
  program.playlist.width = 256;
  program.playlist.height = 64;
  program.playlist.style.depth = Depth::full;
  program.playlist.zones = {{{0, 0, 256, 64}, {{"text"}}}};
  program.views.pages["text"] = TextView{"通知", text};
  return program;
}

/// What the pages themselves draw of it at that time of the server.
inline Picture drawn_directly(const BoardProgram& program, Instant server_now) {
  Glyphs glyphs;
  Picture picture(program.playlist.width, program.playlist.height);
  frame(picture, program.playlist, program.views, {}, server_now, glyphs);
  return picture;
}

std::string text_of_file(const std::string& path);
/// nullopt for what is no picture.
std::optional<Picture> read_png(const std::string& path);

}  // namespace lobby::display::walls
