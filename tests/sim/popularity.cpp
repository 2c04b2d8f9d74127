#include "tests/sim/popularity.hpp"

#include <algorithm>
#include <utility>

namespace lobby::sim {
namespace {

/// A tenant's tickets are the tenant's to give: no kiosk offers them.
bool can_be_chosen(const ServiceSight& service) {
  return service.open && service.kind != "tenant";
}

}  // namespace

Popularity::Popularity(const Site& site) {
  std::vector<std::pair<long, std::string>> ranks;
  for (const Counter& service : site.services) {
    const auto windows = std::count_if(site.windows.begin(), site.windows.end(), [&](const Counter& window) {
      return std::find(window.services.begin(), window.services.end(), service.id) != window.services.end();
    });
    ranks.emplace_back(-windows, service.id);
  }
  std::sort(ranks.begin(), ranks.end());
  double rank = 0;
  for (const auto& [windows, id] : ranks) {
    weights_[id] = 1 / ++rank;
  }
}

double Popularity::weight(const std::string& service) const {
  const auto found = weights_.find(service);
  return found == weights_.end() ? 1 / (static_cast<double>(weights_.size()) + 1) : found->second;
}

int Popularity::choices(const HallSight& hall) {
  return static_cast<int>(std::count_if(hall.services.begin(), hall.services.end(), can_be_chosen));
}

std::string Popularity::pick(const HallSight& hall, Random& random) const {
  double all = 0;
  for (const ServiceSight& service : hall.services) {
    all += can_be_chosen(service) ? weight(service.id) : 0;
  }
  std::string last;
  double left = between(0, all, random);
  for (const ServiceSight& service : hall.services) {
    if (!can_be_chosen(service)) {
      continue;
    }
    last = service.id;
    left -= weight(service.id);
    if (left < 0) {
      break;
    }
  }
  return last;
}

}  // namespace lobby::sim
