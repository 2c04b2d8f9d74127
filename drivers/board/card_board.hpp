#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/board/board.hpp"
#include "drivers/board/card_talk.hpp"
#include "drivers/link/back_off.hpp"
#include "drivers/link/byte_link.hpp"

namespace lobby::board {

/// A card that answers, on a byte link: one question at a time. It is asked who it is before anything is
/// shown; after a silence it is asked that again, as it may have been without power. On the loop.
class CardBoard final : public Board, private link::ByteLink::Listener {
 public:
  /// Executor and listener outlive it.
  CardBoard(link::Executor& executor, std::unique_ptr<link::ByteLink> link, std::unique_ptr<CardTalk> talk,
            BoardOptions options, Board::Listener& listener);

  void start() override;
  void want(View view) override;
  void want_at(View view, link::MonoTime at) override;
  void set_power(bool on) override;
  void set_brightness(const Brightness& brightness) override;
  void set_closing(View view) override { options_.closing = std::move(view); }
  void stop(std::function<void()> done) override;
  const Report& report() const override { return report_; }
  std::string describe() const override { return link_->describe(); }

 private:
  /// What a question is about.
  enum class Topic : std::uint8_t { greeting, view, power, brightness, clock, setup, poll };
  /// Something that the card is told when it is due, and again, ever later, when that fails.
  struct Order {
    bool is_due = false;
    link::MonoTime not_before{};
    link::BackOff back_off{std::chrono::seconds(1), std::chrono::seconds(60)};
    std::string fault;  ///< why the last one failed
    void set_due() {
      is_due = true;
      not_before = {};
      back_off.reset();
    }
    bool may(link::MonoTime now) const { return is_due && now >= not_before; }
  };
  struct Prepared {
    View view;
    link::MonoTime at;
    std::vector<Ask> asks;  ///< empty: the card was not known yet
    TextLosses losses;
  };

  void link_up() override;
  void link_bytes(std::span<const std::uint8_t> bytes) override;
  void link_down(std::string_view reason) override;

  void go();
  std::optional<Ask> next(Topic& topic);
  std::optional<Ask> next_of_view();
  std::optional<Ask> next_order(Topic& topic);
  std::optional<Ask> order_ask(Topic topic);
  void wait();
  bool is_quiet_time() const;
  void take(View view);
  const View& view_to_tell() const;
  void begin_telling(std::vector<Ask> asks, const TextLosses& losses);
  void stop_telling();
  void flip();
  void send(Topic topic, Ask ask);
  void left(std::uint64_t life, link::Status status);
  void hear(const Heard& heard);
  void succeeded(bool was_answered);
  void power_is(bool is_on, bool was_answered);
  void view_told(bool was_answered);
  void refused(const std::string& reason);
  void unsupported(const std::string& reason);
  void unanswered();
  void failed(Topic topic, const std::string& reason);
  void known();
  void look_at_power();
  void judge();
  void tell();
  void end_stop();
  Order* order_of(Topic topic);
  std::size_t half_hour() const;

  link::Executor& executor_;
  std::unique_ptr<CardTalk> talk_;
  BoardOptions options_;
  Board::Listener& listener_;
  Report report_, told_;  ///< told_: what the listener knows of
  bool is_word_due_ = false;

  View view_;
  bool is_view_wanted_ = false;
  std::optional<Prepared> prepared_;
  std::vector<Ask> asks_;  ///< what is left of the view that is being told, the next one last
  bool is_telling_ = false;
  bool is_outdated_ = false;  ///< what is being told is no longer wanted
  link::MonoTime refresh_at_ = link::MonoTime::max();

  Order view_order_, power_, brightness_, clock_, setup_;
  std::optional<bool> on_;  ///< as somebody wants it
  bool told_on_ = true;     ///< in the last order
  bool is_off_ = false;     ///< as it last said
  std::size_t told_half_hour_ = 0;
  link::MonoTime clock_at_{}, poll_at_{};

  bool is_known_ = false, was_known_ = false;
  std::string down_reason_, greeting_fault_;
  int misses_ = 0;
  std::optional<Topic> in_flight_;
  bool is_answer_due_ = false;   ///< to what is in flight
  std::uint64_t life_ = 0;       ///< of the question in flight
  link::MonoTime not_before_{};  ///< nothing is asked
  link::BackOff back_off_;
  std::function<void()> stopping_;
  bool is_stopped_ = false;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
  link::Timer patience_, alarm_, flip_, stop_limit_;
  std::unique_ptr<link::ByteLink> link_;  ///< the last: calls back until it is gone
};

}  // namespace lobby::board
