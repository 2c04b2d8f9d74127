#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/journal/db.hpp"

/// What stands in journal.db, by version. A version that has left the house is never changed: a newer one is
/// a further step of the list in schema.cpp, and tests/journal/fixtures keeps a file of each.
namespace lobby::journal {

inline constexpr std::int64_t application_id = 0x4c4f4259;  ///< `LOBY`
inline constexpr std::int64_t schema_version = 2;

/// Makes a new file, or brings an older one up to schema_version, on a connection that may write. Touches
/// nothing that is not ours. nullopt: ready; otherwise what is wrong and what to do, without the file's name.
std::optional<std::string> prepare_schema(Database& db);

}  // namespace lobby::journal
