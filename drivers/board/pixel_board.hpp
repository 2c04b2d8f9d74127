#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/board/board.hpp"
#include "drivers/board/pixel_talk.hpp"

namespace lobby::board {

/// Pixels to a controller that acknowledges nothing: a frame counts as sent when its last datagram left. The
/// standing picture is told again before a controller gives it up. At most 40 frames a second, unless one is
/// urgent. On the loop.
class PixelBoard final : public Board, private link::DatagramLink::Listener {
 public:
  PixelBoard(link::Executor& executor, std::unique_ptr<link::DatagramLink> link,
             std::unique_ptr<PixelTalk> talk, BoardOptions options, Board::Listener& listener);

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
  struct Prepared {
    View view;
    link::MonoTime at;
    std::vector<Datagram> show;
    bool is_led = false;  ///< what leads it is on its way, or was
  };

  void link_up() override;
  void link_datagram(std::span<const std::uint8_t> bytes) override;
  void link_down(std::string_view reason) override;

  void take(View view);
  void go();
  void pump();
  void put(std::vector<Datagram> datagrams);
  std::optional<PixelFrame> frame_of(const View& view);
  void lead();
  void flip();
  void ask();
  void frame_left();
  void frames_changed();
  void judge();
  void tell();
  void end_stop();
  int percent() const;

  link::Executor& executor_;
  std::unique_ptr<PixelTalk> talk_;
  BoardOptions options_;
  Board::Listener& listener_;
  Report report_, told_;
  bool is_word_due_ = false;

  View view_;
  bool is_view_wanted_ = false, is_dirty_ = false;
  std::optional<Prepared> prepared_;
  bool on_ = true;
  std::string picture_fault_;
  std::deque<Datagram> queue_;  ///< what is leaving
  bool is_frame_leaving_ = false;
  link::MonoTime next_frame_at_{}, refresh_at_{};

  bool is_settled_ = false;  ///< the link has stood long enough to believe it
  bool was_there_ = false;
  bool can_answer_ = false;
  int unanswered_ = 0;  ///< questions
  bool has_answered_ = false;
  std::string down_reason_;

  enum class Stop : std::uint8_t { no, closing, ending, done };
  Stop stop_ = Stop::no;
  std::function<void()> stopping_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
  link::Timer alarm_, pace_, settle_, question_, flip_, stop_limit_;
  std::unique_ptr<link::DatagramLink> link_;  ///< the last: calls back until it is gone
};

}  // namespace lobby::board
