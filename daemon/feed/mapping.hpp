#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/json/value.hpp>

#include "daemon/feed/auth.hpp"
#include "daemon/feed/mask.hpp"
#include "daemon/hall/approval.hpp"

/// How one kind of upstream is asked and how its answers become rows: data, read from config/mappings/*.toml
/// (every key is explained in epoint.toml there).
namespace lobby::feed {

/// What an upstream may be asked for. `cases` become cases of the hall, everything else records.
using hall::What;

/// RFC 6901, split and unescaped; empty: the whole value.
using Pointer = std::vector<std::string>;

struct Request {
  bool post = true;
  bool numbers_as_strings = true;  ///< of a template string that is one numeric placeholder
  boost::json::value body;         ///< template: strings may hold {token} {area} {page} {page_size} {cursor}
                                   ///< {date} {days} {year}
  std::string xml;                 ///< template of an XML document, such as a SOAP envelope, in place of body
  std::map<std::string, std::string> query, headers;  ///< templates
};

/// All of an answer's rules must hold.
struct Success {
  Pointer at;
  std::vector<std::string> is;  ///< any of these, compared as text
};

struct AnswerShape {
  bool xml = false;             ///< the body is XML, read as xml.hpp says
  std::vector<Pointer> unwrap;  ///< values that may be a string holding JSON or XML; in order
  std::vector<Success> success;
  std::vector<Pointer> message;            ///< what the upstream says of a failure: never passed on
  std::vector<std::string> auth_failed;    ///< a message that holds one of these is a refusal of the token
  std::vector<std::string> failure_codes;  ///< codes that may be told beside short numbers
  Pointer items;
  std::optional<Pointer> total;
  std::optional<Pointer> cursor;       ///< where the next pull goes on: an answer holds only what moved since
  std::optional<Pointer> has_more;     ///< true: ask again with the cursor of this answer
  std::optional<Pointer> server_time;  ///< the upstream's clock: RFC 3339, or milliseconds since 1970
  std::optional<Pointer> deleted;      ///< of a row: true = it is gone
  std::vector<std::string> outdated_codes{"40910"};  ///< failing codes that mean: the cursor is too old
};

struct Paging {
  bool by_page = true;  ///< false: one answer holds everything
  std::uint32_t base = 0;
  std::uint32_t size = 50;
  std::uint32_t max_pages = 400;
};

struct Trim {};
struct Number {};  ///< the first number in the text
struct Mask {};
struct Nulls {
  std::vector<std::string> words;
};
struct Substring {
  std::uint32_t from = 0, length = 0;  ///< code points
};
struct WordMap {
  std::map<std::string, std::string> words;
  std::optional<std::string> otherwise;  ///< without it, an unlisted word stays as it is
};
struct DateFormats {
  std::vector<std::string> formats;
};
/// A text such as `承诺5个工作日` or a number; becomes `5 workday`.
struct Limit {
  std::string unit;                          ///< of a number that stands alone; empty: such a number is bad
  std::vector<Pointer> unit_from;            ///< where the unit stands when it is not in the text
  std::map<std::string, std::string> units;  ///< further words for units
};
using Transform = std::variant<Trim, Number, Mask, Nulls, Substring, WordMap, DateFormats, Limit>;

struct Field {
  std::vector<Pointer> from;  ///< the first that leads to a value: after trim and null at the beginning of
                              ///< the transforms it is not empty
  std::vector<Transform> transforms;
};

struct StatusTable {
  std::map<std::string, std::string> words;  ///< upstream word or number → canonical word
  std::string otherwise = "unknown";         ///< counted
};

struct AreaFilter {
  std::vector<Pointer> from;
  bool prefix = true;        ///< 510682 holds 510682001; false: equal
  bool keep_missing = true;  ///< rows that name no area
};

/// A list within a row.
struct SubList {
  /// The first that leads to a list, an object, or a text that holds one of them as JSON; "": the row itself.
  std::vector<Pointer> items;
  std::map<std::string, Field> fields;  ///< relative to an item
};

/// Matters whose cases are only counted: nothing of the case itself goes out.
struct Suppress {
  std::vector<std::u32string> words{U"殡葬", U"残疾", U"救助", U"婚姻", U"户籍", U"退役", U"优抚"};
  std::vector<std::string> codes;  ///< beginnings of matter codes
};

/// One list of the upstream. What its table leaves out of request, answer and paging stands at the top level.
struct Resource {
  What what = What::cases;
  std::string path;              ///< appended to the feed's url; empty: the url is the whole address
  std::uint32_t interval_s = 0;  ///< 0: as often as the site says
  Request request;
  AnswerShape answer;
  Paging paging;
  std::map<std::string, Field> fields;  ///< by canonical name
  StatusTable status;
  std::optional<AreaFilter> area;
  std::vector<Pointer> hide;     ///< names, or lists and objects of names, that no text of the row may tell
  std::optional<SubList> stops;  ///< of cases, when the clock stood: from, to
  std::optional<SubList> candidates;  ///< of notices: rank, name, price
};

struct Mapping {
  std::string name;
  std::string utc_offset = "+08:00";  ///< of times that carry none
  Auth auth;
  MaskRules mask;
  Suppress suppress;
  std::vector<Resource> resources;  ///< at least one, each `what` once
  /// nullptr: the mapping does not tell how to ask for it.
  const Resource* find(What what) const;
};

/// Reads and checks a mapping wholly. Throws std::runtime_error `FILE:LINE:COLUMN: sentence` for the first
/// thing that is wrong.
Mapping read_mapping(const std::string& path);
/// The same for text; `path` is only named in the sentence.
Mapping parse_mapping(const std::string& text, const std::string& path);

/// nullopt: does not begin with `/`, or a stray `~`.
std::optional<Pointer> parse_pointer(std::string_view text);

}  // namespace lobby::feed
