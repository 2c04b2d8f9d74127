#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "tests/sim/faults.hpp"
#include "tests/sim/paper_path.hpp"

namespace lobby::sim {

/// The mouth of a printer with a presenter: one cut ticket is held in it until somebody takes it, the printer
/// takes it back, or the next one pushes it out.
class Outlet {
 public:
  /// A ticket was cut. `shows`: it comes out by itself; else it stays inside until present().
  void receive(std::uint64_t sheet, bool shows, TimePoint now, PaperPath& paper);
  void present(TimePoint now, PaperPath& paper);
  /// false: nothing is there to be taken.
  bool take(PaperPath& paper);
  void retract(PaperPath& paper);
  /// Goes back by itself when it was not taken for so long; nullopt: it does not.
  void retract_after(std::optional<milliseconds> time) { retract_after_ = time; }
  std::optional<TimePoint> retracts_at() const;
  std::optional<TimePoint> taken_at(std::optional<milliseconds> after) const;

  /// What its sensor sees.
  bool has_paper() const { return shown_; }
  bool is_empty() const { return !sheet_; }

  struct Counts {
    std::uint64_t taken = 0, retracted = 0, ejected = 0;
  };
  const Counts& counts() const { return counts_; }

 private:
  void leave(FinishedSheet::Fate fate, std::uint64_t& count, PaperPath& paper);

  std::optional<std::uint64_t> sheet_;
  bool shown_ = false;
  TimePoint since_{};
  std::optional<milliseconds> retract_after_;
  Counts counts_;
};

}  // namespace lobby::sim
