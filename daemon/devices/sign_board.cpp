#include "daemon/devices/sign_board.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/devices/device_state.hpp"
#include "drivers/window/modbus_display.hpp"

namespace lobby::devices {
namespace {

using board::Confirmed;
using board::Health;
using board::View;
using window::PacedLine;
using window::SignText;

Health health_of(hall::DeviceState state) {
  switch (state) {
    case hall::DeviceState::ok:
      return Health::ok;
    case hall::DeviceState::degraded:
      return Health::degraded;
    case hall::DeviceState::gone:
      return Health::gone;
    case hall::DeviceState::absent:
      break;
  }
  return Health::absent;
}

std::string address_text(const SignRows& sign) {
  const auto first = std::to_string(sign.address);
  return sign.rows == 1 ? "address " + first
                        : "addresses " + first + " to " + std::to_string(sign.address + sign.rows - 1);
}

/// What both kinds have in common.
class SignBoard : public board::Board {
 public:
  SignBoard(const SignRows& sign, board::BoardOptions options, Listener& listener, link::Executor& executor)
      : sign_(sign),
        executor_(executor),
        options_(std::move(options)),
        listener_(listener),
        coming_(executor) {}

  void start() override {}
  void want(View view) override {
    if (!is_stopped_) {
      coming_.cancel();
      view_ = std::move(view);
      tell_rows();
    }
  }
  void want_at(View view, link::MonoTime at) override {
    if (!is_stopped_) {
      const auto wait = std::max(link::Duration::zero(), at - executor_.now() - lead());
      coming_.start(wait, [this, view = std::move(view)]() mutable { want(std::move(view)); });
    }
  }
  void set_power(bool on) override {
    if (!is_stopped_ && std::exchange(is_on_, on) != on) {
      tell_rows();
    }
  }
  void set_brightness(const board::Brightness&) override {}  // the profile's, where they have any
  void set_closing(View view) override { options_.closing = std::move(view); }
  void stop(std::function<void()> done) override {
    view_ = options_.closing;
    coming_.cancel();
    is_on_ = is_stopped_ = true;
    stopped_ = std::move(done);
    tell_rows();
    settle();
  }
  const board::Report& report() const override { return report_; }

 protected:
  std::size_t page_count() const { return 1 + view_.further_pages.size(); }
  std::string text_of(std::size_t page, std::size_t row) const {
    const auto nth = page % page_count();
    const auto& lines = nth == 0 ? view_.lines : view_.further_pages[nth - 1];
    return is_on_ && row < lines.size() ? lines[row].text : std::string();
  }
  bool is_urgent() const { return view_.urgent; }
  bool blinks() const { return is_on_ && view_.blinks; }

  /// Brings up the report; who listens hears of it later, once.
  void tell(const board::Report& now) {
    const bool is_same = now.health == report_.health && now.reason == report_.reason &&
                         now.confirmed == report_.confirmed && now.losses == report_.losses;
    report_ = now;
    if (!is_same && !std::exchange(is_telling_, true)) {
      executor_.post([this, alive = std::weak_ptr<bool>(alive_)] {
        if (!alive.expired()) {
          is_telling_ = false;
          listener_.board_changed();
        }
      });
    }
    settle();
  }

  /// The view is another one, or was wanted again.
  virtual void tell_rows() = 0;
  /// How long before it is seen a row has to leave.
  virtual link::Duration lead() const = 0;
  virtual bool is_away() const = 0;

  const SignRows& sign_;
  link::Executor& executor_;
  board::Report report_;

 private:
  void settle() {
    if (stopped_ && (report_.confirmed != Confirmed::no || is_away())) {
      executor_.post(std::exchange(stopped_, nullptr));
    }
  }

  board::BoardOptions options_;
  Listener& listener_;
  View view_;
  link::Timer coming_;
  bool is_on_ = true;
  bool is_stopped_ = false;
  bool is_telling_ = false;
  std::function<void()> stopped_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

/// Signs of frames.
class FrameBoard final : public SignBoard, private DialectLines::Guest {
 public:
  FrameBoard(const SignRows& sign, board::BoardOptions options, DialectLines& lines, Listener& listener,
             link::Executor& executor)
      : SignBoard(sign, std::move(options), listener, executor),
        dialect_(std::get<window::FrameDialect>(sign.protocol)),
        has_blink_(window::has_part(dialect_, window::FramePart::Kind::blink)),
        line_(lines.join(sign.line, *this)) {
    for (int page = 0; page < dialect_.pages; ++page) {
      for (int row = 0; row < sign.rows; ++row) {
        const auto index = places_.size();
        const auto slot = line_.add_slot(dialect_.pause, [this, index] {
          places_[index].is_sent = true;
          ++frames_;
          tell(now());
        });
        places_.push_back({slot, static_cast<std::uint8_t>(row), static_cast<std::uint8_t>(page)});
      }
    }
  }

  std::string describe() const override {
    return (sign_.on_bus ? address_text(sign_) : line_.describe()) + ", frames " + std::to_string(frames_);
  }

 private:
  /// A page of a row.
  struct Place {
    PacedLine::Slot slot;
    std::uint8_t row, page;
    std::optional<SignText> text = {};
    bool is_sent = false;
  };

  void tell_rows() override {
    const auto rank = is_urgent() ? PacedLine::Rank::now : PacedLine::Rank::page;
    for (auto& place : places_) {
      SignText text{text_of(place.page, place.row), blinks() && has_blink_};
      const bool is_new = place.text != text;
      if (is_new || (is_urgent() && !place.is_sent)) {
        place.text = std::move(text);
        place.is_sent = false;
        line_.want(
            place.slot, [this, &place] { return frame_of(place, ++sequence_).bytes; }, rank);
      }
    }
    tell(now());
  }
  window::SignFrame frame_of(const Place& place, std::uint8_t sequence) const {
    const auto address = static_cast<std::uint16_t>(sign_.address + place.row);
    return window::encode_frame(dialect_, address, *place.text, sequence, place.page);
  }
  board::Report now() const {
    auto report = report_;
    const bool is_sent =
        std::all_of(places_.begin(), places_.end(), [](const Place& place) { return place.is_sent; });
    report.confirmed = is_sent && line_.is_up() ? Confirmed::sent : Confirmed::no;
    report.losses = {};
    for (const auto& place : places_) {
      if (place.page < page_count() && place.text) {
        const auto frame = frame_of(place, 0);
        report.losses.replaced += frame.lost;
        report.losses.cut += frame.cut;
      }
    }
    return report;
  }

  void line_up() override {
    auto report = now();
    report.health = Health::ok;
    report.reason.clear();
    tell(report);
  }
  void line_down(std::string_view reason, bool was_up) override {
    for (auto& place : places_) {
      place.is_sent = false;
    }
    auto report = now();
    report.health = health_of(state_without_line(was_up));
    report.reason = reason;
    tell(report);
  }

  link::Duration lead() const override {
    return places_.front().text ? line_.on_wire(frame_of(places_.front(), 0).bytes.size())
                                : link::Duration::zero();
  }
  bool is_away() const override { return !line_.is_up(); }

  const window::FrameDialect& dialect_;
  const bool has_blink_;
  PacedLine& line_;
  std::vector<Place> places_;  ///< never grows once it is made
  std::uint8_t sequence_ = 0;
  std::uint64_t frames_ = 0;
};

/// Modbus displays of text.
class DisplayBoard final : public SignBoard {
 public:
  DisplayBoard(const SignRows& sign, board::BoardOptions options, bus::Bus& bus, Listener& listener,
               link::Executor& executor)
      : SignBoard(sign, std::move(options), listener, executor), bus_(bus) {
    for (int row = 0; row < sign.rows; ++row) {
      const auto address = static_cast<std::uint8_t>(sign.address + row);
      rows_.push_back(std::make_unique<Row>(*this, executor, bus, bus::BusAddress{address}));
    }
  }

  std::string describe() const override {
    bus::UnitCounts all;
    for (const auto& row : rows_) {
      const auto counts = bus_.counts(row->address);
      all.asked += counts.asked;
      all.answered += counts.answered;
    }
    return address_text(sign_) + ", asked " + std::to_string(all.asked) + ", answered " +
           std::to_string(all.answered);
  }

 private:
  struct Row final : window::ModbusDisplay::Listener {
    Row(DisplayBoard& board, link::Executor& executor, bus::Bus& bus, bus::BusAddress at)
        : all(board),
          address(at),
          display(executor, bus, at, std::get<window::DisplayMap>(board.sign_.protocol), *this) {}

    void want(std::string words, bool is_urgent) {
      if (text != words || (is_urgent && !is_shown)) {
        text = std::move(words);
        is_shown = false;
        lost = display.want(*text, ++tag, is_urgent ? bus::Turn::urgent : bus::Turn::poll);
      }
    }
    void text_shown(std::uint64_t of) override {
      is_shown = of == tag;
      all.tell(all.now());
    }
    void display_heard() override { all.report_.acknowledged_at = all.executor_.now(); }
    void display_changed(link::Status new_status, std::string_view why) override {
      status = new_status;
      is_known = is_known || was_heard(new_status);
      is_shown = is_shown && new_status == link::Status::ok;
      reason = why;
      all.tell(all.now());
    }
    Health health() const { return status ? health_of(state_of(*status, reason, is_known)) : Health::absent; }

    DisplayBoard& all;
    bus::BusAddress address;
    std::optional<std::string> text;
    std::uint64_t tag = 0;
    std::size_t lost = 0;
    bool is_shown = false, is_known = false;
    std::optional<link::Status> status;
    std::string reason;
    window::ModbusDisplay display;  ///< the last: calls back
  };

  void tell_rows() override {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      rows_[i]->want(text_of(0, i), is_urgent());
    }
    tell(now());
  }

  /// As well as its worst row, but not away while another one is there.
  board::Report now() const {
    auto report = report_;
    report.confirmed = Confirmed::shown;
    report.losses = {};
    const Row* worst = nullptr;
    bool any_there = false;
    for (const auto& row : rows_) {
      report.losses.replaced += row->lost;
      any_there = any_there || row->health() == Health::ok || row->health() == Health::degraded;
      if (!row->is_shown) {
        report.confirmed = Confirmed::no;
      }
      if (worst == nullptr && row->health() != Health::ok) {
        worst = row.get();
      }
    }
    report.health = worst == nullptr ? Health::ok : any_there ? Health::degraded : worst->health();
    report.reason = worst == nullptr ? "" : worst->reason;
    if (rows_.size() > 1 && worst != nullptr && any_there) {
      report.reason = "the row at address " + std::to_string(worst->address.value) + ": " +
                      (worst->reason.empty() ? "not heard of yet" : worst->reason);
    }
    return report;
  }

  link::Duration lead() const override { return {}; }
  bool is_away() const override {
    return std::all_of(rows_.begin(), rows_.end(), [](const auto& row) {
      return row->status.has_value() && *row->status != link::Status::ok;
    });
  }

  bus::Bus& bus_;
  std::vector<std::unique_ptr<Row>> rows_;
};

}  // namespace

std::unique_ptr<board::Board> make_sign_board(const BoardConfig& config, board::BoardOptions options,
                                              DialectLines& lines, board::Board::Listener& listener,
                                              link::Executor& executor) {
  return std::make_unique<FrameBoard>(*config.sign(), std::move(options), lines, listener, executor);
}

std::unique_ptr<board::Board> make_display_board(const BoardConfig& config, board::BoardOptions options,
                                                 bus::Bus& bus, board::Board::Listener& listener,
                                                 link::Executor& executor) {
  return std::make_unique<DisplayBoard>(*config.sign(), std::move(options), bus, listener, executor);
}

}  // namespace lobby::devices
