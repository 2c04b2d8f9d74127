#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daemon/flows/ports.hpp"

namespace lobby::flows {

/// The publish walk up to the table. Rows are compared by meaning with what is known; what is the same goes
/// no further. What differs is written slice by slice, each row right as soon as it is there, so that nothing
/// is ever blank; what a whole answer lacks goes at its end. One event tells of all of it, or, of an answer
/// that goes on for longer than two seconds, of what was written up to there: whoever listens hears of a row
/// soon after it can be read.
///
/// Rows are looked at a few in one turn of the loop: a full answer may have 200,000, and clerks press keys
/// meanwhile. Of each row two numbers are kept in memory, 200,000 cases are some 12 MB. An answer that has
/// lost more of the rows than `shrunk_by` says is held back until others of about that size have confirmed
/// it: after a maintenance the list is often empty.
class Publish {
 public:
  struct Rules {
    std::uint32_t shrunk_by = 30;     ///< percent of what is known
    std::uint32_t confirmations = 5;  ///< answers in a row, the first one included
    /// Of one list: then what ended longest ago makes room, and a source that makes new ids for ever fills
    /// neither memory nor disk.
    std::uint32_t most_cases = 250'000, most_records = 20'000;
    std::uint32_t at_least = 10;  ///< rows known; of fewer some may vanish as they like, never all
  };
  struct Ports {
    SourceTable& table;
    /// What is ours in a row: light, card, what the public is told.
    std::function<void(hall::CaseRow&)> judge;
    /// Records what moved; `done` when that is durable, or was refused.
    std::function<void(hall::ReportSource, std::function<void(bool)> done)> record;
    std::function<void(std::function<void()>)> later;
    /// Milliseconds of a clock that nobody sets.
    std::function<std::int64_t()> mono_ms;
  };
  /// `kept`, or why not. Once, never before the call has returned.
  using Taken = std::function<void(bool kept, std::string reason)>;

  Publish(Ports ports, Rules rules) : ports_(std::move(ports)), rules_(rules) {}

  /// Begins an answer, when what is being written of an earlier one of this source is on the disk; the rest
  /// of that one is dropped. Not kept: it is held back.
  void begin(const hall::DeviceId& feed, const hall::AnswerHead& head, Taken taken);
  void slice(const hall::DeviceId& feed, hall::AnswerSlice rows, Taken taken);
  /// Kept: everything of it is written, and recorded as an event; `cursor` with it.
  void end(const hall::DeviceId& feed, std::string cursor, Taken taken);
  /// The source broke off: its rows so far are right, and recorded; nothing is removed.
  void broken(const hall::DeviceId& feed);

 private:
  struct Known {
    std::uint64_t meaning = 0;
    std::uint32_t seen = 0;  ///< in which answer
  };
  struct List {
    /// Where in the table it is still to be read from; nullopt: it is whole.
    std::optional<std::int64_t> unread = SourceTable::first_place;
    std::unordered_map<std::uint64_t, Known> rows;  ///< by hall::key_of()
    std::uint32_t answers = 0;
    std::uint32_t held_rows = 0;  ///< of the answers that are held back
    std::uint32_t held = 0;       ///< how many in a row
    hall::ReportSource untold;    ///< what moved and is not recorded yet
    std::int64_t untold_ms = 0;   ///< since when something has
  };
  struct Run;
  using RunPtr = std::shared_ptr<Run>;

  void open(const RunPtr& run, const Taken& taken);
  void load(Run& run);
  bool is_held(List& list, const hall::AnswerHead& head, std::string& reason) const;
  struct Sifting;
  using SiftingPtr = std::shared_ptr<Sifting>;
  template <class Row>
  static bool is_news(Run& run, const Row& row);
  void sift(const RunPtr& run, const SiftingPtr& sifting);
  void write(const RunPtr& run, hall::SourceChange change, std::function<void(bool)> then);
  void finish(const RunPtr& run, bool kept, const std::function<void(bool)>& then);
  void note(Run& run, std::optional<std::uint64_t> version, const std::vector<std::uint64_t>& removed) const;
  bool is_overdue(const List& list) const;
  bool make_room(Run& run, std::vector<std::uint64_t>& removed) const;
  static std::vector<std::uint64_t> unseen(const Run& run);
  void remove(const RunPtr& run, std::vector<std::uint64_t> keys, std::function<void(bool)> then);
  void tell(const RunPtr& run, const Taken& taken);
  void answer(const Taken& taken, bool kept, std::string reason);

  Ports ports_;
  Rules rules_;
  std::map<std::pair<std::string, hall::What>, List> lists_;
  std::map<std::string, RunPtr> runs_;  ///< by source: answers that have begun
  std::map<std::string, RunPtr> last_;  ///< by source: whose rows may still be being written
};

}  // namespace lobby::flows
