#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string_view>

#include "tests/sim/printer_model.hpp"

// The commands that the printer works off in their order.
namespace lobby::sim {
namespace {

using Confirm = PrinterDialect::Confirm;
using Status = PrinterDialect::Status;

std::uint8_t scale_of(unsigned nibble) {
  return static_cast<std::uint8_t>(std::min(nibble & 7U, 7U) + 1);
}

bool is_among(std::string_view set, std::uint8_t byte) {
  return set.find(static_cast<char>(byte)) != std::string_view::npos;
}

}  // namespace

int PrinterModel::line_width() const {
  return std::accumulate(line_.begin(), line_.end(), 0,
                         [](int sum, const Ink& ink) { return sum + ink.width(); });
}

int PrinterModel::area() const {
  const int room = std::max(0, shape_.dots - style_.left);
  return style_.width > 0 ? std::min(style_.width, room) : room;
}

void PrinterModel::not_known(std::string command) {
  if (not_understood_.size() < 64) {
    not_understood_.insert(std::move(command));
  }
}

void PrinterModel::execute(const EscposToken& token) {
  if (token.kind == EscposToken::Kind::character) {
    put(token);
    return;
  }
  if (token.kind == EscposToken::Kind::real_time || execute_vendor(token)) {
    return;  // real-time commands were done when they came
  }
  switch (token.byte(0)) {
    case 0x0A:
      end_row(style_.spacing);
      return;
    case 0x1B:
      execute_esc(token);
      return;
    case 0x1D:
      execute_gs(token);
      return;
    case 0x1C:
      if (token.byte(1) == 'W') {
        style_.width_scale = style_.height_scale = (token.byte(2) & 1U) != 0 ? 2 : 1;
      } else if (token.byte(1) == '2' || token.byte(1) == '?') {
        own_character(token);
      }
      return;
    default:
      return;  // CR, HT, CAN …: no effect in this printer
  }
}

/// What only some makers have: the profile's own bytes, Custom's status, presenters.
bool PrinterModel::execute_vendor(const EscposToken& token) {
  const PrinterDialect& dialect = shape_.dialect;
  if (token.bytes == dialect.status_ask) {
    answer(status_frame(dialect.status, signs()), clock_);
    return true;
  }
  if (token.bytes == dialect.status_on && token.byte(1) != 'a' && token.byte(1) != 0xE0) {
    report_by_itself(0xFF, clock_);
    return true;
  }
  return (dialect.status == Status::custom_full && execute_custom(token)) ||
         (dialect.presenter && execute_presenter(token));
}

bool PrinterModel::execute_custom(const EscposToken& token) {
  const std::uint8_t n = token.byte(2);
  if (token.code() == 0x1DE0) {
    full_mask_ = n != 0 ? std::optional(n) : std::nullopt;
    report_by_itself(n, clock_);
    return true;
  }
  if (token.code() == 0x1DE1) {
    const std::string left = paper_.left() ? fmt::format("{}cm", *paper_.left() / 80) : "510cm";
    answer({left.begin(), left.end()}, clock_);
    return true;
  }
  return false;
}

/// GS e of the presenters, Citizen's GS R, and whatever the profile names.
bool PrinterModel::execute_presenter(const EscposToken& token) {
  const PrinterDialect& dialect = shape_.dialect;
  const bool ejector = token.code() == 0x1D65;
  const bool citizen = token.code() == 0x1D52;
  const std::uint8_t n = token.byte(2);
  if (token.bytes == dialect.retract || (ejector && n == 2) || (citizen && n == '0')) {
    move(Move::Kind::retract, shape_.present_time);
    return true;
  }
  if (token.bytes == dialect.present || (ejector && (n == 3 || n == 0x20))) {
    if (ejector && n == 0x20) {
      outlet_.retract_after(std::chrono::seconds(token.byte(4)));
    }
    move(Move::Kind::present, shape_.present_time);
    return true;
  }
  if (citizen && n == '1') {
    const std::chrono::seconds patience(token.byte(3));
    outlet_.retract_after(patience.count() == 0 ? std::nullopt : std::optional<milliseconds>(patience));
    return true;
  }
  if (ejector && n == 6) {
    answer({ejector_bits(signs())}, clock_);
    return true;
  }
  return false;
}

void PrinterModel::print_mode(std::uint8_t n) {
  style_.bold = (n & 0x08U) != 0;
  style_.height_scale = (n & 0x10U) != 0 ? 2 : 1;
  style_.width_scale = (n & 0x20U) != 0 ? 2 : 1;
  style_.underline = (n & 0x80U) != 0;
}

void PrinterModel::execute_style(const EscposToken& token) {
  const std::uint8_t n = token.byte(2);
  switch (token.byte(1)) {
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
    default:
      if (!is_among("tRcM {Vp", token.byte(1))) {
        not_known(fmt::format("1B {:02X}", token.byte(1)));
      }
  }
}

void PrinterModel::execute_esc(const EscposToken& token) {
  const std::uint8_t n = token.byte(2);
  const int far = static_cast<std::int16_t>(n | token.byte(3) << 8);
  switch (token.byte(1)) {
    case '@':
      line_.clear();
      style_ = Style();
      symbol_ = Symbol();
      own_characters_.clear();
      return;
    case 'd':
      // The line that is begun is the first of the n.
      if (line_.empty()) {
        feed_paper(n * style_.spacing);
      } else {
        end_row(n == 0 ? 0 : style_.spacing);
        feed_paper((n - 1) * style_.spacing);
      }
      return;
    case 'J':
      if (line_.empty()) {
        feed_paper(n);
      } else {
        end_row(n);
      }
      return;
    case '$':
      jump_to(far);
      return;
    case '\\':
      jump_to(line_width() + far);
      return;
    case '*':
      bit_image(token);
      return;
    case 'i':
    case 'm':
      cut(token);
      return;
    case 'v':
      if (shape_.dialect.confirm >= Confirm::esc_v) {
        answer({paper_bits(signs())}, clock_);
      }
      return;
    default:
      execute_style(token);
  }
}

void PrinterModel::execute_gs(const EscposToken& token) {
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
    case 'W':
      style_.width = n + token.byte(3) * 256;
      return;
    case 'V':
      cut(token);
      return;
    case 'a':
      if (shape_.dialect.status == Status::epson || shape_.dialect.status == Status::snbc_t080aii) {
        report_by_itself(n, clock_);
      }
      return;
    case 'r':
      if (shape_.dialect.confirm >= Confirm::in_order_status) {
        answer({n == 1 || n == 49 ? paper_bits(signs()) : std::uint8_t{0}}, clock_);
      }
      return;
    case 'I':
      information(n);
      return;
    case '(':
    case '8':
      function(token);
      return;
    case 'v':
      raster(token);
      return;
    default:
      if (!is_among("hwHfP\x0C", token.byte(1))) {
        not_known(fmt::format("1D {:02X}", token.byte(1)));
      }
  }
}

void PrinterModel::function(const EscposToken& token) {
  const bool respond =
      token.byte(1) == '(' && token.byte(2) == 'H' && shape_.dialect.confirm == Confirm::process_id;
  if (respond && token.byte(5) == 0x30 && token.byte(6) == 0x30 && token.bytes.size() == 11) {
    process_id(token);
  } else if (respond && token.byte(5) == 0x31 && token.byte(6) == 0x30) {
    offline_responses_ = token.byte(7) & 3U;
  } else if (token.byte(1) == '(' && token.byte(2) == 'k') {
    symbol(token);
  } else if (token.byte(2) == 'L') {
    stored_picture(token);
  } else {
    not_known(fmt::format("1D 28 {:02X} fn {}", token.byte(2), token.byte(6)));
  }
}

/// Beyond its font a printer has no glyph for a code, however well it reads it.
bool PrinterModel::has_in_font(const EscposToken& token) const {
  using Font = PrinterDialect::Font;
  switch (shape_.dialect.font) {
    case Font::gb2312:
      return token.bytes.size() < 2 || (token.bytes.size() == 2 && token.byte(0) >= 0xA1 &&
                                        token.byte(0) <= 0xF7 && token.byte(1) >= 0xA1);
    case Font::gbk:
      return token.bytes.size() <= 2;
    case Font::gb18030:
      return token.character <= 0xFFFF;
    case Font::gb18030_b:
      return token.character <= 0xFFFF || (token.character >= 0x20000 && token.character <= 0x2A6DF);
    default:
      return true;
  }
}

void PrinterModel::put(const EscposToken& token) {
  Ink ink{token.character, token.wide,       style_.width_scale, style_.height_scale,
          style_.bold,     style_.underline, style_.reverse};
  if (const auto own = own_characters_.find(token.bytes); own != own_characters_.end()) {
    ink.own = own->second;
  } else if (!has_in_font(token)) {
    ink.character = 0xFFFD;
  }
  add_ink(std::move(ink));
}

void PrinterModel::add_ink(Ink ink) {
  if (!line_.empty() && line_width() + ink.width() > area()) {
    end_row(style_.spacing);
  }
  line_.push_back(std::move(ink));
}

void PrinterModel::jump_to(int dots) {
  const int white = std::min(dots, area()) - line_width();
  if (white > 0) {
    Ink gap;
    gap.jump = white;
    line_.push_back(std::move(gap));
  }
}

/// The paper moves by `spacing`, but never by less than what stands on the line.
void PrinterModel::end_row(int spacing) {
  int height = spacing;
  for (const Ink& ink : line_) {
    height = std::max(height, ink.height() + (ink.height_scale > 1 ? 6 : 0));
  }
  const int free = std::max(0, area() - line_width());
  const int indent = style_.align == 1 ? free / 2 : style_.align == 2 ? free : 0;
  PrintedRow row{0, height, style_.left + indent, std::exchange(line_, {}), {}, {}};
  print_row(std::move(row));
}

void PrinterModel::print_row(PrintedRow row) {
  if (!faults_.has(Fault::lie) || lie_ != Lie::done) {
    row.serial = ++rows_begun_;
    moves_.push_back({Move::Kind::paper, std::move(row), milliseconds(0), 0, std::nullopt});
  }
}

void PrinterModel::feed_paper(int dots) {
  if (dots > 0 && (!faults_.has(Fault::lie) || lie_ != Lie::done)) {
    PrintedRow white;
    white.height = dots;
    moves_.push_back({Move::Kind::paper, std::move(white), milliseconds(0), 0, std::nullopt});
  }
}

void PrinterModel::move(Move::Kind kind, milliseconds time) {
  if (!faults_.has(Fault::lie) || lie_ != Lie::done) {
    moves_.push_back({kind, {}, time, 0, std::nullopt});
  }
}

void PrinterModel::cut(const EscposToken& token) {
  if (!line_.empty()) {
    ++counts_.ignored_cuts;  // effective at the start of a line only
    return;
  }
  const std::uint8_t m = token.byte(0) == 0x1D ? token.byte(2) : std::uint8_t{0};
  if (m != 0 && is_among("ABabgh", m)) {
    feed_paper(shape_.head_to_cutter + token.byte(3));
  }
  move(Move::Kind::knife, shape_.cut_time);
}

}  // namespace lobby::sim
