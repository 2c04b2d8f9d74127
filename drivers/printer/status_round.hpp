#pragma once

#include <functional>
#include <optional>

#include "drivers/link/executor.hpp"
#include "drivers/printer/answers.hpp"
#include "drivers/printer/profile.hpp"
#include "drivers/printer/requests.hpp"

namespace lobby::printer {

/// Asks DLE EOT 1 to 4, one after the other, or for the one frame of the profile's form.
///
/// The answers do not say which question they belong to, but they come in the order of the questions. So an
/// answer is only read while exactly one question is open: whatever was not answered in time is still counted
/// as owed, and the next round asks nothing that matters before all of that has come, or is so late that it
/// must be lost. An answer is late by at most `lost_after`.
class StatusRound {
 public:
  using Ask = std::function<void(escpos::Bytes)>;
  /// nullopt: a question stayed without an answer.
  using Done = std::function<void(std::optional<escpos::Condition>)>;
  StatusRound(link::Executor& executor, const Profile& profile, Ask ask, Done done);

  static constexpr link::Duration answer_within = std::chrono::milliseconds(500);
  static constexpr link::Duration lost_after = std::chrono::seconds(3);

  /// Nothing when a round runs already. `patience`: how long one answer may take. May be called from `done`.
  void start(link::Duration patience = answer_within);
  /// The connection is gone, and with it every answer that was owed. `done` is not called.
  void stop();
  bool is_running() const { return place_ != Place::resting; }
  void take(const escpos::RealTime& answer);
  /// Counts as an answer only where a frame is what is asked for.
  void take(const escpos::Automatic& answer);
  /// How many questions were given up for lost so far, because their answers did not come within
  /// `lost_after`. Those of a connection that was lost do not count.
  unsigned lost() const { return lost_; }

 private:
  enum class Place : std::uint8_t {
    resting,
    settling,  ///< answers to earlier questions are owed
    asking     ///< the one open question is `asked_`
  };
  void answered();
  void settle();
  void settled();
  void ask_next();
  void ask(int n);
  void end(std::optional<escpos::Condition> condition);

  link::Executor& executor_;
  escpos::Bytes frame_question_;  ///< empty: DLE EOT
  Ask ask_;
  Done done_;
  link::Timer deadline_;
  link::Duration patience_ = answer_within;
  escpos::Condition condition_;
  Place place_ = Place::resting;
  int asked_ = 0;
  unsigned owed_ = 0;  ///< questions whose answer has not come, of this round and of earlier ones
  unsigned lost_ = 0;
  bool heard_ = false;  ///< some of what was owed has come: the printer answers, the rest is late or lost
  link::MonoTime last_asked_{};
};

}  // namespace lobby::printer
