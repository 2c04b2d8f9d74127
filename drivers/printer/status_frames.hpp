#pragma once

#include <cstddef>
#include <cstdint>

#include "drivers/printer/condition.hpp"
#include "drivers/printer/profile.hpp"

/// The bits of the frames in which printers tell their state: Epson's automatic status, and those of makers
/// who went their own way (SNBC's from published drivers, Custom's from its manuals). Inside the codec.
namespace lobby::printer::escpos {

/// Bytes of a frame, its mark included; 4 where a form has none of its own.
std::size_t frame_size(Profile::Status form);

/// `frame` has frame_size() bytes. Bits whose meaning nobody has published are not read.
Condition read_frame(Profile::Status form, const std::uint8_t* frame);

}  // namespace lobby::printer::escpos
