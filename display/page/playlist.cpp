#include "display/page/playlist.hpp"

#include <algorithm>

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

  const BoardView* view_of(std::size_t item) const {
    const auto found = views_.pages.find(zone_.items[item].view);
    return found == views_.pages.end() ? nullptr : &found->second;
  }

  Instant dwell_of(std::size_t item, const PageResult& result) const {
    return zone_.items[item].dwell.value_or(result.length);
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
    turn = {item, since, true};
  }
}

class FrameMaker {
 public:
  FrameMaker(Picture& picture, const Playlist& playlist, const BoardViews& views, Glyphs& glyphs)
      : picture_(picture), playlist_(playlist), views_(views), glyphs_(glyphs) {}

  FrameResult take() { return std::move(result_); }

  void over_all(Turn turn, Instant now) {
    if (!turn.begun) {
      turn = {0, now, true};
    }
    result_.turns.over_all = turn;
    add(draw_page(picture_, {0, 0, playlist_.width, playlist_.height}, *views_.over_all, playlist_.style,
                  {now, turn.since}, glyphs_));
  }

  void zone(const PlaylistZone& zone, Turn turn, Instant now) {
    const ZoneShow show(zone, playlist_, views_);
    const auto urgent = show.urgent(now);
    auto item = urgent ? urgent : show.shown_from(turn.item, now);
    if (const auto next = show.next_call(now)) {
      note(*next);
    }
    if (!item) {
      result_.turns.zones.push_back({});
      add(draw_page(picture_, zone.area, playlist_.rest, playlist_.style, {now, {}}, glyphs_));
      return;
    }
    begin(turn, *item, now);
    PageResult page = draw(zone, show, turn, now);
    if (!urgent && show.dwell_of(turn.item, page) <= now - turn.since) {
      const std::size_t next = *show.shown_from((turn.item + 1) % zone.items.size(), now);
      // Where only one page has something to say it goes on as it is; after a long pause the next one begins
      // now, or it would be over before it was seen.
      const Instant ended = turn.since + show.dwell_of(turn.item, page);
      turn = {next, now - ended < std::chrono::seconds(1) ? ended : now, true};
      page = draw(zone, show, turn, now);
    }
    const Instant end = turn.since + show.dwell_of(turn.item, page);
    if (end > now && show.shown_from((turn.item + 1) % zone.items.size(), now) != turn.item) {
      note(end);
    }
    result_.turns.zones.push_back(turn);
    add(page);
  }

 private:
  PageResult draw(const PlaylistZone& zone, const ZoneShow& show, const Turn& turn, Instant now) {
    return draw_page(picture_, zone.area, *show.view_of(turn.item), playlist_.style, {now, turn.since},
                     glyphs_);
  }

  void note(Instant at) {
    result_.next_change = result_.next_change ? std::min(*result_.next_change, at) : at;
  }

  void add(const PageResult& page) {
    merge(result_.missing, page.missing);
    if (page.next_change) {
      note(*page.next_change);
    }
  }

  Picture& picture_;
  const Playlist& playlist_;
  const BoardViews& views_;
  Glyphs& glyphs_;
  FrameResult result_;
};

}  // namespace

FrameResult frame(Picture& picture, const Playlist& playlist, const BoardViews& views, const Turns& turns,
                  Instant now, Glyphs& glyphs) {
  FrameMaker maker(picture, playlist, views, glyphs);
  picture.fill(0, 0, picture.width(), picture.height(), {});
  if (views.over_all) {
    maker.over_all(turns.over_all, now);
    auto result = maker.take();
    result.turns.zones = turns.zones;
    return result;
  }
  for (std::size_t i = 0; i < playlist.zones.size(); ++i) {
    maker.zone(playlist.zones[i], i < turns.zones.size() ? turns.zones[i] : Turn{}, now);
  }
  return maker.take();
}

}  // namespace lobby::display
