#pragma once

#include <optional>

#include "daemon/hall/deciding.hpp"

namespace lobby::hall::deciding {

/// A printer that is away, or was never heard of, takes no ticket: said before a number is used.
std::optional<Refusal> refuse_unready_printer(const State& state, const DeviceId& printer);

/// Copies of one ticket beyond which none is printed by itself.
inline constexpr std::uint32_t automatic_copies = 3;

/// What every print event says of its ticket; an empty `printer` is the ticket's own.
AboutPrint about_print(const State& state, const Ticket& ticket, const DeviceId& printer, std::string reason);
/// Where the ticket prints; empty when nowhere.
DeviceId printer_of(const State& state, const Ticket& ticket);

}  // namespace lobby::hall::deciding
