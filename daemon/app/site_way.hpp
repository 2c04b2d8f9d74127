#pragma once

#include <string>

#include "daemon/app/site_reader.hpp"

/// How a system that is not ours is reached: keys that mean the same wherever one is named.
namespace lobby::app {

/// A file that only its owner may read; empty: the row does not name it.
std::string secret_file(SiteReader& reader, const toml::table& row, const char* key);
/// A file of certificates; empty: the row does not name it.
std::string public_file(SiteReader& reader, const toml::table& row, const char* key);
/// Refuses a certificate without its key, or where no TLS asks for it, and a secret for no proxy.
void check_way(const SiteReader& reader, const toml::table& row);

/// Certificates, the interface and the proxy, into the fields that have the names of the keys.
template <class Config>
void read_way(SiteReader& reader, const toml::table& row, Config& to) {
  to.ca_file = public_file(reader, row, "ca_file");
  to.client_cert_file = public_file(reader, row, "client_cert_file");
  to.client_key_file = secret_file(reader, row, "client_key_file");
  to.bind = get_text(row, "bind");
  to.proxy = get_text(row, "proxy");
  to.proxy_file = secret_file(reader, row, "proxy_file");
  check_way(reader, row);
}

}  // namespace lobby::app
