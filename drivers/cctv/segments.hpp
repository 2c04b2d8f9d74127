#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/cctv/recorder.hpp"
#include "drivers/http/message.hpp"

/// What follows from what a recorder finds on its disk. Pure.
namespace lobby::cctv {

/// A piece of what was written, in our time.
struct Span {
  UtcTime begin, end;
};

/// What was asked for, and what was found.
struct Written {
  std::vector<Span> spans;
  UtcTime now;    ///< when it was asked
  UtcTime until;  ///< the end of what was asked for: a day ahead, see below
};

/// How far ahead of now the disk is searched. Nothing can be written there, so what is found there says that
/// the times of the recorder are another zone's: the one lie that could make old film look like new.
inline constexpr std::chrono::hours search_ahead{24};
/// And how far behind: the head of a recording lies there.
inline constexpr std::chrono::minutes search_behind{2};

/// Is the head of what is written at our heels? The proof is as old as the film's newest picture: `at` of the
/// answer, less what lies between. A piece that ends where the search ends is still being written.
Proof judge_written(std::string_view probe, const http::Answer& answer, const Written& written,
                    UtcTime since);

}  // namespace lobby::cctv
