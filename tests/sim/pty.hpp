#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace lobby::sim {

/// The far end of a serial wire: a raw pseudo terminal with a symbolic link at the path that the site names.
class Pty {
 public:
  /// Creates the folder when it is missing and replaces a symbolic link; anything else at `path` stays and
  /// is a fault. nullptr with a sentence in `why` when it cannot be made.
  /// `not_this`: a name that it shall not have, whoever has it or had it.
  static std::unique_ptr<Pty> open(const std::string& path, std::string& why, std::string_view not_this = {});
  /// Takes the link away (unless it points elsewhere by now) and hangs up.
  ~Pty();
  Pty(const Pty&) = delete;
  Pty& operator=(const Pty&) = delete;

  /// Non-blocking; poll it.
  int fd() const { return master_; }
  /// What the link points to: /dev/pts/7.
  const std::string& name() const { return target_; }
  /// Baud rate that the program at the near end has set.
  unsigned host_baud() const;
  /// The near end's port heeds XON and XOFF by itself (IXON).
  bool host_obeys_flow() const;

 private:
  Pty() = default;
  static std::unique_ptr<Pty> make(std::string& why);

  int master_ = -1;
  int slave_ = -1;  ///< kept open: a near end that closes is no hang-up for us
  std::string path_;
  std::string target_;
};

}  // namespace lobby::sim
