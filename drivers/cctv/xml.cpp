#include "drivers/cctv/xml.hpp"

#include <algorithm>
#include <charconv>

namespace lobby::cctv {
namespace {

std::string_view behind_colon(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

/// Without recursion: what stands in the document may be nested as it likes.
bool is_flat_enough(pugi::xml_node root) {
  int depth = 1;
  for (pugi::xml_node node = root; node;) {
    if (node.first_child()) {
      node = node.first_child();
      if (++depth > Xml::deepest) {
        return false;
      }
      continue;
    }
    while (node && node != root && !node.next_sibling()) {
      node = node.parent();
      --depth;
    }
    node = node == root ? pugi::xml_node() : node.next_sibling();
  }
  return true;
}

}  // namespace

std::optional<Xml> Xml::parse(std::string_view text) {
  if (static_cast<std::size_t>(std::count(text.begin(), text.end(), '<')) > most_marks ||
      static_cast<std::size_t>(std::count(text.begin(), text.end(), '=')) > most_marks) {
    return std::nullopt;
  }
  auto document = std::make_unique<pugi::xml_document>();
  const auto result = document->load_buffer(text.data(), text.size(),
                                            pugi::parse_default | pugi::parse_doctype, pugi::encoding_utf8);
  if (!result) {
    return std::nullopt;
  }
  int roots = 0;
  for (const pugi::xml_node node : document->children()) {
    if (node.type() == pugi::node_doctype) {
      return std::nullopt;
    }
    roots += node.type() == pugi::node_element ? 1 : 0;
  }
  if (roots != 1 || !is_flat_enough(document->document_element())) {
    return std::nullopt;
  }
  return Xml(std::move(document));
}

std::string_view local_name(pugi::xml_node node) {
  return behind_colon(node.name());
}

pugi::xml_node child(pugi::xml_node node, std::string_view path) {
  while (node && !path.empty()) {
    const auto slash = path.find('/');
    const auto name = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    pugi::xml_node next = node.first_child();
    while (next && local_name(next) != name) {
      next = next.next_sibling();
    }
    node = next;
  }
  return node;
}

std::vector<pugi::xml_node> children(pugi::xml_node node, std::string_view name) {
  std::vector<pugi::xml_node> out;
  for (const pugi::xml_node one : node.children()) {
    if (local_name(one) == name) {
      out.push_back(one);
    }
  }
  return out;
}

pugi::xml_node descendant(pugi::xml_node node, std::string_view name) {
  return node.find_node([&](pugi::xml_node one) { return local_name(one) == name; });
}

std::string_view text_of(pugi::xml_node node) {
  std::string_view text = node.text().get();
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string_view attribute(pugi::xml_node node, std::string_view name) {
  for (const pugi::xml_attribute one : node.attributes()) {
    if (behind_colon(one.name()) == name) {
      return one.value();
    }
  }
  return {};
}

std::optional<int> whole_number(std::string_view text) {
  int out = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
  return ec == std::errc() && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

}  // namespace lobby::cctv
