#pragma once

#include <string>
#include <string_view>

namespace lobby::link {

/// For the text of an element or attribute; what XML cannot hold is left out.
std::string xml_escaped(std::string_view text);

}  // namespace lobby::link
