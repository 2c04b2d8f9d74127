#include <algorithm>

#include "daemon/hall/approval.hpp"
#include "daemon/hall/fold.hpp"

namespace lobby::hall {

void Fold::operator()(const TextDrafted& body) {
  state_.next_draft = std::max(state_.next_draft, DraftId{body.draft.value + 1});
  std::erase_if(state_.texts, [&](const BoardText& one) { return has_ended(one, event_.at); });
  if (state_.texts.empty() || state_.texts.back().draft < body.draft) {
    state_.texts.push_back({body, event_.by, {}});
  }
}

void Fold::operator()(const TextApproved& body) {
  for (BoardText& one : state_.texts) {
    if (one.draft == body.draft) {
      one.approved_by = event_.by;
      one.approved_at = event_.at;
    }
  }
}

void Fold::operator()(const TextWithdrawn& body) {
  std::erase_if(state_.texts, [&](const BoardText& one) { return one.draft == body.draft; });
}

void Fold::operator()(const EmergencyShown& body) {
  state_.emergency = Emergency{.text = body.text, .zones = body.zones, .by = event_.by, .since = event_.at};
}

void Fold::operator()(const EmergencyCleared&) {
  state_.emergency.reset();
}

void Fold::operator()(const BoardPublished& body) {
  state_.publications = std::max(state_.publications, body.publication);
}

void Fold::operator()(const BoardChecked& body) {
  auto& checks = state_.catalogue.checks;
  std::erase_if(checks, [&](const CatalogueWatch::Check& one) { return one.board == body.board; });
  checks.push_back({body.board, event_.by, event_.at});
}

/// What is seen for the first time did not change.
void Fold::operator()(const CatalogueChanged& body) {
  if (!state_.catalogue.mark.empty()) {
    state_.catalogue.site_moved = event_.at;
  }
  state_.catalogue.mark = body.mark;
}

/// The rows have a table of their own. Where all of them are new, a source was asked for the first time.
void Fold::operator()(const CatalogueAdvanced& body) {
  const bool is_first = body.changed == 0 && body.removed == 0 && body.added == body.total;
  if (body.what == word_of(What::matters) && !is_first) {
    state_.catalogue.above_moved = event_.at;
  }
}

}  // namespace lobby::hall
