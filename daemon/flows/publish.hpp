#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/flows/ports.hpp"

namespace lobby::flows {

/// One whole answer of an upstream, masked.
struct CaseBatch {
  bool full = false;  ///< the rows are all there is
  std::vector<hall::CaseRow> rows;
  std::vector<std::string> removed;
  std::string cursor;
};

/// The publish walk up to the table: what an answer changes, by meaning. An unchanged answer goes no further;
/// a changed one is written in slices, each with its event, so that a ticket never waits for a big answer.
class Publish {
 public:
  using Later = std::function<void(std::function<void()>)>;
  Publish(CaseTable& table, Later later);

  /// `taken(true)` when everything that changed is durable. Batches of one feed are written one after
  /// another; of a batch that a newer one follows (its feed was started again meanwhile) the slices not yet
  /// begun are dropped, `taken(false)`.
  void on_batch(const hall::DeviceId& feed, CaseBatch batch, std::function<void(bool)> taken);

 private:
  struct Work;
  struct Lane {
    std::shared_ptr<Work> running, waiting;
  };
  void start(const std::shared_ptr<Work>& work);
  void finish(const std::shared_ptr<Work>& work, bool kept);
  void next_slice(const std::shared_ptr<Work>& work);
  void compare(Work& work);
  void write(const std::shared_ptr<Work>& work);

  CaseTable& table_;
  Later later_;
  std::map<std::string, Lane> lanes_;  ///< by feed
};

}  // namespace lobby::flows
