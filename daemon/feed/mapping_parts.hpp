#pragma once

#include <optional>
#include <vector>

#include "daemon/feed/mapping.hpp"
#include "daemon/feed/toml_section.hpp"

/// The tables of a mapping, each read wholly by one function; faults are thrown with their place.
namespace lobby::feed::parts {

/// What a table leaves out stays as `base` has it.
Request read_request(Section section, Request base);
AnswerShape read_answer_shape(Section section, AnswerShape base);
/// Of a GET or POST: begins with `/`, or empty; placeholders are checked.
std::string read_path(Section& section);
/// Does a template of it hold {cursor}?
bool asks_for_cursor(const Request& request);
/// The tables field and status, checked so that no raw name can get through.
void read_fields(Section& section, Resource& out);
MaskRules read_mask(std::optional<Section> section);
Suppress read_suppress(std::optional<Section> section);

/// Evaluation experts are secret until the result (招标投标法 37): no key of an upstream that names them is
/// read, and no field is called after them.
bool is_of_experts(std::string_view text);
inline constexpr const char* experts_sentence =
    "evaluation experts are never read: remove what names them (expert, 专家, 评委)";

/// A list of JSON pointers; empty when absent.
std::vector<Pointer> pointers(Section& section, std::string_view key);
std::optional<Pointer> optional_pointer(Section& section, std::string_view key);
Pointer required_pointer(Section& section, std::string_view key);

}  // namespace lobby::feed::parts
