#pragma once

#include <compare>
#include <cstdint>
#include <string>

/// Strong ids: a window is not a bus address, a ticket is not a number on paper.
/// Ids of the site are the words of the site file; they are compared, never parsed.
namespace lobby::hall {

template <class Tag, class Rep>
struct Id {
  Rep value{};
  friend auto operator<=>(const Id&, const Id&) = default;
  friend bool operator==(const Id&, const Id&) = default;
};

/// Counts up over all days, so an id never names two tickets; 0 is no ticket.
using TicketId = Id<struct TicketTag, std::uint64_t>;
/// Counts up over all days; 0 is no appointment.
using AppointmentId = Id<struct AppointmentTag, std::uint64_t>;
/// Text for a board, counted up over all days; 0 is none.
using DraftId = Id<struct DraftTag, std::uint64_t>;
/// A person, known by a keyed hash only (api/secrets); 0 is nobody.
using ApplicantKey = Id<struct ApplicantTag, std::uint64_t>;
/// An evaluation or opening of bids whose recording is proved, counted up over all days; 0 is none.
using EvaluationId = Id<struct EvaluationTag, std::uint64_t>;
/// An alarm about a recording, counted up over all days; 0 is none.
using AlarmId = Id<struct AlarmTag, std::uint64_t>;
using ServiceId = Id<struct ServiceTag, std::string>;
using WindowId = Id<struct WindowTag, std::string>;
using ZoneId = Id<struct ZoneTag, std::string>;
using KioskId = Id<struct KioskTag, std::string>;
using DeviceId = Id<struct DeviceTag, std::string>;
using RoomId = Id<struct RoomTag, std::string>;
using ClerkId = Id<struct ClerkTag, std::string>;

}  // namespace lobby::hall
