#pragma once

#include <string_view>

/// Files of this folder that the program carries with it; compiled in by the build (lobby_embed).
namespace lobby::api {

std::string_view openapi_yaml();
std::string_view console_html();

}  // namespace lobby::api
