#pragma once

#include <boost/json/value.hpp>
#include <string_view>
#include <variant>

#include "daemon/feed/strict_json.hpp"

namespace lobby::feed {

/// An XML document as the value that JSON pointers lead through: `{ROOT: …}`. An element is a text when it
/// holds only text, else an object: its elements by local name (soap:Body is `Body`; several of one name are
/// a list), its attributes as `@name`, its text beside them as `#text`. xsi:nil is null, an element with
/// nothing but white space an empty text; declarations of name spaces are left out. The encoding that the
/// document declares is not looked at: `text` is UTF-8.
///
/// Refused: a document type (so nothing is defined, included or expanded but the five entities of XML and
/// numbers of characters), an attribute that stands twice, more than one root, and what is beyond the bounds
/// (`items` of one name, `keys` of one element, `values` all together).
std::variant<boost::json::value, JsonFault> parse_xml(std::string_view text, const JsonBounds& bounds = {});

}  // namespace lobby::feed
