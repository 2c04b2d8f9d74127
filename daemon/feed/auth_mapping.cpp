#include "daemon/feed/auth_mapping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "daemon/feed/mapping_parts.hpp"

namespace lobby::feed {
namespace {

struct KindWord {
  std::string_view word;
  Auth::Kind kind;
};
constexpr std::array<KindWord, 7> kinds{{{"token", Auth::Kind::token},
                                         {"none", Auth::Kind::none},
                                         {"header", Auth::Kind::header},
                                         {"bearer", Auth::Kind::bearer},
                                         {"hmac-sha256", Auth::Kind::hmac_sha256},
                                         {"hmac-sm3", Auth::Kind::hmac_sm3},
                                         {"sorted-md5", Auth::Kind::sorted_md5}}};

Auth::Kind read_kind(Section& section) {
  std::vector<std::string> words;
  words.reserve(kinds.size());
  for (const KindWord& known : kinds) {
    words.emplace_back(known.word);
  }
  const std::string word = section.one_of("kind", words, "token");
  return std::find_if(kinds.begin(), kinds.end(), [&word](const KindWord& k) { return k.word == word; })
      ->kind;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

void read_name(Section& section, std::string_view key, std::string& value, bool may_be_empty = false) {
  value = section.text(key, value);
  if (!is_name(value) && !(may_be_empty && value.empty())) {
    section.fail_key(key, fmt::format("`{}` must be letters, digits, - and _", section.path_of(key)));
  }
}

/// Only the placeholders that are filled here, and nothing that would end a header.
void check_pattern(const Section& section, std::string_view key, std::string_view pattern,
                   const std::vector<std::string_view>& words) {
  if (std::any_of(pattern.begin(), pattern.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20; })) {
    section.fail_key(key, fmt::format("`{}` may not hold control characters", section.path_of(key)));
  }
  for (std::size_t open = pattern.find('{'); open != std::string_view::npos;
       open = pattern.find('{', open + 1)) {
    const std::size_t close = std::min(pattern.find('}', open), pattern.size());
    const std::string_view word = pattern.substr(open + 1, close - open - 1);
    if (close == pattern.size() || std::find(words.begin(), words.end(), word) == words.end()) {
      section.fail_key(key, fmt::format("unknown placeholder `{{{}}}`: `{}` may hold {{{}}}", word,
                                        section.path_of(key), fmt::join(words, "}, {")));
    }
  }
}

std::map<std::string, std::string> read_patterns(Section& section, std::string_view key,
                                                 const std::vector<std::string_view>& words) {
  auto inner = section.section(key);
  if (!inner) {
    return {};
  }
  auto out = inner->words();
  for (const auto& [name, pattern] : out) {
    check_pattern(*inner, name, pattern, words);
  }
  return out;
}

Login read_login_table(Section section) {
  Login out;
  out.path = section.text("path");
  const bool visible =
      std::all_of(out.path.begin(), out.path.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  if (!out.path.starts_with('/') || !visible || out.path.find_first_of("#{}\"<>\\^`|") != std::string::npos) {
    section.fail_key("path", "`auth.login.path` must look like \"/oauth/token\"");
  }
  out.form = section.one_of("send", {"form", "json"}, "form") == "form";
  out.fields = read_patterns(section, "fields", {"app_id", "token"});
  if (out.fields.empty()) {
    section.fail(nullptr, "`auth.login.fields` is missing: say what the login sends");
  }
  out.token = parts::required_pointer(section, "token");
  out.expires_in = parts::optional_pointer(section, "expires_in").value_or(Pointer{});
  constexpr std::uint32_t least_s = 30;
  constexpr std::uint32_t most_s = 30 * 86'400;
  out.lifetime_s = section.number("lifetime_s", least_s, most_s, out.lifetime_s);
  section.finish();
  return out;
}

void read_sorted(Section& section, Auth& out) {
  out.query = read_patterns(section, "query", {"app_id", "ts", "ts_s", "nonce"});
  read_name(section, "sign", out.sign);
  read_name(section, "key", out.key);
  out.upper = section.one_of("digits", {"upper", "lower"}, "upper") == "upper";
  out.skip_empty = section.flag("skip_empty", out.skip_empty);
}

}  // namespace

Auth read_auth(Section section) {
  Auth out;
  out.kind = read_kind(section);
  if (out.kind == Auth::Kind::header || out.kind == Auth::Kind::bearer) {
    read_name(section, "name", out.name, out.kind == Auth::Kind::bearer);
    out.value = section.text("value", out.value);
    check_pattern(section, "value", out.value, {"token"});
  }
  if (out.kind == Auth::Kind::bearer) {
    out.login = read_login_table(section.required_section("login"));
  }
  if (out.kind == Auth::Kind::sorted_md5) {
    read_sorted(section, out);
  }
  section.finish();
  return out;
}

}  // namespace lobby::feed
