#pragma once

#include <cstdint>
#include <map>
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
  };
  struct Desk {
    std::string state = "closed", under_pause, clerk, message;
    std::uint64_t person = 0, call = 0;
  };

  std::vector<Person> people;  ///< today's
  std::map<std::string, Desk> desks;
  struct Device {
    std::string state, reason;
    bool blocked = false;
    bool operator==(const Device&) const = default;
  };
  std::map<std::string, Device> devices;
  std::uint64_t seq = 0;
  std::uint64_t next_id = 1;
  std::uint64_t approvals = 0;
  Date date() const { return date_; }
  /// Waiting for a service, in order.
  std::vector<std::uint64_t> queue(const std::string& service) const;

 private:
  using Lines = std::vector<std::string>;
  Lines on(const IssueTicket& c);
  Lines on(const CancelTicket& c);
  Lines on(const ReprintTicket& c);
  Lines on(const SettlePrint& c);
  Lines on(const OpenWindow& c);
  Lines on(const CloseWindow& c);
  Lines on(const CallNext& c);
  Lines on(const CallTicket& c);
  Lines on(const RecallTicket& c);
  Lines on(const StartService& c);
  Lines on(const FinishService& c);
  Lines on(const MarkNoShow& c);
  Lines on(const PauseWindow& c);
  Lines on(const ResumeWindow& c);
  Lines on(const TurnDay& c);
  Lines on(const StartPrint& c);
  Lines on(const ReportPrint& c);
  Lines on(const ReportCallShown& c);
  Lines on(const ReportDevice& c);
  Lines on(const ReportApprovals& c);
  Lines on(const ReportAccount& c);

  Person* person(std::uint64_t id);
  /// The refusal of the window table for this call, or nothing.
  std::string table(const std::string& window, const std::string& call) const;
  std::string printer_refusal(const std::string& printer) const;
  static std::string about(const Person& person);
  static std::string print_line(const std::string& type, const Person& person, const std::string& reason);
  std::string call(Desk& desk, const std::string& window, Person& person, std::uint64_t call_seq);
  std::string end(Desk& desk, Person& person, const std::string& state);
  std::string free_number(const Service& service, std::uint32_t& n) const;

  Site site_;
  Instant now_;
  Date date_;
  std::int64_t latest_ms_ = 0;
  std::set<std::pair<std::string, std::uint32_t>> used_;
  std::set<std::string> numbers_;
  std::vector<std::string> opened_;  ///< windows in the order of their first opening today
};

}  // namespace lobby::hall::testing
