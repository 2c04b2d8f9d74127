// Words for the boards: free texts, which two people answer for, and the emergency page.
#include <algorithm>
#include <string_view>

#include "daemon/hall/board_reminder.hpp"
#include "daemon/hall/deciding.hpp"

namespace lobby::hall::deciding {

namespace {

constexpr std::size_t most_characters = 200;
constexpr std::int64_t most_days_up = 31;
constexpr std::int64_t ms_of_day = 24LL * 60 * 60 * 1000;

bool is_continued(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80;
}

/// C0, DEL, and C1, which UTF-8 writes as 0xc2 0x80 to 0xc2 0x9f.
bool has_control_characters(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool is_c1 = byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (byte < 0x20 || byte == 0x7f || is_c1) {
      return true;
    }
  }
  return false;
}

bool is_blank_text(std::string_view text) {
  constexpr std::string_view wide_space = "\u3000";
  while (!text.empty() && (text.front() == ' ' || text.starts_with(wide_space))) {
    text.remove_prefix(text.front() == ' ' ? 1 : wide_space.size());
  }
  return text.empty();
}

std::optional<Refusal> refuse_text(std::string_view text) {
  const auto characters = std::count_if(text.begin(), text.end(), [](char c) { return !is_continued(c); });
  if (is_blank_text(text)) {
    return refuse(Refused::bad_request, "a text for a board says something");
  }
  if (static_cast<std::size_t>(characters) > most_characters) {
    return refuse(Refused::bad_request,
                  "a text for a board has at most " + std::to_string(most_characters) + " characters");
  }
  if (has_control_characters(text)) {
    return refuse(Refused::bad_request, "a text for a board is one line without control characters");
  }
  return std::nullopt;
}

std::optional<Refusal> refuse_board(const Asked& asked, const DeviceId& board) {
  const auto& boards = asked.site.boards;
  return std::find(boards.begin(), boards.end(), board) != boards.end()
             ? std::nullopt
             : std::optional(refuse(Refused::unknown_board, "there is no board `" + board.value + "`"));
}

std::optional<Refusal> refuse_until(const Asked& asked, Instant until) {
  if (until.utc_ms <= asked.now.utc_ms) {
    return refuse(Refused::bad_request, "`until` is over already");
  }
  if (until.utc_ms > asked.now.utc_ms + most_days_up * ms_of_day) {
    return refuse(Refused::bad_request,
                  "a text stays for at most " + std::to_string(most_days_up) + " days: `until` is later");
  }
  return std::nullopt;
}

Refusal no_such_text(DraftId draft) {
  return refuse(Refused::not_found, "there is no text " + std::to_string(draft.value));
}

/// Nullptr when there is none, or its time is over.
const BoardText* living(const Asked& asked, DraftId id) {
  const BoardText* const text = asked.state.find(id);
  return text == nullptr || has_ended(*text, asked.now) ? nullptr : text;
}

std::size_t count_texts(const Asked& asked, bool approved) {
  const auto& all = asked.state.texts;
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const BoardText& one) {
    return !has_ended(one, asked.now) && one.approved_by.empty() != approved;
  }));
}

}  // namespace

Decision on(const Asked& asked, const DraftText& command) {
  if (auto refusal = refuse_board(asked, command.board)) {
    return *std::move(refusal);
  }
  if (auto refusal = refuse_text(command.text)) {
    return *std::move(refusal);
  }
  if (auto refusal = refuse_until(asked, command.until)) {
    return *std::move(refusal);
  }
  if (count_texts(asked, false) >= most_drafts) {
    return refuse(Refused::quota_reached,
                  std::to_string(most_drafts) + " drafts wait already: approve or withdraw some");
  }
  return one(asked, TextDrafted{{asked.state.next_draft, command.board, command.text, command.until}});
}

Decision on(const Asked& asked, const ApproveText& command) {
  const BoardText* const draft = living(asked, command.draft);
  if (draft == nullptr) {
    return no_such_text(command.draft);
  }
  if (!draft->approved_by.empty()) {
    return refuse(Refused::wrong_state, "the text was approved by `" + draft->approved_by + "`");
  }
  if (draft->by == asked.context.by) {
    return refuse(Refused::same_person, "whoever wrote a text does not approve it: somebody else must");
  }
  if (count_texts(asked, true) >= most_texts_up) {
    return refuse(Refused::quota_reached,
                  std::to_string(most_texts_up) + " texts are up already: withdraw some");
  }
  return one(asked, TextApproved{*draft, draft->by});
}

Decision on(const Asked& asked, const WithdrawText& command) {
  const BoardText* const text = living(asked, command.draft);
  return text == nullptr ? Decision(no_such_text(command.draft))
                         : one(asked, TextWithdrawn{text->draft, text->board});
}

Decision on(const Asked& asked, const ShowEmergency& command) {
  if (auto refusal = refuse_text(command.text)) {
    return *std::move(refusal);
  }
  std::vector<ZoneId> zones;
  for (const ZoneId& zone : command.zones) {
    if (asked.site.find(zone) == nullptr) {
      return refuse(Refused::bad_request, "there is no zone `" + zone.value + "`");
    }
    if (std::find(zones.begin(), zones.end(), zone) == zones.end()) {
      zones.push_back(zone);
    }
  }
  const auto& shown = asked.state.emergency;
  if (shown && shown->text == command.text && shown->zones == zones) {
    return nothing();
  }
  return one(asked, EmergencyShown{command.text, std::move(zones)});
}

Decision on(const Asked& asked, const ClearEmergency&) {
  return asked.state.emergency ? one(asked, EmergencyCleared{})
                               : refuse(Refused::not_found, "there is no emergency page");
}

/// Done is done: of two people who say so the first one stands in the journal.
Decision on(const Asked& asked, const CheckBoard& command) {
  if (auto refusal = refuse_board(asked, command.board)) {
    return *std::move(refusal);
  }
  return is_checked(asked.state, command.board) ? nothing() : one(asked, BoardChecked{command.board});
}

Decision on(const Asked& asked, const ReportCatalogue& command) {
  return command.mark == asked.state.catalogue.mark ? nothing() : one(asked, CatalogueChanged{command.mark});
}

Decision on(const Asked& asked, const ReportPublished& command) {
  if (command.boards.empty()) {
    return nothing();
  }
  return one(asked, BoardPublished{asked.state.publications + 1, command.boards, command.sources});
}

}  // namespace lobby::hall::deciding
