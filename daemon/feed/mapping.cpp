#include "daemon/feed/mapping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "daemon/feed/canonical.hpp"
#include "daemon/feed/mapping_parts.hpp"
#include "daemon/feed/text.hpp"
#include "daemon/hall/time.hpp"

namespace lobby::feed {
namespace {

Paging read_paging(std::optional<Section> section) {
  Paging out;
  if (!section) {
    out.by_page = false;
    return out;
  }
  out.by_page = section->one_of("style", {"page", "none"}, "page") == "page";
  out.base = section->number("base", 0, 1, 0);
  out.size = section->number("size", 1, 10'000, 50);
  out.max_pages = section->number("max_pages", 1, 20'000, 400);
  section->finish();
  return out;
}

StatusTable read_status(Section section) {
  StatusTable out;
  const auto check = [&section](std::string_view key, const std::string& word) {
    if (!is_word(status_words, word)) {
      section.fail_key(
          key, fmt::format("\"{}\" is no status: use one of {}", word, fmt::join(status_words, ", ")));
    }
  };
  out.otherwise = section.text("otherwise", "unknown");
  check("otherwise", out.otherwise);
  Section words = section.required_section("words");
  out.words = words.words();
  for (const auto& [key, word] : out.words) {
    if (!is_word(status_words, word)) {
      words.fail_key(key,
                     fmt::format("\"{}\" is no status: use one of {}", word, fmt::join(status_words, ", ")));
    }
  }
  section.finish();
  return out;
}

AreaFilter read_area(Section section) {
  AreaFilter out;
  out.from = parts::pointers(section, "from");
  if (out.from.empty()) {
    section.fail(nullptr, "`area.from` is missing: list at least one JSON pointer");
  }
  out.prefix = section.one_of("match", {"prefix", "equal"}, "prefix") == "prefix";
  out.keep_missing = section.one_of("missing", {"keep", "drop"}, "keep") == "keep";
  section.finish();
  return out;
}

std::u32string short_text(Section& section, std::string_view key, std::u32string otherwise) {
  constexpr std::size_t limit = 4;
  if (!section.has(key)) {
    return otherwise;
  }
  std::u32string text = decode(section.text(key));
  if (text.empty() || text.size() > limit) {
    section.fail_key(key, fmt::format("`{}.{}` must have 1 to {} characters", section.name(), key, limit));
  }
  return text;
}

std::vector<std::u32string> word_list(Section& section, std::string_view key, std::size_t least) {
  std::vector<std::u32string> out;
  for (const std::string& word : section.texts(key)) {
    out.push_back(decode(word));
    if (out.back().size() < least) {
      section.fail_key(
          key, fmt::format("`{}.{}`: a word needs at least {} characters", section.name(), key, least));
    }
  }
  return out;
}

MaskRules read_mask(std::optional<Section> section) {
  MaskRules out;
  if (!section) {
    return out;
  }
  out.person_rest = short_text(*section, "person_rest", out.person_rest);
  out.latin_rest = short_text(*section, "latin_rest", out.latin_rest);
  out.nobody = short_text(*section, "nobody", out.nobody);
  out.withheld = short_text(*section, "withheld", out.withheld);
  out.sole_trader_in_full = section->one_of("sole_trader", {"mask", "full"}, "mask") == "full";
  out.organisation_words = word_list(*section, "organisation_words", 1);
  out.compound_surnames = word_list(*section, "compound_surnames", 2);
  section->finish();
  return out;
}

/// A placeholder that nothing fills, or a place in a list that is walked by pages, would be silent mistakes.
void check_cursor(Section& root, const Mapping& mapping) {
  const auto asks = [](std::string_view text) { return text.find("{cursor}") != std::string_view::npos; };
  const auto any = [&asks](const auto& templates) {
    return std::any_of(templates.begin(), templates.end(),
                       [&](const auto& pair) { return asks(pair.second); });
  };
  const auto& request = mapping.request;
  const bool asked = asks(boost::json::serialize(request.body)) || any(request.query) || any(request.headers);
  if (asked != mapping.answer.cursor.has_value()) {
    root.fail(root.table().at_path(asked ? "request" : "answer.cursor").node(),
              "`{cursor}` in the request and `answer.cursor` need each other");
  }
  if (asked && mapping.paging.by_page) {
    root.fail_key("paging", "`answer.cursor` needs one answer per pull: `paging.style = \"none\"`");
  }
}

Mapping read_whole(Section root) {
  Mapping out;
  constexpr std::uint32_t schema = 1;
  if (root.number("schema", schema, schema, 0) != schema) {
    root.fail(nullptr, "`schema` is missing: add `schema = 1`");
  }
  out.name = root.text("name");
  out.utc_offset = root.text("utc_offset", "+08:00");
  if (out.utc_offset == "Z" || !hall::parse_instant("2000-01-01T00:00:00" + out.utc_offset)) {
    root.fail_key("utc_offset", "`utc_offset` must look like \"+08:00\"");
  }
  out.request = parts::read_request(root.required_section("request"));
  out.answer = parts::read_answer_shape(root.required_section("answer"));
  out.paging = read_paging(root.section("paging"));
  parts::read_fields(root.required_section("field"), out);
  out.status = read_status(root.required_section("status"));
  if (auto area = root.section("area")) {
    out.area = read_area(*area);
  }
  out.mask = read_mask(root.section("mask"));
  check_cursor(root, out);
  root.finish();
  return out;
}

}  // namespace

std::optional<Pointer> parse_pointer(std::string_view text) {
  Pointer out;
  if (!text.empty() && text.front() != '/') {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '/') {
      out.emplace_back();
    } else if (text[i] != '~') {
      out.back().push_back(text[i]);
    } else if (i + 1 < text.size() && (text[i + 1] == '0' || text[i + 1] == '1')) {
      out.back().push_back(text[++i] == '0' ? '~' : '/');
    } else {
      return std::nullopt;
    }
  }
  return out;
}

Mapping parse_mapping(const std::string& text, const std::string& path) {
  try {
    const toml::table table = toml::parse(text, path);
    return read_whole(Section(path, table, ""));
  } catch (const toml::parse_error& error) {
    fail_at(path, error.source().begin, fmt::format("not TOML: {}", error.description()));
  }
}

Mapping read_mapping(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    fail_at(path, {1, 1}, fmt::format("the mapping cannot be read: {}", std::strerror(errno)));
  }
  return parse_mapping(text.str(), path);
}

}  // namespace lobby::feed
