#include "drivers/printer/outlet.hpp"

namespace lobby::printer {
namespace {

/// Of a ticket that was not seen in the outlet by then nobody can say what became of it.
constexpr link::Duration comes_within = std::chrono::seconds(3);
constexpr link::Duration retracts_within = std::chrono::seconds(5);

}  // namespace

Outlet::Outlet(link::Executor& executor, link::Duration patience, std::function<void()> retract)
    : retract_(std::move(retract)), patience_(patience), timer_(executor) {}

void Outlet::presented(Told told) {
  place_ = Place::coming;
  told_ = std::move(told);
  timer_.start(comes_within, [this] { lost(); });
}

void Outlet::sense(bool in_outlet) {
  if (in_outlet && place_ == Place::coming) {
    place_ = Place::held;
    timer_.cancel();
    if (retract_) {
      timer_.start(patience_, [this] { retract(); });
    }
  } else if (!in_outlet && (place_ == Place::held || place_ == Place::retracting)) {
    left();
  }
}

void Outlet::lost() {
  place_ = Place::free;
  told_ = nullptr;
  timer_.cancel();
}

void Outlet::retract() {
  place_ = Place::retracting;
  // Asked again for as long as it is held: the first may have met a printer that was off line.
  timer_.start(retracts_within, [this] { retract(); });
  retract_();
}

void Outlet::left() {
  const auto fate = place_ == Place::retracting ? Fate::retracted : Fate::taken;
  place_ = Place::free;
  timer_.cancel();
  if (auto told = std::exchange(told_, nullptr)) {
    told(fate);
  }
}

}  // namespace lobby::printer
