#include "daemon/hall/evaluation.hpp"

#include <algorithm>

namespace lobby::hall {

namespace {

constexpr std::int64_t told_for_ms = 30LL * 24 * 60 * 60 * 1000;

}  // namespace

const EvaluationCamera* Evaluation::find(const DeviceId& wanted) const {
  const auto it = std::find_if(watch.begin(), watch.end(),
                               [&](const EvaluationCamera& one) { return one.camera == wanted; });
  return it == watch.end() ? nullptr : &*it;
}

bool is_ready(const Evaluation& evaluation) {
  return evaluation.stage == EvaluationStage::witnessed || evaluation.stage == EvaluationStage::unwitnessed ||
         evaluation.stage == EvaluationStage::interrupted;
}

bool is_open(const Evaluation& evaluation) {
  return evaluation.stage == EvaluationStage::opening || is_ready(evaluation);
}

bool is_forgotten(const Evaluation& evaluation, Instant now) {
  return evaluation.closed_at && evaluation.closed_at->utc_ms + told_for_ms <= now.utc_ms;
}

}  // namespace lobby::hall
