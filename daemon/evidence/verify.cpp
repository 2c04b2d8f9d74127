#include "daemon/evidence/verify.hpp"

#include <algorithm>
#include <utility>

#include "daemon/evidence/scan.hpp"

namespace lobby::evidence {
namespace {

constexpr std::size_t shortest_head = 16;

std::string number_text(std::uint64_t value) {
  return std::to_string(value);
}

}  // namespace

Verifier::Verifier(VerifyOptions options) : options_(std::move(options)) {}

bool Verifier::fault(Finding finding, std::string reason) {
  verdict_ = Verdict{finding, line_, std::move(reason)};
  return false;
}

bool Verifier::add(std::string_view line) {
  if (verdict_) {
    return false;
  }
  ++line_;
  if (line.size() > longest_line) {
    return fault(Finding::bad_hash, "the line is longer than any that is written");
  }
  if (!header_) {
    return add_header(line);
  }
  return line.starts_with("{\"log_id\":") ? add_checkpoint(line) : add_record(line);
}

bool Verifier::add_header(std::string_view line) {
  header_ = scan_header(line);
  if (!header_) {
    return fault(Finding::bad_hash, "this is no header of an evidence bundle");
  }
  key_ = options_.key ? options_.key : PublicKey::of_bytes(header_->key);
  if (!key_) {
    return fault(Finding::bad_hash, "the header holds no key");
  }
  hasher_ = Hasher(header_->digest);
  prev_ = prev_checkpoint_ = hasher_.leaf(line);
  utc_ms_ = header_->utc_ms;
  return true;
}

bool Verifier::follows(std::int64_t utc_ms) {
  if (utc_ms < utc_ms_ - header_->tolerance_ms && !options_.time_may_go_back) {
    return fault(Finding::time_back, "the time goes back by " + std::to_string(utc_ms_ - utc_ms) + " ms");
  }
  utc_ms_ = std::max(utc_ms_, utc_ms);
  return true;
}

bool Verifier::add_record(std::string_view line) {
  const auto record = scan_record(line);
  ends_sealed_ = false;
  if (!record) {
    return fault(Finding::bad_hash, "this is no record, and no checkpoint");
  }
  if (record->seq <= seq_) {
    return fault(Finding::repeated,
                 "record " + number_text(record->seq) + " stands after record " + number_text(seq_));
  }
  if (record->seq != seq_ + 1) {
    return fault(Finding::gap,
                 "record " + number_text(seq_ + 1) + " is missing: this is " + number_text(record->seq));
  }
  if (record->prev != prev_ || record->evaluation != header_->evaluation) {
    return fault(Finding::bad_link,
                 "record " + number_text(record->seq) + " does not follow the line before");
  }
  if (hasher_.link(record->prev, record->body, "}") != record->hash) {
    return fault(Finding::bad_hash, "record " + number_text(record->seq) + " was changed");
  }
  seq_ = record->seq;
  prev_ = record->hash;
  last_kind_ = record->kind;
  return follows(record->utc_ms);
}

bool Verifier::add_checkpoint(std::string_view line) {
  const auto scanned = scan_checkpoint(line);
  if (!scanned) {
    return fault(Finding::bad_hash, "this is no checkpoint");
  }
  const Checkpoint& checkpoint = scanned->checkpoint;
  if (!key_->signed_by_it(std::string(scanned->body) + "}", scanned->signature)) {
    return fault(Finding::bad_signature, "the key did not sign this checkpoint");
  }
  if (checkpoint.seq != seq_) {
    const bool is_later = checkpoint.seq > seq_;
    return fault(is_later ? Finding::gap : Finding::repeated,
                 "the checkpoint is of record " + number_text(checkpoint.seq) + ", and the last one is " +
                     number_text(seq_));
  }
  if (checkpoint.head != prev_ || checkpoint.prev_checkpoint != prev_checkpoint_ ||
      checkpoint.log_id != header_->log_id) {
    return fault(Finding::bad_link, "what is signed is not what stands before it");
  }
  prev_checkpoint_ = hasher_.leaf(line);
  sealed_ = checkpoint.head;
  ++checkpoints_;
  ends_sealed_ = true;
  kept_found_ = kept_found_ || to_hex(sealed_).starts_with(options_.checkpoint);
  return follows(checkpoint.utc_ms);
}

Verdict Verifier::finish(std::string_view rest) {
  if (verdict_) {
    return *verdict_;
  }
  line_ = 0;
  const bool ends = ends_sealed_ && (last_kind_ == "closed" || last_kind_ == "open");
  if (!rest.empty() || !ends) {
    fault(Finding::cut_off, "the bundle does not end with `closed` or `open` and its checkpoint");
  } else if (!options_.checkpoint.empty() && (options_.checkpoint.size() < shortest_head || !kept_found_)) {
    fault(Finding::rewritten,
          "no checkpoint has the head " + options_.checkpoint + ", which was kept elsewhere");
  }
  return verdict_.value_or(Verdict{});
}

}  // namespace lobby::evidence
