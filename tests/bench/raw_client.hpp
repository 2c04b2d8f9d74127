#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lobby::bench {

/// A keep-alive HTTP client that costs almost nothing itself: one write, reads until the body is whole.
class RawClient {
 public:
  /// `address`: 127.0.0.1:PORT. Throws when nothing listens.
  RawClient(const std::string& address, std::string token);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// Status of the answer; the body is kept until the next request. Throws when the connection breaks.
  int post(std::string_view path, std::string_view body);
  int get(std::string_view path);
  /// Of another server than lobbyd's API: the whole target.
  int post_to(std::string_view target, std::string_view body);
  const std::string& body() const { return body_; }
  int descriptor() const { return fd_; }

 private:
  int exchange(const std::string& request);

  int fd_ = -1;
  std::string address_, token_, body_;
};

}  // namespace lobby::bench
