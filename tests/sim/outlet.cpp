#include "tests/sim/outlet.hpp"

namespace lobby::sim {

using Fate = FinishedSheet::Fate;

void Outlet::leave(Fate fate, std::uint64_t& count, PaperPath& paper) {
  if (sheet_) {
    paper.set_fate(*sheet_, fate);
    ++count;
  }
  sheet_.reset();
  shown_ = false;
}

void Outlet::receive(std::uint64_t sheet, bool shows, TimePoint now, PaperPath& paper) {
  leave(Fate::ejected, counts_.ejected, paper);
  sheet_ = sheet;
  paper.set_fate(sheet, Fate::inside);
  if (shows) {
    present(now, paper);
  }
}

void Outlet::present(TimePoint now, PaperPath& paper) {
  if (sheet_ && !shown_) {
    shown_ = true;
    since_ = now;
    paper.set_fate(*sheet_, Fate::presented);
  }
}

bool Outlet::take(PaperPath& paper) {
  if (!shown_) {
    return false;
  }
  leave(Fate::taken, counts_.taken, paper);
  return true;
}

void Outlet::retract(PaperPath& paper) {
  leave(Fate::retracted, counts_.retracted, paper);
}

std::optional<TimePoint> Outlet::retracts_at() const {
  return shown_ && retract_after_ ? std::optional(since_ + *retract_after_) : std::nullopt;
}

std::optional<TimePoint> Outlet::taken_at(std::optional<milliseconds> after) const {
  return shown_ && after ? std::optional(since_ + *after) : std::nullopt;
}

}  // namespace lobby::sim
