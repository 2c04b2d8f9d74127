#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/architecture/source.hpp"

/// The rules of the house, each a function from text to faults. A fault is one sentence that begins with
/// `path:line:`.
namespace lobby::architecture {

using Faults = std::vector<std::string>;

/// Which other rooms a room may include. A room of `daemon`, `drivers`, `display` or `firmware` that is not
/// here may not exist; rooms under `tests` (but for the program tests/sim) may include everything.
const std::map<std::string, std::set<std::string>>& allowed_rooms();
bool may_include(const std::string& from, const std::string& to);

/// Forbidden rooms, and libraries outside the rooms that are theirs.
Faults include_faults(const File& file);
/// Coroutines where callbacks are the rule; and where they are allowed, what g++ 12 miscompiles: braces or a
/// lambda that captures by value in a statement with co_await.
Faults coroutine_faults(const File& file);
/// A clock taken where time is given; a test that waits for real time.
Faults time_faults(const File& file);
/// More lines than a reader can hold, a header without its guard.
Faults shape_faults(const File& file);
/// Each room's target may use only the targets of rooms that it may include.
Faults target_faults(std::string_view cmake_text);

}  // namespace lobby::architecture
