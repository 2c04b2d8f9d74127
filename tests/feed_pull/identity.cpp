#include "tests/feed_pull/identity.hpp"

#include <doctest/doctest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

namespace lobby::feed {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

void extend(X509* certificate, int kind, const char* value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
  REQUIRE(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

}  // namespace

Identity::Identity() : folder_(std::filesystem::temp_directory_path() / "lobby-tls-XXXXXX") {
  constexpr long day_s = 86'400;
  REQUIRE(::mkdtemp(folder_.data()) != nullptr);
  const Key made(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const Certificate signed_by_itself(X509_new(), X509_free);
  X509* one = signed_by_itself.get();
  X509_set_version(one, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(one), 1);
  X509_gmtime_adj(X509_getm_notBefore(one), -day_s);
  X509_gmtime_adj(X509_getm_notAfter(one), day_s);
  X509_set_pubkey(one, made.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(one), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("hall"), -1, -1, 0);
  X509_set_issuer_name(one, X509_get_subject_name(one));
  extend(one, NID_subject_alt_name, "IP:127.0.0.1");
  extend(one, NID_basic_constraints, "critical,CA:TRUE");
  REQUIRE(X509_sign(one, made.get(), EVP_sha256()) != 0);
  const File certificate_file(std::fopen(certificate().c_str(), "w"), &std::fclose);
  const File key_file(std::fopen(key().c_str(), "w"), &std::fclose);
  REQUIRE(PEM_write_X509(certificate_file.get(), one) == 1);
  REQUIRE(PEM_write_PrivateKey(key_file.get(), made.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  REQUIRE(::chmod(key().c_str(), 0600) == 0);
}

Identity::~Identity() {
  std::filesystem::remove_all(folder_);
}

}  // namespace lobby::feed
