#pragma once

#include <functional>
#include <optional>

#include "drivers/link/executor.hpp"
#include "drivers/printer/escpos.hpp"

namespace lobby::printer {

/// Asks DLE EOT 1 to 4, one after the other: the answers do not say which question they belong to.
class StatusRound {
 public:
  using Ask = std::function<void(escpos::Bytes)>;
  /// nullopt: a question stayed without an answer.
  using Done = std::function<void(std::optional<escpos::Condition>)>;
  StatusRound(link::Executor& executor, Ask ask, Done done);

  /// Nothing when a round runs already.
  void start();
  void stop();
  bool is_running() const { return asked_ != 0; }
  void take(const escpos::RealTime& answer);

 private:
  void ask_next();
  void end(std::optional<escpos::Condition> condition);

  Ask ask_;
  Done done_;
  link::Timer deadline_;
  escpos::Condition condition_;
  int asked_ = 0;  ///< the question that waits for its answer; 0: none
};

}  // namespace lobby::printer
