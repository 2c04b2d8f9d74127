#pragma once

#include <array>
#include <cstdint>

#include "drivers/printer/encoded.hpp"
#include "drivers/printer/profile.hpp"

/// What is asked of a printer beside the jobs: bytes of Epson's reference and of its family.
namespace lobby::printer::escpos {

/// Four printable characters that rise with `n`, for n below fence_ids.
using FenceId = std::array<std::uint8_t, 4>;
inline constexpr std::uint32_t fence_ids = 94U * 94U * 94U * 94U;
FenceId fence_id(std::uint32_t n);

/// What stands behind the cut and is answered when everything before it was processed: GS ( H fn 48 with the
/// id, GS r 1 or ESC v. Empty when the profile cannot confirm.
Bytes fence(Profile::Confirm confirm, const FenceId& id);

// --- in real time: executed when they arrive, whatever waits before them; only between commands ---
/// DLE EOT n, n = 1…4.
Bytes ask_status(int n);
/// DLE DC4 fn 8: empties all buffers and says so (`Cleared`). Nothing may be sent before that is there.
Bytes clear_buffers();
/// DLE ENQ 2: goes on after a mechanical error, with empty buffers. Not answered.
Bytes recover_by_clearing();

// --- in order ---
/// GS I n: 65 firmware, 66 maker, 67 model, 68 serial number, 69 font.
Bytes ask_identity(int n);

}  // namespace lobby::printer::escpos
