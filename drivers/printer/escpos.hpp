#pragma once

#include "drivers/printer/encoded.hpp"
#include "drivers/printer/glyphs.hpp"
#include "drivers/printer/job.hpp"
#include "drivers/printer/profile.hpp"

/// ESC/POS without a wire: jobs to bytes. Pure. What is asked beside them is in requests.hpp,
/// what comes back in answers.hpp.
namespace lobby::printer::escpos {

/// The whole job from ESC @ to the profile's feed-and-cut and present, without a fence. Lines wider than the
/// paper are wrapped between characters. A line with characters that the printer's font lacks is drawn by
/// `glyphs`; where that cannot, they become 〓. At most 64 KiB come out, the rest of an endless job is left
/// away. Nothing between the items' first and last byte can be read as a real-time command.
Encoded encode(const Job& job, const Profile& profile, const Glyphs& glyphs = {});

}  // namespace lobby::printer::escpos
