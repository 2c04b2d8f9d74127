#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/paper.hpp"

namespace lobby::sim {

/// A piece of paper that has left the printer.
struct FinishedSheet {
  enum class Fate : std::uint8_t {
    cut,        ///< hangs from the slot or fell out: nobody knows
    inside,     ///< cut, and not presented
    presented,  ///< in the outlet
    taken,
    retracted,
    ejected  ///< pushed out by the next one
  };
  std::uint64_t number = 0;  ///< from 1; 0: a torn piece
  Sheet sheet;               ///< the rows of old ones are dropped, their text stays
  std::vector<std::string> text;
  Fate fate = Fate::cut;
};
std::string_view to_text(FinishedSheet::Fate fate);

/// The way of the paper: from the roll, under the head, to the knife. In dot rows, without time.
class PaperPath {
 public:
  explicit PaperPath(int head_to_cutter) : head_to_cutter_(head_to_cutter), head_(head_to_cutter) {}

  /// Dot rows until the roll's end is under the head; nullopt: there is no end to it.
  std::optional<int> left() const { return left_; }
  bool is_out() const { return left_ && *left_ <= 0; }
  /// The roll that is in has so many dot rows more.
  void set_left(std::optional<int> dots) { left_ = dots; }
  /// Another roll: what hung out of the printer comes away with the old one, torn.
  void load(std::optional<int> dots);

  /// The dot rows [from, to) of `row` pass the head; a row without ink and picture is feed. No further than
  /// left().
  void pass(const PrintedRow& row, int from, int to);
  /// The knife. The sheet's number; nullopt: a strip of white paper is no sheet.
  std::optional<std::uint64_t> cut();
  void set_fate(std::uint64_t number, FinishedSheet::Fate fate);

  const std::deque<FinishedSheet>& sheets() const { return sheets_; }
  std::uint64_t sheet_count() const { return sheet_count_; }
  const std::deque<FinishedSheet>& torn() const { return torn_; }
  Sheet hanging() const { return {head_, rows_}; }

  static constexpr std::size_t kept_sheets = 20'000;
  static constexpr std::size_t kept_pictures = 100;

 private:
  /// What is above `edge` leaves; the rest moves up.
  Sheet cut_at(int edge);

  int head_to_cutter_;
  int head_;  ///< dots between the paper's edge and the head
  std::optional<int> left_;
  std::vector<PrintedRow> rows_;
  std::deque<FinishedSheet> sheets_, torn_;
  std::uint64_t sheet_count_ = 0;
};

}  // namespace lobby::sim
