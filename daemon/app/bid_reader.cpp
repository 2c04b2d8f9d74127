#include "daemon/app/bid_reader.hpp"

#include <boost/json/array.hpp>

#include "daemon/app/record_texts.hpp"
#include "daemon/hall/work_clock.hpp"

namespace lobby::app {
namespace {

namespace json = boost::json;

class Texts : public RecordTexts {
 public:
  using RecordTexts::RecordTexts;

  /// A mere day is its midnight.
  std::optional<hall::Instant> instant(std::string_view key, std::int32_t offset_min) const {
    const auto when = hall::parse_when(text(key));
    if (!when) {
      return std::nullopt;
    }
    if (const auto* at = std::get_if<hall::Instant>(&*when)) {
      return *at;
    }
    constexpr std::int64_t day_ms = 86'400'000, minute_ms = 60'000;
    return hall::Instant{std::get<hall::Date>(*when).days * day_ms - offset_min * minute_ms, offset_min};
  }
  std::optional<hall::Date> date(std::string_view key, std::int32_t offset_min) const {
    const auto when = hall::parse_when(text(key));
    if (!when) {
      return std::nullopt;
    }
    if (const auto* date = std::get_if<hall::Date>(&*when)) {
      return *date;
    }
    hall::Instant at = std::get<hall::Instant>(*when);
    at.offset_min = offset_min;
    return hall::local_date(at);
  }
};

std::vector<hall::Candidate> candidates_of(const json::object& object) {
  std::vector<hall::Candidate> out;
  const json::value* list = object.if_contains("candidates");
  if (list == nullptr || !list->is_array()) {
    return out;
  }
  for (const json::value& item : list->get_array()) {
    if (item.is_object()) {
      const Texts texts(item.get_object());
      out.push_back({texts.number("rank").value_or(0), texts.text("name"), texts.text("price")});
    }
  }
  return out;
}

}  // namespace

std::optional<hall::BidOpening> read_opening(const hall::Record& record, std::int32_t offset_min) {
  const auto object = object_of(record);
  if (!object) {
    return std::nullopt;
  }
  const Texts texts(*object);
  hall::BidOpening out;
  out.project_no = texts.text("project_no");
  out.project_name = texts.text("project_name");
  out.section_no = texts.text("section_no");
  out.section_name = texts.text("section_name");
  out.trade_type = texts.text("trade_type");
  out.tenderer = texts.text("tenderer");
  out.agency = texts.text("agency");
  out.open_at = texts.instant("open_at", offset_min);
  out.end_at = texts.instant("end_at", offset_min);
  out.open_room = texts.text("open_room");
  out.eval_room = texts.text("eval_room");
  out.status = hall::parse_word<hall::BidStatus>(texts.text("status")).value_or(hall::BidStatus::unknown);
  out.bidder_count = texts.number("bidder_count");
  return out;
}

std::optional<hall::BidNotice> read_notice(const hall::Record& record, std::int32_t offset_min) {
  const auto object = object_of(record);
  if (!object) {
    return std::nullopt;
  }
  const Texts texts(*object);
  hall::BidNotice out;
  out.project_no = texts.text("project_no");
  out.project_name = texts.text("project_name");
  out.section_no = texts.text("section_no");
  out.type = hall::parse_word<hall::NoticeType>(texts.text("notice_type")).value_or(hall::NoticeType::other);
  out.title = texts.text("title");
  out.candidates = candidates_of(*object);
  out.publish_from = texts.date("publish_from", offset_min);
  out.publish_to = texts.date("publish_to", offset_min);
  if (const auto when = hall::parse_when(texts.text("publish_from"));
      when && std::holds_alternative<hall::Instant>(*when)) {
    out.begins_at = std::get<hall::Instant>(*when);
  }
  out.objection_contact = texts.text("objection_contact");
  out.url = texts.text("url");
  out.status = hall::parse_word<hall::BidStatus>(texts.text("status")).value_or(hall::BidStatus::unknown);
  return out;
}

}  // namespace lobby::app
