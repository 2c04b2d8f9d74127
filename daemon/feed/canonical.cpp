#include "daemon/feed/canonical.hpp"

#include <algorithm>

namespace lobby::feed {
namespace {

using Word = std::string_view;
using Kind = FieldKind;

constexpr std::array<Word, 19> status_words{
    "submitted", "pre_rejected", "received",  "correcting", "not_accepted", "accepted", "reviewing",
    "approving", "suspended",    "forwarded", "extended",   "approved",     "rejected", "finished",
    "returned",  "withdrawn",    "void",      "deemed",     "unknown"};
constexpr std::array<Word, 5> kind_words{"instant", "promised", "forward", "joint", "other"};
constexpr std::array<Word, 4> light_words{"green", "yellow", "red", "grey"};
constexpr std::array<Word, 3> card_words{"warning", "yellow", "red"};
/// A sole trader (个体工商户) is told apart only for the mask.
constexpr std::array<Word, 4> applicant_words{"person", "org", "sole_trader", "unknown"};
constexpr std::array<Word, 5> alert_words{"sent", "pending", "cancelled", "withdrawn", "supervised"};
constexpr std::array<Word, 12> bid_words{
    "announced",        "changed",    "bidding_closed", "opening", "evaluating", "candidates_published",
    "result_published", "contracted", "postponed",      "failed",  "terminated", "unknown"};
constexpr std::array<Word, 8> notice_words{"tender", "change",     "candidates", "result",
                                           "failed", "terminated", "contract",   "other"};
constexpr std::array<Word, 4> appointment_words{"booked", "taken", "missed", "cancelled"};

constexpr FieldRule case_rules[] = {{"case_no", Kind::number},
                                    {"query_code", Kind::number},
                                    {"region_code", Kind::number},
                                    {"matter_code", Kind::number},
                                    {"matter_name"},
                                    {"dept_code", Kind::number},
                                    {"dept_name"},
                                    {"kind", Kind::word, kind_words},
                                    {"applicant_type", Kind::word, applicant_words},
                                    {"applicant_display", Kind::person},
                                    {"applicant_key", Kind::secret},
                                    {"applied_at", Kind::date},
                                    {"accepted_at", Kind::date},
                                    {"due_promised", Kind::date},
                                    {"due_statutory", Kind::date},
                                    {"finished_at", Kind::date},
                                    {"updated_at", Kind::date},
                                    {"promised_limit", Kind::limit},
                                    {"statutory_limit", Kind::limit},
                                    {"stage_name"},
                                    {"stage_due", Kind::date},
                                    {"status", Kind::status, status_words},
                                    {"light", Kind::word, light_words},
                                    {"card", Kind::word, card_words},
                                    {"stop_limit", Kind::limit},
                                    {"return_count", Kind::count},
                                    {"queue_ticket", Kind::number},
                                    {"window_no", Kind::number},
                                    {"upstream_version", Kind::number}};

constexpr FieldRule matter_rules[] = {{"code", Kind::number},
                                      {"name"},
                                      {"short_name"},
                                      {"dept_code", Kind::number},
                                      {"dept_name"},
                                      {"kind", Kind::word, kind_words},
                                      {"service_type"},
                                      {"promised_limit", Kind::limit},
                                      {"statutory_limit", Kind::limit},
                                      {"fee"},
                                      {"guide_url", Kind::url},
                                      {"phone", Kind::contact},
                                      {"enabled", Kind::flag},
                                      {"changed_at", Kind::date}};

constexpr FieldRule staff_rules[] = {
    {"staff_no", Kind::number}, {"name"}, {"title"}, {"unit"}, {"window_no", Kind::number},
    {"photo_ref", Kind::number}};

constexpr FieldRule alert_rules[] = {{"case_no", Kind::number},
                                     {"card", Kind::word, card_words},
                                     {"at", Kind::date},
                                     {"basis", Kind::remark},
                                     {"state", Kind::status, alert_words},
                                     {"matter_name"},
                                     {"dept_name"},
                                     {"promised_limit", Kind::limit},
                                     {"overdue_days", Kind::count}};

constexpr FieldRule bid_rules[] = {{"project_no", Kind::number},
                                   {"project_name"},
                                   {"section_no", Kind::number},
                                   {"section_name"},
                                   {"trade_type"},
                                   {"tenderer", Kind::organisation},
                                   {"agency", Kind::organisation},
                                   {"open_at", Kind::date},
                                   {"end_at", Kind::date},
                                   {"open_room"},
                                   {"eval_room"},
                                   {"status", Kind::status, bid_words},
                                   {"updated_at", Kind::date},
                                   {"bidder_count", Kind::count}};

constexpr FieldRule notice_rules[] = {{"project_no", Kind::number},
                                      {"project_name"},
                                      {"section_no", Kind::number},
                                      {"notice_type", Kind::word, notice_words},
                                      {"title"},
                                      {"publish_from", Kind::date},
                                      {"publish_to", Kind::date},
                                      {"objection_contact", Kind::contact},
                                      {"url", Kind::url},
                                      {"status", Kind::status, bid_words}};

constexpr FieldRule calendar_rules[] = {{"date", Kind::date}, {"name"}, {"off", Kind::flag}};

constexpr FieldRule appointment_rules[] = {{"date", Kind::date},
                                           {"slot_start", Kind::clock},
                                           {"slot_end", Kind::clock},
                                           {"service"},
                                           {"state", Kind::status, appointment_words},
                                           {"channel"},
                                           {"code", Kind::number}};

constexpr FieldRule rules_of_candidate[] = {
    {"rank", Kind::count}, {"name", Kind::person}, {"price", Kind::price}};

}  // namespace

std::span<const FieldRule> rules_of(What what) {
  switch (what) {
    case What::cases:
      return case_rules;
    case What::matters:
      return matter_rules;
    case What::staff:
      return staff_rules;
    case What::alerts:
      return alert_rules;
    case What::bids:
      return bid_rules;
    case What::notices:
      return notice_rules;
    case What::calendar:
      return calendar_rules;
    case What::appointments:
      return appointment_rules;
  }
  return {};
}

const FieldRule* status_rule(What what) {
  const auto rules = rules_of(what);
  const auto found = std::find_if(rules.begin(), rules.end(),
                                  [](const FieldRule& rule) { return rule.kind == FieldKind::status; });
  return found == rules.end() ? nullptr : &*found;
}

std::span<const FieldRule> candidate_rules() {
  return rules_of_candidate;
}

}  // namespace lobby::feed
