#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/evidence/digest.hpp"
#include "daemon/evidence/key.hpp"
#include "daemon/evidence/lines.hpp"

namespace lobby::evidence {

/// A bundle that is not whole up to its last line: it stays as it is, and no retry mends it.
struct NotWhole : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The bundle of one evaluation on the disk. Every call waits for the disk: for a thread that may. Errors are
/// std::runtime_error with a sentence; after one nothing of that call counts, and the file ends before it, or
/// else every later call fails too.
class Chain {
 public:
  struct Opening {
    std::string file;
    Header header;  ///< of a file that is not there yet; else what stands in the file counts
  };
  /// Makes the file, or goes on with it. A torn last line, which was never promised to anybody, is taken off;
  /// torn_bytes() says so. A file that is not whole up to there is refused by NotWhole; that the
  /// clock was set back in it is told by verify, and nobody's edit.
  Chain(Opening opening, const SigningKey& key);
  ~Chain();
  Chain(const Chain&) = delete;
  Chain& operator=(const Chain&) = delete;

  /// Writes the records behind each other, and returns when they are on the disk.
  void append(const std::vector<Record>& records);
  /// Signs what is there. Without a record since the last checkpoint there is nothing to sign: that one
  /// counts, and no line is written.
  Checkpoint seal(std::int64_t utc_ms);

  std::uint64_t seq() const { return seq_; }
  const Hash& head() const { return prev_; }
  bool is_sealed() const { return sealed_; }
  const std::string& last_kind() const { return last_kind_; }
  /// Of the last record; 0: there is none.
  std::int64_t last_utc_ms() const { return last_utc_ms_; }
  std::uint64_t torn_bytes() const { return torn_; }
  const Header& header() const { return header_; }

 private:
  void begin(const Header& header);
  void resume(const std::string& file);
  void write(std::string_view text);

  std::string file_;
  const SigningKey& key_;
  int fd_ = -1;
  Header header_;
  Hasher hasher_;
  Hash prev_ = {}, prev_checkpoint_ = {};
  Checkpoint last_;
  std::uint64_t seq_ = 0, size_ = 0, torn_ = 0;
  std::string last_kind_;
  std::int64_t last_utc_ms_ = 0;
  bool sealed_ = false;
  bool broken_ = false;  ///< it could not be cut back to what was promised
};

}  // namespace lobby::evidence
