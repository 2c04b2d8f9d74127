#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/hall/site.hpp"

/// What both halves of the model say things with.
namespace lobby::hall::testing {

inline std::string field(const std::string& name, const std::string& value) {
  return value.empty() ? "" : " " + name + "=" + value;
}

inline std::string field(const std::string& name, std::uint64_t value) {
  return field(name, std::to_string(value));
}

inline std::vector<std::string> no(const std::string& code) {
  return {"!" + code};
}

inline std::string padded(const std::string& prefix, std::uint32_t n) {
  std::string digits = std::to_string(n);
  while (digits.size() < 3) {
    digits.insert(digits.begin(), '0');
  }
  return prefix + digits;
}

inline bool has(const auto& list, const auto& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

/// "", or why the window may not have tickets of the service.
inline std::string not_here(const Window& window, const Service& service) {
  const bool listed = has(window.services, service.id);
  if (service.kind == ServiceKind::joint) {
    return listed && has(window.joint_categories, service.joint_category) ? "" : "joint_only";
  }
  return listed && service.kind != ServiceKind::tenant ? "" : "not_served_here";
}

inline std::uint64_t seconds(std::int64_t from, std::int64_t to) {
  return to <= from ? 0 : static_cast<std::uint64_t>(to - from) / 1000;
}

inline std::string list(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) {
    text += (text.empty() ? "" : ",") + item;
  }
  return text;
}

}  // namespace lobby::hall::testing
