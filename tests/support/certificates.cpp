#include "tests/support/certificates.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdio>
#include <stdexcept>
#include <utility>

namespace lobby::tests {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

void must(bool holds) {
  if (!holds) {
    throw std::runtime_error("OpenSSL makes no certificate");
  }
}

void extend(X509* certificate, int kind, const std::string& value) {
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
  must(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate blank(EVP_PKEY* key, const std::string& called, long from_s, long to_s) {
  Certificate out(X509_new(), X509_free);
  X509* const one = out.get();
  std::uint32_t serial = 0;
  must(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
  X509_set_version(one, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(one), static_cast<long>(serial >> 1U) + 1);
  X509_gmtime_adj(X509_getm_notBefore(one), from_s);
  X509_gmtime_adj(X509_getm_notAfter(one), to_s);
  X509_set_pubkey(one, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(one), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(called.c_str()), -1, -1, 0);
  return out;
}

void write(const std::string& path, const X509* certificate) {
  const File file(std::fopen(path.c_str(), "w"), &std::fclose);
  must(file && PEM_write_X509(file.get(), certificate) == 1);
}

}  // namespace

struct Authority::Own {
  Key key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  Certificate certificate{nullptr, X509_free};
};

Authority::Authority(std::string certificate_file)
    : file_(std::move(certificate_file)), own_(std::make_unique<Own>()) {
  constexpr long year_s = 366L * 86'400;
  own_->certificate = blank(own_->key.get(), "authority of " + file_, -year_s, year_s);
  X509* const one = own_->certificate.get();
  X509_set_issuer_name(one, X509_get_subject_name(one));
  extend(one, NID_basic_constraints, "critical,CA:TRUE");
  must(X509_sign(one, own_->key.get(), EVP_sha256()) != 0);
  write(file_, one);
}

Authority::~Authority() = default;

void Authority::sign(const std::string& certificate_file, const std::string& key_file,
                     const Wanted& wanted) const {
  const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const Certificate made = blank(key.get(), "hall", wanted.from_s, wanted.to_s);
  X509_set_issuer_name(made.get(), X509_get_subject_name(own_->certificate.get()));
  extend(made.get(), NID_subject_alt_name, wanted.name);
  must(X509_sign(made.get(), own_->key.get(), EVP_sha256()) != 0);
  write(certificate_file, made.get());
  const File file(std::fopen(key_file.c_str(), "w"), &std::fclose);
  must(file && PEM_write_PrivateKey(file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  must(::chmod(key_file.c_str(), S_IRUSR | S_IWUSR) == 0);
}

}  // namespace lobby::tests
