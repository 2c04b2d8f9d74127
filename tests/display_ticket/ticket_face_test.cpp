#include "display/ticket/ticket_face.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "display/canvas/utf8.hpp"

namespace {

using namespace lobby::display;
using Align = PaperLine::Align;

TicketPaper paper() {
  TicketPaper out;
  out.hall_name = "什邡市人民政府政务服务中心";
  out.zone_name = "行政审批服务区";
  out.number = "A017";
  out.service_name = "不动产登记（首次登记）";
  out.ahead = 12;
  out.windows = "1、2、3";
  out.issued_at = "2026-03-16 09:05:31";
  out.hotline = "12345";
  out.serial = "No.000123-k2";
  return out;
}

int width(const PaperLine& line) {
  int columns = 0;
  for (const auto c : code_points(line.text)) {
    columns += c < 0x80 ? 1 : 2;
  }
  return columns * line.scale;
}

std::string text_of(const std::vector<PaperLine>& lines) {
  std::string out;
  for (const auto& line : lines) {
    out += line.text + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("a ticket on 80 mm paper") {
  const std::vector<PaperLine> wanted = {
      {"什邡市人民政府政务服务中心", Align::centre, 1, true},
      {"行政审批服务区", Align::centre, 1, false},
      {"------------------------------------------------", Align::left, 1, false},
      {"A017", Align::centre, 4, true},
      {"不动产登记（首次登记）", Align::centre, 1, true},
      {"", Align::left, 1, false},
      {"前面等候：12 人", Align::left, 1, false},
      {"受理窗口：1、2、3 号", Align::left, 1, false},
      {"取号时间：2026-03-16 09:05:31", Align::left, 1, false},
      {"------------------------------------------------", Align::left, 1, false},
      {"请在等候区留意叫号和屏幕提示", Align::left, 1, false},
      {"当日有效  热线 12345  No.000123-k2", Align::left, 1, false},
  };
  CHECK(ticket_face(paper(), 48) == wanted);
}

TEST_CASE("a copy on 58 mm paper") {
  auto copy = paper();
  copy.copy = 2;
  const std::vector<PaperLine> wanted = {
      {"什邡市人民政府政务服务中心", Align::centre, 1, true},
      {"行政审批服务区", Align::centre, 1, false},
      {"--------------------------------", Align::left, 1, false},
      {"A017", Align::centre, 3, true},
      {"重打 第2次", Align::centre, 2, true},
      {"不动产登记（首次登记）", Align::centre, 1, true},
      {"", Align::left, 1, false},
      {"前面等候：12 人", Align::left, 1, false},
      {"受理窗口：1、2、3 号", Align::left, 1, false},
      {"取号时间：2026-03-16 09:05:31", Align::left, 1, false},
      {"--------------------------------", Align::left, 1, false},
      {"请在等候区留意叫号和屏幕提示", Align::left, 1, false},
      {"当日有效  热线 12345", Align::left, 1, false},
      {"No.000123-k2", Align::left, 1, false},
  };
  CHECK(ticket_face(copy, 32) == wanted);
}

TEST_CASE("only a copy says so") {
  CHECK(text_of(ticket_face(paper(), 48)).find("重打") == std::string::npos);
  auto copy = paper();
  copy.copy = 1;
  CHECK(text_of(ticket_face(copy, 48)).find("重打 第1次") != std::string::npos);
}

TEST_CASE("what is not known is not said") {
  auto bare = paper();
  bare.hotline.clear();
  bare.windows.clear();
  bare.zone_name.clear();
  const auto text = text_of(ticket_face(bare, 48));
  CHECK(text.find("热线") == std::string::npos);
  CHECK(text.find("受理窗口") == std::string::npos);
  CHECK(text.find("当日有效  No.000123-k2\n") != std::string::npos);
}

TEST_CASE("long names wrap between characters and lose none") {
  auto wordy = paper();
  wordy.hall_name = "四川省德阳市什邡市红白镇人民政府便民服务中心红白村便民服务代办点";  // 32 characters
  wordy.windows = "1、2、3、4、5、6、7、8、9、10、11、12、13、14、15、16、17、18";
  wordy.number = "WX12345";
  for (const int columns : {32, 48}) {
    const auto lines = ticket_face(wordy, columns);
    std::string all;
    for (const auto& line : lines) {
      CHECK(width(line) <= columns);
      all += line.text;
    }
    CHECK(all.find(wordy.hall_name) != std::string::npos);
    CHECK(all.find("受理窗口：" + wordy.windows + " 号") != std::string::npos);
    CHECK(all.find("WX12345") != std::string::npos);
  }
  const auto narrow = ticket_face(wordy, 32);
  CHECK(narrow[0].text == "四川省德阳市什邡市红白镇人民政府");
  CHECK(narrow[1].text == "便民服务中心红白村便民服务代办点");
}

TEST_CASE("hostile text cannot widen a line") {
  auto hostile = paper();
  hostile.service_name = std::string(5000, 'x') + "\xFF\xFE号";
  hostile.serial = std::string(300, '9');
  for (const int columns : {0, 16, 32, 48, 64}) {
    for (const auto& line : ticket_face(hostile, columns)) {
      CHECK(width(line) <= std::max(columns, 16));
    }
  }
}
