#pragma once

#include <memory>
#include <string>

#include "daemon/journal/journal.hpp"

namespace lobby::bench {

/// Writes a past into a state directory, in big commits. Throws when the disk refuses.
class PastJournal {
 public:
  explicit PastJournal(const std::string& state_directory);
  ~PastJournal();
  /// `state` has the event folded in.
  void add(const hall::Event& event, const hall::State& state);
  void flush(const hall::State& state);

 private:
  struct Completions;
  std::unique_ptr<Completions> completions_;
  std::unique_ptr<journal::Journal> journal_;
  journal::Batch batch_;
};

}  // namespace lobby::bench
