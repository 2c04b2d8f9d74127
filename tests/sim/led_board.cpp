#include "tests/sim/led_board.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>

#include "display/canvas/png.hpp"
#include "tests/sim/board_picture.hpp"
#include "tests/sim/colorlight_card.hpp"
#include "tests/sim/ddp_card.hpp"
#include "tests/sim/e131_card.hpp"
#include "tests/sim/gbt_card.hpp"
#include "tests/sim/huidu_card.hpp"
#include "tests/sim/log.hpp"
#include "tests/sim/onbon_graphic.hpp"
#include "tests/sim/onbon_k.hpp"

namespace lobby::sim {
namespace {

constexpr int pitch_of_signs = 8;
constexpr std::size_t most_raw = 64 * 1024;
constexpr std::int64_t most_cut_bytes = 1'000'000;
constexpr int reads_at_once = 64;
constexpr int longest_wait_ms = 1000;  ///< also the pace at which a plug that would not go in is tried again

BoardColour colour_of_word(const std::string& word) {
  return word == "red" ? BoardColour::red : word == "full" ? BoardColour::full : BoardColour::dual;
}

boost::json::object reasons(const BoardCard::Counts& counts) {
  boost::json::object out;
  for (const auto& [reason, count] : counts.refused) {
    out[reason] = count;
  }
  return out;
}

std::size_t lit_dots(const display::Picture& pixels) {
  std::size_t lit = 0;
  for (int y = 0; y < pixels.height(); ++y) {
    for (int x = 0; x < pixels.width(); ++x) {
      lit += pixels.at(x, y) != display::Colour{} ? 1 : 0;
    }
  }
  return lit;
}

}  // namespace

std::unique_ptr<BoardCard> card_of(const BoardEnd& end, milliseconds processing,
                                   std::shared_ptr<const display::DotFont> font) {
  BoardShape shape;
  shape.width = end.width;
  shape.height = end.height;
  shape.colour = colour_of_word(end.colour);
  shape.processing = processing;
  if (end.protocol == "onbon_k") {
    OnbonK::Identity identity;
    identity.screen = static_cast<std::uint16_t>(end.address == 0 ? identity.screen : end.address);
    return std::make_unique<OnbonK>(shape, identity, std::move(font));
  }
  if (end.protocol == "onbon_5e" || end.protocol == "onbon_6e") {
    const auto generation = end.protocol == "onbon_5e" ? OnbonGeneration::five : OnbonGeneration::six;
    return std::make_unique<OnbonGraphic>(shape, OnbonGraphic::Identity::of(generation), std::move(font));
  }
  if (end.protocol == "huidu") {
    return std::make_unique<HuiduCard>(shape, std::move(font));
  }
  if (end.protocol == "gbt23828") {
    GbtCard::Settings settings;
    settings.address = {static_cast<char>('0' + end.address / 10 % 10),
                        static_cast<char>('0' + end.address % 10)};
    return std::make_unique<GbtCard>(shape, settings, std::move(font));
  }
  if (end.protocol == "e131") {
    return std::make_unique<E131Card>(shape, static_cast<std::uint16_t>(end.universe));
  }
  if (end.protocol == "colorlight") {
    ColorlightCard::Settings settings;
    settings.is_bgr = end.is_bgr;
    return std::make_unique<ColorlightCard>(shape, settings);
  }
  return std::make_unique<DdpCard>(shape);
}

std::unique_ptr<Plug> plug_of(const BoardEnd& end) {
  switch (end.link) {
    case BoardEnd::Link::udp:
      return make_udp_plug(end.at);
    case BoardEnd::Link::serial:
      return make_serial_plug(end.path);
    case BoardEnd::Link::ether:
      return make_ether_plug(end.path);
    default:
      return make_tcp_plug(end.at);
  }
}

LedBoard::LedBoard(BoardEnd end, std::unique_ptr<BoardCard> card, std::unique_ptr<Plug> plug)
    : end_(std::move(end)), card_(std::move(card)), plug_(std::move(plug)) {}

LedBoard::~LedBoard() {
  stop_ = true;
  wakeup_.signal();
  if (thread_.joinable()) {
    thread_.join();
  }
}

std::string LedBoard::start() {
  std::string why = plug_->plug_in();
  if (!why.empty() && end_.link == BoardEnd::Link::ether) {
    log(end_.id + ": " + why);
    plug_fault_ = std::exchange(why, {});
  }
  if (why.empty()) {
    thread_ = std::thread([this] { run(); });
  }
  return why;
}

void LedBoard::run() {
  while (!stop_) {
    fit_plug();
    serve();
  }
}

void LedBoard::hang_up() {
  plug_->hang_up();
  const std::lock_guard lock(mutex_);
  card_->hang_up();
  on_wire_.clear();
}

void LedBoard::fit_plug() {
  bool is_out = false;
  bool hangs_up = false;
  {
    const std::lock_guard lock(mutex_);
    is_out = faults_.has(Fault::gone) || (card_->is_booting(Clock::now()) && plug_->needs_power());
    hangs_up = std::exchange(hang_up_, false);
  }
  if (is_out) {
    plug_->pull_out();
  }
  if (hangs_up || is_out) {
    hang_up();
  }
  if (is_out) {
    return;
  }
  const std::string why = plug_->plug_in();
  const std::lock_guard lock(mutex_);
  if (!why.empty() && why != plug_fault_) {
    log(end_.id + ": " + why);
  }
  plug_fault_ = why;
}

void LedBoard::send(std::vector<Bytes> answers, TimePoint now) {
  if (faults_.has(Fault::silent)) {
    return;
  }
  for (Bytes& answer : answers) {
    if (answer.empty()) {
      continue;
    }
    if (faults_.has(Fault::garbage)) {
      std::transform(answer.begin(), answer.end(), answer.begin(),
                     [n = 0U](unsigned byte) mutable { return static_cast<std::uint8_t>(byte * 37 + n++); });
    }
    if (faults_.has(Fault::corrupt)) {
      // Not in the heads and tails that frames are found by.
      std::uint8_t& byte = answer[answer.size() * 3 / 4];
      byte = static_cast<std::uint8_t>(byte ^ 0x10U);
    }
    on_wire_.add(now + faults_.slow_by(), std::move(answer));
  }
}

void LedBoard::serve() {
  std::vector<Bytes> due;
  std::optional<TimePoint> next;
  bool is_frozen = false;
  bool refuses = false;
  TimePoint now = Clock::now();
  {
    const std::lock_guard lock(mutex_);
    is_frozen = faults_.has(Fault::freeze);
    refuses = faults_.has(Fault::refuse);
    if (!is_frozen) {
      send(card_->advance(now), now);
      while (auto answer = on_wire_.take(now)) {
        due.push_back(std::move(*answer));
      }
      next = card_->next();
      next = on_wire_.next() && (!next || *on_wire_.next() < *next) ? on_wire_.next() : next;
    }
  }
  for (const Bytes& answer : due) {
    plug_->write(answer);
  }
  std::array<pollfd, 3> waits{{{wakeup_.fd(), POLLIN, 0},
                               {plug_->listen_fd(), POLLIN, 0},
                               {is_frozen ? -1 : plug_->data_fd(), POLLIN, 0}}};
  std::int64_t timeout = longest_wait_ms;
  if (next) {
    timeout = std::clamp<std::int64_t>(std::chrono::ceil<milliseconds>(*next - now).count(), 0, timeout);
  }
  {
    const std::lock_guard lock(mutex_);
    // A card that boots comes back in time.
    timeout = card_->is_booting(now) ? std::min<std::int64_t>(timeout, 20) : timeout;
  }
  ::poll(waits.data(), waits.size(), static_cast<int>(timeout));
  if (waits[0].revents != 0) {
    wakeup_.drain();
  }
  if (waits[1].revents != 0) {
    plug_->accept(refuses);
    const std::lock_guard lock(mutex_);
    connections_ += plug_->data_fd() >= 0 ? 1 : 0;
  }
  if (waits[2].revents != 0) {
    read_host();
  }
}

void LedBoard::read_host() {
  std::array<std::uint8_t, 4096> buffer{};
  for (int n = 0; n < reads_at_once && plug_->data_fd() >= 0; ++n) {
    std::size_t most = buffer.size();
    {
      const std::lock_guard lock(mutex_);
      most = cut_in_ ? std::min(most, *cut_in_) : most;
    }
    const std::size_t got = plug_->read(std::span(buffer).first(most));
    const std::lock_guard lock(mutex_);
    const bool is_gone = plug_->data_fd() < 0;
    const TimePoint now = Clock::now();
    const std::span<const std::uint8_t> bytes(buffer.data(), got);
    if (got > 0) {
      raw_.insert(raw_.end(), bytes.begin(), bytes.end());
      if (raw_.size() > 2 * most_raw) {
        raw_.erase(raw_.begin(), raw_.end() - static_cast<std::ptrdiff_t>(most_raw));
      }
      send(card_->feed(bytes, now), now);
    }
    if (cut_in_) {
      *cut_in_ -= got;
      hang_up_ = *cut_in_ == 0;
    }
    if (is_gone) {
      card_->hang_up();
      on_wire_.clear();
    }
    if (got == 0 || hang_up_) {
      cut_in_ = hang_up_ ? std::nullopt : cut_in_;
      return;
    }
  }
}

bool LedBoard::can_have(Fault fault) const {
  const bool is_tcp = end_.link == BoardEnd::Link::tcp;
  switch (fault) {
    case Fault::gone:
    case Fault::freeze:
    case Fault::power_cycle:
      return true;
    case Fault::silent:
    case Fault::slow:
    case Fault::garbage:
    case Fault::corrupt:
      return card_->answers();
    case Fault::lie:
    case Fault::nack:
      return card_->takes_orders();
    case Fault::refuse:
    case Fault::cut:
      return is_tcp;
    default:
      return false;
  }
}

std::string LedBoard::set_details(Fault fault, const boost::json::object& body) {
  const auto number = [&](const char* key, std::int64_t otherwise, std::int64_t most) -> std::int64_t {
    const boost::json::value* const value = body.if_contains(key);
    if (value == nullptr) {
      return otherwise;
    }
    const bool fits = value->is_int64() && value->get_int64() >= 0 && value->get_int64() <= most;
    return fits ? value->get_int64() : -1;
  };
  const std::lock_guard lock(mutex_);
  if (fault == Fault::nack) {
    const std::int64_t code = number("code", 3, 0xFF);
    if (code < 1) {
      return "code must be a number from 1 to 255.";
    }
    nack_code_ = static_cast<int>(code);
  } else if (fault == Fault::cut) {
    const std::int64_t bytes = number("bytes", 0, most_cut_bytes);
    if (bytes < 0) {
      return "bytes must be a number from 0 to 1000000.";
    }
    cut_after_ = static_cast<std::size_t>(bytes);
  }
  return {};
}

void LedBoard::apply_to_card() {
  card_->refuse_with(faults_.has(Fault::nack) ? std::optional(nack_code_) : std::nullopt);
  card_->lie(faults_.has(Fault::lie));
  if (loses_content_ && !faults_.has(Fault::gone)) {
    loses_content_ = false;
    card_->power_cycle(Clock::now());
  }
}

void LedBoard::inject(Fault fault, milliseconds slow_by) {
  const std::lock_guard lock(mutex_);
  if (fault == Fault::power_cycle) {
    ++power_cycles_;
    card_->power_cycle(Clock::now());
    on_wire_.clear();
    hang_up_ = true;
  } else if (fault == Fault::cut) {
    cut_in_ = cut_after_ == 0 ? std::nullopt : std::optional(cut_after_);
    hang_up_ = cut_after_ == 0;
  } else {
    faults_.add(fault, slow_by);
    loses_content_ = loses_content_ || fault == Fault::gone;
    hang_up_ = hang_up_ || fault == Fault::refuse;
    apply_to_card();
  }
  wakeup_.signal();
}

void LedBoard::clear(std::optional<Fault> fault) {
  const std::lock_guard lock(mutex_);
  if (fault) {
    faults_.remove(*fault);
  } else {
    faults_.clear();
    cut_in_.reset();
  }
  apply_to_card();
  wakeup_.signal();
}

boost::json::object LedBoard::describe() {
  const std::lock_guard lock(mutex_);
  const TimePoint now = Clock::now();
  const bool is_gone = faults_.has(Fault::gone);
  const display::Picture pixels = card_->pixels(now);
  const BoardCard::Counts& counts = card_->counts();
  boost::json::object out{{"id", end_.id},
                          {"kind", kind()},
                          {"protocol", end_.protocol},
                          {"zone", end_.zone},
                          {"at", plug_->where()},
                          {"plug_fault", plug_fault_},
                          {"width", end_.width},
                          {"height", end_.height},
                          {"colour", end_.colour},
                          {"state", is_gone                  ? "gone"
                                    : card_->is_booting(now) ? "booting"
                                                             : "up"},
                          {"faults", faults_.words()},
                          {"lit_dots", is_gone ? 0 : lit_dots(pixels)},
                          {"frames", counts.frames},
                          {"bytes", counts.bytes},
                          {"flips", counts.flips},
                          {"mixed", counts.mixed},
                          {"refused", reasons(counts)},
                          {"connections", connections_},
                          {"power_cycles", power_cycles_}};
  out["last_frame_ms"] =
      counts.last_frame
          ? boost::json::value(std::chrono::floor<milliseconds>(now - *counts.last_frame).count())
          : boost::json::value(nullptr);
  card_->describe(out, now);
  return out;
}

std::optional<Device::File> LedBoard::file(std::string_view name, std::size_t) {
  if (name == "bytes") {
    const std::lock_guard lock(mutex_);
    return File{"application/octet-stream", std::string(raw_.begin(), raw_.end())};
  }
  return name == "screen.png" ? screen(pitch_of_signs) : std::nullopt;
}

std::optional<Device::File> LedBoard::screen(int pitch) {
  display::Picture pixels(end_.width, end_.height);
  {
    const std::lock_guard lock(mutex_);
    if (!faults_.has(Fault::gone)) {
      pixels = card_->pixels(Clock::now());
    }
  }
  return File{"image/png", display::png(board_picture(pixels, pitch))};
}

}  // namespace lobby::sim
