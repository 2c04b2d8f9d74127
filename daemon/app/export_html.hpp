#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string>
#include <string_view>

/// Parts of a plain page: no scripts, no pictures, nothing from elsewhere; for a phone, a printer and a
/// screen reader alike.
namespace lobby::app::html {

/// A text as it may stand between tags and in attributes. What cannot be seen is left out.
std::string escaped(std::string_view text);

/// The text of a member, a number as text; empty when it is missing, null or something else.
std::string text_at(const boost::json::object& object, std::string_view key);
/// A moment as people write it, `2026-03-16 09:05`; a mere date, or what is no time, as it is.
std::string when_at(const boost::json::object& object, std::string_view key);
/// A link of that text to an address of the web; only the text when it is none.
std::string link(std::string_view address, std::string_view text);

/// A table that a narrow screen shows as one block for each row.
struct Column {
  std::string_view label;
  std::string_view key;
  /// What stands in the cell, escaped, of a row and the key.
  std::string (*cell)(const boost::json::object& row, std::string_view key);
};
std::string plain(const boost::json::object& row, std::string_view key);
std::string when(const boost::json::object& row, std::string_view key);
/// `none`: what is said instead of an empty table.
std::string table(std::string_view caption, std::span<const Column> columns, const boost::json::array& rows,
                  std::string_view none);
/// The list of that name; an empty one when there is none.
const boost::json::array& list_at(const boost::json::object& object, std::string_view key);

/// The whole page around `body`.
struct Frame {
  std::string_view hall;     ///< name of the hall
  std::string_view title;    ///< of this page
  std::string_view file;     ///< its own name: marked among the links
  std::string_view version;  ///< of the data
  std::string published_at;  ///< as people write it
  std::string as_of;         ///< the same; empty: there is none
  bool stale = false;        ///< what is shown is older than it should be
};
std::string page(const Frame& frame, std::string_view body);

}  // namespace lobby::app::html
