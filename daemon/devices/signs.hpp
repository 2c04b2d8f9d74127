#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "daemon/devices/config.hpp"
#include "daemon/devices/dialect_lines.hpp"
#include "daemon/devices/roster.hpp"
#include "daemon/hall/view.hpp"
#include "drivers/bus/bus.hpp"

namespace lobby::devices {

/// Other makers' signs. What each shows follows its window. One that cannot answer is "sent": its line took
/// the frame, and that is all that anybody knows. A Modbus display confirms, and only then a call is reported
/// shown.
class Signs {
 public:
  using FindBus = std::function<bus::Bus&(const hall::DeviceId&)>;
  /// As WindowUnits::Reports::call_shown.
  using CallShown = std::function<void(const hall::WindowId&, std::uint64_t call, const hall::DeviceId&)>;
  Signs(link::Executor& executor, const std::vector<SignConfig>& configs, DialectLines& lines,
        const FindBus& find_bus, Roster& roster, CallShown call_shown);
  ~Signs();

  /// As WindowUnits::want.
  void want(const hall::WindowView& window, std::uint64_t call);
  /// For two seconds; what the window wants meanwhile comes at once. Signs of digits alone say nothing.
  void say(const hall::WindowId& window, std::string_view word);
  /// Closing text on every sign, for good; one of digits alone goes dark.
  void want_closing(const std::vector<hall::WindowView>& windows);
  /// As WindowUnits::when_settled: sent, where no more can be known.
  void when_settled(link::Duration at_most, std::function<void()> then);

 private:
  struct Sign;
  struct FrameSign;
  struct DisplaySign;
  void settle();

  link::Executor& executor_;
  CallShown call_shown_;
  std::vector<std::unique_ptr<Sign>> signs_;
  link::Timer limit_;
  std::function<void()> settled_;
  bool closing_ = false;
};

}  // namespace lobby::devices
