#pragma once

#include <string>

namespace lobby::display {

struct WallSettings {
  std::string server;      ///< http://HOST[:PORT]
  std::string board;       ///< its id
  std::string token_file;  ///< may be empty
  int width = 0;           ///< of the window; 0: the whole screen
  int height = 0;
  std::string shot_file;  ///< empty: it shows until it is ended
  double shot_after_s = 0;
};

/// Shows the board until the process is told to end, or until the picture of it is written. The exit status;
/// what is wrong goes to standard error.
int show_wall(const WallSettings& settings);

}  // namespace lobby::display
