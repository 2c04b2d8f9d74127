#include <algorithm>
#include <utility>

#include "drivers/board/boards.hpp"
#include "drivers/board/card_board.hpp"
#include "drivers/board/onbon_error.hpp"
#include "drivers/board/onbon_frame.hpp"

namespace lobby::board {
namespace {

class OnbonTextTalk final : public CardTalk {
 public:
  explicit OnbonTextTalk(OnbonTextSettings settings) : settings_(std::move(settings)) {}

  void begin() override {
    splitter_.reset();
    has_answered_ = !is_answering();
  }
  std::optional<Ask> greeting() override { return has_answered_ ? std::nullopt : poll(); }
  std::optional<Ask> poll() override {
    return is_answering() ? std::optional(ask(onbon::k_ping(settings_.target))) : std::nullopt;
  }
  std::vector<Ask> show(const View& view, TextLosses& losses) override {
    auto text = onbon::k_text(settings_.area, view.lines, losses);
    if (view.lines.empty()) {
      text.assign(1, ' ');
    }
    auto area = settings_.area;
    if (view.stays) {
      area.run_mode = onbon::RunMode::loop;
    }
    return {ask(onbon::k_show(settings_.target, settings_.head, area, text))};
  }
  std::optional<Ask> power(bool /*on*/) override { return std::nullopt; }
  bool has_power() const override { return false; }
  std::optional<Ask> brightness(const Brightness& brightness, std::size_t half_hour) override {
    std::array<std::uint8_t, 48> levels{};
    std::transform(brightness.percent.begin(), brightness.percent.end(), levels.begin(),
                   [](std::uint8_t percent) { return step_of(percent, 1, 16); });
    return ask(onbon::k_brightness(settings_.target, levels[half_hour], levels));
  }
  std::optional<Ask> clock(const LocalTime& time) override {
    return ask(onbon::k_clock(settings_.target, time));
  }
  void asking(const Ask& /*ask*/) override {}
  std::vector<Heard> hear(ByteView bytes) override {
    std::vector<Heard> out;
    for (const auto byte : bytes) {
      const auto packet = splitter_.take(byte);
      const auto answer = packet ? onbon::parse_k_answer(*packet) : std::nullopt;
      if (!answer) {
        continue;
      }
      has_answered_ = true;
      const auto kind = answer->is_ok()                          ? Heard::Kind::yes
                        : onbon::is_unknown_order(answer->error) ? Heard::Kind::unknown
                                                                 : Heard::Kind::no;
      out.push_back({kind, onbon::error_text(answer->error)});
    }
    return out;
  }
  link::Duration refresh_every() const override {
    const auto mode = settings_.area.run_mode;
    const bool has_watchdog = mode == onbon::RunMode::loop_or_blank || mode == onbon::RunMode::loop_or_logo;
    return has_watchdog ? refresh_of(settings_.area.timeout) : link::Duration::zero();
  }

 private:
  bool is_answering() const {
    return settings_.target.answers && settings_.target.screen != onbon::KTarget::any_screen;
  }
  Ask ask(Bytes bytes) const { return {std::move(bytes), is_answering()}; }

  OnbonTextSettings settings_;
  onbon::FrameSplitter splitter_;
  bool has_answered_ = false;
};

}  // namespace

std::unique_ptr<Board> make_onbon_text_board(link::Executor& executor, ByteDoor link,
                                             OnbonTextSettings settings, BoardOptions options,
                                             Board::Listener& listener) {
  return std::make_unique<CardBoard>(executor, std::move(link),
                                     std::make_unique<OnbonTextTalk>(std::move(settings)), std::move(options),
                                     listener);
}

}  // namespace lobby::board
