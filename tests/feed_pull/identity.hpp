#pragma once

#include <string>

namespace lobby::feed {

/// A key and a certificate for 127.0.0.1 that it has signed itself, as two files of a folder that goes with
/// it.
class Identity {
 public:
  Identity();
  ~Identity();
  Identity(const Identity&) = delete;
  Identity& operator=(const Identity&) = delete;
  std::string certificate() const { return folder_ + "/cert.pem"; }
  std::string key() const { return folder_ + "/key.pem"; }

 private:
  std::string folder_;
};

}  // namespace lobby::feed
