#include "daemon/feed/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <utility>

#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

namespace json = boost::json;

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// Walks the tree; the first thing that is not allowed ends the walk.
class Converter {
 public:
  explicit Converter(const JsonBounds& bounds) : bounds_(bounds) {}

  json::value element(pugi::xml_node node, std::size_t depth) {
    if (depth > bounds_.depth) {
      refuse("it is nested too deeply");
    }
    if (!count()) {
      return nullptr;
    }
    json::object out;
    bool is_nil = false;
    for (const pugi::xml_attribute attribute : node.attributes()) {
      is_nil = add_attribute(attribute, out) || is_nil;
    }
    std::string text;
    for (const pugi::xml_node child : node.children()) {
      if (fault_ != nullptr) {
        return nullptr;
      }
      if (child.type() == pugi::node_element) {
        add(out, local_name(child.name()), element(child, depth + 1));
      } else if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
        text += child.value();
      }
    }
    return finished(std::move(out), std::move(text), is_nil);
  }

  const char* fault() const { return fault_; }

 private:
  /// True for xsi:nil.
  bool add_attribute(pugi::xml_attribute attribute, json::object& out) {
    const std::string_view name = attribute.name();
    if (name == "xmlns" || name.starts_with("xmlns:")) {
      return false;
    }
    const std::string_view value = attribute.value();
    const std::string key = "@" + std::string(local_name(name));
    check_text(value);
    if (out.contains(key)) {
      refuse("an attribute stands twice in one element");
    } else if (count()) {
      out[key] = value;
      check_keys(out);
    }
    return key == "@nil" && (value == "true" || value == "1");
  }

  void add(json::object& out, std::string_view name, json::value value) {
    json::value* known = out.if_contains(name);
    if (known == nullptr) {
      out[name] = std::move(value);
      check_keys(out);
    } else if (json::array* list = known->if_array()) {
      list->push_back(std::move(value));
      if (list->size() > bounds_.items) {
        refuse("a list is too long");
      }
    } else {
      json::array both;
      both.push_back(std::move(*known));
      both.push_back(std::move(value));
      *known = std::move(both);
    }
  }

  json::value finished(json::object out, std::string text, bool is_nil) {
    check_text(text);
    if (is_nil && is_blank(text)) {
      return nullptr;
    }
    if (out.empty()) {
      return json::string(text);
    }
    if (!is_blank(text)) {
      out["#text"] = text;
    }
    return out;
  }

  void check_text(std::string_view text) {
    if (text.size() > bounds_.text) {
      refuse("a text is too long");
    } else if (!is_utf8(text)) {
      refuse("a number of a character that is none");
    }
  }
  void check_keys(const json::object& out) {
    if (out.size() > bounds_.keys) {
      refuse("an element holds too many different ones");
    }
  }
  bool count() {
    if (++values_ > bounds_.values) {
      refuse("there are too many values");
    }
    return fault_ == nullptr;
  }
  void refuse(const char* why) { fault_ = fault_ != nullptr ? fault_ : why; }

  const JsonBounds& bounds_;
  std::size_t values_ = 0;
  const char* fault_ = nullptr;
};

JsonFault not_allowed(std::string_view why) {
  return {fmt::format("the answer is not the XML that is allowed: {}", why)};
}

/// What can be seen before a tree is built, which takes many times the memory of its text.
std::optional<JsonFault> fault_of(std::string_view text, const JsonBounds& bounds) {
  if (text.size() > bounds.body) {
    return JsonFault{fmt::format("the answer is longer than {} bytes", bounds.body)};
  }
  const auto tags = static_cast<std::size_t>(std::count(text.begin(), text.end(), '<'));
  const auto attributes = static_cast<std::size_t>(std::count(text.begin(), text.end(), '='));
  if (tags > 2 * bounds.values + 2 || attributes > 2 * bounds.values) {
    return not_allowed("there are too many values");
  }
  return is_utf8(text) ? std::nullopt : std::optional(not_allowed("it is not UTF-8"));
}

}  // namespace

std::variant<json::value, JsonFault> parse_xml(std::string_view text, const JsonBounds& bounds) {
  if (auto fault = fault_of(text, bounds)) {
    return *std::move(fault);
  }
  pugi::xml_document document;
  const auto result = document.load_buffer(text.data(), text.size(),
                                           pugi::parse_default | pugi::parse_doctype, pugi::encoding_utf8);
  if (result.status == pugi::status_out_of_memory) {
    return not_allowed("it needs more memory than there is");
  }
  if (!result) {
    return not_allowed(result.status == pugi::status_no_document_element ? "it holds no element"
                                                                         : "it is malformed");
  }
  pugi::xml_node root;
  for (const pugi::xml_node node : document.children()) {
    if (node.type() == pugi::node_doctype) {
      return not_allowed("it has a document type");
    }
    if (node.type() == pugi::node_element && root) {
      return not_allowed("it has more than one root");
    }
    root = node.type() == pugi::node_element ? node : root;
  }
  Converter converter(bounds);
  json::value value = converter.element(root, 1);
  if (converter.fault() != nullptr) {
    return not_allowed(converter.fault());
  }
  return json::object{{local_name(root.name()), std::move(value)}};
}

}  // namespace lobby::feed
