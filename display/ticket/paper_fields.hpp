#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "display/ticket/ticket_face.hpp"

/// The names by which a template calls what a TicketPaper knows.
namespace lobby::display {

/// Place of the name among all; nullopt when there is none.
std::optional<std::uint8_t> field_named(std::string_view name);
/// All names, for people: `a, b, c`.
std::string field_names();

/// Has it no text, only a condition to be?
bool is_flag(std::uint8_t field);
/// Is anything known of it? A flag is known when it is set.
bool is_known(const TicketPaper& paper, std::uint8_t field);
/// Adds it as text: a flag is none. False, and nothing added, when it is not known.
bool append_field(std::string& out, const TicketPaper& paper, std::uint8_t field);

}  // namespace lobby::display
