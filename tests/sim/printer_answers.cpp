#include <algorithm>
#include <string_view>

#include "tests/sim/printer_model.hpp"

// What the printer says of itself, and the real-time commands that make it.
namespace lobby::sim {
namespace {

using StatusForm = PrinterDialect::Status;

std::vector<std::uint8_t> text_answer(std::string_view text) {
  std::vector<std::uint8_t> out(text.size() + 2, 0x00);
  out.front() = 0x5F;
  std::copy(text.begin(), text.end(), out.begin() + 1);
  return out;
}

bool answers_dle_eot(StatusForm form) {
  return form == StatusForm::dle_eot || form == StatusForm::epson || form == StatusForm::snbc_t080aii ||
         form == StatusForm::custom_full;
}

std::string_view font_name(PrinterDialect::Font font) {
  return font == PrinterDialect::Font::gb2312 ? "CHINA GB2312" : "CHINA GB18030";
}

}  // namespace

std::vector<std::uint8_t> PrinterModel::take_answers(TimePoint now) {
  std::vector<std::uint8_t> out;
  while (!answers_.empty() && answers_.front().due <= now) {
    const auto& bytes = answers_.front().bytes;
    out.insert(out.end(), bytes.begin(), bytes.end());
    answers_.pop_front();
  }
  return out;
}

void PrinterModel::answer(std::vector<std::uint8_t> bytes, TimePoint now) {
  if (faults_.has(Fault::silent) || faults_.has(Fault::freeze) || booting_until_ || bytes.empty()) {
    return;
  }
  if (faults_.has(Fault::garbage)) {
    for (std::uint8_t& byte : bytes) {
      noise_ = noise_ * 1664525U + 1013904223U;
      byte = static_cast<std::uint8_t>(noise_ >> 24);
    }
  }
  ++counts_.answers;
  const TimePoint due = now + faults_.slow_by();
  answers_.push_back({answers_.empty() ? due : std::max(due, answers_.back().due), std::move(bytes)});
}

/// Flow control is the port's, not the program's: neither silence nor lateness nor nonsense touch it.
void PrinterModel::say_flow(std::uint8_t byte, TimePoint now) {
  if (faults_.has(Fault::freeze)) {
    return;
  }
  const auto later =
      std::find_if(answers_.begin(), answers_.end(), [&](const Answer& each) { return each.due > now; });
  answers_.insert(later, Answer{now, {byte}});
}

PrinterSigns PrinterModel::signs() const {
  PrinterSigns s;
  s.printing = printing_ && !is_stopped();
  s.in_outlet = outlet_.has_paper();
  if (faults_.has(Fault::lie) && (lie_ == Lie::done || lie_ == Lie::status)) {
    return s;
  }
  s.cover_open = faults_.has(Fault::cover_open);
  s.paper_out = faults_.has(Fault::paper_out);
  s.paper_low =
      s.paper_out || faults_.has(Fault::paper_low) || (paper_.left() && *paper_.left() <= shape_.near_end);
  s.cutter = stuck_;
  s.jam = faults_.has(Fault::jam);
  s.broken = faults_.has(Fault::broken);
  s.hot = faults_.has(Fault::hot);
  s.offline =
      s.cover_open || s.paper_out || s.cutter || s.jam || s.broken || s.hot || faults_.has(Fault::refuse);
  return s;
}

std::vector<std::uint8_t> PrinterModel::automatic_frame() const {
  if (!full_mask_) {
    return automatic_ == 0 ? std::vector<std::uint8_t>() : status_frame(shape_.dialect.status, signs());
  }
  std::vector<std::uint8_t> frame{0x10, *full_mask_};
  const std::vector<std::uint8_t> all = full_status(signs());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if ((*full_mask_ >> i & 1U) != 0) {
      frame.push_back(all[i]);
    }
  }
  return frame;
}

void PrinterModel::note_status(TimePoint now) {
  const std::vector<std::uint8_t> frame = automatic_frame();
  std::vector<std::uint8_t> part = full_mask_ ? frame : asked_part(automatic_, frame);
  if (!frame.empty() && part != reported_) {
    reported_ = std::move(part);
    answer(frame, now);
  }
  const PrinterSigns s = signs();
  const bool was_offline = std::exchange(was_offline_, s.offline);
  if (offline_responses_ == 0 || was_offline || !s.offline) {
    return;
  }
  std::vector<std::uint8_t> response{0x37, 0x23};
  if (offline_responses_ == 2) {
    // What each bit of the cause means differs; a reader may not rely on them.
    response.push_back(static_cast<std::uint8_t>(0x40 | (s.cover_open ? 1 : 0) | (s.paper_out ? 2 : 0) |
                                                 (s.cutter || s.jam || s.broken || s.hot ? 4 : 0)));
  }
  response.push_back(0x00);
  answer(std::move(response), now);
}

void PrinterModel::report_by_itself(std::uint8_t categories, TimePoint now) {
  automatic_ = categories;
  reported_ = asked_part(automatic_, automatic_frame());
  answer(automatic_frame(), now);
}

void PrinterModel::recover(TimePoint now) {
  stuck_ = stuck_ && faults_.has(Fault::cutter);
  clock_ = std::max(clock_, now);
  note_status(now);
}

void PrinterModel::real_time(const EscposToken& token, TimePoint now) {
  const std::uint8_t n = token.byte(2);
  const PrinterDialect& dialect = shape_.dialect;
  switch (token.code()) {
    case 0x1004:
      answer_real_time_status(token, now);
      return;
    case 0x1005:
      // For what the knife did; paper, cover and heat are not ended by a word, and nothing is cleared then.
      if ((n == 1 || n == 2) && dialect.recovers && stuck_) {
        if (n == 2) {
          ++counts_.clears;
          drop_buffers(now);
        }
        recover(now);
      }
      return;
    case 0x1014:
      if (dialect.clears && token.bytes == std::vector<std::uint8_t>{0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01,
                                                                     0x06, 0x02, 0x08}) {
        ++counts_.clears;
        drop_buffers(now);
        recover(now);
        clearing_until_ = now + shape_.clear_time;
        answer({0x37, 0x25, 0x00}, clearing_until_);
      }
      return;
    default:
      return;
  }
}

void PrinterModel::answer_real_time_status(const EscposToken& token, TimePoint now) {
  const std::uint8_t n = token.byte(2);
  const StatusForm form = shape_.dialect.status;
  const bool one_frame = form == StatusForm::snbc_bk_c310 || form == StatusForm::snbc_byte;
  // Which request the two SNBC frames answer is known by the profile alone; without, by any.
  const bool is_asked =
      shape_.dialect.status_ask.empty() ? one_frame : token.bytes == shape_.dialect.status_ask;
  if (is_asked || (form == StatusForm::custom_full && n == 0x14)) {
    answer(status_frame(form, signs()), now);
  } else if (form == StatusForm::custom_full && n == 0x11) {
    const PrinterSigns s = signs();
    answer({static_cast<std::uint8_t>(0x12 | (s.printing ? 0x04 : 0) | (s.paper_out ? 0x20 : 0))}, now);
  } else if (answers_dle_eot(form) && n >= 1 && n <= 4) {
    answer({real_time_bits(n, signs(), form)}, now);
  }
}

void PrinterModel::process_id(const EscposToken& token) {
  std::vector<std::uint8_t> id(token.bytes.begin() + 7, token.bytes.end());
  if (faults_.has(Fault::lie) && (lie_ == Lie::later || lie_ == Lie::earlier)) {
    std::uint8_t& last = id.back();
    last = static_cast<std::uint8_t>(lie_ == Lie::later ? (last < 0x7E ? last + 1 : 0x21)
                                                        : (last > 0x20 ? last - 1 : 0x7E));
  }
  answer({0x37, 0x22, id[0], id[1], id[2], id[3], 0x00}, clock_);
}

void PrinterModel::information(std::uint8_t n) {
  if (!shape_.dialect.identifies) {
    return;
  }
  switch (n) {
    case 1:
    case 49:
      answer({0x20}, clock_);
      return;
    case 2:
    case 50:
      answer({0x03}, clock_);  // Chinese characters, a cutter
      return;
    case 3:
    case 51:
      answer({0x01}, clock_);
      return;
    case 65:
      answer(text_answer("1.00"), clock_);
      return;
    case 66:
      answer(text_answer("LOBBY"), clock_);
      return;
    case 67:
      answer(text_answer(shape_.dots == 384 ? "SIM-58" : "SIM-80"), clock_);
      return;
    case 68:
      answer(text_answer("000001"), clock_);
      return;
    case 69:
      answer(text_answer(font_name(shape_.dialect.font)), clock_);
      return;
    default:
      return;
  }
}

}  // namespace lobby::sim
