#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <boost/json/value.hpp>

#include "daemon/feed/mask.hpp"

/// How one kind of upstream is asked and how its answers become rows: data, read from config/mappings/*.toml
/// (every key is explained in epoint.toml there).
namespace lobby::feed {

/// RFC 6901, split and unescaped; empty: the whole value.
using Pointer = std::vector<std::string>;

struct Request {
  bool post = true;
  bool numbers_as_strings = true;  ///< of a template string that is one numeric placeholder
  boost::json::value body;         ///< template: strings may hold {token} {area} {page} {page_size} {cursor}
  std::map<std::string, std::string> query, headers;  ///< templates
};

/// All of an answer's rules must hold.
struct Success {
  Pointer at;
  std::vector<std::string> is;  ///< any of these, compared as text
};

struct AnswerShape {
  std::vector<Pointer> unwrap;  ///< values that may be a string holding JSON; in order
  std::vector<Success> success;
  std::vector<Pointer> message;            ///< what the upstream says of a failure: never passed on
  std::vector<std::string> auth_failed;    ///< a message that holds one of these is a refusal of the token
  std::vector<std::string> failure_codes;  ///< codes that may be told beside short numbers
  Pointer items;
  std::optional<Pointer> total;
  std::optional<Pointer> cursor;   ///< where the next pull goes on: an answer holds only what moved since
  std::optional<Pointer> deleted;  ///< of a row: true = the case is gone
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
using Transform = std::variant<Trim, Number, Mask, Nulls, Substring, WordMap, DateFormats>;

struct Field {
  std::vector<Pointer> from;  ///< the first that leads to a value
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

struct Mapping {
  std::string name;
  Request request;
  AnswerShape answer;
  Paging paging;
  std::map<std::string, Field> fields;  ///< by canonical name
  StatusTable status;
  std::optional<AreaFilter> area;
  MaskRules mask;
  std::string utc_offset = "+08:00";  ///< of times that carry none
};

/// Reads and checks a mapping wholly. Throws std::runtime_error `FILE:LINE:COLUMN: sentence` for the first
/// thing that is wrong.
Mapping read_mapping(const std::string& path);
/// The same for text; `path` is only named in the sentence.
Mapping parse_mapping(const std::string& text, const std::string& path);

/// nullopt: does not begin with `/`, or a stray `~`.
std::optional<Pointer> parse_pointer(std::string_view text);

}  // namespace lobby::feed
