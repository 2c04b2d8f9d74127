// What the boards of the trading platform show; every gate has been passed before (hall/bids.hpp).
#include "daemon/api/call.hpp"
#include "daemon/api/fields.hpp"
#include "daemon/api/json_writer.hpp"
#include "daemon/api/views.hpp"

namespace lobby::api {
namespace {

void put_opening(std::string& out, const hall::OpeningView& opening) {
  JsonObject(out)
      .add("project_no", opening.project_no)
      .add("project_name", opening.project_name)
      .add("section_no", or_null(opening.section_no))
      .add("section_name", or_null(opening.section_name))
      .add("trade_type", or_null(opening.trade_type))
      .add("tenderer", or_null(opening.tenderer))
      .add("agency", or_null(opening.agency))
      .add("open_at", opening.open_at)
      .add("end_at", opening.end_at)
      .add("open_room", or_null(opening.open_room))
      .add("eval_room", or_null(opening.eval_room))
      .add("status", opening.status)
      .add("status_text", or_null(hall::public_wording(opening.status)))
      .add("bidder_count", opening.bidder_count);
}

void put_room(std::string& out, const hall::Room& room) {
  JsonObject(out)
      .add("room", room.name)
      .add("state", room.state)
      .add("state_text", hall::public_wording(room.state))
      .add("project_name", or_null(room.project_name))
      .add("section_name", or_null(room.section_name))
      .add("from", room.from)
      .add("to", room.to)
      .add("others", room.others)
      .add("next_at", room.next_at)
      .add("next_project", or_null(room.next_project))
      .add("next_section", or_null(room.next_section));
}

void put_candidate(std::string& out, const hall::Candidate& candidate) {
  JsonObject(out)
      .add("rank", candidate.rank)
      .add("name", candidate.name)
      .add("price", or_null(candidate.price));
}

void put_bid_notice(std::string& out, const hall::NoticeView& notice) {
  JsonObject object(out);
  object.add("project_no", or_null(notice.project_no))
      .add("project_name", or_null(notice.project_name))
      .add("section_no", or_null(notice.section_no))
      .add("notice_type", notice.type)
      .add("title", or_null(notice.title))
      .add("publish_from", notice.publish_from)
      .add("publish_to", notice.publish_to)
      .add("objection_contact", or_null(notice.objection_contact))
      .add("url", or_null(notice.url));
  put_array(object.open("candidates"), notice.candidates, put_candidate);
}

}  // namespace

void put(std::string& out, const hall::BidsPage& page) {
  JsonObject object(out);
  put(object, hall::older(page.age, page.notices_age));
  put_array(object.open("openings"), page.openings, put_opening);
  put_array(object.open("rooms"), page.rooms, put_room);
  put_array(object.open("notices"), page.notices, put_bid_notice);
}

void get_bids(Desk& desk, Call call) {
  QueryFields query(call.target.query);
  const auto date = query.date("date");
  if (const auto problem = query.finish()) {
    return call.respond(*problem);
  }
  desk.backend.when_durable([&backend = desk.backend, date, call = std::move(call)] {
    std::string body;
    put(body, backend.bids(date.value_or(hall::local_date(backend.now()))));
    call.respond_json(std::move(body));
  });
}

}  // namespace lobby::api
