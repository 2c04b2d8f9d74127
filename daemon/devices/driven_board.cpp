#include <algorithm>
#include <utility>

#include "daemon/devices/board_units.hpp"
#include "daemon/devices/sign_board.hpp"

namespace lobby::devices {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Kind = BoardConfig::Kind;

namespace {

constexpr milliseconds longest_wait{60'000};

/// How soon another look may follow: what a card takes in, and what an eye sees of pixels.
milliseconds frame_time(const BoardConfig& config) {
  if (config.takes_text()) {
    return seconds(1);
  }
  const bool is_card = config.kind == Kind::onbon_5e || config.kind == Kind::onbon_6e;
  return is_card ? milliseconds(500) : milliseconds(33);
}

/// The lines one below the other, in characters of this size.
board::gbt23828::PlayList one_page(int size) {
  board::gbt23828::PlayList list;
  const auto digits = std::to_string(size);
  list.item = "item{index}=500,1,1,{lines}\r\n";
  list.line = "\\C000{y}\\fh" + digits + digits + "\\c{rgb}000{text}";
  list.pitch = size;
  return list;
}

board::LocalTime local_time(hall::Instant now) {
  const auto date = hall::local_date(now);
  const auto month = hall::year_month(date);
  const auto text = hall::to_text(date);  // 2026-11-23
  constexpr std::int64_t minute_ms = 60'000;
  board::LocalTime time;
  time.year = month.year;
  time.month = month.month;
  time.day = (text[8] - '0') * 10 + (text[9] - '0');
  time.hour = hall::local_minute(now) / 60;
  time.minute = hall::local_minute(now) % 60;
  time.second = static_cast<int>(now.utc_ms % minute_ms / 1000);
  time.weekday = hall::weekday(date) + 1;
  return time;
}

hall::DeviceState state_of(board::Health health) {
  switch (health) {
    case board::Health::ok:
      return hall::DeviceState::ok;
    case board::Health::degraded:
      return hall::DeviceState::degraded;
    case board::Health::gone:
      return hall::DeviceState::gone;
    case board::Health::absent:
      break;
  }
  return hall::DeviceState::absent;
}

hall::BoardProof proof_of(board::Confirmed confirmed) {
  return confirmed == board::Confirmed::shown  ? hall::BoardProof::shown
         : confirmed == board::Confirmed::sent ? hall::BoardProof::sent
                                               : hall::BoardProof::no;
}

/// Who sends: the same for life, another one for each board (FNV-1a of its name).
std::array<std::uint8_t, 16> cid_of(const std::string& id) {
  std::array<std::uint8_t, 16> cid{};
  std::uint64_t sum = 0xcbf29ce484222325;
  for (std::size_t i = 0; i < cid.size(); ++i) {
    for (const char c : id) {
      sum = (sum ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
    }
    cid[i] = static_cast<std::uint8_t>(sum >> 32);
  }
  return cid;
}

board::E131Settings e131_of(const BoardConfig& config) {
  const auto pixels =
      static_cast<std::size_t>(config.playlist.width) * static_cast<std::size_t>(config.playlist.height);
  board::E131Settings settings;
  settings.source.first_universe = config.universe;
  settings.source.cid = cid_of(config.id.value);
  // Else a receiver shows each universe as it comes, and the board for a moment half of either picture.
  if (board::e131::universes_of(pixels) > 1) {
    settings.source.sync_universe = config.universe;
  }
  return settings;
}

/// 128 x 32 dots, or 16 x 2 characters.
std::string size_text(const BoardConfig& config) {
  const auto* sign = config.sign();
  return sign != nullptr
             ? std::to_string(sign->columns) + " x " + std::to_string(sign->rows) + " characters"
             : std::to_string(config.playlist.width) + " x " + std::to_string(config.playlist.height);
}

}  // namespace

Boards::Driven::Driven(Boards& all, const BoardConfig& config)
    : Unit(all, config), canvas_(config.playlist.width, config.playlist.height), next_(all.executor_) {
  look_ = look({}, {}, all.clock());
  board_ = make_board();
  tell_detail(about());
  board_->want(look_.view);  // what an earlier life left there goes
  if (!config.on_spans.empty()) {
    power_changed();
  }
  board_->start();
  if (is_lit()) {
    draw(false);
  }
}

board::BoardOptions Boards::Driven::board_options() {
  board::BoardOptions options;
  options.local_time = [this] { return local_time(all_.ports_.now()); };
  options.size = board::Size{config_.playlist.width, config_.playlist.height};
  options.brightness = config_.brightness;
  if (!config_.rests_dark) {
    options.closing = look_.view;
  }
  return options;
}

std::unique_ptr<board::Board> Boards::Driven::make_board() {
  auto options = board_options();
  auto& executor = all_.executor_;
  const auto width = static_cast<std::uint16_t>(config_.playlist.width);
  const auto height = static_cast<std::uint16_t>(config_.playlist.height);
  switch (config_.kind) {
    case Kind::onbon_k: {
      board::OnbonTextSettings settings;
      settings.target.screen = config_.address;
      settings.area.width = width;
      settings.area.height = height;
      settings.area.automatic_wrap = false;
      settings.area.colours = config_.playlist.style.depth != display::Depth::single;
      return board::make_onbon_text_board(executor, all_.ports_.byte_link(config_), std::move(settings),
                                          std::move(options), *this);
    }
    case Kind::huidu: {
      board::HuiduSettings settings;
      settings.screen.font_height = config_.text_size();
      return board::make_huidu_board(executor, all_.ports_.byte_link(config_), std::move(settings),
                                     std::move(options), *this);
    }
    case Kind::gbt23828: {
      board::GbtSettings settings;
      settings.wire.destination = {static_cast<char>('0' + config_.address / 10 % 10),
                                   static_cast<char>('0' + config_.address % 10)};
      settings.list = one_page(config_.text_size());
      return board::make_gbt_board(executor, all_.ports_.byte_link(config_), std::move(settings),
                                   std::move(options), *this);
    }
    case Kind::ddp:
      return board::make_ddp_board(executor, all_.ports_.datagram_link(config_), {}, std::move(options),
                                   *this);
    case Kind::e131:
      return board::make_e131_board(executor, all_.ports_.datagram_link(config_), e131_of(config_),
                                    std::move(options), *this);
    case Kind::colorlight: {
      board::colorlight::Settings settings;
      settings.is_bgr = config_.is_bgr;
      return board::make_colorlight_board(executor, all_.ports_.datagram_link(config_), settings,
                                          std::move(options), *this);
    }
    case Kind::sign:
      return make_sign(std::move(options));
    case Kind::onbon_5e:
    case Kind::onbon_6e:
    case Kind::screen:
      break;
  }
  board::OnbonGraphicSettings settings;
  if (!config_.on_spans.empty()) {
    settings.on_spans.emplace();  // a timetable that the card may have of its own goes
  }
  settings.area.generation =
      config_.kind == Kind::onbon_5e ? board::onbon::Generation::g5 : board::onbon::Generation::g6;
  return board::make_onbon_graphic_board(executor, all_.ports_.byte_link(config_), std::move(settings),
                                         std::move(options), *this);
}

std::unique_ptr<board::Board> Boards::Driven::make_sign(board::BoardOptions options) {
  const auto& sign = *config_.sign();
  if (std::holds_alternative<window::FrameDialect>(sign.protocol)) {
    return make_sign_board(config_, std::move(options), *all_.ports_.dialect_lines, *this, all_.executor_);
  }
  return make_display_board(config_, std::move(options), all_.ports_.find_bus(sign.line), *this,
                            all_.executor_);
}

Boards::Driven::Look Boards::Driven::look(const display::BoardViews& views, const display::Turns& turns,
                                          display::Instant now) {
  return config_.takes_text() ? text(views, turns, now) : picture(views, turns, now);
}

Boards::Driven::Look Boards::Driven::picture(const display::BoardViews& views, const display::Turns& turns,
                                             display::Instant now) {
  auto frame = display::frame(canvas_, config_.playlist, views, turns, now, all_.glyphs_);
  Look out;
  out.view.picture = {{canvas_.width(), canvas_.height()}, canvas_.bytes()};
  out.turns = std::move(frame.turns);
  out.next_change = frame.next_change;
  out.missing = frame.missing.count;
  return out;
}

void Boards::Driven::changed(std::optional<display::Instant> at, bool urgent) {
  if (stopped_) {
    return;
  }
  if (!at || !is_lit()) {
    coming_.reset();
    auto news = with_test(views_);
    look_.turns = display::carried_on(config_.playlist, seen_, news, std::move(look_.turns), all_.clock());
    seen_ = std::move(news);
    return is_lit() ? draw(urgent) : void();
  }
  if (coming_ && coming_->at != *at) {
    flip();  // so near that its group is not torn by it
  }
  auto views = with_test(views_);
  auto then = look(views, display::carried_on(config_.playlist, seen_, views, look_.turns, *at), *at);
  coming_ = {std::move(views), *at, std::move(then)};
  const auto wait = *at - all_.clock();
  board_->want_at(coming_->look.view, all_.executor_.now() + wait);
  next_.start(wait, [this] { flip(); });
}

/// The present is told before the light goes on, and nothing is left to be seen when a card comes back by
/// itself, or cannot be switched.
void Boards::Driven::power_changed() {
  if (stopped_) {
    return;
  }
  if (is_lit()) {
    draw(false);
  } else {
    next_.cancel();
    if (auto come = std::exchange(coming_, std::nullopt)) {
      seen_ = std::move(come->views);
    }
    look_ = {};
    board_->want({});
  }
  board_->set_power(is_lit());
  tell_detail(about());
}

void Boards::Driven::flip() {
  auto come = *std::exchange(coming_, std::nullopt);
  look_ = std::move(come.look);
  seen_ = std::move(come.views);
  draw(false);
}

/// What it shows now, where that looks different; and again when it will.
void Boards::Driven::draw(bool urgent) {
  const auto now = all_.clock();
  auto next = look(seen_, look_.turns, now);
  const bool is_news = !next.view.same_content(look_.view);
  look_ = std::move(next);
  if (is_news || urgent) {
    auto view = look_.view;
    view.urgent = urgent;
    board_->want(std::move(view));
    tell_detail(about());
  }
  const auto frame = frame_time(config_);
  const auto wait = look_.next_change
                        ? std::clamp<display::Instant>(*look_.next_change - now, frame, longest_wait)
                        : display::Instant(longest_wait);
  next_.start(wait, [this] { draw(false); });
}

void Boards::Driven::clock_was_set_back() {
  look_.turns = {};
  if (!stopped_) {
    changed(std::nullopt, false);
  }
}

void Boards::Driven::board_changed() {
  const auto& report = board_->report();
  tell(state_of(report.health), report.reason);
  tell_detail(about());
}

std::string Boards::Driven::about() const {
  const auto& report = board_->report();
  std::string text = board_->describe() + ", " + size_text(config_) + ", ";
  text += report.confirmed == board::Confirmed::shown  ? "shown"
          : report.confirmed == board::Confirmed::sent ? "sent"
                                                       : "to be sent";
  if (const auto off = off_text(); !off.empty()) {
    text += ", " + off;
  }
  const auto lost = look_.missing + report.losses.replaced + report.losses.cut;
  if (lost > 0) {
    text += ", lacks " + std::to_string(lost) + " of its characters";
  }
  for (const auto& order : report.unsupported) {
    text += ", knows no " + order;
  }
  return text;
}

void Boards::Driven::stop(std::function<void()> done) {
  stopped_ = true;
  next_.cancel();
  coming_.reset();
  if (is_emergency()) {
    display::BoardViews emergency;
    emergency.over_all = views_.over_all;
    board_->set_closing(look(emergency, {}, all_.clock()).view);
  }
  board_->stop(std::move(done));
}

void Boards::Driven::fill(hall::BoardState& state) const {
  const auto& report = board_->report();
  if (state.over_all.empty()) {
    state.pages = look_.names.empty() ? names_of(look_.turns) : look_.names;
  }
  state.confirmed = proof_of(report.confirmed);
  if (report.acknowledged_at) {
    const auto ago = std::chrono::duration_cast<milliseconds>(all_.executor_.now() - *report.acknowledged_at);
    auto at = all_.ports_.now();
    at.utc_ms -= ago.count();
    state.confirmed_at = at;
  }
  state.missing = static_cast<std::uint32_t>(look_.missing + report.losses.replaced + report.losses.cut);
}

}  // namespace lobby::devices
