#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/hall/command.hpp"
#include "daemon/hall/view.hpp"

namespace lobby::devices {

/// The one list of all devices: state, reason, age. Told by the adapters, read by API and metrics; every
/// change of state or reason is reported once (recorded as DeviceChanged by whoever listens).
class Roster {
 public:
  using Changed = std::function<void(const hall::ReportDevice&)>;
  using Now = std::function<hall::Instant()>;
  Roster(Now now, Changed changed);

  /// Adds a device; its state is `absent` until told otherwise. The id must be new.
  void add(hall::DeviceView device);
  /// A state. last_ok moves when `ok` is told and when it is left. `blocked`: there, but it cannot do its
  /// work (a printer without paper). Unknown ids are a programming error (assert).
  void tell(const hall::DeviceId& id, hall::DeviceState state, std::string_view reason, bool blocked = false);
  void detail(const hall::DeviceId& id, std::string text);
  const hall::DeviceView* find(const hall::DeviceId& id) const;
  /// In the order of adding; last_ok of what is ok is now.
  std::vector<hall::DeviceView> views() const;

 private:
  hall::DeviceView* find_mutable(const hall::DeviceId& id);
  Now now_;
  Changed changed_;
  std::vector<hall::DeviceView> devices_;
};

}  // namespace lobby::devices
