#pragma once

#include <optional>
#include <string_view>

#include "daemon/hall/approval.hpp"
#include "daemon/hall/bids.hpp"

namespace lobby::app {

/// Records of a source (objects of texts, feed_lines.hpp) as what the hall's gates are for. Fields that they
/// do not know are not read, so nothing that is not meant for a board gets in. `offset_min`: of days without
/// one. nullopt: no JSON.
std::optional<hall::BidOpening> read_opening(const hall::Record& record, std::int32_t offset_min);
std::optional<hall::BidNotice> read_notice(const hall::Record& record, std::int32_t offset_min);

}  // namespace lobby::app
