#pragma once

#include <deque>
#include <memory>

#include "tests/sim/recorder_model.hpp"

namespace lobby::sim {

/// A recorder as whoever asks it meets it: the gate, then what it says. In given time, on no thread of its
/// own. Not locked.
class RecorderFront {
 public:
  RecorderFront(std::unique_ptr<RecorderModel> model, DigestGate::Settings gate, RecorderModel::Now now);

  /// nullopt: it hears, and says nothing.
  std::optional<HttpReply> answer(const HttpAsk& ask);

  bool can_have(Fault fault) const;
  void inject(Fault fault, milliseconds slow_by);
  void clear(std::optional<Fault> fault);
  /// `recording`, `segments` (times true, also in ms since 1970) and what it remembers.
  void describe(boost::json::object& out) const;

  RecorderModel& model() { return *model_; }
  const DigestGate& gate() const { return gate_; }

 private:
  static constexpr std::size_t most_remembered = 20;
  HttpReply reply_to(const HttpAsk& ask);

  std::unique_ptr<RecorderModel> model_;
  DigestGate gate_;
  RecorderModel::Now now_;
  std::uint64_t requests_ = 0, power_cycles_ = 0;
  std::deque<std::string> last_;
};

}  // namespace lobby::sim
