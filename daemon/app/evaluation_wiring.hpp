#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "daemon/app/evidence_desk.hpp"
#include "daemon/app/site_file.hpp"
#include "daemon/devices/recorders.hpp"
#include "daemon/flows/witness.hpp"
#include "drivers/link/executor.hpp"

namespace lobby::app {

/// The rooms that are recorded: recorders, evidence, and the witness between them. A site without recorders
/// has none of it, and no key.
class EvaluationWiring {
 public:
  struct House {
    boost::asio::io_context& io;
    link::Executor& executor;
    const SiteFile& file;
    flows::Desk& desk;
    devices::Roster& roster;
    std::string state_directory;
    std::function<hall::Instant()> now;
  };
  /// Throws std::runtime_error with a sentence when the site's key or its folder cannot be made or read.
  explicit EvaluationWiring(House house);
  ~EvaluationWiring();

  void on_event(const hall::Event& event);
  void tick();  ///< each second
  std::vector<hall::CameraSight> sights(const hall::Evaluation& evaluation) const;
  void evidence(hall::EvaluationId evaluation, const std::string& by,
                std::function<void(std::variant<std::string, hall::Refusal>)> done);

 private:
  struct Port;
  void step();

  House house_;
  std::unique_ptr<devices::Recorders> recorders_;
  std::unique_ptr<Port> port_;
  std::unique_ptr<EvidenceDesk> evidence_;
  std::unique_ptr<flows::Witness> witness_;
  link::Timer soon_;
};

}  // namespace lobby::app
