#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "daemon/devices/config.hpp"
#include "daemon/devices/dialect_lines.hpp"
#include "daemon/devices/roster.hpp"
#include "daemon/hall/view.hpp"

namespace lobby::devices {

/// Other makers' signs. What each shows follows its window. One that cannot answer is "sent": its line took
/// the frame, and that is all that anybody knows.
class Signs {
 public:
  Signs(link::Executor& executor, const std::vector<SignConfig>& configs, DialectLines& lines,
        Roster& roster);
  ~Signs();

  /// What the window is now; nothing once the closing text is wanted.
  void want(const hall::WindowView& window);
  /// Closing text on every sign, for good; one of digits alone goes dark.
  void want_closing(const std::vector<hall::WindowView>& windows);
  /// As WindowUnits::when_settled: sent, where no more can be known.
  void when_settled(link::Duration at_most, std::function<void()> then);

 private:
  struct Sign;
  void settle();

  link::Executor& executor_;
  std::vector<std::unique_ptr<Sign>> signs_;
  link::Timer limit_;
  std::function<void()> settled_;
  bool closing_ = false;
};

}  // namespace lobby::devices
