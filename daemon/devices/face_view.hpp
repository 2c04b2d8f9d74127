#pragma once

#include "daemon/hall/view.hpp"
#include "display/page/window_face.hpp"

namespace lobby::devices {

/// A window as what draws its sign wants it. `closing`: the daemon is going down.
display::WindowFaceView face_view(const hall::WindowView& window, bool closing);

}  // namespace lobby::devices
