#include <algorithm>
#include <array>
#include <limits>

#include "daemon/api/call.hpp"
#include "daemon/api/fields.hpp"

namespace lobby::api {
namespace {

constexpr std::uint64_t most_seq = std::numeric_limits<std::int64_t>::max();

/// Every type of the contract, also those that nothing gives rise to yet.
constexpr std::array<std::string_view, 62> all_types{"TicketIssued",
                                                     "TicketPrintStarted",
                                                     "TicketPrinted",
                                                     "TicketSent",
                                                     "TicketUnprinted",
                                                     "TicketPrintUnknown",
                                                     "TicketReprinted",
                                                     "TicketTaken",
                                                     "TicketRetracted",
                                                     "TicketCalled",
                                                     "TicketRecalled",
                                                     "CallShown",
                                                     "CallSpoken",
                                                     "CallNotSpoken",
                                                     "ServiceStarted",
                                                     "ServiceFinished",
                                                     "TicketHeld",
                                                     "TicketResumed",
                                                     "TicketTransferred",
                                                     "TicketNoShow",
                                                     "TicketReinstated",
                                                     "TicketCancelled",
                                                     "TicketExpired",
                                                     "WindowOpened",
                                                     "WindowClosed",
                                                     "WindowPaused",
                                                     "WindowResumed",
                                                     "HelpCalled",
                                                     "HelpEnded",
                                                     "ServiceRated",
                                                     "AppointmentBooked",
                                                     "AppointmentCancelled",
                                                     "ApplicantBlocked",
                                                     "TenantReported",
                                                     "DayOpened",
                                                     "DayClosed",
                                                     "ApprovalsAdvanced",
                                                     "BidsAdvanced",
                                                     "CatalogueAdvanced",
                                                     "BoardPublished",
                                                     "BoardChecked",
                                                     "CatalogueChanged",
                                                     "TextDrafted",
                                                     "TextApproved",
                                                     "TextWithdrawn",
                                                     "EmergencyShown",
                                                     "EmergencyCleared",
                                                     "EvaluationPlanned",
                                                     "EvaluationOpened",
                                                     "RecordingRequested",
                                                     "RecordingVerified",
                                                     "RecordingMissing",
                                                     "RecordingGap",
                                                     "AlarmRaised",
                                                     "AlarmAcknowledged",
                                                     "EvaluationUnwitnessed",
                                                     "EvaluationInterrupted",
                                                     "EvaluationStopped",
                                                     "EvaluationClosed",
                                                     "DeviceChanged",
                                                     "AccountChanged",
                                                     "SiteChanged"};

/// Reads `A,B,C`; the first that is no type of event is the problem.
std::optional<Problem> read_types(std::string_view text, std::set<std::string, std::less<>>& types) {
  while (true) {
    const auto end = text.find(',');
    const auto type = text.substr(0, end);
    if (std::find(all_types.begin(), all_types.end(), type) == all_types.end() || type.empty()) {
      return bad_request("query parameter `types` names what is no type of event" +
                         (type.size() <= 64 ? ": `" + std::string(type) + "`" : std::string()));
    }
    types.emplace(type);
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    text.remove_prefix(end + 1);
  }
}

}  // namespace

void get_events(Desk& desk, Call call) {
  QueryFields query(call.target.query);
  EventCursor cursor;
  cursor.seq = query.number("after", 0, most_seq).value_or(desk.streams.last());
  const auto types = query.text("types");
  auto problem = query.finish();
  if (!problem && types) {
    problem = read_types(*types, cursor.types);
  }
  if (const auto& last = call.request.last_event_id; !problem && last && !last->empty()) {
    const auto seq = parse_number(*last);
    if (!seq || *seq > most_seq) {
      problem = bad_request("header `Last-Event-ID` must be the id of an event");
    } else {
      cursor.seq = *seq;
    }
  }
  if (problem) {
    return call.respond(*problem);
  }
  cursor.account = std::move(call.account);
  cursor.session = std::move(call.session);
  call.exchange->stream(std::move(cursor));
}

void get_journal(Desk& desk, Call call) {
  QueryFields query(call.target.query);
  EventCursor cursor;
  cursor.form = call.request.http_1_0 ? EventCursor::Form::lines : EventCursor::Form::chunked_lines;
  cursor.seq = query.number("after", 0, most_seq).value_or(0);
  cursor.lines_left = query.number("limit", 1, 10'000).value_or(1000);
  cursor.until = desk.streams.last();
  if (const auto problem = query.finish()) {
    return call.respond(*problem);
  }
  cursor.account = std::move(call.account);
  call.exchange->stream(std::move(cursor));
}

}  // namespace lobby::api
