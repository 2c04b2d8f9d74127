#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <stdexcept>

#include "daemon/evidence/chain.hpp"
#include "daemon/evidence/read_lines.hpp"
#include "daemon/evidence/verify.hpp"
#include "tests/bench/benches.hpp"
#include "tests/bench/figures.hpp"
#include "tests/support/process.hpp"

namespace lobby::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t begin_ms = 1'795'440'810'123;

evidence::Record probe(std::int64_t utc_ms) {
  evidence::Record record;
  record.utc_ms = utc_ms;
  record.boot_id = "2f1c7a52-9b1d-4c66-8a51-4d3c0f9e1a77";
  record.camera = "room2-cam1";
  record.kind = "probe";
  record.detail = {{"fps", std::int64_t{10}}, {"missing_frames", std::int64_t{0}}, {"recording", true}};
  return record;
}

evidence::Header header() {
  evidence::Header out;
  out.log_id = "log-1";
  out.evaluation = "EV-2026-001";
  out.utc_ms = begin_ms;
  return out;
}

/// The same bytes appended and synced, and nothing else.
class BareAppend {
 public:
  explicit BareAppend(const std::string& file)
      : fd_(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {}
  ~BareAppend() { ::close(fd_); }
  BareAppend(const BareAppend&) = delete;
  BareAppend& operator=(const BareAppend&) = delete;
  void append(const std::string& text) const {
    if (::write(fd_, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::fdatasync(fd_) != 0) {
      throw std::runtime_error("the floor cannot be measured");
    }
  }

 private:
  int fd_;
};

}  // namespace

void evidence_chain(int appends, int records) {
  const tests::TemporaryFolder folder;
  const auto key = evidence::SigningKey::of_file(folder.path() + "/site.key");
  Figures ours;
  Figures floor;
  {
    evidence::Chain chain({folder.path() + "/chain", header()}, key);
    const BareAppend bare(folder.path() + "/bare");
    const std::string line(
        evidence::record_line(evidence::record_body(probe(begin_ms), 1, chain.head(), "EV-2026-001"), {}) +
        "\n");
    for (int i = 0; i < appends; ++i) {
      const auto begin = Clock::now();
      chain.append({probe(begin_ms + i)});
      const auto between = Clock::now();
      bare.append(line);
      floor.add(Clock::now() - between);
      ours.add(between - begin);
    }
  }
  fmt::print(
      "a record, synced       p50 {:.3f} ms  p99 {:.3f} ms = {:.2f} x a bare synced append (aim <= 1.2)\n",
      ours.percentile(50), ours.percentile(99), ours.percentile(50) / floor.percentile(50));
  {
    evidence::Chain chain({folder.path() + "/long", header()}, key);
    constexpr int at_once = 1'000;
    for (int i = 0; i < records; i += at_once) {
      chain.append(std::vector<evidence::Record>(at_once, probe(begin_ms + i)));
      chain.seal(begin_ms + i);
    }
    auto end = probe(begin_ms + records);
    end.kind = "closed";
    chain.append({end});
    chain.seal(begin_ms + records);
  }
  std::size_t bytes = 0;
  auto begin = Clock::now();
  static_cast<void>(evidence::read_lines(folder.path() + "/long", evidence::Verifier::longest_line,
                                         [&bytes](std::string_view line) {
                                           bytes += line.size();
                                           return true;
                                         }));
  const double reading_s = std::chrono::duration<double>(Clock::now() - begin).count();
  evidence::Verifier verifier({key.public_key(), {}});
  begin = Clock::now();
  const auto rest = evidence::read_lines(folder.path() + "/long", evidence::Verifier::longest_line,
                                         [&verifier](std::string_view line) { return verifier.add(line); });
  if (verifier.finish(rest).finding != evidence::Finding::whole) {
    throw std::runtime_error("the bundle is not whole");
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  fmt::print(
      "{} records verified    {:.2f} s, {:.0f} MB = {:.1f} x reading its lines (aim < 3 s for a million)\n",
      verifier.records(), seconds, static_cast<double>(bytes) / 1e6, seconds / reading_s);
}

}  // namespace lobby::bench
