#pragma once

#include <string_view>
#include <vector>

#include "daemon/hall/approval.hpp"
#include "daemon/hall/calendar.hpp"
#include "daemon/hall/upstream.hpp"

namespace lobby::app {

/// Records of sources as the hall needs them. `today` as `yyyy-MM-dd`.
std::vector<hall::UpstreamMatter> read_matters(const std::vector<hall::Record>& records);
std::vector<hall::Badge> read_badges(const std::vector<hall::Record>& records);
std::vector<hall::SlotLoad> read_slots(const std::vector<hall::Record>& records, std::string_view today);
/// Days off and make-up days, of whatever years are told.
hall::Calendar read_days(const std::vector<hall::Record>& records);

}  // namespace lobby::app
