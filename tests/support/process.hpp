#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace lobby::tests {

/// A child process with its standard output at hand. Ended by SIGKILL when it goes out of scope.
class Process {
 public:
  /// `stderr_file` empty: the child's errors go where ours go.
  explicit Process(const std::vector<std::string>& arguments, const std::string& stderr_file = "");
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// The next whole line; nullopt at its end or after the deadline.
  std::optional<std::string> line(std::chrono::milliseconds deadline = std::chrono::seconds(10));
  void signal(int number) const;
  /// Waits for the end; the exit code, or 128 + signal.
  int wait();
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  std::string buffer_;
  std::optional<int> result_;
};

/// Runs a program to its end: exit code and standard output.
struct Finished {
  int code = 0;
  std::string output;
};
Finished run(const std::vector<std::string>& arguments, const std::string& stderr_file = "");

/// A folder of its own under the system's temporary one, removed with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace lobby::tests
