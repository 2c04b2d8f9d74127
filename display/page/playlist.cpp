#include "display/page/playlist.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "display/page/board_calls.hpp"
#include "display/page/board_room.hpp"

namespace lobby::display {
namespace {

void merge(MissingGlyphs& into, const MissingGlyphs& from) {
  const std::size_t count = into.count + from.count;
  for (const char32_t c : from.characters) {
    into.add(c);
  }
  into.count = count;
}

/// One zone of a board at an instant.
class ZoneShow {
 public:
  ZoneShow(const PlaylistZone& zone, const Playlist& playlist, const BoardViews& views)
      : zone_(zone), playlist_(playlist), views_(views) {}

  /// The item whose turn it is, or the first one behind it that says something; none: no item does.
  std::optional<std::size_t> shown_from(std::size_t item, Instant now) const {
    for (std::size_t i = 0; i < zone_.items.size(); ++i) {
      const std::size_t at = (item + i) % zone_.items.size();
      const auto* const view = view_of(at);
      if (view != nullptr && says_something(*view, now)) {
        return at;
      }
    }
    return std::nullopt;
  }

  /// A call that flashes does not wait for its turn.
  std::optional<std::size_t> urgent(Instant now) const {
    for (std::size_t i = 0; i < zone_.items.size(); ++i) {
      const auto* const view = view_of(i);
      const auto* const calls = view == nullptr ? nullptr : std::get_if<CallsView>(view);
      if (calls != nullptr && shown(*calls, *view, now).busy_until > now) {
        return i;
      }
    }
    return std::nullopt;
  }

  /// When the next call of any item is made that nobody can know of yet by its page.
  std::optional<Instant> next_call(Instant now) const {
    std::optional<Instant> next;
    for (std::size_t i = 0; i < zone_.items.size(); ++i) {
      const auto* const view = view_of(i);
      const auto* const calls = view == nullptr ? nullptr : std::get_if<CallsView>(view);
      for (std::size_t c = 0; calls != nullptr && c < calls->calls.size(); ++c) {
        if (const Instant at = calls->calls[c].at; at > now) {
          next = next ? std::min(*next, at) : at;
        }
      }
    }
    return next;
  }

  std::size_t size() const { return zone_.items.size(); }
  BoardView rest() const { return playlist_.rest; }

  const BoardView* view_of(std::size_t item) const {
    const auto found = views_.pages.find(zone_.items[item].view);
    return found == views_.pages.end() ? nullptr : &found->second;
  }

  Instant dwell_of(std::size_t item, Instant length) const {
    return zone_.items[item].dwell.value_or(length);
  }

 private:
  ShownCalls shown(const CallsView& calls, const BoardView& view, Instant now) const {
    const auto room = room_of(zone_.area, view, {}, playlist_.style);
    return shown_calls(calls, call_places(room.grid), playlist_.style, now);
  }

  bool says_something(const BoardView& view, Instant now) const {
    const auto* const calls = std::get_if<CallsView>(&view);
    return calls != nullptr ? !shown(*calls, view, now).calls.empty() : !is_empty(view);
  }

  const PlaylistZone& zone_;
  const Playlist& playlist_;
  const BoardViews& views_;
};

void begin(Turn& turn, std::size_t item, Instant since) {
  if (!turn.begun || turn.item != item) {
    turn = {item, since, true, {}};
  }
}

/// A call goes before what is up.
void break_for(Turn& turn, std::size_t call, Instant now) {
  if (turn.begun && turn.item != call) {
    turn = {call, now, true, Turn::Broken{turn.item, now - turn.since, turn.ahead}};
  }
}

/// What became of drawing a page.
struct Drawn {
  Instant length = {};
  std::optional<Instant> next_change;
};
using DrawView = std::function<Drawn(const BoardView&, PageTime)>;

void note(std::optional<Instant>& next, std::optional<Instant> at) {
  if (at) {
    next = next ? std::min(*next, *at) : at;
  }
}

/// Where only one page has something to say it goes on as it is; after a long pause the next one begins now,
/// or it would be over before it was seen.
Turn turn_after(const ZoneShow& show, const Turn& turn, Instant ended, Instant now) {
  const Instant since = now - ended < std::chrono::seconds(1) ? ended : now;
  if (turn.broken && show.shown_from(turn.broken->item, now) == turn.broken->item) {
    return {turn.broken->item, since - turn.broken->shown, true, {}, turn.broken->ahead};
  }
  return {*show.shown_from((turn.item + 1) % show.size(), now), since, true, {}};
}

/// Draws the item whose turn it is, where the first one is over also the one behind it.
Turn show_zone(const ZoneShow& show, Turn turn, Instant now, const DrawView& draw,
               std::optional<Instant>& next_change) {
  const auto urgent = show.urgent(now);
  const auto item = urgent ? urgent : show.shown_from(turn.item, now);
  note(next_change, show.next_call(now));
  if (!item) {
    note(next_change, draw(show.rest(), {now, {}}).next_change);
    return {};
  }
  if (urgent) {
    break_for(turn, *urgent, now);
  }
  begin(turn, *item, now);
  const auto draw_turn = [&] { return draw(*show.view_of(turn.item), {now, turn.since - turn.ahead}); };
  Drawn page = draw_turn();
  const auto ended = [&] { return turn.since + show.dwell_of(turn.item, page.length - turn.ahead); };
  if (!urgent && ended() <= now) {
    turn = turn_after(show, turn, ended(), now);
    page = draw_turn();
  }
  if (ended() > now && show.shown_from((turn.item + 1) % show.size(), now) != turn.item) {
    note(next_change, ended());
  }
  note(next_change, page.next_change);
  return turn;
}

Turn over_all(const BoardViews& views, Turn turn, Instant now, const DrawView& draw,
              std::optional<Instant>& next_change) {
  if (!turn.begun) {
    turn = {0, now, true, {}};
  }
  note(next_change, draw(*views.over_all, {now, turn.since}).next_change);
  return turn;
}

Turn turn_of_zone(const Turns& turns, std::size_t zone) {
  return zone < turns.zones.size() ? turns.zones[zone] : Turn{};
}

}  // namespace

FrameResult frame(Picture& picture, const Playlist& playlist, const BoardViews& views, const Turns& turns,
                  Instant now, Glyphs& glyphs) {
  FrameResult result;
  Rect area{0, 0, playlist.width, playlist.height};
  const DrawView draw = [&](const BoardView& view, PageTime time) {
    const PageResult page = draw_page(picture, area, view, playlist.style, time, glyphs);
    merge(result.missing, page.missing);
    return Drawn{page.length, page.next_change};
  };
  picture.fill(0, 0, picture.width(), picture.height(), {});
  if (views.over_all) {
    result.turns = {turns.zones, over_all(views, turns.over_all, now, draw, result.next_change)};
    return result;
  }
  for (std::size_t i = 0; i < playlist.zones.size(); ++i) {
    const auto& zone = playlist.zones[i];
    area = zone.area;
    result.turns.zones.push_back(
        show_zone({zone, playlist, views}, turn_of_zone(turns, i), now, draw, result.next_change));
  }
  return result;
}

TextFrame text_frame(const Playlist& playlist, const BoardViews& views, const Turns& turns, Instant now,
                     int columns, int rows) {
  TextFrame result;
  const DrawView draw = [&](const BoardView& view, PageTime time) {
    auto page = lines(view, columns, rows, playlist.style, time);
    result.lines = std::move(page.lines);
    result.flashes = page.flashes;
    return Drawn{page.length, page.next_change};
  };
  if (views.over_all) {
    result.turns = {turns.zones, over_all(views, turns.over_all, now, draw, result.next_change)};
  } else if (!playlist.zones.empty()) {
    const auto& zone = playlist.zones.front();
    result.turns.zones.push_back(
        show_zone({zone, playlist, views}, turn_of_zone(turns, 0), now, draw, result.next_change));
  }
  return result;
}

std::optional<TextRound> text_round(const Playlist& playlist, const BoardViews& views, Instant now,
                                    TextRoom room) {
  TextRound round;
  const auto add = [&](const BoardView& view) {
    const bool is_of_instant = std::holds_alternative<CallsView>(view);
    Instant length{};
    for (std::optional<Instant> at = now; at && *at - now <= length;) {
      auto page = lines(view, room.columns, room.rows, playlist.style, {*at, now});
      if (page.flashes || round.pages.size() == room.pages) {
        return false;
      }
      round.pages.push_back(std::move(page.lines));
      if (is_of_instant) {
        note(round.next_change, page.next_change);
        return true;
      }
      length = page.length - Instant(1);
      at = page.next_change;
    }
    return true;
  };
  if (views.over_all) {
    return add(*views.over_all) ? std::optional(std::move(round)) : std::nullopt;
  }
  if (playlist.zones.empty()) {
    return std::nullopt;
  }
  const ZoneShow show{playlist.zones.front(), playlist, views};
  note(round.next_change, show.next_call(now));
  for (std::size_t i = 0; i < show.size(); ++i) {
    if (show.shown_from(i, now) != i) {
      continue;
    }
    if (!add(*show.view_of(i))) {
      return std::nullopt;
    }
    round.views.push_back(playlist.zones.front().items[i].view);
  }
  const bool has_rest = !round.pages.empty() || add(show.rest());
  return has_rest ? std::optional(std::move(round)) : std::nullopt;
}

}  // namespace lobby::display
