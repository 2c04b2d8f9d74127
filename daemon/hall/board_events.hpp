#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/hall/ids.hpp"
#include "daemon/hall/time.hpp"

/// What happened to the words on the boards: bodies of hall::Event, as event.hpp has them.
namespace lobby::hall {

struct AboutText {
  DraftId draft;
  DeviceId board;
  std::string text;
  Instant until;  ///< when it goes by itself
  friend bool operator==(const AboutText&, const AboutText&) = default;
  static void fields(auto& self, auto&& f) {
    f("draft", self.draft);
    f("board", self.board);
    f("text", self.text);
    f("until", self.until);
  }
};
/// A draft, or a text that is up.
struct BoardText : AboutText {
  std::string by;           ///< who wrote it
  std::string approved_by;  ///< empty: still a draft
  std::optional<Instant> approved_at = {};
  friend bool operator==(const BoardText&, const BoardText&) = default;
  static void fields(auto& self, auto&& f) {
    AboutText::fields(self, f);
    f("by", self.by);
    f("approved_by", self.approved_by);
    f("approved_at", self.approved_at);
  }
};
struct TextDrafted : AboutText {
  static constexpr std::string_view type = "TextDrafted";
};
struct TextApproved : AboutText {
  static constexpr std::string_view type = "TextApproved";
  std::string drafted_by;
  static void fields(auto& self, auto&& f) {
    AboutText::fields(self, f);
    f("drafted_by", self.drafted_by);
  }
};
/// A draft that will not be shown, or a text that was taken down.
struct TextWithdrawn {
  static constexpr std::string_view type = "TextWithdrawn";
  DraftId draft;
  DeviceId board;
  static void fields(auto& self, auto&& f) {
    f("draft", self.draft);
    f("board", self.board);
  }
};
struct EmergencyShown {
  static constexpr std::string_view type = "EmergencyShown";
  std::string text;
  std::vector<ZoneId> zones;  ///< empty: the whole hall
  static void fields(auto& self, auto&& f) {
    f("text", self.text);
    f("zones", self.zones);
  }
};
struct EmergencyCleared {
  static constexpr std::string_view type = "EmergencyCleared";
  static void fields(auto& /*self*/, auto&& /*f*/) {}
};
/// What covers the boards.
struct Emergency {
  std::string text;
  std::vector<ZoneId> zones;
  std::string by;
  Instant since;
  friend bool operator==(const Emergency&, const Emergency&) = default;
  static void fields(auto& self, auto&& f) {
    f("text", self.text);
    f("zones", self.zones);
    f("by", self.by);
    f("since", self.since);
  }
};
/// Boards say something new; not a call, a count of people or an age.
struct BoardPublished {
  static constexpr std::string_view type = "BoardPublished";
  std::uint64_t publication = 0;  ///< counts up over all days
  std::vector<DeviceId> boards;
  std::vector<std::string> sources;  ///< of what is new: cases, bids, catalogue, texts, emergency
  static void fields(auto& self, auto&& f) {
    f("publication", self.publication);
    f("boards", self.boards);
    f("sources", self.sources);
  }
};

/// Somebody compared what a board says by hand with the catalogue as it is now.
struct BoardChecked {
  static constexpr std::string_view type = "BoardChecked";
  DeviceId board;
  static void fields(auto& self, auto&& f) { f("board", self.board); }
};
/// The site's own catalogue is another one than before: matters, services with their hours, windows.
struct CatalogueChanged {
  static constexpr std::string_view type = "CatalogueChanged";
  std::string mark;  ///< of board_reminder.hpp
  static void fields(auto& self, auto&& f) { f("mark", self.mark); }
};
/// When the catalogue last moved, and who has looked at which board.
struct CatalogueWatch {
  struct Check {
    DeviceId board;
    std::string by;
    Instant at;
    friend bool operator==(const Check&, const Check&) = default;
    static void fields(auto& self, auto&& f) {
      f("board", self.board);
      f("by", self.by);
      f("at", self.at);
    }
  };
  std::string mark = {};                    ///< of the site's own; empty: never seen
  std::optional<Instant> site_moved = {};   ///< none: not since it was seen first
  std::optional<Instant> above_moved = {};  ///< the matters of the superior system
  std::vector<Check> checks = {};           ///< the last of each board
  friend bool operator==(const CatalogueWatch&, const CatalogueWatch&) = default;
  static void fields(auto& self, auto&& f) {
    f("mark", self.mark);
    f("site_moved", self.site_moved);
    f("above_moved", self.above_moved);
    f("checks", self.checks);
  }
};

}  // namespace lobby::hall
