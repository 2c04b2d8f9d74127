#pragma once

#include <string>

#include "display/canvas/picture.hpp"

namespace lobby::display {

/// Compares with tests/display_page/golden/NAME.png, dot by dot. With LOBBY_PAGE_PICTURES=DIR in the
/// environment the picture is also written to DIR/NAME.png, to be looked at.
bool is_golden(const std::string& name, const Picture& picture);

}  // namespace lobby::display
