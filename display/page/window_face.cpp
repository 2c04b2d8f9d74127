#include "display/page/window_face.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace lobby::display {
namespace {

constexpr int sign_columns = 8;  ///< 64 dots at 8 per half-width character
constexpr std::string_view not_serving = "暂停服务";

/// Half-width columns of the UTF-8 text: one for ASCII, two for everything else.
int columns_of(std::string_view text) {
  int columns = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    columns += byte < 0x80 ? 1 : (byte & 0xC0) == 0x80 ? 0 : 2;
  }
  return columns;
}

/// A ticket number that is too long keeps its end: the digits tell one from the other.
std::string fitted_number(std::string_view number) {
  while (columns_of(number) > sign_columns) {
    do {
      number.remove_prefix(1);
    } while (!number.empty() && (static_cast<unsigned char>(number.front()) & 0xC0) == 0x80);
  }
  return std::string(number);
}

/// 领证: people know their case, not the ticket that was made for it. The end of its number tells it.
std::string collect_text(std::string_view case_tail) {
  constexpr std::size_t room = 4;
  return "领证" + std::string(case_tail.substr(case_tail.size() - std::min(room, case_tail.size())));
}

std::string idle_text(std::uint32_t number) {
  const std::string digits = std::to_string(number);
  for (const std::string_view suffix : {"号窗口", "号窗", "号"}) {
    if (columns_of(digits) + columns_of(suffix) <= sign_columns) {
      return digits + std::string(suffix);
    }
  }
  return fitted_number(digits);
}

}  // namespace

WindowFace window_face(const WindowFaceView& view) {
  using State = WindowFaceView::State;
  if (view.closing) {
    return {std::string(not_serving), false, false};
  }
  switch (view.state) {
    case State::idle:
      return {idle_text(view.window_number), false, false};
    case State::called:
      return {view.case_tail.empty() ? fitted_number(view.ticket_number) : collect_text(view.case_tail), true,
              true};
    case State::serving:
      // Whoever is served without a ticket has no number to show.
      return {view.ticket_number.empty() ? idle_text(view.window_number) : fitted_number(view.ticket_number),
              false, false};
    case State::paused:
      if (!view.message.empty() && columns_of(view.message) <= sign_columns) {
        return {view.message, false, false};
      }
      if (!view.back_at.empty()) {
        return {view.back_at + "回", false, false};
      }
      break;
    case State::closed:
      break;
  }
  return {std::string(not_serving), false, false};
}

std::string rest_text(std::uint32_t window_number) {
  constexpr std::string_view paused = "暂停";
  std::string text = std::to_string(window_number);
  if (columns_of(text) + columns_of("号") + columns_of(paused) <= sign_columns) {
    text += "号";
  }
  return text.append(paused);
}

WindowFace window_sentence(const WindowFaceView& view, int columns) {
  auto face = window_face(view);
  if (view.closing || view.state != WindowFaceView::State::called) {
    return face;
  }
  const auto whom = (view.case_tail.empty() ? view.ticket_number : face.text) + "到";
  const auto window = std::to_string(view.window_number) + "号";
  struct Form {
    std::string_view before, behind;
  };
  for (const auto& form : {Form{"请", "窗口"}, Form{"请", ""}, Form{"", ""}}) {
    std::string text(form.before);
    text.append(whom).append(window).append(form.behind);
    if (columns_of(text) <= columns) {
      face.text = std::move(text);
      break;
    }
  }
  return face;
}

std::string window_digits(const WindowFaceView& view, std::size_t places) {
  using State = WindowFaceView::State;
  if (view.closing || (view.state != State::called && view.state != State::serving)) {
    return {};
  }
  std::string digits;
  for (const char c : view.ticket_number) {
    if (c >= '0' && c <= '9') {
      digits += c;
    }
  }
  return digits.substr(digits.size() - std::min(places, digits.size()));
}

}  // namespace lobby::display
