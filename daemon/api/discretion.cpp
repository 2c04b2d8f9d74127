#include "daemon/api/discretion.hpp"

#include <algorithm>

namespace lobby::api {
namespace {

constexpr std::string_view person = "applicant", check_in_code = "code";

bool sees_people(Role role) {
  return role == Role::supervisor || role == Role::admin;
}
bool sees_codes(Role role) {
  return sees_people(role) || role == Role::clerk;
}

/// Where `"name":` begins; inside a text its last quote would stand behind a backslash.
std::size_t find_member(std::string_view json, std::string_view name, std::size_t from = 0) {
  for (auto at = json.find(name, from); at != std::string_view::npos; at = json.find(name, at + 1)) {
    if (at > 0 && json[at - 1] == '"' && json.substr(at + name.size()).starts_with("\":")) {
      return at - 1;
    }
  }
  return std::string_view::npos;
}

}  // namespace

void hide_member(std::string& json, std::string_view name) {
  for (auto begin = find_member(json, name); begin != std::string::npos;
       begin = find_member(json, name, begin)) {
    auto end = begin + name.size() + 3;
    const bool text = end < json.size() && json[end] == '"';
    end = text ? json.find('"', end + 1) : json.find_first_not_of("0123456789", end);
    end = std::min(end, json.size());
    end += text && end < json.size() ? 1 : 0;
    // One of the commas around it goes with it.
    if (begin > 0 && json[begin - 1] == ',') {
      --begin;
    } else if (end < json.size() && json[end] == ',') {
      ++end;
    }
    json.erase(begin, end - begin);
  }
}

void hide_for(Role role, std::string& json) {
  if (!sees_people(role)) {
    hide_member(json, person);
  }
  if (!sees_codes(role)) {
    hide_member(json, check_in_code);
  }
}

bool hides(Role role, std::string_view json) {
  return (!sees_people(role) && find_member(json, person) != std::string_view::npos) ||
         (!sees_codes(role) && find_member(json, check_in_code) != std::string_view::npos);
}

}  // namespace lobby::api
