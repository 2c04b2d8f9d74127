#include "daemon/devices/roster.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace lobby::devices {

Roster::Roster(Now now, Changed changed) : now_(std::move(now)), changed_(std::move(changed)) {}

void Roster::add(hall::DeviceView device) {
  assert(find(device.id) == nullptr);
  device.since = now_();
  devices_.push_back(std::move(device));
  const auto& added = devices_.back();
  changed_({added.id, added.kind, added.state, added.reason});
}

void Roster::tell(const hall::DeviceId& id, hall::DeviceState state, std::string_view reason, bool blocked) {
  auto* device = find_mutable(id);
  assert(device != nullptr);
  if (state == hall::DeviceState::ok || device->state == hall::DeviceState::ok) {
    device->last_ok = now_();  // an adapter tells a change only: until this moment it was ok
  }
  if (device->state == state && device->reason == reason && device->blocked == blocked) {
    return;
  }
  if (device->state != state) {
    device->since = now_();
  }
  device->state = state;
  device->reason = reason;
  device->blocked = blocked;
  changed_({device->id, device->kind, device->state, device->reason, device->blocked});
}

void Roster::detail(const hall::DeviceId& id, std::string text) {
  auto* device = find_mutable(id);
  assert(device != nullptr);
  device->detail = std::move(text);
}

const hall::DeviceView* Roster::find(const hall::DeviceId& id) const {
  const auto found = std::find_if(devices_.begin(), devices_.end(),
                                  [&](const hall::DeviceView& device) { return device.id == id; });
  return found == devices_.end() ? nullptr : &*found;
}

std::vector<hall::DeviceView> Roster::views() const {
  auto views = devices_;
  for (auto& view : views) {
    if (view.state == hall::DeviceState::ok) {
      view.last_ok = now_();
    }
  }
  return views;
}

hall::DeviceView* Roster::find_mutable(const hall::DeviceId& id) {
  return const_cast<hall::DeviceView*>(std::as_const(*this).find(id));
}

}  // namespace lobby::devices
