#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "display/canvas/dot_font.hpp"
#include "drivers/board/boards.hpp"
#include "tests/fakes/datagram_wire.hpp"
#include "tests/fakes/scripted_link.hpp"
#include "tests/fakes/virtual_executor.hpp"
#include "tests/sim/led_board.hpp"

/// A board's driver and the card at the far end, which were written apart from the same facts, on one wire in
/// virtual time.
namespace lobby::tests {

class Meeting : public board::Board::Listener {
 public:
  Meeting(std::string protocol, board::Size size, std::string colour, board::View closing = {})
      : protocol_(std::move(protocol)),
        size_(size),
        card_(sim::card_of(end_of(size, std::move(colour)), {}, font())) {
    options_.size = size;
    options_.closing = std::move(closing);
    if (is_datagrams()) {
      make_pixel_board();
    } else {
      stream_ = std::make_shared<fakes::Wire>(executor);
      stream_->otherwise = [this](const board::Bytes& bytes) {
        if (is_cut_) {
          return;
        }
        reply(card_->feed(bytes, time()));
      };
      make_card_board();
    }
    board_->start();
    pump();
  }
  void board_changed() override {}

  void plug_in() {
    is_cut_ = false;
    stream_ ? stream_->up() : datagrams_->up();
  }
  void pull_out() {
    is_cut_ = true;
    card_->hang_up();
    stream_ ? stream_->down("connection lost") : datagrams_->down("connection lost");
  }
  void run(link::Duration span) { executor.run_for(span); }
  std::vector<std::uint8_t> glass() { return card_->pixels(time()).bytes(); }
  bool is_dark() {
    for (const auto level : glass()) {
      if (level != 0) {
        return false;
      }
    }
    return true;
  }
  sim::TimePoint time() const { return sim::TimePoint(executor.now().time_since_epoch()); }
  board::Board& board() { return *board_; }
  sim::BoardCard& card() { return *card_; }
  const board::Report& report() const { return board_->report(); }
  board::Size size() const { return size_; }

  fakes::VirtualExecutor executor;

 private:
  bool is_datagrams() const { return protocol_ == "ddp" || protocol_ == "e131" || protocol_ == "colorlight"; }

  static std::shared_ptr<const display::DotFont> font() {
    static const auto loaded = std::make_shared<const display::DotFont>();
    return loaded;
  }
  sim::BoardEnd end_of(board::Size size, std::string colour) const {
    sim::BoardEnd end;
    end.id = "b";
    end.protocol = protocol_;
    end.width = size.width;
    end.height = size.height;
    end.colour = std::move(colour);
    return end;
  }
  void make_pixel_board() {
    datagrams_ = std::make_shared<fakes::DatagramWire>(executor);
    auto door = datagrams_->make_link();
    if (protocol_ == "ddp") {
      board_ = board::make_ddp_board(executor, std::move(door), {}, options_, *this);
    } else if (protocol_ == "e131") {
      board::E131Settings settings;
      settings.source.sync_universe = 999;  // without, each universe is shown as it comes
      board_ = board::make_e131_board(executor, std::move(door), settings, options_, *this);
    } else {
      board_ = board::make_colorlight_board(executor, std::move(door), {}, options_, *this);
    }
  }
  void make_card_board() {
    auto door = stream_->make_link();
    if (protocol_ == "onbon_k") {
      board::OnbonTextSettings settings;
      settings.area.width = static_cast<std::uint16_t>(size_.width);
      settings.area.height = static_cast<std::uint16_t>(size_.height);
      board_ = board::make_onbon_text_board(executor, std::move(door), settings, options_, *this);
    } else if (protocol_ == "huidu") {
      board_ = board::make_huidu_board(executor, std::move(door), {}, options_, *this);
    } else if (protocol_ == "gbt23828") {
      board_ = board::make_gbt_board(executor, std::move(door), {}, options_, *this);
    } else {
      board::OnbonGraphicSettings settings;
      if (protocol_ == "onbon_5e") {
        settings.area.generation = board::onbon::Generation::g5;
      }
      board_ = board::make_onbon_graphic_board(executor, std::move(door), settings, options_, *this);
    }
  }
  void reply(const std::vector<sim::Bytes>& answers) {
    for (const auto& answer : answers) {
      executor.after(std::chrono::milliseconds(1), [this, answer] {
        if (!is_cut_) {
          stream_ ? stream_->receive(answer) : datagrams_->receive(answer);
        }
      });
    }
  }
  /// The wire carries datagrams, and the card's time passes.
  void pump() {
    if (datagrams_) {
      for (const auto& each : std::exchange(datagrams_->sent, {})) {
        reply(card_->feed(each.bytes, time()));
      }
    }
    reply(card_->advance(time()));
    executor.after(std::chrono::milliseconds(1), [this] { pump(); });
  }

  const std::string protocol_;
  const board::Size size_;
  board::BoardOptions options_;
  std::unique_ptr<sim::BoardCard> card_;
  std::shared_ptr<fakes::Wire> stream_;
  std::shared_ptr<fakes::DatagramWire> datagrams_;
  bool is_cut_ = false;
  std::unique_ptr<board::Board> board_;
};

}  // namespace lobby::tests
