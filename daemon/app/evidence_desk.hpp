#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/evidence/writer.hpp"
#include "daemon/flows/witness_ports.hpp"
#include "drivers/link/executor.hpp"

namespace lobby::app {

/// The witness's evidence on the disk, `STATE/evidence/ID.ndjson`, with what the machine knows of its clocks
/// at that moment. The site's key is `STATE/evidence.key`, its public half `STATE/evidence/public.pem`.
class EvidenceDesk final : public flows::EvidencePort {
 public:
  struct House {
    link::Executor& executor;
    std::string state_directory;
    std::function<hall::Instant()> now;
    bool sm3 = false;
    std::function<void(std::string)> fault;  ///< it cannot be written; empty: it can be again
  };
  explicit EvidenceDesk(House house);

  void write(hall::EvaluationId evaluation, std::vector<flows::EvidenceNote> notes, bool seal,
             std::function<void()> done) override;
  void finish(hall::EvaluationId evaluation, flows::EvidenceNote closed,
              std::function<void(std::string head)> done) override;
  void last_written(hall::EvaluationId evaluation,
                    std::function<void(std::optional<std::int64_t>)> done) override;
  /// The bundle for somebody, whose name stands in one that is still open.
  void read(hall::EvaluationId evaluation, const std::string& by,
            std::function<void(evidence::Writer::Bundle)> done);

 private:
  evidence::Record record_of(flows::EvidenceNote note) const;

  std::function<hall::Instant()> now_;
  std::string boot_id_;
  evidence::Writer writer_;
};

}  // namespace lobby::app
