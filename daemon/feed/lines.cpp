#include "daemon/feed/lines.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

namespace json = boost::json;

void count_into(json::object& line, const Counts& counts, std::size_t rows) {
  line["rows"] = rows;
  line["skipped"] = counts.skipped;
  line["unknown_status"] = counts.unknown_status;
  line["bad_values"] = counts.bad_values;
}

std::uint64_t hash(std::uint64_t seed, std::string_view text) {
  constexpr std::uint64_t prime = 0x100000001b3;
  for (const char c : text) {
    seed = (seed ^ static_cast<unsigned char>(c)) * prime;
  }
  return (seed ^ 0xFFU) * prime;  // a separator that UTF-8 never holds
}

}  // namespace

std::string case_line(const hall::CaseRow& row) {
  return json::serialize(json::object{{"kind", "case"},
                                      {"id", row.id},
                                      {"case_no", row.case_no},
                                      {"query_code", row.query_code},
                                      {"matter_name", row.matter_name},
                                      {"dept_name", row.dept_name},
                                      {"applicant_type", row.applicant_type},
                                      {"applicant_display", row.applicant_display},
                                      {"status", row.status},
                                      {"status_raw", row.status_raw},
                                      {"light", row.light},
                                      {"accepted_at", row.accepted_at},
                                      {"due_promised", row.due_promised},
                                      {"finished_at", row.finished_at},
                                      {"updated_at", row.updated_at}});
}

std::vector<std::string> batch_lines(const Pulled& pulled) {
  std::vector<std::string> out;
  out.reserve(pulled.rows.size() + pulled.removed.size() + 2);
  out.push_back(json::serialize(json::object{{"kind", "begin"}, {"full", pulled.full}}));
  for (const hall::CaseRow& row : pulled.rows) {
    out.push_back(case_line(row));
  }
  for (const std::string& id : pulled.removed) {
    out.push_back(json::serialize(json::object{{"kind", "removed"}, {"id", id}}));
  }
  json::object end{{"kind", "end"}, {"cursor", pulled.cursor}};
  count_into(end, pulled.counts, pulled.rows.size());
  out.push_back(json::serialize(end));
  return out;
}

std::string fresh_line(const Counts& counts, std::size_t rows) {
  json::object line{{"kind", "fresh"}};
  count_into(line, counts, rows);
  return json::serialize(line);
}

std::string fault_line(std::string_view reason, std::chrono::milliseconds retry) {
  constexpr std::size_t longest = 300;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(retry).count();
  return json::serialize(
      json::object{{"kind", "fault"}, {"reason", sanitise(reason, longest)}, {"retry_s", seconds}});
}

std::uint64_t fingerprint(const Pulled& pulled) {
  constexpr std::uint64_t seed = 0xcbf29ce484222325;
  std::vector<const hall::CaseRow*> rows;
  rows.reserve(pulled.rows.size());
  for (const hall::CaseRow& row : pulled.rows) {
    rows.push_back(&row);
  }
  std::sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
  std::vector<std::string> removed = pulled.removed;
  std::sort(removed.begin(), removed.end());
  std::uint64_t sum = hash(seed, pulled.full ? "full" : "part");
  for (const hall::CaseRow* row : rows) {
    sum = hash(sum, case_line(*row));
  }
  for (const std::string& id : removed) {
    sum = hash(sum, id);
  }
  return sum;
}

}  // namespace lobby::feed
