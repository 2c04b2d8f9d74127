#include "daemon/app/catalogue_reader.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <map>
#include <tuple>

#include "daemon/app/record_texts.hpp"

namespace lobby::app {

std::optional<boost::json::object> object_of(const hall::Record& record) {
  boost::json::error_code error;
  boost::json::value value = boost::json::parse(record.json, error);
  return !error && value.is_object() ? std::optional(std::move(value.get_object())) : std::nullopt;
}

std::vector<hall::UpstreamMatter> read_matters(const std::vector<hall::Record>& records) {
  std::vector<hall::UpstreamMatter> out;
  for (const hall::Record& record : records) {
    const auto object = object_of(record);
    if (!object) {
      continue;
    }
    const RecordTexts texts(*object);
    if (texts.text("name").empty() || texts.text("enabled") == "false") {
      continue;
    }
    hall::UpstreamMatter matter;
    matter.code = texts.text("code");
    matter.name = texts.text("name");
    matter.short_name = texts.text("short_name");
    matter.dept_name = texts.text("dept_name");
    matter.kind = texts.text("kind");
    matter.service_type = texts.text("service_type");
    matter.promised_limit = hall::limit_wording(texts.text("promised_limit"));
    matter.statutory_limit = hall::limit_wording(texts.text("statutory_limit"));
    matter.fee = texts.text("fee");
    matter.guide_url = texts.text("guide_url");
    matter.phone = texts.text("phone");
    out.push_back(std::move(matter));
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.code < b.code; });
  return out;
}

std::vector<hall::Badge> read_badges(const std::vector<hall::Record>& records) {
  std::vector<hall::Badge> out;
  for (const hall::Record& record : records) {
    const auto object = object_of(record);
    if (!object) {
      continue;
    }
    const RecordTexts texts(*object);
    if (!texts.text("staff_no").empty()) {
      out.push_back({texts.text("staff_no"), texts.text("name"), texts.text("title"), texts.text("unit"),
                     texts.text("photo_ref")});
    }
  }
  return out;
}

std::vector<hall::SlotLoad> read_slots(const std::vector<hall::Record>& records, std::string_view today) {
  std::map<std::tuple<std::string, std::string, std::string, std::string>, std::uint32_t> booked;
  for (const hall::Record& record : records) {
    const auto object = object_of(record);
    if (!object) {
      continue;
    }
    const RecordTexts texts(*object);
    const std::string date = texts.text("date").substr(0, 10);
    if (date >= today && texts.text("state") != "cancelled") {
      ++booked[{date, texts.text("slot_start"), texts.text("slot_end"), texts.text("service")}];
    }
  }
  std::vector<hall::SlotLoad> out;
  for (const auto& [slot, count] : booked) {
    const auto& [date, start, end, service] = slot;
    out.push_back({date, start, end, service, count});
  }
  return out;
}

hall::Calendar read_days(const std::vector<hall::Record>& records) {
  std::vector<hall::Calendar::Mark> marks;
  for (const hall::Record& record : records) {
    const auto object = object_of(record);
    if (!object) {
      continue;
    }
    const RecordTexts texts(*object);
    const auto date = hall::parse_date(texts.text("date").substr(0, 10));
    const std::string off = texts.text("off");
    if (date && (off == "true" || off == "false")) {
      marks.push_back({*date, off == "true"});
    }
  }
  return hall::Calendar(std::move(marks));
}

}  // namespace lobby::app
