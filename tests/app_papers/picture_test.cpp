// The paper as a person holds it. With LOBBY_PICTURES=FOLDER the pictures stay there to be looked at.
#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "display/canvas/utf8.hpp"
#include "tests/app_papers/drawn.hpp"
#include "tests/app_papers/shipped.hpp"

namespace {

using namespace lobby;
using namespace lobby::app::testing;
namespace fs = std::filesystem;

display::TicketPaper ticket(const std::string& said = {}) {
  display::TicketPaper out;
  out.face = shipped_papers(said).ticket;
  out.hall_name = "什邡市人民政府政务服务中心";
  out.hall_name_en = "Shifang Government Service Hall";
  out.zone_name = "行政审批服务区";
  out.zone_name_en = "Administrative approval";
  out.number = "A017";
  out.service_name = "不动产登记（首次登记）";
  out.service_name_en = "Real estate registration";
  out.ahead = 12;
  out.estimate_min = 25;
  out.windows = out.windows_en = "1-3";
  out.issued_at = "2026-03-16 09:05:31";
  out.complaint_phone = "0838-8200000";
  out.hotline = "12345";
  out.serial = "No.000123-k2";
  out.link = "https://hall.shifang.example/t/2k7wq9mzx4cv8ntbr5hj";
  out.no_show_to_head = true;
  out.reinstate_min = 60;
  out.reinstate_times = 1;
  return out;
}

/// Rare characters, Latin, a service of forty characters, the longest number, a copy.
display::TicketPaper hard_ticket() {
  auto out = ticket();
  out.hall_name = "四川省德阳市什邡市蓥华镇人民政府便民服务中心𠮷祥村㐀山䶮水代办点";
  out.service_name = "建设工程企业资质（含升级、延续、变更）核准及Café经营场所消防检查意见书的补发";
  out.number = "WX12345";
  out.lane = "预约";
  out.appointment = "09:30-10:00";
  out.windows = "1-8、12、15、20-24";
  out.copy = 2;
  out.copied_at = "2026-03-16 09:40:00";
  out.copied_by = "1024";
  out.expires_at = "18:30";
  return out;
}

/// A folder of its own, gone at the end unless somebody wants to look.
class Album {
 public:
  Album() {
    const char* wanted = std::getenv("LOBBY_PICTURES");
    keeps_ = wanted != nullptr;
    folder_ =
        keeps_ ? fs::path(wanted) : fs::temp_directory_path() / ("lobby-paper-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  ~Album() {
    if (!keeps_) {
      fs::remove_all(folder_);
    }
  }
  Album(const Album&) = delete;
  Album& operator=(const Album&) = delete;
  std::string add(const std::string& name, const std::string& png) const {
    auto path = (folder_ / (name + ".png")).string();
    std::ofstream(path, std::ios::binary) << png;
    return path;
  }

 private:
  fs::path folder_;
  bool keeps_ = false;
};

/// What a reader of symbols, not ours, finds in the picture.
std::string scanned(const std::string& path) {
  FILE* pipe = ::popen(("zbarimg -q --raw " + path + " 2>/dev/null").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string out(4096, '\0');
  out.resize(std::fread(out.data(), 1, out.size(), pipe));
  ::pclose(pipe);
  return out;
}

}  // namespace

TEST_CASE("the symbol on the paper leads to the ticket's page, the number is seen from afar") {
  const Album album;
  for (const int columns : {32, 48}) {
    const auto name = std::to_string(columns == 32 ? 58 : 80) + "mm-";
    auto english = ticket();
    english.in_english = true;
    const auto plain = burn(display::ticket_face(ticket(), columns), columns);
    const auto hard = burn(display::ticket_face(hard_ticket(), columns), columns);
    const auto both = burn(display::ticket_face(english, columns), columns);
    CHECK(plain.line("A017").height >= 96);
    CHECK(hard.line("WX12345").height >= 96);
    CHECK(hard.line("重打 第2次").height == 48);
    CHECK(scanned(album.add(name + "plain", picture_of({plain}, columns))) == ticket().link + "\n");
    CHECK(scanned(album.add(name + "copy", picture_of({hard}, columns))) == ticket().link + "\n");
    CHECK(scanned(album.add(name + "english", picture_of({both}, columns))) == ticket().link + "\n");
  }
}

TEST_CASE("long names and rare characters stand on the paper whole, and within it") {
  REQUIRE(display::code_points(hard_ticket().service_name).size() == 40);
  for (const int columns : {32, 48}) {
    const auto sheet = burn(display::ticket_face(hard_ticket(), columns), columns);
    for (const auto& line : sheet.lines) {
      CHECK(line.left >= 0);
      CHECK(line.left + line.width <= columns * 12);
    }
    CHECK(sheet.unknown == 0);
    CHECK(sheet.encoded.losses == printer::escpos::Losses{});
    const auto text = sheet.text();
    CHECK(says(text, hard_ticket().hall_name));
    CHECK(says(text, hard_ticket().service_name));
    CHECK(says(text, hard_ticket().windows));
  }
}

TEST_CASE("slips, the self-test and large print fit both papers") {
  const Album album;
  const auto papers = shipped_papers();
  auto large = ticket("[paper]\nticket = \"large\"\n");
  auto notice = ticket();
  notice.face = papers.notice;
  notice.notice_no = "N-20260316-07";
  notice.notice_until = "2026-03-26";
  notice.missing = "1. 身份证原件\n2. 户口簿复印件（盖章）\n3. 房屋买卖合同及网签备案表、契税完税凭证原件";
  auto checkpoint = ticket();
  checkpoint.face = papers.checkpoint;
  checkpoint.room = "评标室三";
  checkpoint.session = "2026-E-0042-01";
  checkpoint.record = 1287;
  checkpoint.head = "0123456789abcdef";
  checkpoint.signed_at = "2026-03-16 11:20:07";
  checkpoint.link = "2026-E-0042-01 1287 0123456789abcdef";
  auto test = ticket();
  test.face = papers.self_test;
  test.printer = "p1";
  test.model = "BT-T080";
  test.firmware = "1.02";
  test.fonts = "CHINA GB18030";
  test.paper_width = "48 列，576 点";
  test.wire = "serial:/dev/serial/by-id/usb-SNBC_BT-T080_1234-if00-port0 115200";
  test.proof = "GS r 1：按序应答";
  test.state = "就绪";
  for (const int columns : {32, 48}) {
    const auto name = std::to_string(columns == 32 ? 58 : 80) + "mm-";
    std::vector<Burnt> sheets;
    for (const auto* paper : {&large, &notice, &checkpoint, &test}) {
      sheets.push_back(burn(display::ticket_face(*paper, columns), columns));
    }
    CHECK(sheets[0].line("A017").height >= 192);
    CHECK(says(sheets[1].text(), "契税完税凭证原件"));
    CHECK(sheets[2].line("0123456789abcdef").height == 48);
    CHECK(says(sheets[3].text(), "usb-SNBC_BT-T080_1234-if00-port0"));
    CHECK(scanned(album.add(name + "slips", picture_of(sheets, columns))) ==
          test.link + "\n" + checkpoint.link + "\n");
  }
}
