#include "daemon/hall/deciding.hpp"

namespace lobby::hall::deciding {

Decision on(const Asked& asked, const OpenWindow& command) {
  const Place place = place_of(asked, command.window);
  if (auto refusal = refuse_unless(place, command.window, Need::closed)) {
    return *std::move(refusal);
  }
  if (auto refusal = refuse_without_day(asked)) {
    return *std::move(refusal);
  }
  return one(asked, WindowOpened{AboutWindow{command.window}, command.clerk});
}

Decision on(const Asked& asked, const CloseWindow& command) {
  const Place place = place_of(asked, command.window);
  if (auto refusal = refuse_unless(place, command.window, Need::without_ticket)) {
    return *std::move(refusal);
  }
  return one(asked, WindowClosed{AboutWindow{command.window}});
}

Decision on(const Asked& asked, const PauseWindow& command) {
  const Place place = place_of(asked, command.window);
  if (auto refusal = refuse_unless(place, command.window, Need::open)) {
    return *std::move(refusal);
  }
  return one(asked,
             WindowPaused{AboutWindow{command.window}, command.reason, command.message, command.back_at});
}

Decision on(const Asked& asked, const ResumeWindow& command) {
  const Place place = place_of(asked, command.window);
  if (auto refusal = refuse_unless(place, command.window, Need::paused)) {
    return *std::move(refusal);
  }
  return one(asked, WindowResumed{AboutWindow{command.window}});
}

}  // namespace lobby::hall::deciding
