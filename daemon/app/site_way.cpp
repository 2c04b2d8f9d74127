#include "daemon/app/site_way.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace lobby::app {

std::string secret_file(SiteReader& reader, const toml::table& row, const char* key) {
  if (!has(row, key)) {
    return {};
  }
  auto path = resolve(reader, get_text(row, key)).string();
  require_secret(reader.file, at(row, key), path);
  return path;
}

std::string public_file(SiteReader& reader, const toml::table& row, const char* key) {
  if (!has(row, key)) {
    return {};
  }
  auto path = resolve(reader, get_text(row, key));
  if (std::error_code ignored; !std::filesystem::is_regular_file(path, ignored)) {
    reader.file.fail(at(row, key),
                     fmt::format("there is no file {}: put the certificates there, or take {} out",
                                 in_quotes(path.string()), in_quotes(key)));
  }
  return path.string();
}

void check_way(const SiteReader& reader, const toml::table& row) {
  if (has(row, "client_cert_file") != has(row, "client_key_file")) {
    reader.file.fail(at(row, has(row, "client_key_file") ? "client_key_file" : "client_cert_file"),
                     "\"client_cert_file\" and \"client_key_file\" need each other: name both, or none");
  }
  if (has(row, "client_key_file") && get_text(row, "url").starts_with("http://")) {
    reader.file.fail(at(row, "client_key_file"),
                     "nobody asks for a certificate over plain http: write https:// in \"url\", or take "
                     "\"client_cert_file\" and \"client_key_file\" out");
  }
  if (has(row, "proxy_file") && get_text(row, "proxy").empty()) {
    reader.file.fail(at(row, "proxy_file"), "\"proxy_file\" needs \"proxy\": name the proxy as HOST:PORT");
  }
}

}  // namespace lobby::app
