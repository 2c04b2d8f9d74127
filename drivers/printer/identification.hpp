#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "drivers/link/executor.hpp"
#include "drivers/printer/answers.hpp"
#include "drivers/printer/ticket_printer.hpp"

namespace lobby::printer {

/// Asks GS I 66 to 69 and 65, one after the other: nothing else may be sent before an answer is there.
class Identification {
 public:
  using Ask = std::function<void(escpos::Bytes)>;
  using Done = std::function<void(std::optional<Identity>)>;
  Identification(link::Executor& executor, Ask ask);

  static constexpr link::Duration answer_within = std::chrono::milliseconds(500);
  /// Not while one runs. `done`: nullopt when nothing was answered.
  void start(Done done);
  /// The connection is gone: what came so far is all.
  void stop();
  bool is_running() const { return done_ != nullptr; }
  void take(const escpos::Identity& answer);

 private:
  void next();

  Ask ask_;
  Done done_;
  link::Timer deadline_;
  Identity found_;
  std::size_t step_ = 0;
  bool heard_ = false;
};

}  // namespace lobby::printer
