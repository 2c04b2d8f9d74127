#pragma once

#include <string>
#include <vector>

namespace lobby::tests {

struct Ran {
  int status = -1;  ///< exit status; 128 + signal when it was killed
  std::string out, err;
};

/// Runs lobbyctl with these arguments and this standard input until it ends.
Ran lobbyctl(const std::vector<std::string>& arguments, const std::string& input = {});

/// A directory of its own for one test, removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }
  /// Writes a file in it and gives its path.
  std::string write(const std::string& name, const std::string& text) const;

 private:
  std::string path_;
};

}  // namespace lobby::tests
