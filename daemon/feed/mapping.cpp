#include "daemon/feed/mapping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "daemon/feed/auth_mapping.hpp"
#include "daemon/feed/canonical.hpp"
#include "daemon/feed/mapping_parts.hpp"
#include "daemon/hall/time.hpp"

namespace lobby::feed {
namespace {

Paging read_paging(std::optional<Section> section, const Paging& base) {
  Paging out = base;
  if (!section) {
    return out;
  }
  out.by_page = section->one_of("style", {"page", "none"}, "page") == "page";
  out.base = section->number("base", 0, 1, base.base);
  out.size = section->number("size", 1, 10'000, base.size);
  out.max_pages = section->number("max_pages", 1, 20'000, base.max_pages);
  section->finish();
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

/// A placeholder that nothing fills, or a place in a list that is walked by pages, would be silent mistakes.
void check_cursor(const Section& section, const Resource& resource) {
  const auto place = [&section](const char* path) { return section.table().at_path(path).node(); };
  const bool asked = parts::asks_for_cursor(resource.request);
  const bool told = resource.answer.cursor.has_value();
  if (asked != told) {
    section.fail(place(asked ? "request" : "answer.cursor"),
                 "`{cursor}` in the request and `answer.cursor` need each other");
  }
  if (told && resource.paging.by_page) {
    section.fail(place("paging"), "`answer.cursor` needs one answer per pull: `paging.style = \"none\"`");
  }
  if (!told && resource.answer.has_more) {
    section.fail(place("answer.has_more"), "`answer.has_more` needs `answer.cursor`");
  }
}

/// What the top level says for every resource.
struct Common {
  Request request;
  AnswerShape answer;
  Paging paging{.by_page = false};
  bool has_items = false;
};

Common read_common(Section& section, Common base) {
  Common out = std::move(base);
  if (auto request = section.section("request")) {
    out.request = parts::read_request(*request, std::move(out.request));
  }
  if (auto answer = section.section("answer")) {
    out.has_items = out.has_items || answer->has("items");
    out.answer = parts::read_answer_shape(*answer, std::move(out.answer));
  }
  out.paging = read_paging(section.section("paging"), out.paging);
  return out;
}

/// The table of one list; for cases it is the mapping itself.
Resource read_resource(Section& section, What what, Common common) {
  constexpr std::uint32_t longest_interval_s = 86'400;
  Resource out;
  out.what = what;
  out.path = parts::read_path(section);
  out.interval_s = section.number("interval_s", 1, longest_interval_s, 0);
  if (!common.has_items) {
    section.fail(nullptr,
                 fmt::format("`{}` is missing: add a JSON pointer", section.path_of("answer.items")));
  }
  out.request = std::move(common.request);
  out.answer = std::move(common.answer);
  out.paging = common.paging;
  parts::read_fields(section, out);
  if (auto area = section.section("area")) {
    out.area = read_area(*area);
  }
  check_cursor(section, out);
  return out;
}

/// A cursor that is inherited by a list that is asked for without one.
void drop_unused_cursor(const Section& section, Common& common) {
  if (!parts::asks_for_cursor(common.request) && section.table().at_path("answer.cursor").node() == nullptr) {
    common.answer.cursor.reset();
    common.answer.has_more.reset();
  }
}

std::vector<Resource> read_resources(Section& root) {
  std::vector<Resource> out;
  const Common common = read_common(root, {});
  if (root.has("field")) {
    out.push_back(read_resource(root, What::cases, common));
  }
  for (std::size_t i = 1; i < hall::what_words.size(); ++i) {
    const auto what = static_cast<What>(i);
    if (auto section = root.section(hall::word_of(what))) {
      Common own = read_common(*section, common);
      drop_unused_cursor(*section, own);
      out.push_back(read_resource(*section, what, std::move(own)));
      section->finish();
    }
  }
  if (out.empty()) {
    root.fail(nullptr, "the table [field] is missing: add it");
  }
  return out;
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
  out.resources = read_resources(root);
  if (auto auth = root.section("auth")) {
    out.auth = read_auth(*std::move(auth));
  }
  out.mask = parts::read_mask(root.section("mask"));
  out.suppress = parts::read_suppress(root.section("suppress"));
  root.finish();
  return out;
}

}  // namespace

const Resource* Mapping::find(What what) const {
  const auto found = std::find_if(resources.begin(), resources.end(),
                                  [what](const Resource& resource) { return resource.what == what; });
  return found == resources.end() ? nullptr : &*found;
}

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
