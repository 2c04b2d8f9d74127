#include <algorithm>
#include <limits>

#include "daemon/hall/deciding.hpp"

namespace lobby::hall::deciding {

double pressure(const Asked& asked, const ServiceId& id) {
  const ServiceState* queue = asked.state.find(id);
  const Service* service = asked.site.find(id);
  if (service == nullptr) {
    return std::numeric_limits<double>::infinity();
  }
  const auto open =
      std::count_if(asked.state.windows.begin(), asked.state.windows.end(), [&](const WindowRecord& record) {
        const bool works = record.state != WindowState::closed && record.state != WindowState::paused;
        const Window* window = works ? asked.site.find(record.id) : nullptr;
        return window != nullptr && serves(*window, *service);
      });
  const std::size_t waiting = queue == nullptr ? 0 : queue->waiting();
  // Nobody works there: behind every queue that moves.
  return open == 0 ? 1e9 + static_cast<double>(waiting)
                   : static_cast<double>(waiting) / static_cast<double>(open);
}

const ServiceId* shortest(const Asked& asked, const std::vector<ServiceId>& steps) {
  const auto best = std::min_element(steps.begin(), steps.end(), [&](const ServiceId& a, const ServiceId& b) {
    return pressure(asked, a) < pressure(asked, b);
  });
  return best == steps.end() ? nullptr : &*best;
}

}  // namespace lobby::hall::deciding
