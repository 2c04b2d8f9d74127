#include <fmt/format.h>

#include <chrono>

#include "daemon/app/site_file.hpp"
#include "display/ticket/ticket_face.hpp"
#include "tests/bench/benches.hpp"

namespace lobby::bench {
namespace {

/// Everything that a ticket can say.
display::TicketPaper full_ticket() {
  display::TicketPaper paper;
  paper.face = app::read_site(LOBBY_SOURCE_DIR "/config/sites/shifang.toml").papers.ticket;
  paper.hall_name = "什邡市人民政府政务服务中心";
  paper.zone_name = "行政审批服务区";
  paper.number = "A017";
  paper.service_name = "不动产登记（首次登记）";
  paper.lane = "预约";
  paper.appointment = "09:30-10:00";
  paper.ahead = 12;
  paper.estimate_min = 25;
  paper.windows = "1-3";
  paper.issued_at = "2026-03-16 09:05:31";
  paper.complaint_phone = "0838-8200000";
  paper.hotline = "12345";
  paper.serial = "No.000123-k2";
  paper.link = "https://hall.example/t/2k7wq9mzx4cv8ntbr5hj";
  paper.no_show_to_head = true;
  paper.reinstate_min = 60;
  paper.reinstate_times = 1;
  return paper;
}

}  // namespace

void faces(int count) {
  using Clock = std::chrono::steady_clock;
  const auto paper = full_ticket();
  std::size_t items = 0;
  const auto begin = Clock::now();
  for (int i = 0; i < count; ++i) {
    items += display::ticket_face(paper, 48).size();
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  fmt::print("faces: {:.0f} tickets of {} lines composed a second and core, without their bytes\n",
             count / seconds, items / static_cast<std::size_t>(count));
}

}  // namespace lobby::bench
