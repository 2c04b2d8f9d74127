#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/devices/boards.hpp"

namespace lobby::devices {

/// One board: what its pages say now and, until an instant, what they said before.
class Boards::Unit {
 public:
  Unit(Boards& all, const BoardConfig& config);
  virtual ~Unit() = default;
  Unit(const Unit&) = delete;
  Unit& operator=(const Unit&) = delete;

  const BoardConfig& config() const { return config_; }
  void show(display::BoardViews views, std::optional<display::Instant> at, bool urgent);
  void self_test();
  /// Somebody waits to be called on it, and so it stays lit.
  void need(bool is_needed);
  /// The time may have come to light it or to make it dark.
  void look_at_power();
  virtual void stop(std::function<void()> done) = 0;
  /// What was to come at an instant of the clock as it was, comes now, and all pages begin anew.
  virtual void clock_was_set_back() = 0;
  hall::BoardState state() const;

 protected:
  /// The pages say something else. `at`: from then on; nullopt: now.
  virtual void changed(std::optional<display::Instant> at, bool urgent) = 0;
  virtual void fill(hall::BoardState& state) const = 0;
  /// What is_lit() says is told, for the first time or again.
  virtual void power_changed() = 0;

  bool is_lit() const { return is_lit_; }
  bool is_emergency() const;
  display::BoardViews with_test(const display::BoardViews& views) const;
  void tell(hall::DeviceState state, std::string_view reason) {
    all_.roster_.tell(config_.id, state, reason);
  }
  void tell_detail(std::string text) { all_.roster_.detail(config_.id, std::move(text)); }
  /// Until a flip that is still to come.
  std::optional<display::Instant> pending() const;
  /// The names of the pages that are up.
  std::vector<std::string> names_of(const display::Turns& turns) const;
  std::string off_text() const;  ///< `off until 07:30`

  Boards& all_;
  const BoardConfig& config_;
  display::BoardViews views_;  ///< that count now, or from `at_` on
  std::optional<display::Instant> at_;
  std::uint64_t publication_ = 0;
  std::optional<display::Instant> effective_;
  link::Timer test_ends_;

 private:
  bool should_be_lit() const;
  std::optional<hall::Instant> off_until() const;

  bool is_needed_ = false;
  bool is_lit_ = true;
};

/// One behind a driver: drawn here.
class Boards::Driven final : public Unit, private board::Board::Listener {
 public:
  Driven(Boards& all, const BoardConfig& config);
  void stop(std::function<void()> done) override;
  void clock_was_set_back() override;

 private:
  struct Look {
    board::View view;
    display::Turns turns;
    std::optional<display::Instant> next_change;
    std::size_t missing = 0;
    std::vector<std::string> names = {};  ///< of pages that are up together; empty: those of `turns`
  };
  void changed(std::optional<display::Instant> at, bool urgent) override;
  void fill(hall::BoardState& state) const override;
  void power_changed() override;
  void board_changed() override;
  board::BoardOptions board_options();
  std::unique_ptr<board::Board> make_board();
  std::unique_ptr<board::Board> make_sign(board::BoardOptions options);
  Look look(const display::BoardViews& views, const display::Turns& turns, display::Instant now);
  Look picture(const display::BoardViews& views, const display::Turns& turns, display::Instant now);
  Look text(const display::BoardViews& views, const display::Turns& turns, display::Instant now) const;
  Look sign_test(const display::Turns& turns, display::Instant now) const;
  std::optional<Look> kept_round(const display::BoardViews& views, display::Instant now) const;
  void draw(bool urgent);
  void flip();
  std::string about() const;

  display::Picture canvas_;
  display::BoardViews seen_;  ///< what look_ was drawn from
  Look look_;
  struct Coming {
    display::BoardViews views;
    display::Instant at;
    Look look;
  };
  std::optional<Coming> coming_;
  bool stopped_ = false;
  link::Timer next_;
  std::unique_ptr<board::Board> board_;
};

/// One on a video output, where lobby-screen draws what it fetches.
class Boards::Wall final : public Unit {
 public:
  Wall(Boards& all, const BoardConfig& config);
  void stop(std::function<void()> done) override;
  void clock_was_set_back() override;
  Program program(std::string_view known);
  void shown(std::uint64_t version);

 private:
  void changed(std::optional<display::Instant> at, bool urgent) override;
  void fill(hall::BoardState& state) const override;
  void power_changed() override;
  void heard();
  void end_stop();

  std::uint64_t version_ = 0;
  std::uint64_t shown_ = 0;
  std::optional<hall::Instant> shown_at_;
  bool was_there_ = false;
  bool stopped_ = false;
  std::function<void()> stopping_;  ///< until it shows what stays
  link::Timer silence_, stop_limit_;
};

}  // namespace lobby::devices
