#include "daemon/evidence/chain.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <utility>

#include "daemon/evidence/disk.hpp"
#include "daemon/evidence/read_lines.hpp"
#include "daemon/evidence/scan.hpp"
#include "daemon/evidence/verify.hpp"

namespace lobby::evidence {
Chain::Chain(Opening opening, const SigningKey& key)
    : file_(std::move(opening.file)), key_(key), hasher_(opening.header.digest) {
  fd_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd_ < 0) {
    fail(file_);
  }
  try {
    resume(file_);
    if (size_ == 0) {
      begin(opening.header);
    }
  } catch (...) {
    ::close(fd_);
    throw;
  }
}

Chain::~Chain() {
  ::close(fd_);
}

void Chain::begin(const Header& header) {
  header_ = header;
  header_.key = key_.public_key().bytes();
  const auto line = header_line(header_);
  if (!scan_header(line)) {
    throw std::runtime_error(file_ + ": `" + header.evaluation + "` cannot name a bundle");
  }
  prev_ = prev_checkpoint_ = hasher_.leaf(line);
  write(line + "\n");
  sync_folder_of(file_);
}

void Chain::resume(const std::string& file) {
  Verifier verifier({key_.public_key(), {}, true});
  std::string last_checkpoint;
  const auto rest = read_lines(file, Verifier::longest_line, [&](std::string_view line) {
    if (!verifier.add(line)) {
      return false;
    }
    size_ += line.size() + 1;
    sealed_ = line.starts_with("{\"log_id\":");
    if (sealed_) {
      last_checkpoint = line;
    } else if (const auto record = scan_record(line)) {
      prev_ = record->hash;
      last_kind_ = record->kind;
      last_utc_ms_ = record->utc_ms;
    } else {
      prev_ = prev_checkpoint_ = Hasher(verifier.header()->digest).leaf(line);
    }
    return true;
  });
  const Verdict verdict = verifier.finish(rest);
  const bool is_faulty = verdict.finding != Finding::whole && verdict.finding != Finding::cut_off;
  if (is_faulty) {
    throw NotWhole(file + ": line " + std::to_string(verdict.line) + ": " + verdict.reason +
                   "; nothing is added to a bundle that is not whole");
  }
  if (!rest.empty()) {
    torn_ = rest.size();
    if (::ftruncate(fd_, static_cast<off_t>(size_)) != 0 || ::fdatasync(fd_) != 0) {
      fail(file);
    }
  }
  seq_ = verifier.records();
  if (verifier.header()) {
    header_ = *verifier.header();
    hasher_ = Hasher(header_.digest);
  }
  if (!last_checkpoint.empty()) {
    last_ = scan_checkpoint(last_checkpoint)->checkpoint;
    prev_checkpoint_ = hasher_.leaf(last_checkpoint);
  }
}

void Chain::write(std::string_view text) {
  if (broken_) {
    throw std::runtime_error(file_ + ": an earlier write left it torn");
  }
  const std::uint64_t before = size_;
  if (!write_all(fd_, text)) {
    const int error = errno;
    broken_ = ::ftruncate(fd_, static_cast<off_t>(before)) != 0;
    errno = error;
    fail(file_);
  }
  if (::fdatasync(fd_) != 0) {
    // What the kernel has thrown away of it is not known, and the next sync would say that all is well.
    broken_ = true;
    fail(file_);
  }
  size_ += text.size();
}

void Chain::append(const std::vector<Record>& records) {
  std::string text;
  Hash prev = prev_;
  std::uint64_t seq = seq_;
  for (const Record& record : records) {
    const auto body = record_body(record, ++seq, prev, header_.evaluation);
    prev = hasher_.link(prev, body);
    text += record_line(body, prev) + "\n";
  }
  if (text.empty()) {
    return;
  }
  write(text);
  prev_ = prev;
  seq_ = seq;
  last_kind_ = records.back().kind;
  last_utc_ms_ = records.back().utc_ms;
  sealed_ = false;
}

Checkpoint Chain::seal(std::int64_t utc_ms) {
  if (sealed_) {
    return last_;
  }
  const Checkpoint checkpoint{header_.log_id, seq_, prev_, utc_ms, prev_checkpoint_};
  const auto body = checkpoint_body(checkpoint);
  const auto line = checkpoint_line(body, key_.sign(body));
  write(line + "\n");
  prev_checkpoint_ = hasher_.leaf(line);
  last_ = checkpoint;
  sealed_ = true;
  return last_;
}

}  // namespace lobby::evidence
