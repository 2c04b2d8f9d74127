#include "daemon/api/tries.hpp"

#include <algorithm>

namespace lobby::api {

int Tries::count(const std::string& who, Options::MonoTime now) {
  auto it = wrong_.find(who);
  if (it == wrong_.end()) {
    if (wrong_.size() >= most_who) {
      wrong_.erase(std::min_element(wrong_.begin(), wrong_.end(), [](const auto& a, const auto& b) {
        return a.second.back() < b.second.back();
      }));
    }
    it = wrong_.emplace(who, std::deque<Options::MonoTime>()).first;
  }
  auto& wrong = it->second;
  // While a lock holds, the tries that made it stay.
  const bool locked = limit_.from_last && wrong.size() >= limit_.most && now - wrong.back() < limit_.span;
  while (!locked && !wrong.empty() && now - wrong.front() >= limit_.span) {
    wrong.pop_front();
  }
  if (wrong.size() >= limit_.most) {
    const auto since = limit_.from_last ? wrong.back() : wrong.front();
    const auto wait = std::chrono::ceil<std::chrono::seconds>(since + limit_.span - now);
    return static_cast<int>(std::max<std::int64_t>(1, wait.count()));
  }
  wrong.push_back(now);
  return 0;
}

void Tries::forgive(const std::string& who) {
  const auto it = wrong_.find(who);
  if (it == wrong_.end()) {
    return;
  }
  it->second.pop_back();
  if (it->second.empty()) {
    wrong_.erase(it);
  }
}

}  // namespace lobby::api
