#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "drivers/printer/fence_book.hpp"

namespace lobby::printer {

/// Jobs that are unknown for want of an answer, in case it comes after all.
class LateProof {
 public:
  using Proven = std::function<void()>;
  /// `by_own_fence`: bytes of it may have been lost, so that no later job's fence proves it.
  void add(std::uint64_t run, bool by_own_fence, Proven proven);
  /// A fence was answered. `clean_rounds`: how many more times the printer must say that it is well before
  /// that counts; 0: it cannot say.
  void fence(const FenceBook::Fence& fence, unsigned clean_rounds);
  void round_was_clean();
  /// Bytes may have been lost: from now on only a job's own fence proves it.
  void spoil();
  /// There was a fault, or the printer may have been without power: none of them is proven any more.
  void drop() { jobs_.clear(); }

 private:
  struct Job {
    std::uint64_t run = 0;
    Proven proven;
    bool by_own_fence = false;
    bool is_answered = false;
    unsigned clean_rounds = 0;
  };
  static constexpr std::size_t most = 8;
  void tell();
  std::deque<Job> jobs_;
};

}  // namespace lobby::printer
