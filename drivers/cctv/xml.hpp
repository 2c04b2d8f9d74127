#pragma once

#include <memory>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace lobby::cctv {

/// A document as devices write it: elements by their local names, whatever the name space, which differs from
/// one firmware to the next. A document type is refused, so nothing is defined, included or expanded but the
/// five entities of XML and numbers of characters; so are more than `most_marks` tags and a depth beyond
/// `deepest`.
class Xml {
 public:
  static constexpr std::size_t most_marks = 20'000;
  static constexpr int deepest = 32;

  static std::optional<Xml> parse(std::string_view text);

  pugi::xml_node root() const { return document_->document_element(); }

 private:
  explicit Xml(std::unique_ptr<pugi::xml_document> document) : document_(std::move(document)) {}
  std::unique_ptr<pugi::xml_document> document_;
};

std::string_view local_name(pugi::xml_node node);
/// The first child of this name, and so on down the path `A/B/C`; empty when there is none.
pugi::xml_node child(pugi::xml_node node, std::string_view path);
std::vector<pugi::xml_node> children(pugi::xml_node node, std::string_view name);
/// The first element of this name at any depth, in the document's order.
pugi::xml_node descendant(pugi::xml_node node, std::string_view name);
/// What a node holds, without the white space around it.
std::string_view text_of(pugi::xml_node node);
std::string_view attribute(pugi::xml_node node, std::string_view name);
std::optional<int> whole_number(std::string_view text);

}  // namespace lobby::cctv
