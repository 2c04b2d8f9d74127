#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/feed/page_walk.hpp"

/// What lobby-feed writes: one JSON object a line, without the line feed.
namespace lobby::feed {

std::string case_line(const hall::CaseRow& row);
/// begin, case …, removed …, end.
std::vector<std::string> batch_lines(const Pulled& pulled);
std::string fresh_line(const Counts& counts, std::size_t rows);
/// `retry`: how long this program will be silent now.
std::string fault_line(std::string_view reason, std::chrono::milliseconds retry);

/// Equal for equal sets of rows, in whatever order they came.
std::uint64_t fingerprint(const Pulled& pulled);

}  // namespace lobby::feed
