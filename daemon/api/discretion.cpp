#include "daemon/api/discretion.hpp"

#include <algorithm>

namespace lobby::api {
namespace {

/// Which project is evaluated in which room is nobody's business at a window or a kiosk.
constexpr std::string_view project_words[] = {"project_no", "project_name"};
constexpr std::string_view person = "applicant", check_in_code = "code", draft_words = "text";

bool sees_people(Role role) {
  return role == Role::supervisor || role == Role::admin;
}
bool sees_codes(Role role) {
  return sees_people(role) || role == Role::clerk;
}

bool sees_projects(Role role) {
  return sees_people(role) || role == Role::evaluator || role == Role::screen;
}

/// What nobody has approved yet stands in these.
bool holds_drafts(std::string_view json) {
  return json.find(R"("type":"TextDrafted")") != std::string_view::npos ||
         json.find(R"("type":"DayOpened")") != std::string_view::npos;
}

/// The quote that ends the text which begins at `from`.
std::size_t end_of_text(std::string_view json, std::size_t from) {
  for (auto at = from; at < json.size(); ++at) {
    if (json[at] == '"') {
      return at;
    }
    at += json[at] == '\\' ? 1 : 0;
  }
  return std::string_view::npos;
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
    end = text ? end_of_text(json, end + 1) : json.find_first_not_of("0123456789", end);
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
    if (holds_drafts(json)) {
      hide_member(json, draft_words);
    }
  }
  if (!sees_codes(role)) {
    hide_member(json, check_in_code);
  }
  if (!sees_projects(role)) {
    for (const auto word : project_words) {
      hide_member(json, word);
    }
  }
}

bool hides(Role role, std::string_view json) {
  const auto has = [json](std::string_view name) {
    return find_member(json, name) != std::string_view::npos;
  };
  return (!sees_people(role) && (has(person) || (holds_drafts(json) && has(draft_words)))) ||
         (!sees_codes(role) && has(check_in_code)) || (!sees_projects(role) && has(project_words[0]));
}

}  // namespace lobby::api
