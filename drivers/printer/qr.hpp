#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "drivers/printer/job.hpp"
#include "drivers/printer/profile.hpp"
#include "drivers/printer/raster.hpp"

/// QR codes, by the printer itself or as dots. Inside the codec.
namespace lobby::printer::escpos {

/// White modules on each side, by the standard.
inline constexpr int quiet_modules = 4;

/// Modules along one side of the symbol that holds so many bytes at level M; 0 = no symbol does. A printer
/// that packs digits may choose a smaller one.
int qr_modules(std::size_t bytes);

/// Dots to a module: as wanted, less where symbol and quiet zone would be wider than the paper, because a
/// printer leaves such a symbol out without a word. 0 = not even one dot.
int qr_module_dots(const Qr& qr, const Profile& profile);

/// GS ( k: model 2, level M, store, print. False, and nothing added, when there would be a real-time command
/// in the data.
bool add_native_qr(std::vector<std::uint8_t>& out, std::string_view data, int module_dots);

/// The symbol alone, without a quiet zone; empty when it cannot be made.
Dots draw_qr(std::string_view data, int module_dots);

}  // namespace lobby::printer::escpos
