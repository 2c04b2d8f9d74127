#include <utility>

#include "drivers/board/boards.hpp"
#include "drivers/board/card_board.hpp"

namespace lobby::board {
namespace {

class GbtTalk final : public CardTalk {
 public:
  explicit GbtTalk(GbtSettings settings) : settings_(std::move(settings)) {}

  void begin() override {
    splitter_.reset();
    has_answered_ = false;
  }
  std::optional<Ask> greeting() override { return has_answered_ ? std::nullopt : poll(); }
  std::optional<Ask> poll() override { return Ask{gbt23828::poll(settings_.wire), true, any_answer}; }
  std::vector<Ask> show(const View& view, TextLosses& losses) override {
    static const std::vector<TextLine> nothing{{" ", {}}};
    const auto list = gbt23828::play_list(settings_.list, view.lines.empty() ? nothing : view.lines, losses);
    return {order(gbt23828::upload(settings_.wire, list)), order(gbt23828::show_list(settings_.wire))};
  }
  std::optional<Ask> power(bool on) override { return order(gbt23828::power(settings_.wire, on)); }
  std::optional<Ask> brightness(const Brightness& brightness, std::size_t half_hour) override {
    return order(gbt23828::brightness(settings_.wire, step_of(brightness.percent[half_hour], 0, 31)));
  }
  std::optional<Ask> clock(const LocalTime& /*time*/) override { return std::nullopt; }
  void asking(const Ask& ask) override { expects_ = ask.expects; }
  std::vector<Heard> hear(ByteView bytes) override {
    std::vector<Heard> out;
    for (const auto byte : bytes) {
      const auto body = splitter_.take(byte);
      const auto answer = body ? gbt23828::parse_answer(settings_.wire, *body) : std::nullopt;
      if (!answer) {
        continue;
      }
      has_answered_ = true;
      const bool is_yes = expects_ == any_answer || answer->is_success;
      out.push_back(is_yes ? Heard{Heard::Kind::yes, {}} : Heard{Heard::Kind::no, "refused"});
    }
    return out;
  }

 private:
  static constexpr int any_answer = 0, success = 1;
  static Ask order(Bytes bytes) { return {std::move(bytes), true, success}; }

  GbtSettings settings_;
  gbt23828::FrameSplitter splitter_;
  bool has_answered_ = false;
  int expects_ = any_answer;
};

}  // namespace

std::unique_ptr<Board> make_gbt_board(link::Executor& executor, ByteDoor link, GbtSettings settings,
                                      BoardOptions options, Board::Listener& listener) {
  return std::make_unique<CardBoard>(executor, std::move(link),
                                     std::make_unique<GbtTalk>(std::move(settings)), std::move(options),
                                     listener);
}

}  // namespace lobby::board
