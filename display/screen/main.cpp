// lobby-screen: what the lobby shows on a screen, one process for each.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "display/screen/surface.hpp"
#include "display/screen/wall_place.hpp"

namespace {

constexpr int usage = 2;
constexpr std::array<std::string_view, 7> surfaces = {"kiosk", "inquiry",    "wall", "sign",
                                                      "board", "evaluation", "voice"};

int misused(const std::string& sentence) {
  std::cerr << sentence << "\n";
  return usage;
}

bool is_server(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:[]";
  return url.starts_with(scheme) && url.size() > scheme.size() &&
         url.find_first_not_of(letters, scheme.size()) == std::string_view::npos;
}

bool is_id(std::string_view id) {
  return !id.empty() &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") ==
             std::string_view::npos;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("lobby-screen: what the lobby shows on a screen", "lobby-screen");
  lobby::display::ScreenSettings settings;
  std::string surface;
  std::string size;
  app.add_option("SURFACE", surface,
                 "board: an LED wall on this machine's video output; evaluation: the monitor of a room that "
                 "is recorded")
      ->required();
  app.add_option("--server", settings.server, "URL of the daemon, http://HOST:PORT")->required();
  app.add_option("--token-file", settings.token_file,
                 "file with the token of an account with the role screen")
      ->envname("LOBBY_TOKEN_FILE");
  app.add_option("--id", settings.id, "id of the board, or of the room");
  app.add_option("--size", size, "WxH: only so much of the screen, in its upper left corner");
  auto* const shot = app.add_option("--shot", settings.shot_file, "write what is shown as PNG, and end");
  app.add_option("--after", settings.shot_after_s, "seconds until then")
      ->needs(shot)
      ->check(CLI::Range(0.0, 86'400.0));
  app.set_version_flag("--version", "lobby-screen " LOBBY_VERSION);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : usage;
  }
  if (std::find(surfaces.begin(), surfaces.end(), surface) == surfaces.end()) {
    return misused("there is no surface " + surface + ": use board or evaluation");
  }
  const bool is_room = surface == "evaluation";
  if (surface != "board" && !is_room) {
    return misused("the surface " + surface + " is not served by this version: use board or evaluation");
  }
  if (!is_server(settings.server)) {
    return misused("--server takes an address like http://127.0.0.1:8080 (https is not served), not " +
                   settings.server);
  }
  if (!is_id(settings.id)) {
    return misused("--id takes the id of a " + std::string(is_room ? "room" : "board") + " of the site");
  }
  if (!settings.token_file.empty() && !std::ifstream(settings.token_file)) {
    return misused("cannot read a token from " + settings.token_file);
  }
  if (!size.empty() && !lobby::display::read_size(size.c_str(), settings.width, settings.height)) {
    return misused("--size takes a width and a height like 1024x64, not " + size);
  }
  return lobby::display::show(settings,
                              is_room ? lobby::display::room_surface : lobby::display::wall_surface);
}
