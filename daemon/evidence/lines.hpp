#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/evidence/digest.hpp"

/// The lines of an evidence bundle as they are written: canonical JSON, so that one meaning has one text.
/// Keys in the order of the contract, those of `detail` sorted, no spaces, UTF-8, integers only; texts are
/// escaped as RFC 8785 does it.
namespace lobby::evidence {

/// The first line of a bundle. One chain for each evaluation.
struct Header {
  std::string log_id;      ///< of this chain, never given twice; like the next without quotes and backslashes
  std::string evaluation;  ///< its id in the hall
  std::int64_t utc_ms = 0;
  std::int64_t tolerance_ms = 0;  ///< by how much `utc` may go back from one line to the next
  Algorithm digest = Algorithm::sha256;
  std::string key;  ///< the public key's 32 bytes
};

using Detail = std::map<std::string, std::variant<std::int64_t, bool, std::string>>;

/// The clock as the kernel judges it.
struct ClockState {
  bool synchronised = false;
  std::int64_t offset_ms = 0;
};

/// What happened, before it has its place in the chain.
struct Record {
  std::int64_t utc_ms = 0;
  std::int64_t mono_ns = 0;  ///< a clock that nobody sets; begins anew with boot_id
  std::string boot_id;
  ClockState ntp;
  std::string camera;      ///< empty: of the whole evaluation
  std::string kind;        ///< "command", "probe", "gap" …
  std::string request_id;  ///< ties a command and its answer together
  Detail detail;
  std::string raw_sha256;  ///< hex, of the raw answer that this was read from; empty: there was none
};

struct Checkpoint {
  std::string log_id;
  std::uint64_t seq = 0;  ///< of the last record before it
  Hash head = {};         ///< that record's hash
  std::int64_t utc_ms = 0;
  Hash prev_checkpoint = {};  ///< Hasher::leaf() of the checkpoint line before, of the header for the first
};

/// All without a line end.
std::string header_line(const Header& header);
/// Without `hash`: what is hashed.
std::string record_body(const Record& record, std::uint64_t seq, const Hash& prev,
                        std::string_view evaluation);
std::string record_line(std::string_view body, const Hash& hash);
/// Without `signature`: what is signed.
std::string checkpoint_body(const Checkpoint& checkpoint);
std::string checkpoint_line(std::string_view body, std::string_view signature);

}  // namespace lobby::evidence
