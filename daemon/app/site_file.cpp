#include "daemon/app/site_file.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>

#include "daemon/app/site_reader.hpp"

namespace lobby::app {
namespace {

namespace fs = std::filesystem;

/// A zone of the system's table, by its name: nothing that leads out of it, and none of the lists that lie
/// beside the zones.
bool is_timezone(const std::string& name) {
  const bool is_name = !name.empty() && name.front() != '/' && name.find("..") == std::string::npos;
  const auto path = fs::path("/usr/share/zoneinfo") / name;
  std::error_code ec;
  if (!is_name || !fs::is_regular_file(path, ec)) {
    return false;
  }
  std::array<char, 4> magic{};
  std::ifstream(path, std::ios::binary).read(magic.data(), magic.size());
  return std::string_view(magic.data(), magic.size()) == "TZif";
}

void read_top_level(SiteReader& reader) {
  const auto& root = reader.file.root();
  auto& site = reader.site;
  site.hall.name = get_text(root, "name");
  site.hall.name_en = get_text(root, "name_en");
  site.hall.hotline = get_text(root, "hotline");
  site.hall.call_finishes = get_boolean(root, "call_finishes", site.hall.call_finishes);
  site.timezone = get_text(root, "timezone", site.timezone);
  if (!is_timezone(site.timezone)) {
    reader.file.fail(
        at(root, "timezone"),
        fmt::format("there is no time zone {}: use a name of /usr/share/zoneinfo such as \"Asia/Shanghai\"",
                    in_quotes(site.timezone)));
  }
  site.listen = get_text(root, "listen", site.listen);
  if (!is_listen_address(site.listen)) {
    reader.file.fail(
        at(root, "listen"),
        fmt::format("{} is no address to listen at: write \"127.0.0.1:8080\"", in_quotes(site.listen)));
  }
  site.stop_grace_s = get_u32(root, "stop_grace_s", site.stop_grace_s);
  site.print_within_s = get_u32(root, "print_within_s", site.print_within_s);
  site.publish_days = get_u32(root, "publish_days", site.publish_days);
  reader.config_dir = resolve(reader, get_text(root, "config_dir", ".."));
  std::error_code ec;
  if (has(root, "config_dir") && !fs::is_directory(reader.config_dir, ec)) {
    reader.file.fail(at(root, "config_dir"),
                     fmt::format("there is no folder {}: correct the path, it starts at the "
                                 "folder of this file",
                                 in_quotes(reader.config_dir.string())));
  }
}

SiteFile read_parsed(const TomlFile& file) {
  check_site_shape(file);
  SiteReader reader(file);
  read_top_level(reader);
  read_hours(reader);
  read_calendar(reader);
  read_services(reader);
  read_lanes(reader);
  read_staff(reader);
  read_windows(reader);
  read_rules(reader);
  read_approvals(reader);
  read_keys(reader);
  read_catalogue(reader);
  read_devices(reader);
  read_papers(reader);
  read_signs(reader);
  read_kiosks(reader);
  read_panels(reader);
  read_readers(reader);
  read_outboxes(reader);
  read_boards(reader);
  read_recorders(reader);
  read_absent_devices(reader);
  return std::move(reader.site);
}

}  // namespace

bool is_listen_address(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) {
    return false;
  }
  std::uint16_t port = 0;
  const auto* last = text.data() + text.size();
  const auto [end, ec] = std::from_chars(text.data() + colon + 1, last, port);
  if (ec != std::errc() || end != last) {
    return false;
  }
  in6_addr address{};
  auto host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
    return ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
  }
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1;
}

fs::path resolve(const SiteReader& reader, const std::string& path) {
  return (reader.site_dir / path).lexically_normal();
}

std::string find_named_file(const SiteReader& reader, const toml::node& where, const std::string& folder,
                            const std::string& name) {
  const auto path = (reader.config_dir / folder / (name + ".toml")).lexically_normal();
  std::error_code ec;
  if (!fs::is_regular_file(path, ec)) {
    reader.file.fail(
        where,
        fmt::format("{} is not known, there is no file {}: add it or choose another of {}", in_quotes(name),
                    in_quotes(path.string()), in_quotes(path.parent_path().string() + "/")));
  }
  return path.string();
}

SiteFile read_site(const std::string& path) {
  return read_parsed(TomlFile::read(path));
}

SiteFile read_site_text(std::string_view text, const std::string& name) {
  return read_parsed(TomlFile(text, name));
}

}  // namespace lobby::app
