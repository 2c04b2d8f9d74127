#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// JSON with exact complaints: a file, and its values with the places where they stand. Everything that is
/// wrong is thrown as SiteError, one sentence with a position.
namespace lobby::app {

struct JsonNode {
  const boost::json::value* value = nullptr;
  std::size_t at = 0;  ///< of its first byte in the file
};

struct JsonMember {
  std::string key;
  std::size_t key_at = 0;
  JsonNode node;  ///< without a value when the key is written with escapes: nobody knows such a key
};

/// One parsed file, which its nodes point into.
class JsonFile {
 public:
  static constexpr std::size_t max_bytes = 256 * 1024;
  static constexpr std::size_t max_depth = 8;
  JsonFile(std::string text, std::string name);
  static JsonFile read(const std::string& path);

  JsonNode root() const;
  const std::string& name() const { return name_; }
  /// The members of an object, in the order of the file; refuses a key that stands twice.
  std::vector<JsonMember> members(JsonNode object) const;
  /// The elements of a list, in order.
  std::vector<JsonNode> elements(JsonNode list) const;
  [[noreturn]] void fail(std::size_t at, std::string_view sentence) const;

 private:
  std::string text_;
  std::string name_;
  boost::json::value root_;
};

}  // namespace lobby::app
