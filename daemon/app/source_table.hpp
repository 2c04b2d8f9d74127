#pragma once

#include <functional>

#include "daemon/flows/ports.hpp"
#include "daemon/journal/case_store.hpp"

namespace lobby::app {

/// The flows' view of the file beside the journal.
class SourceTablePort final : public flows::SourceTable {
 public:
  explicit SourceTablePort(journal::CaseStore& store) : store_(store) {}
  std::optional<std::int64_t> each_known(const hall::DeviceId& feed, hall::What what, std::int64_t place,
                                         const UseKnown& use) override {
    return store_.each_known(feed.value, what, place, use);
  }
  std::vector<std::uint64_t> oldest(const hall::DeviceId& feed, hall::What what, std::size_t limit) override {
    return store_.oldest(feed.value, what, limit);
  }
  void write(hall::SourceChange change, std::function<void(std::optional<std::uint64_t>)> done) override {
    store_.write(std::move(change), std::move(done));
  }

 private:
  journal::CaseStore& store_;
};

}  // namespace lobby::app
