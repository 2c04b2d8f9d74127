#include "display/screen/wall_show.hpp"

#include <algorithm>
#include <utility>

namespace lobby::display {
namespace {

/// An instant so long ago that nobody keeps step by it any more.
constexpr Instant keeps_step = std::chrono::seconds(1);

bool is_same_list(const PlaylistZone& a, const PlaylistZone& b) {
  return a.area == b.area && std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
                                        [](const auto& x, const auto& y) { return x.view == y.view; });
}

/// Something else is over all: it begins anew.
bool is_same_cover(const std::optional<BoardView>& a, const std::optional<BoardView>& b) {
  if (!a || !b || a->index() != b->index()) {
    return false;
  }
  const auto* const before = std::get_if<EmergencyView>(&*a);
  const auto* const after = std::get_if<EmergencyView>(&*b);
  return before == nullptr || before->text == after->text;
}

/// What goes on when the news come up: a page is not begun anew because a number on it has changed.
Turns kept_turns(Turns turns, const BoardProgram& before, const BoardProgram& after) {
  const auto& old_zones = before.playlist.zones;
  const auto& zones = after.playlist.zones;
  turns.zones.resize(zones.size());
  for (std::size_t i = 0; i < zones.size(); ++i) {
    if (i >= old_zones.size() || !is_same_list(old_zones[i], zones[i])) {
      turns.zones[i] = {};
    }
  }
  if (!is_same_cover(before.views.over_all, after.views.over_all)) {
    turns.over_all = {};
  }
  return turns;
}

std::string as_told(const BoardProgram& program) {
  BoardProgram timeless = program;
  timeless.now = {};
  return write_program(timeless);
}

/// It is not for a lost connection to take away what people have to read now.
bool is_emergency(const BoardProgram& program) {
  const auto& cover = program.views.over_all;
  return cover && std::holds_alternative<EmergencyView>(*cover);
}

std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b) {
  return a && b ? std::min(*a, *b) : a ? a : b;
}

}  // namespace

bool WallShow::tell(BoardProgram program, Instant asked, Instant answered) {
  clock_.heard(asked, answered, program.now);
  if (clock_.times_set() != times_set_) {
    times_set_ = clock_.times_set();
    turns_ = {};
  }
  proven_ = answered;
  valid_for_ = program.valid_for;
  std::string told = as_told(program);
  if (told == told_) {
    return false;
  }
  told_ = std::move(told);
  next_.reset();
  const Instant server_now = clock_.at(answered);
  if (program.at && *program.at > server_now) {
    next_ = std::move(program);
  } else {
    come_up(std::move(program), server_now);
  }
  return true;
}

void WallShow::come_up(BoardProgram program, Instant server_now) {
  turns_ = shown_ ? carried_on(program.playlist, shown_->views, program.views,
                               kept_turns(std::move(turns_), *shown_, program), server_now)
                  : Turns{};
  shown_ = std::move(program);
  ++programs_;
  const auto& list = shown_->playlist;
  if (picture_.width() != list.width || picture_.height() != list.height) {
    picture_ = Picture(list.width, list.height);
  }
  // Walls that flip together count from their common instant, not from the moment when each got there.
  if (shown_->at && server_now - *shown_->at < keeps_step) {
    turns_ = frame(picture_, list, shown_->views, turns_, *shown_->at, glyphs_).turns;
  }
}

WallShow::Drawn WallShow::draw(Instant now) {
  const Instant server_now = clock_.at(now);
  Drawn drawn;
  if (next_ && *next_->at <= server_now) {
    come_up(*std::exchange(next_, std::nullopt), server_now);
  }
  if (next_) {
    drawn.next_change = *next_->at;
  }
  if (shown_) {
    const Instant until = server_now + (proven_ + valid_for_ - now);
    const bool is_proven = until > server_now || shown_->closing;
    const bool stays = is_proven || is_emergency(*shown_);
    drawn.next_change = earlier(drawn.next_change, stays ? draw_program(server_now) : draw_rest(server_now));
    if (!is_proven) {
      draw_mark();
    } else {
      drawn.next_change = shown_->closing ? drawn.next_change : earlier(drawn.next_change, until);
      drawn.version = shown_->version;
      drawn.programs = programs_;
    }
    picture_.dim(shown_->brightness);
  }
  if (drawn.next_change) {
    *drawn.next_change += now - server_now;
  }
  drawn.changed = picture_ != before_;
  if (drawn.changed) {
    before_ = picture_;
  }
  return drawn;
}

std::optional<Instant> WallShow::draw_program(Instant server_now) {
  if (!shown_->power) {
    picture_.fill(0, 0, picture_.width(), picture_.height(), {});
    return std::nullopt;
  }
  auto result = frame(picture_, shown_->playlist, shown_->views, turns_, server_now, glyphs_);
  turns_ = std::move(result.turns);
  return result.next_change;
}

std::optional<Instant> WallShow::draw_rest(Instant server_now) {
  const auto& list = shown_->playlist;
  picture_.fill(0, 0, picture_.width(), picture_.height(), {});
  if (!shown_->power) {
    return std::nullopt;
  }
  const auto page =
      draw_page(picture_, {0, 0, list.width, list.height}, list.rest, list.style, {server_now, {}}, glyphs_);
  return page.next_change;
}

/// For whoever looks after the wall: a lamp in the lower right corner.
void WallShow::draw_mark() {
  if (!shown_->power) {
    return;
  }
  const auto& list = shown_->playlist;
  const int size = std::clamp(list.height / 12, 3, 16);
  MissingGlyphs missing;
  Canvas canvas(picture_, glyphs_, missing, {0, 0, list.width, list.height});
  const int corner_x = list.width - size - 1;
  const int corner_y = list.height - size - 1;
  canvas.fill({corner_x - 1, corner_y - 1, size + 2, size + 2}, {});
  canvas.lamp(corner_x, corner_y, size, colour_of(Ink::bad, list.style));
}

}  // namespace lobby::display
