#pragma once

#include <array>
#include <string_view>

/// The closed vocabularies of a case row.
namespace lobby::feed {

inline constexpr std::array<std::string_view, 19> status_words{
    "submitted", "pre_rejected", "received",  "correcting", "not_accepted", "accepted", "reviewing",
    "approving", "suspended",    "forwarded", "extended",   "approved",     "rejected", "finished",
    "returned",  "withdrawn",    "void",      "deemed",     "unknown"};

inline constexpr std::array<std::string_view, 4> light_words{"green", "yellow", "red", "grey"};

/// What a mapping calls the type of an applicant; a sole trader (个体工商户) is told apart only for the mask.
inline constexpr std::array<std::string_view, 4> applicant_words{"person", "org", "sole_trader", "unknown"};

inline constexpr std::array<std::string_view, 12> field_names{
    "id",    "case_no",     "query_code",   "matter_name", "dept_name", "applicant_type", "applicant_display",
    "light", "accepted_at", "due_promised", "finished_at", "updated_at"};

inline constexpr std::array<std::string_view, 4> date_fields{"accepted_at", "due_promised", "finished_at",
                                                             "updated_at"};

template <class Words>
constexpr bool is_word(const Words& words, std::string_view text) {
  for (const std::string_view word : words) {
    if (word == text) {
      return true;
    }
  }
  return false;
}

}  // namespace lobby::feed
