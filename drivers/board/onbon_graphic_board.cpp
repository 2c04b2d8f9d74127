#include <algorithm>
#include <utility>

#include "drivers/board/boards.hpp"
#include "drivers/board/card_board.hpp"
#include "drivers/board/onbon_error.hpp"
#include "drivers/board/onbon_frame.hpp"

namespace lobby::board {
namespace {

constexpr int most_pixels = 2048 * 512;  ///< of a screen that a card may claim to have
constexpr std::uint8_t full_colour = 255;

class OnbonGraphicTalk final : public CardTalk {
 public:
  explicit OnbonGraphicTalk(OnbonGraphicSettings settings) : settings_(std::move(settings)) {}

  void begin() override {
    splitter_.reset();
    identity_.reset();
  }
  std::optional<Ask> greeting() override { return identity_ ? std::nullopt : poll(); }
  std::optional<Ask> poll() override { return Ask{onbon::graphic_ping(envelope()), true, identity_expected}; }

  std::vector<Ask> show(const View& view, TextLosses& /*losses*/) override {
    Picture dark;
    auto image = view.picture.view();
    if (view.picture.rgb.empty()) {
      dark.size = {identity_->width, identity_->height};
      dark.rgb.assign(static_cast<std::size_t>(dark.size.width) * identity_->height * 3, 0);
      image = dark.view();
    }
    constexpr int longest_side = 0x7FFF;
    auto area = settings_.area;
    if (view.stays) {
      area.run_mode = onbon::RunMode::loop;
    }
    if (!image.is_whole() || area.x + image.width > longest_side || area.y + image.height > longest_side) {
      return {};
    }
    area.type = identity_->type;
    area.planes = planes();
    std::vector<Ask> asks;
    for (auto& frame : onbon::area_frames(area, image)) {
      const auto standing = std::max(areas_, static_cast<int>(asks.size()) + 1);
      asks.push_back({std::move(frame), true, acknowledgement_expected | standing << kind_bits});
    }
    const auto count = static_cast<int>(asks.size());
    if (count < areas_) {
      asks.push_back({onbon::delete_area_frame(area.type, numbers(count, areas_)), true,
                      deletion_expected | count << kind_bits});
    }
    return asks;
  }
  std::optional<Ask> power(bool on) override { return order(onbon::graphic_power(envelope(), on)); }
  std::optional<Ask> brightness(const Brightness& brightness, std::size_t /*half_hour*/) override {
    std::array<std::uint8_t, 48> levels{};
    std::transform(brightness.percent.begin(), brightness.percent.end(), levels.begin(),
                   [](std::uint8_t percent) { return step_of(percent, 0, 15); });
    return order(onbon::graphic_brightness(envelope(), onbon::BrightnessMode::by_clock, levels));
  }
  std::optional<Ask> clock(const LocalTime& time) override {
    return order(onbon::graphic_clock(envelope(), time));
  }
  std::optional<Ask> setup() override {
    return settings_.on_spans
               ? std::optional(order(onbon::graphic_timetable(envelope(), *settings_.on_spans)))
               : std::nullopt;
  }
  void asking(const Ask& ask) override {
    expects_ = ask.expects & ((1 << kind_bits) - 1);
    if (const auto standing = ask.expects >> kind_bits; standing > 0) {
      areas_ = standing;
    }
  }
  std::vector<Heard> hear(ByteView bytes) override {
    std::vector<Heard> out;
    for (const auto byte : bytes) {
      const auto packet = splitter_.take(byte);
      if (const auto answer = packet ? onbon::parse_graphic_answer(*packet) : std::nullopt) {
        out.push_back(judged(*answer));
      }
    }
    return out;
  }
  std::string hindrance() const override {
    if (!identity_) {
      return {};
    }
    if (!identity_->is_set_up) {
      return "the screen must first be set up with its maker's program";
    }
    if (identity_->width == 0 || identity_->height == 0 ||
        identity_->width * std::int64_t{identity_->height} > most_pixels) {
      return "the card tells an impossible size";
    }
    return identity_->colour == full_colour && !settings_.planes ? "full colour is not supported" : "";
  }
  std::optional<Size> size() const override {
    return identity_ ? std::optional(Size{identity_->width, identity_->height}) : std::nullopt;
  }
  std::optional<bool> is_on() const override { return identity_ ? identity_->on : std::nullopt; }
  link::Duration refresh_every() const override {
    const auto mode = settings_.area.run_mode;
    const bool has_watchdog = mode == onbon::RunMode::loop_or_blank || mode == onbon::RunMode::loop_or_logo;
    return has_watchdog ? refresh_of(settings_.area.timeout) : link::Duration::zero();
  }

 private:
  /// What an Ask's mark says: which answer, and above these bits how many areas stand after it.
  static constexpr int identity_expected = 1, acknowledgement_expected = 2, deletion_expected = 3,
                       kind_bits = 2;

  Bytes numbers(int from, int end) const {
    Bytes out;
    for (; from < end; ++from) {
      out.push_back(byte_of(static_cast<unsigned>(settings_.area.number + from)));
    }
    return out;
  }

  onbon::Envelope envelope() {
    ++sequence_;
    return {settings_.area.generation, identity_ ? identity_->type : onbon::any_type, sequence_,
            byte_of(sequence_ * 37U)};
  }
  static Ask order(Bytes bytes) { return {std::move(bytes), true, acknowledgement_expected}; }
  int planes() const {
    constexpr std::uint8_t single = 1, three = 7;
    if (settings_.planes) {
      return std::clamp(*settings_.planes, 1, 3);
    }
    return identity_->colour == single ? 1 : identity_->colour == three ? 3 : 2;
  }
  /// A late answer to a ping acknowledges nothing, and the other way round.
  Heard judged(const onbon::GraphicAnswer& answer) {
    if (expects_ == deletion_expected && !onbon::parse_graphic_identity(answer)) {
      return {Heard::Kind::yes, {}};  // what is not there need not go
    }
    if (!answer.is_ok()) {
      return {onbon::is_unknown_order(answer.error) ? Heard::Kind::unknown : Heard::Kind::no,
              onbon::error_text(answer.error)};
    }
    if (const auto identity = onbon::parse_graphic_identity(answer)) {
      identity_ = identity;
      return {expects_ == identity_expected ? Heard::Kind::yes : Heard::Kind::unasked, {}};
    }
    return {expects_ == acknowledgement_expected ? Heard::Kind::yes : Heard::Kind::unasked, {}};
  }

  OnbonGraphicSettings settings_;
  onbon::FrameSplitter splitter_;
  std::optional<onbon::GraphicIdentity> identity_;
  std::uint16_t sequence_ = 0;
  int expects_ = 0;
  int areas_ = 0;  ///< that stand on the card, as far as this life knows
};

}  // namespace

std::unique_ptr<Board> make_onbon_graphic_board(link::Executor& executor, ByteDoor link,
                                                OnbonGraphicSettings settings, BoardOptions options,
                                                Board::Listener& listener) {
  return std::make_unique<CardBoard>(executor, std::move(link),
                                     std::make_unique<OnbonGraphicTalk>(std::move(settings)),
                                     std::move(options), listener);
}

}  // namespace lobby::board
