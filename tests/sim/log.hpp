#pragma once

#include <string_view>

namespace lobby::sim {

/// One line on standard error, for what a person would want to know. Safe from every thread.
void log(std::string_view sentence);

}  // namespace lobby::sim
