#pragma once

#include "display/page/board_views.hpp"

namespace lobby::display {

/// What a loop waits for: a moment, a word from another thread, or the wish that the program end (SIGTERM,
/// SIGINT). Make it before any thread: the signals then come here and nowhere else.
class Wakeup {
 public:
  Wakeup();
  ~Wakeup();
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;

  /// From any thread: ends a wait, or the next one.
  void wake() const;
  /// Waits no longer than until then, by the steady clock. False: the program is to end.
  bool wait(Instant until) const;

 private:
  int signals_ = -1;
  int words_ = -1;
};

}  // namespace lobby::display
