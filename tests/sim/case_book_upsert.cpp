#include <array>
#include <utility>

#include "tests/sim/case_book.hpp"
#include "tests/sim/case_book_words.hpp"
#include "tests/sim/json_text.hpp"
#include "tests/sim/wall_clock.hpp"

namespace lobby::sim {
namespace {

using Field = std::string ApprovalCase::*;

constexpr std::array<std::pair<std::string_view, Field>, 23> fields{
    {{"id", &ApprovalCase::id},
     {"query_code", &ApprovalCase::query_code},
     {"region_code", &ApprovalCase::region_code},
     {"matter_code", &ApprovalCase::matter_code},
     {"matter_name", &ApprovalCase::matter_name},
     {"dept_code", &ApprovalCase::dept_code},
     {"dept_name", &ApprovalCase::dept_name},
     {"kind", &ApprovalCase::kind},
     {"applied_at", &ApprovalCase::applied_at},
     {"accepted_at", &ApprovalCase::accepted_at},
     {"due_promised", &ApprovalCase::due_promised},
     {"due_statutory", &ApprovalCase::due_statutory},
     {"finished_at", &ApprovalCase::finished_at},
     {"promised_limit", &ApprovalCase::promised_limit},
     {"statutory_limit", &ApprovalCase::statutory_limit},
     {"stage_name", &ApprovalCase::stage_name},
     {"stage_due", &ApprovalCase::stage_due},
     {"status", &ApprovalCase::status},
     {"light", &ApprovalCase::light},
     {"card", &ApprovalCase::card},
     {"stop_limit", &ApprovalCase::stop_limit},
     {"queue_ticket", &ApprovalCase::queue_ticket},
     {"window_no", &ApprovalCase::window_no}}};

/// "FROM/TO;FROM/"
std::vector<ClockStop> parse_stops(std::string_view text) {
  std::vector<ClockStop> stops;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    const std::size_t slash = std::min(one.find('/'), one.size());
    stops.push_back(
        {std::string(one.substr(0, slash)), std::string(one.substr(std::min(one.size(), slash + 1)))});
  }
  return stops;
}

/// What a made-up case brought along, and nobody said of this one.
void strip(ApprovalCase& one) {
  ApprovalCase bare;
  bare.id = one.id;
  bare.query_code = one.query_code;
  bare.region_code = one.region_code;
  bare.matter_code = one.matter_code;
  bare.matter_name = one.matter_name;
  bare.dept_code = one.dept_code;
  bare.dept_name = one.dept_name;
  bare.kind = one.kind;
  bare.applied_at = one.applied_at;
  bare.status = one.status;
  bare.applicant.type = "person";
  one = std::move(bare);
}

void take_applicant(const boost::json::object& body, Applicant& into) {
  into.type = text(body, "applicant_type", into.type);
  into.id_no = text(body, "applicant_id_no", into.id_no);
  into.phone = text(body, "applicant_phone", into.phone);
  if (body.contains("applicant_name")) {
    into.name = text(body, "applicant_name");
    into.person = into.name;
  }
  into.person = into.type == "org" ? "" : into.person;
}

}  // namespace

ApprovalCase& CaseBook::own(Index index) {
  Slot& slot = slots_[index];
  if (slot.own < 0) {
    ApprovalCase one = make(slot);
    slot.own = static_cast<std::int32_t>(own_.size());
    own_.push_back(std::move(one));
  }
  return own_[static_cast<std::size_t>(slot.own)];
}

std::string CaseBook::upsert(const boost::json::object& body) {
  const std::string case_no = text(body, "case_no");
  if (case_no.empty() || case_no.size() > 64) {
    return "case_no must be a text of 1 to 64 bytes.";
  }
  std::optional<Index> index = find(case_no);
  if (!index) {
    if (live_ >= most) {
      return "The book is full.";
    }
    add(make_slot(day_of(now_)));
    index = static_cast<Index>(slots_.size() - 1);
    strip(own(*index));
    own(*index).case_no = case_no;
  }
  forget(*index);
  ApprovalCase& one = own(*index);
  Slot& slot = slots_[*index];
  const std::string old_status = one.status;
  for (const auto& [key, field] : fields) {
    one.*field = text(body, key, one.*field);
  }
  if (body.contains("matter_name") && !body.contains("matter_code")) {
    one.matter_code.clear();
  }
  take_applicant(body, one.applicant);
  if (body.contains("stops")) {
    one.stops = parse_stops(text(body, "stops"));
  }
  one.return_count = body.contains("return_count") ? integer(body, "return_count") : one.return_count;
  if (one.status != old_status) {
    set_status(*index, std::string(one.status));
  }
  if (const bool deleted = is_true(body, "deleted"); deleted != slot.deleted) {
    slot.deleted = deleted;
    live_ = deleted ? live_ - 1 : live_ + 1;
  }
  const std::string& received = one.accepted_at.empty() ? one.applied_at : one.accepted_at;
  const std::optional<Day> day = parse_day(received);
  slot.dated = day.has_value();
  slot.day = day.value_or(slot.day);
  touch(*index, parse_rfc3339(text(body, "updated_at")).value_or(now_));
  return {};
}

}  // namespace lobby::sim
