#include "daemon/app/evidence_desk.hpp"

#include <openssl/rand.h>
#include <sys/timex.h>

#include <array>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace lobby::app {
namespace {

std::string boot_id() {
  std::ifstream in("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(in, id);
  return id.empty() ? "unknown" : id;
}

std::int64_t mono_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

/// The clock as the kernel, and who keeps it, judge it.
evidence::ClockState clock_state() {
  timex state{};
  const int judged = ::adjtimex(&state);
  evidence::ClockState out;
  out.synchronised = judged >= 0 && judged != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
  const bool is_nano = (state.status & STA_NANO) != 0;
  out.offset_ms = state.offset / (is_nano ? 1'000'000 : 1'000);
  return out;
}

std::string random_id() {
  std::array<unsigned char, 16> bytes{};
  if (::RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error("the system gives no random numbers");
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

evidence::Writer::Options writer_options(const EvidenceDesk::House& house) {
  evidence::Writer::Options options;
  options.folder = house.state_directory + "/evidence";
  options.key_file = house.state_directory + "/evidence.key";
  options.digest = house.sm3 ? evidence::Algorithm::sm3 : evidence::Algorithm::sha256;
  options.post = [&executor = house.executor](std::function<void()> work) { executor.post(std::move(work)); };
  options.fault = house.fault;
  options.log_id = random_id;
  return options;
}

std::string name_of(hall::EvaluationId id) {
  return std::to_string(id.value);
}

}  // namespace

EvidenceDesk::EvidenceDesk(House house)
    : now_(house.now), boot_id_(boot_id()), writer_(writer_options(house)) {
  // For whoever verifies; it is made anew from the key at each start.
  std::ofstream(house.state_directory + "/evidence/public.pem") << writer_.public_key().pem();
}

evidence::Record EvidenceDesk::record_of(flows::EvidenceNote note) const {
  evidence::Record record;
  record.utc_ms = now_().utc_ms;
  record.mono_ns = mono_ns();
  record.boot_id = boot_id_;
  record.ntp = clock_state();
  record.camera = std::move(note.camera.value);
  record.kind = std::move(note.kind);
  record.request_id = std::move(note.request_id);
  for (auto& [name, value] : note.detail) {
    record.detail[name] = std::move(value);
  }
  record.raw_sha256 = std::move(note.raw_sha256);
  return record;
}

void EvidenceDesk::write(hall::EvaluationId evaluation, std::vector<flows::EvidenceNote> notes, bool seal,
                         std::function<void()> done) {
  std::vector<evidence::Record> records;
  records.reserve(notes.size());
  for (auto& note : notes) {
    records.push_back(record_of(std::move(note)));
  }
  writer_.write(name_of(evaluation), std::move(records), seal, std::move(done));
}

void EvidenceDesk::finish(hall::EvaluationId evaluation, flows::EvidenceNote closed,
                          std::function<void(std::string)> done) {
  writer_.finish(name_of(evaluation), record_of(std::move(closed)), std::move(done));
}

void EvidenceDesk::last_written(hall::EvaluationId evaluation,
                                std::function<void(std::optional<std::int64_t>)> done) {
  writer_.last_written(name_of(evaluation), std::move(done));
}

void EvidenceDesk::read(hall::EvaluationId evaluation, const std::string& by,
                        std::function<void(evidence::Writer::Bundle)> done) {
  flows::EvidenceNote open;
  open.kind = "open";
  open.detail["by"] = by;
  writer_.read(name_of(evaluation), record_of(std::move(open)), std::move(done));
}

}  // namespace lobby::app
