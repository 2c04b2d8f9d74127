#include "tests/sim/paper_path.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace lobby::sim {
namespace {

constexpr std::size_t kept_torn = 1000;

}  // namespace

std::string_view to_text(FinishedSheet::Fate fate) {
  constexpr std::array<std::string_view, 6> words{"cut",   "inside",    "presented",
                                                  "taken", "retracted", "ejected"};
  return words[static_cast<std::size_t>(fate)];
}

void PaperPath::load(std::optional<int> dots) {
  left_ = dots;
  FinishedSheet piece;
  piece.sheet = {head_, std::move(rows_)};
  rows_.clear();
  head_ = head_to_cutter_;
  if (piece.sheet.is_blank()) {
    return;
  }
  piece.text = piece.sheet.text();
  torn_.push_back(std::move(piece));
  if (torn_.size() > kept_torn) {
    torn_.pop_front();
  }
}

void PaperPath::pass(const PrintedRow& row, int from, int to) {
  if (to <= from) {
    return;
  }
  const bool printed = row.serial != 0;
  if (printed && !rows_.empty() && rows_.back().serial == row.serial) {
    rows_.back().height += to - from;  // goes on where it stopped, on the same paper
  } else if (printed) {
    rows_.push_back(row);
    rows_.back().top = head_;
    rows_.back().skip = from;
    rows_.back().height = to - from;
  }
  head_ += to - from;
  if (left_) {
    *left_ -= to - from;
  }
  constexpr int longest = 80'000;  // ten metres without a cut: somebody tears it off
  if (head_ > longest) {
    cut();
  }
}

Sheet PaperPath::cut_at(int edge) {
  Sheet sheet{edge, {}};
  std::vector<PrintedRow> stays;
  for (PrintedRow& row : rows_) {
    if (row.top + row.height <= edge || row.height == 0) {
      sheet.rows.push_back(std::move(row));
      continue;
    }
    const int above = std::max(0, edge - row.top);
    if (above > 0) {
      sheet.rows.push_back(row);
      sheet.rows.back().height = above;
    }
    row.top = std::max(0, row.top - edge);
    row.skip += above;
    row.height -= above;
    stays.push_back(std::move(row));
  }
  rows_ = std::move(stays);
  return sheet;
}

std::optional<std::uint64_t> PaperPath::cut() {
  FinishedSheet finished;
  finished.sheet = cut_at(head_ - head_to_cutter_);
  head_ = head_to_cutter_;
  if (finished.sheet.is_blank()) {
    return std::nullopt;
  }
  finished.number = ++sheet_count_;
  finished.text = finished.sheet.text();
  sheets_.push_back(std::move(finished));
  if (sheets_.size() > kept_pictures) {
    sheets_[sheets_.size() - kept_pictures - 1].sheet.rows.clear();
  }
  if (sheets_.size() > kept_sheets) {
    sheets_.pop_front();
  }
  return sheet_count_;
}

void PaperPath::set_fate(std::uint64_t number, FinishedSheet::Fate fate) {
  if (!sheets_.empty() && number >= sheets_.front().number && number <= sheets_.back().number) {
    sheets_[number - sheets_.front().number].fate = fate;
  }
}

}  // namespace lobby::sim
