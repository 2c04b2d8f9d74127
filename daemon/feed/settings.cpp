#include "daemon/feed/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/feed/strict_json.hpp"
#include "daemon/feed/url.hpp"

namespace lobby::feed {
namespace {

namespace json = boost::json;

std::string text_of(const json::value& value) {
  return {value.get_string().data(), value.get_string().size()};
}

/// Takes known keys out of the object; what stays is unknown.
class Line {
 public:
  explicit Line(json::object object) : object_(std::move(object)) {}

  void text(const char* key, std::string& out, std::size_t longest = 4096) {
    const json::value* value = object_.if_contains(key);
    if (value == nullptr) {
      return;
    }
    if (!value->is_string() || value->get_string().size() > longest || has_controls(text_of(*value))) {
      return complain(key);
    }
    out = text_of(*value);
    object_.erase(key);
  }
  void number(const char* key, std::uint32_t& out, std::int64_t most) {
    const json::value* value = object_.if_contains(key);
    if (value == nullptr) {
      return;
    }
    if (!value->is_int64() || value->get_int64() < 1 || value->get_int64() > most) {
      return complain(key);
    }
    out = static_cast<std::uint32_t>(value->get_int64());
    object_.erase(key);
  }
  void milliseconds(const char* key, std::optional<std::int64_t>& out) {
    constexpr std::int64_t most = 100'000'000'000'000;  // beyond year 5000
    const json::value* value = object_.if_contains(key);
    if (value == nullptr) {
      return;
    }
    if (!value->is_int64() || value->get_int64() < -most || value->get_int64() > most) {
      return complain(key);
    }
    out = value->get_int64();
    object_.erase(key);
  }
  void flag(const char* key, bool& out) {
    const json::value* value = object_.if_contains(key);
    if (value == nullptr) {
      return;
    }
    if (!value->is_bool()) {
      return complain(key);
    }
    out = value->get_bool();
    object_.erase(key);
  }
  void mode(Settings::Mode& out) {
    std::string word = "pull";
    text("mode", word);
    out = word == "push"   ? Settings::Mode::push
          : word == "test" ? Settings::Mode::test
                           : Settings::Mode::pull;
    if (word != "pull" && word != "push" && word != "test") {
      complain("mode");
    }
  }
  void resources(std::vector<What>& out) {
    const json::value* value = object_.if_contains("resources");
    if (value == nullptr) {
      return;
    }
    if (!value->is_array()) {
      return complain("resources");
    }
    for (const json::value& word : value->get_array()) {
      const auto what = word.is_string() ? hall::what_of(text_of(word)) : std::nullopt;
      if (!what || std::find(out.begin(), out.end(), *what) != out.end()) {
        return complain("resources");
      }
      out.push_back(*what);
    }
    object_.erase("resources");
  }
  void cursors(std::map<What, std::string>& out) {
    constexpr std::size_t longest = 512;
    const json::value* value = object_.if_contains("cursors");
    if (value == nullptr) {
      return;
    }
    if (!value->is_object()) {
      return complain("cursors");
    }
    for (const auto& [key, cursor] : value->get_object()) {
      const auto what = hall::what_of({key.data(), key.size()});
      if (!what || !cursor.is_string() || cursor.get_string().size() > longest) {
        return complain("cursors");
      }
      out[*what] = text_of(cursor);
    }
    object_.erase("cursors");
  }
  std::string fault() const {
    if (!fault_.empty() || object_.empty()) {
      return fault_;
    }
    return fmt::format("unknown key `{}` in the settings", std::string_view(object_.begin()->key()));
  }

 private:
  static bool has_controls(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  }
  void complain(const char* key) {
    if (fault_.empty()) {
      fault_ = fmt::format("`{}` in the settings is wrong", key);
    }
  }
  json::object object_;
  std::string fault_;
};

void read_keys(Line& keys, Settings& out) {
  constexpr std::size_t longest_code = 64;
  constexpr std::size_t longest_key = 256;
  constexpr std::int64_t day_s = 86'400;
  constexpr std::int64_t most_age_s = 7 * day_s;
  constexpr std::int64_t most_days = 366;
  keys.mode(out.mode);
  keys.text("feed", out.feed);
  keys.text("url", out.url);
  keys.text("drop_dir", out.drop_dir);
  keys.text("answer_file", out.answer_file);
  keys.text("mapping", out.mapping);
  keys.text("area_code", out.area_code, longest_code);
  keys.text("token_file", out.token_file);
  keys.text("app_id", out.app_id, longest_code);
  keys.text("auth", out.auth, longest_code);
  keys.text("auth_header", out.auth_header, longest_code);
  keys.text("ca_file", out.ca_file);
  keys.text("client_cert_file", out.client_cert_file);
  keys.text("client_key_file", out.client_key_file);
  keys.flag("allow_insecure", out.allow_insecure);
  keys.text("bind", out.bind, longest_code);
  keys.text("proxy", out.proxy);
  keys.text("proxy_file", out.proxy_file);
  keys.resources(out.resources);
  keys.cursors(out.cursors);
  keys.text("applicant_key", out.applicant_key, longest_key);
  keys.text("spool_dir", out.spool_dir);
  keys.milliseconds("trial_clock_ms", out.trial_clock_ms);
  keys.number("interval_s", out.interval_s, day_s);
  keys.number("total_s", out.total_s, day_s);
  keys.number("max_age_s", out.max_age_s, most_age_s);
  keys.number("days", out.days, most_days);
}

bool all_of_set(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [others](char c) {
    const bool letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || others.find(c) != std::string_view::npos;
  });
}

/// How the upstream is reached, and whether that keeps the secrets.
std::string fault_of_way(const Settings& out) {
  if (!out.answer_file.empty()) {
    const bool alone = out.mode == Settings::Mode::test && out.url.empty() && out.drop_dir.empty();
    return alone ? "" : "`answer_file` in the settings is for the mode test, without url and drop_dir";
  }
  if (out.url.empty() == out.drop_dir.empty()) {
    return "`url` or `drop_dir` must stand in the settings, and not both";
  }
  if (out.url.empty()) {
    return out.mode == Settings::Mode::pull ? "" : "`drop_dir` in the settings is for the mode pull";
  }
  const auto url = parse_url(out.url);
  if (!url) {
    return "`url` in the settings must be http://HOST[:PORT]/PATH or https://…";
  }
  if (out.client_cert_file.empty() != out.client_key_file.empty()) {
    return "`client_cert_file` and `client_key_file` in the settings need each other";
  }
  if (!url->tls && !out.client_key_file.empty()) {
    return "`client_key_file` in the settings needs a url that begins with https://";
  }
  if (!url->tls && !out.token_file.empty() && !out.allow_insecure && !is_loopback(url->host)) {
    return "the secret of token_file would cross the network unprotected: use https://, or say "
           "allow_insecure where the line is private";
  }
  if (!out.proxy.empty() && !parse_host_port(out.proxy)) {
    return "`proxy` in the settings must be HOST:PORT";
  }
  if (out.proxy.empty() && !out.proxy_file.empty()) {
    return "`proxy_file` in the settings needs `proxy`";
  }
  return {};
}

std::string fault_of(const Settings& out) {
  if (out.mapping.empty() && out.mode != Settings::Mode::push) {
    return "`mapping` in the settings is missing";
  }
  if (!all_of_set(out.bind, "._-:%")) {
    return "`bind` in the settings must be the name of an interface, or an address";
  }
  // It stands in a header between commas.
  if (!all_of_set(out.app_id, "._-@/+")) {
    return "`app_id` in the settings may hold letters, digits and . _ - @ / + only";
  }
  return fault_of_way(out);
}

}  // namespace

std::variant<Settings, std::string> read_settings(std::string_view line) {
  auto parsed = parse_strict(line);
  auto* value = std::get_if<json::value>(&parsed);
  if (value == nullptr || !value->is_object()) {
    return std::string("the settings on standard input are not one JSON object");
  }
  Line keys(std::move(value->get_object()));
  Settings out;
  read_keys(keys, out);
  std::string fault = keys.fault();
  if (fault.empty()) {
    fault = fault_of(out);
  }
  if (!fault.empty()) {
    return fault;
  }
  return out;
}

}  // namespace lobby::feed
