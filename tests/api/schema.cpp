#include "tests/api/schema.hpp"

#include <algorithm>
#include <regex>
#include <set>

namespace lobby::fakes {
namespace {

namespace json = boost::json;

bool is_of(const json::value& value, const std::string& type) {
  return (type == "string" && value.is_string()) || (type == "boolean" && value.is_bool()) ||
         (type == "integer" && (value.is_int64() || value.is_uint64())) ||
         (type == "number" && value.is_number()) || (type == "array" && value.is_array()) ||
         (type == "object" && value.is_object()) || (type == "null" && value.is_null());
}

bool fits_type(const json::value& value, const YAML::Node& type) {
  if (!type) {
    return true;
  }
  if (type.IsScalar()) {
    return is_of(value, type.as<std::string>());
  }
  return std::any_of(type.begin(), type.end(), [&](const YAML::Node& one) {
    return is_of(value, one.IsNull() ? "null" : one.as<std::string>());
  });
}

bool is_one_of(const json::value& value, const YAML::Node& words) {
  return std::any_of(words.begin(), words.end(), [&](const YAML::Node& word) {
    return word.IsNull() ? value.is_null() : value.is_string() && value.as_string() == word.as<std::string>();
  });
}

}  // namespace

YAML::Node Schemas::resolve(const YAML::Node& schema) const {
  if (!schema.IsMap() || !schema["$ref"]) {
    return schema;
  }
  const auto reference = schema["$ref"].as<std::string>();  // #/components/KIND/NAME
  const auto name = reference.rfind('/');
  const auto kind = reference.rfind('/', name - 1);
  return document_["components"][reference.substr(kind + 1, name - kind - 1)][reference.substr(name + 1)];
}

std::vector<std::string> Schemas::faults(const json::value& value, const YAML::Node& schema) const {
  std::vector<std::string> faults;
  check(value, schema, "$", faults);
  return faults;
}

void Schemas::check(const json::value& value, const YAML::Node& given, const std::string& where,
                    std::vector<std::string>& faults) const {
  const YAML::Node schema = resolve(given);
  if (!schema.IsMap()) {
    faults.push_back(where + ": there is no such schema");
    return;
  }
  if (!fits_type(value, schema["type"])) {
    faults.push_back(where + ": wrong type: " + json::serialize(value));
    return;
  }
  if (schema["enum"] && !is_one_of(value, schema["enum"])) {
    faults.push_back(where + ": not one of the words: " + json::serialize(value));
  }
  if (schema["minimum"] && value.is_number() && value.to_number<double>() < schema["minimum"].as<double>()) {
    faults.push_back(where + ": too small");
  }
  if (schema["pattern"] && value.is_string() &&
      !std::regex_search(std::string(value.as_string()), std::regex(schema["pattern"].as<std::string>()))) {
    faults.push_back(where + ": not of the pattern: " + json::serialize(value));
  }
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.as_array().size(); ++i) {
      check(value.as_array()[i], schema["items"], where + "[" + std::to_string(i) + "]", faults);
    }
  }
  if (value.is_object()) {
    check_object(value.as_object(), schema, where, faults);
  }
}

void Schemas::check_object(const json::object& object, const YAML::Node& schema, const std::string& where,
                           std::vector<std::string>& faults) const {
  for (const auto& name : schema["required"]) {
    if (!object.contains(name.as<std::string>())) {
      faults.push_back(where + ": `" + name.as<std::string>() + "` is missing");
    }
  }
  for (const auto& [key, member] : object) {
    const std::string name(key);
    const auto property =
        schema["properties"] ? schema["properties"][name] : YAML::Node(YAML::NodeType::Undefined);
    const bool is_open = schema["additionalProperties"] && schema["additionalProperties"].IsScalar() &&
                         schema["additionalProperties"].as<std::string>() == "true";
    if (!property && is_open) {
      continue;
    }
    if (!property) {
      faults.push_back(where + ": `" + name + "` is not documented");
    } else {
      check(member, property, where + "." + name, faults);
    }
  }
}

}  // namespace lobby::fakes
