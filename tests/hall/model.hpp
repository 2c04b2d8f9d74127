#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/hall/command.hpp"
#include "daemon/hall/site.hpp"

/// The hall once more, written plainly from the contract: words, maps and full scans, no fold, no indices.
/// It answers every command with the lines of the events that must follow, or with the code of the refusal.
namespace lobby::hall::testing {

class Model {
 public:
  explicit Model(Site site) : site_(std::move(site)) {}

  /// One line per event: `Type field=value …` in the journal's order; a refusal is the one line `!code`.
  std::vector<std::string> answer(const Command& command, Instant now);
  bool day_is_due(Instant now) const { return local_date(now) > date_ && now.utc_ms >= latest_ms_; }

  struct Person {
    std::uint64_t id = 0;
    std::string number, service, state = "waiting", window, print = "none", printer;
    bool due = false;
    int copies = 0, recalls = 0, ahead = 0;
    Lane lane = Lane::ordinary;
    std::int64_t place = 0, since = 0, came = 0, started = 0, ended = 0;
    std::uint64_t who = 0, waited = 0, served = 0;
    std::string package, only, avoid, hold;
    std::vector<std::string> steps;
    int back = 0;           ///< times brought back
    bool notified = false;  ///< ended as that, and may come back
  };
  struct Desk {
    std::string state = "closed", under_pause, clerk, message;
    std::uint64_t person = 0, call = 0;
    std::string walk_in, last_service, last_clerk;
    std::uint64_t last_person = 0;
    std::int64_t walk_in_since = 0, last_call = 0;
    bool rateable = false;
    std::vector<std::uint32_t> round;
  };
  struct Booking {
    std::uint64_t id = 0, who = 0;
    std::string code, service;
    Date date;
    int minute = 0;
    bool used = false;
  };
  struct Slip {
    std::string no, service;
    Date until;
    std::uint64_t ticket = 0;
  };

  std::vector<Person> people;  ///< today's
  std::map<std::string, Desk> desks;
  std::set<std::string> helped;  ///< windows that help was called to
  struct Device {
    std::string state, reason;
    bool blocked = false;
    bool operator==(const Device&) const = default;
  };
  std::map<std::string, Device> devices;
  std::uint64_t seq = 0;
  std::uint64_t next_id = 1;
  std::uint64_t next_booking = 1;
  std::vector<Booking> bookings;
  std::vector<Slip> slips;
  std::map<std::uint64_t, Date> blocked;
  bool closed = false;  ///< the day has expired
  Date date() const { return date_; }
  /// Waiting for a service, in order.
  std::vector<std::uint64_t> queue(const std::string& service) const;
  /// How many stand before a waiting ticket.
  std::uint64_t ahead(const Person& person) const;

 private:
  using Lines = std::vector<std::string>;
  Lines on(const IssueTicket& c);
  Lines on(const CancelTicket& c);
  Lines on(const ReinstateTicket& c);
  Lines on(const ReprintTicket& c);
  Lines on(const SettlePrint& c);
  Lines on(const OpenWindow& c);
  Lines on(const TakeOverWindow& c);
  Lines on(const CloseWindow& c);
  Lines on(const CallNext& c);
  Lines on(const CallTicket& c);
  Lines on(const ResumeHeld& c);
  Lines on(const CollectLicence& c);
  Lines on(const RecallTicket& c);
  Lines on(const StartService& c);
  Lines on(const FinishService& c);
  Lines on(const MarkNoShow& c);
  Lines on(const HoldTicket& c);
  Lines on(const TransferTicket& c);
  Lines on(const RateService& c);
  Lines on(const PauseWindow& c);
  Lines on(const ResumeWindow& c);
  Lines on(const CallHelp& c);
  Lines on(const EndHelp& c);
  Lines on(const BookAppointment& c);
  Lines on(const CancelAppointment& c);
  Lines on(const BlockApplicant& c);
  Lines on(const ReportTenant& c);
  Lines on(const TurnDay& c);
  Lines on(const ExpireDay& c);
  Lines on(const StartPrint& c);
  Lines on(const ReportPrint& c);
  Lines voided(Person& one, const std::string& reason);
  Lines on(const ReportCallShown& c);
  Lines on(const ReportDevice& c);
  Lines on(const ReportSource& c);
  Lines on(const ReportAccount& c);
  // Words on boards have no part in what the crowd does; test_texts.cpp has their tables.
  static Lines on(const DraftText&) { return {}; }
  static Lines on(const ApproveText&) { return {}; }
  static Lines on(const WithdrawText&) { return {}; }
  static Lines on(const ShowEmergency&) { return {}; }
  static Lines on(const ClearEmergency&) { return {}; }
  static Lines on(const ReportPublished&) { return {}; }
  static Lines on(const CheckBoard&) { return {}; }
  static Lines on(const ReportCatalogue&) { return {}; }
  // Nor have evaluations: test_evaluations.cpp.
  static Lines on(const PlanEvaluation&) { return {}; }
  static Lines on(const StartEvaluation&) { return {}; }
  static Lines on(const StopEvaluation&) { return {}; }
  static Lines on(const OpenUnwitnessed&) { return {}; }
  static Lines on(const AcknowledgeAlarm&) { return {}; }
  static Lines on(const ReportRequested&) { return {}; }
  static Lines on(const ReportVerified&) { return {}; }
  static Lines on(const ReportMissing&) { return {}; }
  static Lines on(const ReportAlarm&) { return {}; }
  static Lines on(const ReportClosed&) { return {}; }

  Person* person(std::uint64_t id);
  /// The refusal of the window table for this call, or nothing.
  std::string table(const std::string& window, const std::string& call) const;
  std::string printer_refusal(const std::string& printer) const;
  static std::string about(const Person& person);
  static std::string print_line(const std::string& type, const Person& person, const std::string& reason);
  std::string call(Desk& desk, const std::string& window, Person& person, std::uint64_t call_seq);
  std::string end(Desk& desk, Person& person, const std::string& state);
  /// Why a ticket that was named cannot come to the window, before anything else is asked.
  std::string refuse_named(const std::string& window, const Person* person) const;
  /// The lines of a finish at a window where somebody stands.
  Lines finish(const std::string& window, const FinishService& c);
  /// Takes the ticket to where it waits next.
  void queue_up(Person& person, std::int64_t place);
  /// Who stands there, in order; `only` empty: for any window, of one lane.
  std::vector<const Person*> line(const std::string& service, Lane lane, const std::string& only) const;
  std::int64_t place(QueuePlace where, const std::vector<const Person*>& line, const Person& person) const;
  std::int64_t place_at_once() const;
  /// The time that rules go by: it does not go back.
  std::int64_t moment() const { return std::max(now_.utc_ms, latest_ms_); }
  /// Whom the window calls next, by the rules read once more; changes `round` as that call does.
  Person* pick(const Window& window, std::vector<std::uint32_t>& round);
  bool may_have(const Window& window, const Person& person) const;
  bool works(const std::string& window) const;
  /// Of steps in any order: the one with the shortest wait.
  std::size_t shortest(const std::vector<std::string>& steps) const;
  std::string refuse_issue(const IssueTicket& c, const Service& service, Person& one,
                           const Booking*& booked) const;
  std::string refuse_person(const IssueTicket& c, const Service& service) const;
  Lines end_day(bool at_windows_too);
  bool is_open_now(const Service& service, bool booked) const;
  std::string free_number(const Service& service, std::uint32_t& n) const;

  Site site_;
  Instant now_;
  Date date_;
  std::int64_t latest_ms_ = 0;
  std::set<std::pair<std::string, std::uint32_t>> used_;
  std::set<std::string> numbers_;
  std::vector<std::string> opened_;  ///< windows in the order of their first mention today
  std::map<std::string, std::uint64_t> issued_;
  std::map<std::string, std::pair<std::uint32_t, std::uint32_t>>
      slots_;  ///< of a quota: the slot, its tickets
  struct Tenant {
    std::uint32_t waiting = 0;
    std::string called, window;
    friend bool operator==(const Tenant&, const Tenant&) = default;
  };
  std::map<std::string, Tenant> tenants_;
};

}  // namespace lobby::hall::testing
