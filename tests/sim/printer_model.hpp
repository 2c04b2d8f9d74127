#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "tests/sim/escpos_tokens.hpp"
#include "tests/sim/faults.hpp"
#include "tests/sim/paper.hpp"

namespace lobby::sim {

/// A ticket printer without its plug: bytes go in, time passes, paper and answers come out. It prints at the
/// speed of a real head and answers a fence only when everything before it is on the paper. Time is given;
/// belongs to one thread at a time.
class PrinterModel {
 public:
  struct Shape {
    int dots = 576;
    int dots_per_second = 1200;     ///< 150 mm/s at 8 dots/mm
    milliseconds cut_time{300};     ///< the knife
    int head_to_cutter = 120;       ///< dots
    std::size_t buffer = 4 * 1024;  ///< receive buffer, bytes
  };

  explicit PrinterModel(Shape shape) : shape_(shape), head_(shape.head_to_cutter) {}

  void receive(std::span<const std::uint8_t> bytes, TimePoint now);
  /// Works off what there was time for since the last call.
  void advance(TimePoint now);
  /// When advance() or take_answers() will have something to do; nullopt: only bytes or a fault change it.
  std::optional<TimePoint> next(TimePoint now) const;
  /// Bytes that go back to the host by now.
  std::vector<std::uint8_t> take_answers(TimePoint now);
  /// Free bytes of the receive buffer; 0 = the host is held up, also while the printer hangs.
  std::size_t room() const;

  void inject(Fault fault, milliseconds slow_by, TimePoint now);
  void clear(std::optional<Fault> fault, TimePoint now);
  const FaultSet& faults() const { return faults_; }

  struct Finished {
    std::uint64_t number = 0;  ///< from 1
    Sheet sheet;               ///< the rows of old ones are dropped, their text stays
    std::vector<std::string> text;
  };
  const std::deque<Finished>& sheets() const { return sheets_; }
  std::uint64_t sheet_count() const { return sheet_count_; }
  /// What hangs out of the printer, not cut yet.
  Sheet hanging() const;
  /// idle, printing, paper_out, cover_open, cutter, frozen
  std::string_view state(TimePoint now) const;

  struct Counts {
    std::uint64_t bytes = 0, lost = 0, resets = 0, ignored_cuts = 0, answers = 0;
  };
  const Counts& counts() const { return counts_; }
  const std::set<std::string>& not_understood() const { return not_understood_; }
  const Shape& shape() const { return shape_; }

  static constexpr std::size_t kept_sheets = 20'000;
  static constexpr std::size_t kept_pictures = 100;

 private:
  struct Style {
    std::uint8_t width_scale = 1, height_scale = 1, align = 0;
    bool bold = false, underline = false, reverse = false;
    int spacing = 30, left = 0;
  };
  struct Answer {
    TimePoint due;
    std::vector<std::uint8_t> bytes;
  };

  bool is_stopped() const;
  void real_time(const EscposToken& token, TimePoint now);
  void execute(const EscposToken& token, TimePoint now);
  void execute_esc(const EscposToken& token, TimePoint now);
  void execute_gs(const EscposToken& token, TimePoint now);
  void function(const EscposToken& token, TimePoint now);
  void print_mode(std::uint8_t n);
  void put(const EscposToken& token, TimePoint now);
  void end_row(TimePoint now);
  void feed_paper(int dots, TimePoint now);
  void raster(const EscposToken& token, TimePoint now);
  void symbol(const EscposToken& token, TimePoint now);
  void stored_picture(const EscposToken& token, TimePoint now);
  void print_image(display::Bitmap image, std::string symbol, TimePoint now);
  void cut(const EscposToken& token, TimePoint now);
  void cut_off(TimePoint now);
  void information(std::uint8_t n, TimePoint now);
  void answer(std::vector<std::uint8_t> bytes, TimePoint now);
  void status_changed(TimePoint now);
  void drop_buffer();
  std::uint8_t status(std::uint8_t n) const;
  std::uint8_t paper_byte() const;
  std::vector<std::uint8_t> automatic_status() const;
  int line_width() const;

  Shape shape_;
  FaultSet faults_;
  EscposTokens tokens_;
  std::deque<EscposToken> queue_;
  std::size_t queued_ = 0;
  TimePoint busy_until_{};
  bool stuck_ = false;  ///< the knife did not come back
  std::uint8_t automatic_ = 0;

  struct Symbol {
    int module = 3;
    std::uint8_t level = '0';
    std::string data;
  };

  Style style_;
  Symbol symbol_;
  display::Bitmap stored_{0, 0};
  std::vector<Ink> line_;
  int head_ = 0;  ///< dots between the paper's edge and the head
  std::vector<PrintedRow> rows_;

  std::deque<Finished> sheets_;
  std::uint64_t sheet_count_ = 0;
  std::deque<Answer> answers_;
  Counts counts_;
  std::set<std::string> not_understood_;
  std::uint32_t noise_ = 0x2545F491;
};

}  // namespace lobby::sim
