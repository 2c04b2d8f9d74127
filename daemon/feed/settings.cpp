#include "daemon/feed/settings.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "daemon/feed/strict_json.hpp"

namespace lobby::feed {
namespace {

namespace json = boost::json;

/// Takes known keys out of the object; what stays is unknown.
class Line {
 public:
  explicit Line(json::object object) : object_(std::move(object)) {}

  void text(const char* key, std::string& out, bool needed = false) {
    if (const json::value* value = object_.if_contains(key); value != nullptr && value->is_string()) {
      out.assign(value->get_string().data(), value->get_string().size());
      object_.erase(key);
    } else if (value != nullptr || needed) {
      complain(key);
    }
    if (needed && out.empty()) {
      complain(key);
    }
  }
  void seconds(const char* key, std::uint32_t& out) {
    constexpr std::int64_t most = 86'400;
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
  std::string fault() const {
    if (!fault_.empty() || object_.empty()) {
      return fault_;
    }
    return fmt::format("unknown key `{}` in the settings", std::string_view(object_.begin()->key()));
  }

 private:
  void complain(const char* key) {
    if (fault_.empty()) {
      fault_ = fmt::format("`{}` in the settings is missing or wrong", key);
    }
  }
  json::object object_;
  std::string fault_;
};

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) {
      ::close(fd);
    }
  }
};

bool is_secret_mode(mode_t mode) {
  const mode_t rights = mode & 07777U;
  return rights == 0600 || rights == 0400;
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
  keys.text("feed", out.feed);
  keys.text("url", out.url, true);
  keys.text("mapping", out.mapping, true);
  keys.text("token_file", out.token_file);
  keys.text("ca_file", out.ca_file);
  keys.text("area_code", out.area_code);
  keys.text("cursor", out.cursor);
  keys.seconds("interval_s", out.interval_s);
  keys.seconds("total_s", out.total_s);
  if (std::string fault = keys.fault(); !fault.empty()) {
    return fault;
  }
  if (!parse_url(out.url)) {
    return std::string("`url` in the settings must be http://HOST[:PORT]/PATH or https://…");
  }
  return out;
}

std::optional<Url> parse_url(std::string_view text) {
  const auto visible = [](char c) { return c > 0x20 && c < 0x7F; };
  const std::size_t scheme = text.starts_with("http://") ? 7 : text.starts_with("https://") ? 8 : 0;
  if (scheme == 0 || !std::all_of(text.begin(), text.end(), visible) ||
      text.find_first_of("#\"<>\\^`{|}") != std::string_view::npos) {
    return std::nullopt;
  }
  const std::size_t slash = text.find_first_of("/?", scheme);
  const std::string_view host = text.substr(scheme, slash == std::string_view::npos ? slash : slash - scheme);
  if (host.empty() || host.front() == ':' || host.find('@') != std::string_view::npos) {
    return std::nullopt;
  }
  std::string target(slash == std::string_view::npos ? "/" : text.substr(slash));
  if (target.front() == '?') {
    target.insert(target.begin(), '/');
  }
  return Url{std::string(text.substr(0, scheme)) + std::string(host), std::move(target)};
}

Token read_token(const std::string& path) {
  constexpr std::size_t longest = 4096;
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)};
  if (file.fd < 0) {
    return {{}, fmt::format("the token file {} cannot be read: {}", path, std::strerror(errno))};
  }
  struct stat info {};
  if (::fstat(file.fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    return {{}, fmt::format("the token file {} is no plain file", path)};
  }
  if (!is_secret_mode(info.st_mode)) {
    return {{},
            fmt::format("the token file {} has mode {:04o}: others may read it, set it to 0600 (chmod 600)",
                        path, info.st_mode & 07777U)};
  }
  std::array<char, longest + 1> bytes{};
  const ssize_t size = ::read(file.fd, bytes.data(), bytes.size());
  std::string_view text(bytes.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  if (first == std::string_view::npos || text.size() > longest) {
    return {{}, fmt::format("the token file {} is empty or longer than {} bytes", path, longest)};
  }
  text = text.substr(first, last - first + 1);
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; })) {
    return {{}, fmt::format("the token file {} must hold one line", path)};
  }
  return {std::string(text), {}};
}

}  // namespace lobby::feed
