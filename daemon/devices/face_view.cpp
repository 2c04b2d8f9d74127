#include "daemon/devices/face_view.hpp"

#include <string>

namespace lobby::devices {

using hall::WindowState;

namespace {

display::WindowFaceView::State face_state(WindowState state) {
  using State = display::WindowFaceView::State;
  switch (state) {
    case WindowState::idle:
      return State::idle;
    case WindowState::called:
      return State::called;
    case WindowState::serving:
      return State::serving;
    case WindowState::paused:
      return State::paused;
    case WindowState::closed:
      break;
  }
  return State::closed;
}

}  // namespace

display::WindowFaceView face_view(const hall::WindowView& window, bool closing) {
  display::WindowFaceView view;
  view.state = face_state(window.state);
  view.window_number = window.number;
  view.ticket_number = window.ticket ? window.ticket->number : std::string();
  view.message = window.message;
  view.case_tail = window.case_tail;
  if (window.back_at) {
    const int minute = hall::local_minute(*window.back_at);
    const auto two = [](int n) { return std::string(n < 10 ? "0" : "") + std::to_string(n); };
    view.back_at = two(minute / 60) + ":" + two(minute % 60);
  }
  view.closing = closing;
  return view;
}

}  // namespace lobby::devices
