#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string_view>

#include "tests/sim/printer_model.hpp"

// The half of the printer that works off commands in their order; the other half is printer_model.cpp.
namespace lobby::sim {
namespace {

std::vector<std::uint8_t> text_answer(std::string_view text) {
  std::vector<std::uint8_t> out(text.size() + 2, 0x00);
  out.front() = 0x5F;
  std::copy(text.begin(), text.end(), out.begin() + 1);
  return out;
}

std::uint8_t scale_of(unsigned nibble) {
  return static_cast<std::uint8_t>(std::min(nibble & 7U, 7U) + 1);
}

}  // namespace

int PrinterModel::line_width() const {
  return std::accumulate(line_.begin(), line_.end(), 0,
                         [](int sum, const Ink& ink) { return sum + ink.width(); });
}

void PrinterModel::execute(const EscposToken& token, TimePoint now) {
  if (token.kind == EscposToken::Kind::character) {
    put(token, now);
    return;
  }
  switch (token.byte(0)) {
    case 0x0A:
      end_row(now);
      return;
    case 0x1B:
      execute_esc(token, now);
      return;
    case 0x1D:
      execute_gs(token, now);
      return;
    case 0x1C:
      if (token.byte(1) == 'W') {
        style_.width_scale = style_.height_scale = (token.byte(2) & 1U) != 0 ? 2 : 1;
      }
      return;
    default:
      return;  // CR, HT, CAN …: no effect in this printer
  }
}

void PrinterModel::print_mode(std::uint8_t n) {
  style_.bold = (n & 0x08U) != 0;
  style_.height_scale = (n & 0x10U) != 0 ? 2 : 1;
  style_.width_scale = (n & 0x20U) != 0 ? 2 : 1;
  style_.underline = (n & 0x80U) != 0;
}

void PrinterModel::execute_esc(const EscposToken& token, TimePoint now) {
  const std::uint8_t n = token.byte(2);
  switch (token.byte(1)) {
    case '@':
      line_.clear();
      style_ = Style();
      symbol_ = Symbol();
      return;
    case 'a':
      style_.align = line_.empty() ? static_cast<std::uint8_t>((n >= 48 ? n - 48 : n) % 3) : style_.align;
      return;
    case 'E':
    case 'G':
      style_.bold = (n & 1U) != 0;
      return;
    case '-':
      style_.underline = (n & 3U) != 0;
      return;
    case '!':
      print_mode(n);
      return;
    case '2':
      style_.spacing = 30;
      return;
    case '3':
      style_.spacing = n;
      return;
    case 'd':
      if (!line_.empty()) {
        end_row(now);
      }
      feed_paper(n * style_.spacing, busy_until_);
      return;
    case 'J':
      if (!line_.empty()) {
        end_row(now);
      }
      feed_paper(n, busy_until_);
      return;
    case 'i':
    case 'm':
      cut(token, now);
      return;
    case 'v':
    case 'u':
      answer({paper_byte()}, now);
      return;
    default:
      if (std::string_view("tRcM {$\\Vp").find(static_cast<char>(token.byte(1))) == std::string_view::npos) {
        not_understood_.insert(fmt::format("1B {:02X}", token.byte(1)));
      }
  }
}

void PrinterModel::execute_gs(const EscposToken& token, TimePoint now) {
  const std::uint8_t n = token.byte(2);
  switch (token.byte(1)) {
    case '!':
      style_.width_scale = scale_of(n >> 4U);
      style_.height_scale = scale_of(n);
      return;
    case 'B':
      style_.reverse = (n & 1U) != 0;
      return;
    case 'L':
      style_.left = n + token.byte(3) * 256;
      return;
    case 'V':
      cut(token, now);
      return;
    case 'a':
      automatic_ = n;
      status_changed(now);
      return;
    case 'r':
      answer({n == 1 || n == 49 ? paper_byte() : std::uint8_t{0}}, now);
      return;
    case 'I':
      information(n, now);
      return;
    case '(':
    case '8':
      function(token, now);
      return;
    case 'v':
      raster(token, now);
      return;
    default:
      if (std::string_view("hwHfPW").find(static_cast<char>(token.byte(1))) == std::string_view::npos &&
          not_understood_.size() < 64) {
        not_understood_.insert(fmt::format("1D {:02X}", token.byte(1)));
      }
  }
}

void PrinterModel::function(const EscposToken& token, TimePoint now) {
  const bool process_id = token.byte(2) == 'H' && token.byte(5) == 0x30 && token.byte(6) == 0x30;
  if (process_id && token.bytes.size() == 11) {
    answer({0x37, 0x22, token.byte(7), token.byte(8), token.byte(9), token.byte(10), 0x00}, now);
  } else if (token.byte(1) == '(' && token.byte(2) == 'k') {
    symbol(token, now);
  } else if (token.byte(2) == 'L') {
    stored_picture(token, now);
  } else if (not_understood_.size() < 64) {
    not_understood_.insert(fmt::format("1D 28 {:02X} fn {}", token.byte(2), token.byte(6)));
  }
}

void PrinterModel::information(std::uint8_t n, TimePoint now) {
  switch (n) {
    case 1:
    case 49:
      answer({0x20}, now);
      return;
    case 2:
    case 50:
      answer({0x03}, now);  // Chinese characters, a cutter
      return;
    case 65:
      answer(text_answer("1.00"), now);
      return;
    case 66:
      answer(text_answer("LOBBY"), now);
      return;
    case 67:
      answer(text_answer(shape_.dots == 384 ? "SIM-58" : "SIM-80"), now);
      return;
    case 69:
      answer(text_answer("CHINA GB18030"), now);
      return;
    default:
      answer({0x01}, now);
  }
}

void PrinterModel::put(const EscposToken& token, TimePoint now) {
  const Ink ink{token.character, token.wide,       style_.width_scale, style_.height_scale,
                style_.bold,     style_.underline, style_.reverse};
  if (!line_.empty() && line_width() + ink.width() > shape_.dots - style_.left) {
    end_row(now);
  }
  line_.push_back(ink);
}

void PrinterModel::end_row(TimePoint now) {
  int height = style_.spacing;
  for (const Ink& ink : line_) {
    height = std::max(height, ink.height() + (ink.height_scale > 1 ? 6 : 0));
  }
  if (!faults_.has(Fault::lie)) {
    const int free = std::max(0, shape_.dots - style_.left - line_width());
    const int indent = style_.align == 1 ? free / 2 : style_.align == 2 ? free : 0;
    rows_.push_back({head_, height, style_.left + indent, line_, {}, {}});
  }
  line_.clear();
  feed_paper(height, now);
}

void PrinterModel::feed_paper(int dots, TimePoint now) {
  if (!faults_.has(Fault::lie)) {
    head_ += dots;
  }
  const auto time = std::chrono::microseconds(std::int64_t{1'000'000} * dots / shape_.dots_per_second);
  busy_until_ = std::max(busy_until_, now) + time + faults_.slow_by() / 10;
  constexpr int roll = 80'000;  // ten metres without a cut: the roll's end, start over
  if (head_ > roll) {
    cut_off(now);
  }
}

void PrinterModel::raster(const EscposToken& token, TimePoint now) {
  const int columns = token.byte(4) + token.byte(5) * 256;
  const int height = token.byte(6) + token.byte(7) * 256;
  const unsigned mode = token.byte(3) & 3U;
  const int across = (mode & 1U) != 0 ? 2 : 1;
  const int down = (mode & 2U) != 0 ? 2 : 1;
  display::Bitmap image(std::min(columns * 8 * across, shape_.dots), height * down);
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const int source = x / across;
      const auto at = static_cast<std::size_t>(8 + (y / down) * columns + source / 8);
      image.set(x, y, (token.byte(at) >> (7 - source % 8) & 1) != 0);
    }
  }
  print_image(std::move(image), {}, now);
}

void PrinterModel::cut(const EscposToken& token, TimePoint now) {
  if (!line_.empty()) {
    ++counts_.ignored_cuts;  // effective at the start of a line only
    return;
  }
  const std::uint8_t m = token.byte(0) == 0x1D ? token.byte(2) : std::uint8_t{0};
  const bool feeds =
      std::string_view("ABabgh").find(static_cast<char>(m)) != std::string_view::npos && m != 0;
  if (feeds) {
    feed_paper(shape_.head_to_cutter + token.byte(3), now);
  }
  busy_until_ = std::max(busy_until_, now) + shape_.cut_time;
  cut_off(now);
}

void PrinterModel::cut_off(TimePoint) {
  const int edge = head_ - shape_.head_to_cutter;
  Finished finished;
  finished.sheet.height = edge;
  std::vector<PrintedRow> stays;
  for (PrintedRow& row : rows_) {
    if (row.top < edge) {
      finished.sheet.rows.push_back(std::move(row));
    } else {
      row.top -= edge;
      stays.push_back(std::move(row));
    }
  }
  rows_ = std::move(stays);
  head_ = shape_.head_to_cutter;
  const auto& rows = finished.sheet.rows;
  const bool blank = std::all_of(rows.begin(), rows.end(), [](const PrintedRow& row) {
    return row.inks.empty() && row.image.width() == 0;
  });
  if (blank) {
    return;  // a strip of white paper is no sheet
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
}

}  // namespace lobby::sim
