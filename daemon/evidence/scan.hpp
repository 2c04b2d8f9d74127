#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/evidence/digest.hpp"
#include "daemon/evidence/lines.hpp"

/// Reads a line of a bundle back. Strict: what is not the canonical text is no line. Depth, names and numbers
/// are bounded; the caller bounds the length.
namespace lobby::evidence {

inline constexpr int deepest_detail = 8;

struct ScannedRecord {
  std::uint64_t seq = 0;
  Hash prev = {};
  std::int64_t utc_ms = 0;
  std::string_view evaluation;  ///< as it stands in the line, escapes and all
  std::string_view kind;        ///< the same
  std::string_view body;        ///< without the closing brace, which is hashed behind it
  Hash hash = {};
};

struct ScannedCheckpoint {
  Checkpoint checkpoint;
  std::string_view body;  ///< without the closing brace, which is signed behind it
  std::string signature;  ///< 64 bytes
};

std::optional<Header> scan_header(std::string_view line);
std::optional<ScannedRecord> scan_record(std::string_view line);
std::optional<ScannedCheckpoint> scan_checkpoint(std::string_view line);

}  // namespace lobby::evidence
