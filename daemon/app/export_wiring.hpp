#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "daemon/app/export_files.hpp"
#include "daemon/app/outbox_site.hpp"
#include "drivers/link/executor.hpp"

namespace lobby::app {

/// Puts the public pages into the site's folder again and again. The writing has a thread of its own, because
/// a folder may lie on a network; while one is being written no other begins.
class ExportWiring {
 public:
  /// `texts` is called on the loop. Without a site there is nothing to do.
  ExportWiring(link::Executor& executor, const std::optional<ExportSite>& site,
               std::function<PublicTexts()> texts, std::function<hall::Instant()> now);
  ~ExportWiring();  ///< waits for what is being written
  ExportWiring(const ExportWiring&) = delete;
  ExportWiring& operator=(const ExportWiring&) = delete;

  void stop();

 private:
  void publish();
  void published(const std::string& fault);

  link::Executor& executor_;
  std::function<PublicTexts()> texts_;
  std::function<hall::Instant()> now_;
  std::uint32_t interval_s_ = 0;
  std::unique_ptr<ExportFiles> files_;
  link::Timer timer_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::string last_fault_;
  bool stopped_ = false;
  std::thread writer_;
};

}  // namespace lobby::app
