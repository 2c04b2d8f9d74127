#pragma once

#include <optional>
#include <vector>

#include "daemon/feed/mapping.hpp"
#include "daemon/feed/toml_section.hpp"

/// The tables of a mapping, each read wholly by one function; faults are thrown with their place.
namespace lobby::feed::parts {

Request read_request(Section section);
AnswerShape read_answer_shape(Section section);
/// [field.*], checked so that no raw name can get through.
void read_fields(Section section, Mapping& out);

/// A list of JSON pointers; empty when absent.
std::vector<Pointer> pointers(Section& section, std::string_view key);
std::optional<Pointer> optional_pointer(Section& section, std::string_view key);
Pointer required_pointer(Section& section, std::string_view key);

}  // namespace lobby::feed::parts
