#include "daemon/ctl/tell.hpp"

#include <boost/json.hpp>
#include <map>
#include <string_view>

#include "daemon/ctl/table.hpp"

namespace lobby::ctl {
namespace {

/// `{field}` is the event's field; a part in `[…]` is left out when its field is.
using Sentences = std::map<std::string_view, std::string_view>;

const Sentences& evaluation_sentences() {
  static const Sentences all{
      {"EvaluationPlanned", "evaluation {evaluation} planned in room {room}[ at {planned_at}]: {project_no}"},
      {"EvaluationOpened", "evaluation {evaluation} started in room {room}"},
      {"RecordingRequested", "evaluation {evaluation}: recorder {camera} took the order"},
      {"RecordingVerified", "evaluation {evaluation}: {camera} is proved to record"},
      {"RecordingMissing", "evaluation {evaluation}: no proof that {camera} records: {reason}"},
      {"RecordingGap", "evaluation {evaluation}: nothing proves {camera} from {from} to {to} ({cause})"},
      {"AlarmRaised", "evaluation {evaluation}: alarm {alarm}, {kind}[ of {camera}]: {reason}"},
      {"AlarmAcknowledged", "evaluation {evaluation}: alarm {alarm} acknowledged[ by {by}]"},
      {"EvaluationUnwitnessed", "evaluation {evaluation} goes on unwitnessed[ by {by}]: {reason}"},
      {"EvaluationInterrupted", "evaluation {evaluation} is interrupted: {camera} is not proved to record"},
      {"EvaluationStopped", "evaluation {evaluation} stopped[ by {by}]"},
      {"EvaluationClosed", "evaluation {evaluation} closed[, evidence head {head}]"},
  };
  return all;
}

const Sentences& sentences() {
  static const Sentences all{
      {"TicketIssued", "{number} issued for {service}[ at {kiosk}], {ahead} ahead"},
      {"TicketPrintStarted", "{number} goes to printer {printer}"},
      {"TicketPrinted", "{number} printed by {printer}"},
      {"TicketSent", "{number} sent to {printer}, which cannot confirm"},
      {"TicketUnprinted", "{number} not printed[ by {printer}][: {reason}]"},
      {"TicketPrintUnknown", "{number}: nobody knows whether {printer} printed it[: {reason}]"},
      {"TicketReprinted", "{number} to be printed again[ by {printer}], copy {copy}"},
      {"TicketTaken", "{number} taken from {printer}"},
      {"TicketRetracted", "{number} not taken, {printer} took it back"},
      {"TicketCalled", "{number} called to window {window}"},
      {"TicketRecalled", "{number} called again to window {window}"},
      {"CallShown", "{number} lights up on {device} of window {window}"},
      {"ServiceStarted", "[{number} ]being served at window {window} for {service}"},
      {"ServiceFinished", "[{number} ]finished at window {window}: {outcome}"},
      {"TicketHeld", "{number} set aside at window {window}: {kind}"},
      {"TicketResumed", "{number} called back to window {window}"},
      {"TicketTransferred",
       "{number} sent on from window {window}[ to {to_service}][ to window {to_window}]"},
      {"TicketReinstated", "{number} is back in the queue of {service}"},
      {"ServiceRated", "[{number} ]graded {score} by {via} at window {window}"},
      {"TicketNoShow", "{number} did not come to window {window}[: {reason}]"},
      {"TicketCancelled", "{number} cancelled"},
      {"TicketExpired", "{number} expired with the day"},
      {"WindowOpened", "window {window} opened[ by {clerk}][, taken over from {took_over_from}]"},
      {"WindowClosed", "window {window} closed"},
      {"WindowPaused", "window {window} paused: {reason}[, {message}][, back at {back_at}]"},
      {"WindowResumed", "window {window} goes on"},
      {"HelpCalled", "window {window} calls for help"},
      {"HelpEnded", "window {window} was helped"},
      {"AppointmentBooked", "appointment {appointment} booked for {service} on {date}"},
      {"AppointmentCancelled", "appointment {appointment} cancelled"},
      {"ApplicantBlocked", "a person gets no tickets until {until}"},
      {"TenantReported", "{service}: {waiting} wait[, {called} called][ to {at_window}]"},
      {"DayOpened", "business day {date} begins"},
      {"DayClosed", "business day {date} ends: {issued} issued, {finished} finished, {no_show} no-show"},
      {"ApprovalsAdvanced",
       "approvals of {feed}: {added} new, {changed} changed, {removed} gone, {total} in all"},
      {"BidsAdvanced", "bids of {feed}: {added} new, {changed} changed, {removed} gone"},
      {"CatalogueAdvanced", "{what} of {feed}: {added} new, {changed} changed, {removed} gone"},
      {"BoardPublished", "boards {boards} say something new of {sources}"},
      {"BoardChecked", "what board {board} says by hand is still right"},
      {"CatalogueChanged", "the catalogue of the site is another one"},
      {"TextDrafted", "text {draft} written for board {board}, until {until}"},
      {"TextApproved", "text {draft} put on board {board}, until {until}"},
      {"TextWithdrawn", "text {draft} taken from board {board}"},
      {"EmergencyShown", "emergency on the boards[ of {zones}]: {text}"},
      {"EmergencyCleared", "the emergency is over, the boards go on"},
      {"DeviceChanged", "{kind} {device} is {state}[: {reason}]"},
      {"AccountChanged", "account {account} {change}"},
  };
  return all;
}

/// Fills one part of a sentence in; false when a field of it is missing.
bool fill(std::string_view part, const boost::json::object& event, std::string& out) {
  bool whole = true;
  while (!part.empty()) {
    const auto open = part.find('{');
    out += part.substr(0, open);
    if (open == std::string_view::npos) {
      break;
    }
    const auto close = part.find('}', open);
    const auto* value = event.if_contains(part.substr(open + 1, close - open - 1));
    const std::string text = plain(value);
    whole = whole && !text.empty();
    out += text.empty() ? "?" : text;
    part.remove_prefix(close + 1);
  }
  return whole;
}

std::string fill_all(std::string_view sentence, const boost::json::object& event) {
  std::string out;
  while (!sentence.empty()) {
    const auto open = sentence.find('[');
    fill(sentence.substr(0, open), event, out);
    if (open == std::string_view::npos) {
      break;
    }
    const auto close = sentence.find(']', open);
    std::string part;
    if (fill(sentence.substr(open + 1, close - open - 1), event, part)) {
      out += part;
    }
    sentence.remove_prefix(close + 1);
  }
  return out;
}

std::string unknown_words(std::string_view type, const boost::json::object& event) {
  std::string out(type);
  for (const auto& [name, value] : event) {
    if (name != "seq" && name != "at" && name != "type") {
      out += " " + std::string(name) + "=" + plain(&value);
    }
  }
  return out;
}

}  // namespace

std::string plain(const boost::json::value* value) {
  if (value == nullptr || value->is_null()) {
    return {};
  }
  return value->is_string() ? std::string(value->get_string()) : boost::json::serialize(*value);
}

std::string tell(const boost::json::object& event) {
  const std::string type = plain(event.if_contains("type"));
  const std::string at = plain(event.if_contains("at"));
  std::string seq = plain(event.if_contains("seq"));
  seq.insert(0, seq.size() < 6 ? 6 - seq.size() : 0, ' ');
  const bool is_evaluation = evaluation_sentences().contains(type);
  const Sentences& known = is_evaluation ? evaluation_sentences() : sentences();
  const auto sentence = known.find(type);
  const std::string words =
      sentence == known.end() ? unknown_words(type, event) : fill_all(sentence->second, event);
  return printable(seq + "  " + (at.size() >= 19 ? at.substr(11, 8) : at) + "  " + words);
}

}  // namespace lobby::ctl
