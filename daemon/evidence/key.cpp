#include "daemon/evidence/key.hpp"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>

#include "daemon/evidence/disk.hpp"

namespace lobby::evidence {
namespace {

using KeyHandle = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using SignContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

constexpr std::size_t longest_file = 4096;

const unsigned char* in(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* out(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

KeyHandle no_key() {
  return {nullptr, EVP_PKEY_free};
}

bool is_ours(EVP_PKEY* key) {
  return key != nullptr && EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519;
}

std::string public_bytes(EVP_PKEY* key) {
  std::string bytes(key_size, '\0');
  std::size_t size = bytes.size();
  return EVP_PKEY_get_raw_public_key(key, out(bytes), &size) == 1 ? bytes : std::string();
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

/// Written beside and put in place whole: a power cut leaves no half key, which nobody could replace unseen.
void keep(const std::string& file, const std::string& pem) {
  const std::string beside = file + ".new";
  ::unlink(beside.c_str());
  {
    const Descriptor made(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (made.fd < 0) {
      fail(beside);
    }
    if (!write_all(made.fd, pem) || ::fsync(made.fd) != 0) {
      fail(beside);
    }
  }
  if (::rename(beside.c_str(), file.c_str()) != 0) {
    fail(file);
  }
  sync_folder_of(file);
}

KeyHandle make_key(const std::string& file) {
  KeyHandle key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free);
  const Bio bio(BIO_new(BIO_s_mem()), BIO_free);
  if (!key || PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    fail(file, "OpenSSL made no key");
  }
  keep(file, text_of(bio.get()));
  return key;
}

KeyHandle read_key(int fd, const std::string& file) {
  struct stat about {};
  if (::fstat(fd, &about) != 0) {
    fail(file);
  }
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    fail(file, "others may read or write the site key: chmod 600");
  }
  std::string pem(longest_file, '\0');
  const auto size = ::read(fd, pem.data(), pem.size());
  if (size < 0) {
    fail(file);
  }
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(size)), BIO_free);
  // Without a callback OpenSSL would ask a terminal for a password.
  const auto no_password = [](char*, int, int, void*) { return 0; };
  KeyHandle key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr), EVP_PKEY_free);
  if (!is_ours(key.get())) {
    fail(file, "this is no Ed25519 key in PEM; put the right one back, or move it away for a new one");
  }
  return key;
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(out(text), in(bytes), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return std::nullopt;
  }
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(out(bytes), in(text), static_cast<int>(text.size()));
  if (size < 0) {
    return std::nullopt;
  }
  const auto padding =
      static_cast<std::size_t>(std::count(text.end() - std::min<long>(2, std::ssize(text)), text.end(), '='));
  bytes.resize(static_cast<std::size_t>(size) - padding);
  // One text for one meaning: OpenSSL also takes blanks, and bits behind the end.
  return to_base64(bytes) == text ? std::optional(std::move(bytes)) : std::nullopt;
}

struct PublicKey::Handle {
  KeyHandle key = no_key();
};
struct SigningKey::Handle {
  KeyHandle key = no_key();
};

std::optional<PublicKey> PublicKey::of_bytes(std::string_view bytes) {
  if (bytes.size() != key_size) {
    return std::nullopt;
  }
  const auto handle = std::make_shared<Handle>();
  handle->key.reset(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, in(bytes), bytes.size()));
  return handle->key ? std::optional(PublicKey(handle, std::string(bytes))) : std::nullopt;
}

std::optional<PublicKey> PublicKey::of_pem(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  const KeyHandle key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  return is_ours(key.get()) ? of_bytes(public_bytes(key.get())) : std::nullopt;
}

bool PublicKey::signed_by_it(std::string_view text, std::string_view signature) const {
  const SignContext context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  return signature.size() == signature_size && context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle_->key.get()) == 1 &&
         EVP_DigestVerify(context.get(), in(signature), signature.size(), in(text), text.size()) == 1;
}

std::string PublicKey::pem() const {
  const Bio bio(BIO_new(BIO_s_mem()), BIO_free);
  return PEM_write_bio_PUBKEY(bio.get(), handle_->key.get()) == 1 ? text_of(bio.get()) : std::string();
}

SigningKey SigningKey::of_file(const std::string& file) {
  const Descriptor there(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (there.fd < 0 && errno != ENOENT) {
    fail(file);
  }
  const auto handle = std::make_shared<Handle>();
  handle->key = there.fd < 0 ? make_key(file) : read_key(there.fd, file);
  auto key = PublicKey::of_bytes(public_bytes(handle->key.get()));
  if (!key) {
    fail(file, "OpenSSL gave no public key");
  }
  return {handle, *std::move(key)};
}

std::string SigningKey::sign(std::string_view text) const {
  std::string signature(signature_size, '\0');
  std::size_t size = signature.size();
  const SignContext context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, handle_->key.get()) != 1 ||
      EVP_DigestSign(context.get(), out(signature), &size, in(text), text.size()) != 1) {
    throw std::runtime_error("OpenSSL made no signature");
  }
  return signature;
}

}  // namespace lobby::evidence
