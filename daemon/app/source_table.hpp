#pragma once

#include <functional>

#include "daemon/flows/ports.hpp"
#include "daemon/journal/case_store.hpp"

namespace lobby::app {

/// The flows' view of the file beside the journal.
class SourceTablePort final : public flows::SourceTable {
 public:
  explicit SourceTablePort(journal::CaseStore& store) : store_(store) {}
  void each_known(const hall::DeviceId& feed, hall::What what,
                  const std::function<void(std::uint64_t, std::uint64_t)>& use) override {
    store_.each_known(feed.value, what, use);
  }
  void write(hall::SourceChange change, std::function<void(std::optional<std::uint64_t>)> done) override {
    store_.write(std::move(change), std::move(done));
  }

 private:
  journal::CaseStore& store_;
};

}  // namespace lobby::app
