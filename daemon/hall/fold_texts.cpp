#include <algorithm>

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

}  // namespace lobby::hall
