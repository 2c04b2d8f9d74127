#pragma once

#include "daemon/hall/state.hpp"

/// How each kind of event changes the state; the inside of apply().
namespace lobby::hall {

class Fold {
 public:
  Fold(State& state, const Event& event) : state_(state), event_(event) {}

  void operator()(const TicketIssued& body);
  void operator()(const TicketPrintStarted& body);
  void operator()(const TicketPrinted& body);
  void operator()(const TicketSent& body);
  void operator()(const TicketUnprinted& body);
  void operator()(const TicketPrintUnknown& body);
  void operator()(const TicketReprinted& body);
  void operator()(const TicketTaken& body);
  void operator()(const TicketRetracted& body);
  void operator()(const TicketCancelled& body);
  void operator()(const TicketHeld& body);
  void operator()(const TicketResumed& body);
  void operator()(const TicketTransferred& body);
  void operator()(const TicketReinstated& body);
  void operator()(const TicketExpired& body);

  void operator()(const TicketCalled& body);
  void operator()(const TicketRecalled& body);
  void operator()(const CallShown& body);
  void operator()(const ServiceStarted& body);
  void operator()(const ServiceFinished& body);
  void operator()(const TicketNoShow& body);
  void operator()(const ServiceRated& body);
  void operator()(const WindowOpened& body);
  void operator()(const WindowClosed& body);
  void operator()(const WindowPaused& body);
  void operator()(const WindowResumed& body);
  void operator()(const HelpCalled& body);
  void operator()(const HelpEnded& body);

  void operator()(const AppointmentBooked& body);
  void operator()(const AppointmentCancelled& body);
  void operator()(const ApplicantBlocked& body);
  void operator()(const TenantReported& body);
  void operator()(const TextDrafted& body);
  void operator()(const TextApproved& body);
  void operator()(const TextWithdrawn& body);
  void operator()(const EmergencyShown& body);
  void operator()(const EmergencyCleared& body);
  void operator()(const BoardPublished& body);
  void operator()(const BoardChecked& body);
  void operator()(const CatalogueChanged& body);
  void operator()(const CatalogueAdvanced& body);
  void operator()(const DayOpened& body);
  void operator()(const DayClosed& body);
  void operator()(const Advanced&) {}  ///< the rows have a table of their own
  void operator()(const DeviceChanged& body);
  void operator()(const AccountChanged& body);
  void operator()(const EvaluationPlanned& body);
  void operator()(const EvaluationOpened& body);
  void operator()(const RecordingRequested& body);
  void operator()(const RecordingVerified& body);
  void operator()(const RecordingMissing& body);
  void operator()(const AlarmRaised& body);
  void operator()(const AlarmAcknowledged& body);
  void operator()(const EvaluationUnwitnessed& body);
  void operator()(const EvaluationInterrupted& body);
  void operator()(const EvaluationStopped& body);
  void operator()(const EvaluationClosed& body);
  void operator()(const RecordingGap&) {}  ///< past, and said

 private:
  ServiceIx service(const ServiceId& id);
  WindowIx window(const WindowId& id);
  KioskIx kiosk(const KioskId& id);
  LanguageIx language(const std::string& name);
  DeviceIx printer(const DeviceId& id);
  SeriesIx series(const std::string& prefix);
  Evaluation* evaluation(EvaluationId id);
  ServiceState* service_of(const Ticket& ticket);
  WindowRecord* record(const WindowId& id);

  void print_became(const AboutPrint& body, PrintState state);
  /// Takes the ticket out of its line or from its window, into `next`; into a line when that is `waiting`.
  void move(Ticket& ticket, TicketState next);
  void join_people(const Ticket& ticket);
  void take_step(const Ticket& ticket);
  void leave_people(const Ticket& ticket);
  /// From its line, or from where it was held, to the window; nullptr when nobody knows it.
  Ticket* call_to_window(const AboutTicketAtWindow& body);
  void note_slip(const ServiceFinished& body);
  void finish_walk_in(WindowRecord& at, const ServiceFinished& body);
  void count_gap(WindowIx place, const Ticket& ticket);
  void count_stay(const Ticket& ticket);
  void use_up(const TicketIssued& body, Ticket& ticket);
  void leave_window(Ticket& ticket);
  void stand_at(WindowIx place, Ticket& ticket, WindowState state);
  /// The call stands at the top of the list from now on.
  void show_lately(WindowIx place, TicketId ticket);

  State& state_;
  const Event& event_;
};

}  // namespace lobby::hall
