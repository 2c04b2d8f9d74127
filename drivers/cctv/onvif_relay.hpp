#pragma once

#include <functional>
#include <memory>
#include <string>

#include "drivers/cctv/output.hpp"
#include "drivers/http/client.hpp"

namespace lobby::cctv {

struct OnvifRelaySettings {
  std::string relay{};  ///< its token at the device
  std::string device_path = "/onvif/device_service";
  /// An order and what is seen of it afterwards; then it is ordered again.
  link::Duration follows_within = std::chrono::seconds(3);
};

/// Two clients to one device, which share its login. Without `events` what was ordered is all that is known.
struct OnvifRelayWires {
  std::unique_ptr<http::Client> orders, events;
  std::shared_ptr<http::Login> login;
};

/// A lamp or a sign at a relay output of an ONVIF device. ONVIF has no question for a relay's state: it is
/// read back from the events that the device sends. `changed`: the state has.
std::unique_ptr<Output> make_onvif_relay(link::Executor& executor, OnvifRelayWires wires,
                                         OnvifRelaySettings settings, std::function<UtcTime()> utc,
                                         std::function<void()> changed);

}  // namespace lobby::cctv
