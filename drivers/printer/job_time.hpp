#pragma once

#include <cstddef>
#include <cstdint>

#include "drivers/link/executor.hpp"
#include "drivers/printer/job.hpp"
#include "drivers/printer/profile.hpp"

namespace lobby::printer {

/// How long a printer that is well needs at most, from a job's first byte to behind its cut: the bytes over
/// the line, the paper past the head, the knife. What the profile does not know is taken for slow.
/// `bytes_per_s` of the line, 0 = not known.
link::Duration job_time(const Job& job, std::size_t bytes, const Profile& profile, std::uint32_t bytes_per_s);

/// `bytes` over a line.
link::Duration line_time(std::size_t bytes, std::uint32_t bytes_per_s);

}  // namespace lobby::printer
