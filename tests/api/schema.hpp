#pragma once

#include <yaml-cpp/yaml.h>

#include <boost/json.hpp>
#include <string>
#include <vector>

namespace lobby::fakes {

/// Holds JSON against the schemas of an OpenAPI file: type, enum, const bounds, pattern, required,
/// properties, items, $ref. Stricter than the standard: a member that no `properties` names is a fault.
class Schemas {
 public:
  explicit Schemas(YAML::Node document) : document_(std::move(document)) {}
  /// One sentence per fault; none when the value fits.
  std::vector<std::string> faults(const boost::json::value& value, const YAML::Node& schema) const;
  /// Follows $ref.
  YAML::Node resolve(const YAML::Node& schema) const;

 private:
  void check(const boost::json::value& value, const YAML::Node& schema, const std::string& where,
             std::vector<std::string>& faults) const;
  void check_object(const boost::json::object& object, const YAML::Node& schema, const std::string& where,
                    std::vector<std::string>& faults) const;
  YAML::Node document_;
};

}  // namespace lobby::fakes
