#include "daemon/app/export_wiring.hpp"

#include <chrono>
#include <utility>

#include "daemon/app/log.hpp"

namespace lobby::app {

using std::chrono::seconds;

ExportWiring::ExportWiring(link::Executor& executor, const std::optional<ExportSite>& site,
                           std::function<PublicTexts()> texts, std::function<hall::Instant()> now)
    : executor_(executor), texts_(std::move(texts)), now_(std::move(now)), timer_(executor) {
  if (site) {
    interval_s_ = site->interval_s;
    files_ = std::make_unique<ExportFiles>(site->dir);
    timer_.start(seconds(0), [this] { publish(); });
  }
}

ExportWiring::~ExportWiring() {
  if (writer_.joinable()) {
    writer_.join();
  }
}

void ExportWiring::stop() {
  stopped_ = true;
  timer_.cancel();
}

void ExportWiring::publish() {
  writer_ = std::thread([this, texts = texts_(), now = now_(), alive = std::weak_ptr<bool>(alive_)] {
    executor_.post([this, alive, fault = files_->publish(texts, now)] {
      if (!alive.expired()) {
        published(fault);
      }
    });
  });
}

void ExportWiring::published(const std::string& fault) {
  writer_.join();
  // A folder that cannot be written says so once.
  if (!fault.empty() && fault != last_fault_) {
    log(Priority::error, "the public pages cannot be written: " + fault);
  } else if (fault.empty() && !last_fault_.empty()) {
    log(Priority::notice, "the public pages are written again");
  }
  last_fault_ = fault;
  if (!stopped_) {
    timer_.start(seconds(interval_s_), [this] { publish(); });
  }
}

}  // namespace lobby::app
