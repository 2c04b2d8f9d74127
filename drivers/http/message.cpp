#include "drivers/http/message.hpp"

#include <algorithm>

namespace lobby::http {

bool is_same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view Answer::field(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const Field& one) { return is_same_name(one.first, name); });
  return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace lobby::http
