#include "drivers/printer/late_proof.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace lobby::printer {

void LateProof::add(std::uint64_t run, bool by_own_fence, Proven proven) {
  if (jobs_.size() == most) {
    jobs_.pop_front();
  }
  jobs_.push_back({run, std::move(proven), by_own_fence});
}

void LateProof::fence(const FenceBook::Fence& fence, unsigned clean_rounds) {
  for (auto& job : jobs_) {
    const bool own = job.run == fence.run && fence.proves;
    const bool behind = job.run < fence.run && !job.by_own_fence;
    if ((own || behind) && !job.is_answered) {
      job.is_answered = true;
      job.clean_rounds = clean_rounds;
    }
  }
  tell();
}

void LateProof::round_was_clean() {
  for (auto& job : jobs_) {
    job.clean_rounds -= job.is_answered && job.clean_rounds > 0 ? 1 : 0;
  }
  tell();
}

void LateProof::spoil() {
  for (auto& job : jobs_) {
    job.by_own_fence = true;
  }
}

void LateProof::tell() {
  std::vector<Proven> proven;
  std::erase_if(jobs_, [&](Job& job) {
    const bool is_proven = job.is_answered && job.clean_rounds == 0;
    if (is_proven) {
      proven.push_back(std::move(job.proven));
    }
    return is_proven;
  });
  for (const auto& each : proven) {
    each();
  }
}

}  // namespace lobby::printer
