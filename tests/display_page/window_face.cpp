#include "display/page/window_face.hpp"

#include <doctest/doctest.h>

using namespace lobby::display;
using State = WindowFaceView::State;

TEST_CASE("complaint 4: of a long number only the last three digits are shown") {
  const auto shown = [](const char* number) {
    return window_face({State::called, 3, number, "", false}).text;
  };
  CHECK(shown("A1017") == "A1017");
  CHECK(shown("B2017") == "B2017");
  CHECK(shown("AB99999") == "AB99999");  // the longest that a site can have
}

TEST_CASE("what people read above a window in each of its states") {
  const struct {
    WindowFaceView view;
    WindowFace face;
  } golden[] = {
      {{State::closed, 3, "", "", false}, {"暂停服务", false, false}},
      {{State::idle, 3, "", "", false}, {"3号窗口", false, false}},
      {{State::idle, 12, "", "", false}, {"12号窗口", false, false}},
      {{State::idle, 112, "", "", false}, {"112号窗", false, false}},
      {{State::idle, 100'000, "", "", false}, {"100000号", false, false}},
      {{State::idle, 12'345'678, "", "", false}, {"12345678", false, false}},
      {{State::called, 3, "A017", "", false}, {"A017", true, true}},
      {{State::called, 3, "A100000017", "", false}, {"00000017", true, true}},
      {{State::serving, 3, "A017", "", false}, {"A017", false, false}},
      {{State::serving, 3, "", "", false}, {"3号窗口", false, false}},
      {{State::paused, 3, "", "", false}, {"暂停服务", false, false}},
      {{State::paused, 3, "", "马上回来", false}, {"马上回来", false, false}},
      {{State::paused, 3, "", "去复印室了", false}, {"暂停服务", false, false}},
      {{State::paused, 3, "", "去复印室了", false, "10:30"}, {"10:30回", false, false}},
      {{State::paused, 3, "", "", false, "09:05"}, {"09:05回", false, false}},
      {{State::paused, 3, "", "开会", false, "09:05"}, {"开会", false, false}},
      {{State::called, 3, "Y301", "", false, "", "2026-0087"}, {"领证0087", true, true}},
      {{State::called, 3, "Y301", "", false, "", "87"}, {"领证87", true, true}},
      {{State::serving, 3, "Y301", "", false, "", "2026-0087"}, {"Y301", false, false}},
      {{State::called, 3, "A017", "", true}, {"暂停服务", false, false}},
      {{State::idle, 3, "", "", true}, {"暂停服务", false, false}},
  };
  for (const auto& one : golden) {
    CAPTURE(one.face.text);
    const auto face = window_face(one.view);
    CHECK(face.text == one.face.text);
    CHECK(face.blink == one.face.blink);
    CHECK(face.beep == one.face.beep);
  }
}

TEST_CASE("a longer sign says who is called where, as much of it as has room") {
  WindowFaceView view;
  view.state = State::called;
  view.window_number = 3;
  view.ticket_number = "A023";
  CHECK(window_sentence(view, 16).text == "请A023到3号窗口");  // 15 columns
  CHECK(window_sentence(view, 14).text == "请A023到3号");      // 11
  CHECK(window_sentence(view, 10).text == "A023到3号");        // 9
  CHECK(window_sentence(view, 8).text == "A023");
  CHECK(window_sentence(view, 16).blink);
  view.window_number = 1234;
  view.ticket_number = "AB1234567";
  CHECK(window_sentence(view, 16).text == "B1234567");  // no form has room
  view.case_tail = "0007";
  view.window_number = 3;
  CHECK(window_sentence(view, 20).text == "请领证0007到3号窗口");
  view.state = State::serving;
  view.case_tail.clear();
  view.ticket_number = "A023";
  CHECK(window_sentence(view, 16).text == "A023");
  view.closing = true;
  CHECK(window_sentence(view, 16).text == "暂停服务");
}

TEST_CASE("digits are those of the number that is called or served, from its end") {
  WindowFaceView view;
  view.window_number = 3;
  view.ticket_number = "A1023";
  CHECK(window_digits(view, 3).empty());  // closed
  view.state = State::serving;
  CHECK(window_digits(view, 3) == "023");
  CHECK(window_digits(view, 8) == "1023");
  view.ticket_number = "";
  CHECK(window_digits(view, 3).empty());
  view.state = State::called;
  view.ticket_number = "A1023";
  view.closing = true;
  CHECK(window_digits(view, 3).empty());
}
