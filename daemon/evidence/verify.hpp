#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/evidence/digest.hpp"
#include "daemon/evidence/key.hpp"
#include "daemon/evidence/lines.hpp"

/// Is a bundle whole, and whose is it? The codes are exit codes of `lobbyctl evidence verify`; the first
/// faulty line decides, and within a line the order 14, 13, 12, 11, 10, 16.
namespace lobby::evidence {

enum class Finding : std::uint8_t {
  whole = 0,
  bad_hash = 10,       ///< edited, or no line at all
  bad_link = 11,       ///< `prev`, or what a checkpoint vouches for, is another record
  gap = 12,            ///< a record is missing
  repeated = 13,       ///< `seq` repeats or goes back
  bad_signature = 14,  ///< a checkpoint that the key did not sign
  cut_off = 15,        ///< the end is missing
  time_back = 16,      ///< `utc` goes back by more than the header's tolerance
  rewritten = 17,      ///< a checkpoint that was kept elsewhere is not in it
};

struct Verdict {
  Finding finding = Finding::whole;
  std::uint64_t line = 0;  ///< from 1; 0: of the bundle as a whole
  std::string reason;      ///< a sentence; empty when whole
};

struct VerifyOptions {
  std::optional<PublicKey> key;   ///< nullopt: the header's, which proves nothing of who wrote it
  std::string checkpoint;         ///< the first 16 or more hexadecimal digits of a head; empty: none is known
  bool time_may_go_back = false;  ///< for who goes on with a bundle: a clock that was set is no edit
};

/// Given the bundle line by line; holds no more than one line's worth.
class Verifier {
 public:
  static constexpr std::size_t longest_line = 1U << 20U;

  explicit Verifier(VerifyOptions options);
  /// The next line, without its end. False: it is faulty, and nothing after it counts.
  bool add(std::string_view line);
  /// What came after the last line end, if anything: a torn line.
  Verdict finish(std::string_view rest);

  std::uint64_t records() const { return seq_; }
  std::uint64_t checkpoints() const { return checkpoints_; }
  const std::optional<Header>& header() const { return header_; }
  /// The head that the last checkpoint vouches for.
  const Hash& head() const { return sealed_; }
  /// It ends with `closed`, not with `open`.
  bool is_closed() const { return last_kind_ == "closed"; }

 private:
  bool fault(Finding finding, std::string reason);
  bool add_header(std::string_view line);
  bool add_record(std::string_view line);
  bool add_checkpoint(std::string_view line);
  bool follows(std::int64_t utc_ms);

  VerifyOptions options_;
  std::optional<Header> header_;
  std::optional<PublicKey> key_;
  Hasher hasher_{Algorithm::sha256};
  Hash prev_ = {}, prev_checkpoint_ = {}, sealed_ = {};
  std::uint64_t line_ = 0, seq_ = 0, checkpoints_ = 0;
  std::int64_t utc_ms_ = 0;
  std::string last_kind_;
  bool ends_sealed_ = false, kept_found_ = false;
  std::optional<Verdict> verdict_;
};

}  // namespace lobby::evidence
