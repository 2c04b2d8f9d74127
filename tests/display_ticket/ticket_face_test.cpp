// The face that stands for a missing one, and what holds for every face.
#include "display/ticket/ticket_face.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "display/canvas/utf8.hpp"

namespace {

using namespace lobby::display;

TicketPaper paper() {
  TicketPaper out;
  out.hall_name = "什邡市人民政府政务服务中心";
  out.number = "A017";
  out.service_name = "不动产登记（首次登记）";
  out.issued_at = "2026-03-16 09:05:31";
  out.serial = "No.000123-k2";
  return out;
}

int width(const PaperItem& item) {
  const auto& line = std::get<PaperLine>(item);
  int columns = 0;
  for (const auto c : code_points(line.text)) {
    columns += c < 0x80 ? 1 : 2;
  }
  return columns * line.scale;
}

std::string text_of(const std::vector<PaperItem>& items) {
  std::string out;
  for (const auto& item : items) {
    out += std::get<PaperLine>(item).text + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("a paper without a template still says whose it is") {
  CHECK(text_of(ticket_face(paper(), 48)) ==
        "什邡市人民政府政务服务中心\nA017\n不动产登记（首次登记）\n取号时间：2026-03-16 09:05:31\n"
        "当日有效  No.000123-k2\n");
}

TEST_CASE("only a copy says so") {
  CHECK(text_of(ticket_face(paper(), 48)).find("重打") == std::string::npos);
  auto copy = paper();
  copy.copy = 1;
  CHECK(text_of(ticket_face(copy, 48)).find("重打 第1次") != std::string::npos);
}

TEST_CASE("hostile text cannot widen a line") {
  auto hostile = paper();
  hostile.service_name = std::string(5000, 'x') + "\xFF\xFE号";
  hostile.number = std::string(50, '\xED');
  hostile.serial = std::string(300, '9');
  for (const int columns : {0, 16, 32, 48, 64}) {
    for (const auto& item : ticket_face(hostile, columns)) {
      CHECK(width(item) <= std::max(columns, 16));
    }
  }
}
