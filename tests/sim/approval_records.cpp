#include "tests/sim/approval_records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <utility>

#include "tests/sim/approval_case.hpp"
#include "tests/sim/json_text.hpp"
#include "tests/sim/wall_clock.hpp"

namespace lobby::sim {
namespace {

struct KindWords {
  std::string_view word;
  std::array<std::string_view, 3> key;  ///< what is unique of a row
};

constexpr std::array<KindWords, ApprovalRecords::kinds> words{
    {{"matter", {"code", "", ""}},
     {"staff", {"staff_no", "", ""}},
     {"alert", {"case_no", "card", ""}},
     {"bid", {"project_no", "section_no", ""}},
     {"notice", {"project_no", "section_no", "notice_type"}},
     {"appointment", {"code", "", ""}}}};

/// The id of a row, or what makes one: "bid-SIM-1-1". Empty when the first key is missing.
std::string id_of(const KindWords& kind, const boost::json::object& row) {
  std::string id = text(row, "id");
  if (id.empty() && !text(row, kind.key[0]).empty()) {
    id = kind.word;
    for (const std::string_view key : kind.key) {
      const std::string part = key.empty() ? "" : text(row, key);
      id += part.empty() ? "" : "-" + part;
    }
  }
  return id;
}

/// What the room is about, so many minutes after the opening.
std::string_view bid_state(std::chrono::minutes after, bool has_failed) {
  if (after < std::chrono::minutes(-10)) {
    return "announced";
  }
  if (after < std::chrono::minutes(0)) {
    return "bidding_closed";
  }
  if (has_failed) {
    return "failed";
  }
  return after < std::chrono::minutes(30)    ? "opening"
         : after < std::chrono::minutes(180) ? "evaluating"
                                             : "candidates_published";
}

std::string camel(std::string_view key) {
  std::string out;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const bool joint = key[i] == '_' && i + 1 < key.size();
    i += joint ? 1 : 0;
    out += joint && key[i] >= 'a' && key[i] <= 'z' ? static_cast<char>(key[i] - 'a' + 'A') : key[i];
  }
  return out;
}

boost::json::value camel_value(std::string_view key, const boost::json::value& value) {
  if (value.is_object()) {
    return to_camel(value.get_object());
  }
  if (value.is_array()) {
    boost::json::array all;
    for (const boost::json::value& one : value.get_array()) {
      all.push_back(camel_value({}, one));
    }
    return all;
  }
  if (key.ends_with("_limit") && value.is_string()) {
    const Limit limit = parse_limit(std::string(value.get_string()));
    return limit.unit.empty() ? boost::json::value(nullptr)
                              : boost::json::value{{"n", limit.n}, {"unit", limit.unit}};
  }
  return value;
}

}  // namespace

boost::json::object to_camel(const boost::json::object& row) {
  boost::json::object out;
  for (const auto& [key, value] : row) {
    out[camel(key)] = camel_value(key, value);
  }
  return out;
}

ApprovalRecords::ApprovalRecords(Wall today, std::uint64_t seed) : today_(day_of(today)), now_(today) {
  ApprovalDice dice(seed, 0x6269647300000000U);
  first_matters();
  first_staff(dice);
  first_alerts(dice);
  first_bids(dice);
  first_notices();
  first_appointments(dice);
  advance(today);
}

void ApprovalRecords::touch(Record& record) {
  record.version = ++version_;
  if (record.row.contains("updated_at")) {
    record.row["updated_at"] = to_rfc3339(now_);
  }
}

ApprovalRecords::Record& ApprovalRecords::add(Kind kind, boost::json::object row) {
  const KindWords& word = words[static_cast<std::size_t>(kind)];
  boost::json::object whole{{"id", id_of(word, row)}};
  for (auto& [key, value] : row) {
    whole[key] = std::move(value);
  }
  std::vector<Record>& list = lists_[static_cast<std::size_t>(kind)];
  list.push_back({0, false, false, std::move(whole)});
  touch(list.back());
  return list.back();
}

std::string ApprovalRecords::at(int days_on, int hour, int minute) const {
  return to_rfc3339(midnight(today_ + std::chrono::days(days_on)) + std::chrono::hours(hour) +
                    std::chrono::minutes(minute));
}

void ApprovalRecords::advance(Wall now) {
  now_ = std::max(now_, now);
  for (Record& bid : lists_[static_cast<std::size_t>(Kind::bid)]) {
    const auto open = parse_rfc3339(text(bid.row, "open_at"));
    if (!bid.moves || !open) {
      continue;
    }
    const auto after = std::chrono::floor<std::chrono::minutes>(now_ - *open);
    const std::string_view state = bid_state(after, bid.row.contains("failure_reason"));
    if (text(bid.row, "status") != state) {
      bid.row["status"] = state;
      touch(bid);
    }
  }
}

std::string ApprovalRecords::upsert(std::string_view kind, const boost::json::object& body) {
  if (kind == "day") {
    const std::optional<Day> day = parse_day(text(body, "date"));
    const boost::json::value* const off = body.if_contains("off");
    if (!day || off == nullptr || !off->is_bool()) {
      return R"(A day is {"date":"2026-03-16","name":…,"off":true}.)";
    }
    calendar_.set(*day, off->get_bool(), text(body, "name"));
    return {};
  }
  const auto word =
      std::find_if(words.begin(), words.end(), [&](const KindWords& one) { return one.word == kind; });
  if (word == words.end()) {
    return fmt::format("The approval system keeps no {}.", kind);
  }
  const std::string id = id_of(*word, body);
  if (id.empty() || id.size() > 200) {
    return fmt::format("A {} needs a text in {}, or an id.", kind, word->key[0]);
  }
  std::vector<Record>& list = lists_[static_cast<std::size_t>(word - words.begin())];
  auto found =
      std::find_if(list.begin(), list.end(), [&](const Record& one) { return text(one.row, "id") == id; });
  if (found == list.end()) {
    list.push_back({0, false, false, {{"id", id}}});
    found = list.end() - 1;
  }
  for (const auto& [key, value] : body) {
    if (key != "deleted") {
      found->row[key] = value;
    }
  }
  found->deleted = body.contains("deleted") && body.at("deleted") == boost::json::value(true);
  // Whoever says a state means it to stay.
  found->moves = found->moves && !body.contains("status");
  touch(*found);
  return {};
}

std::vector<std::string> ApprovalRecords::secrets_of(const boost::json::object& row) {
  std::vector<std::string> out;
  const auto take = [&](const boost::json::object& from, std::string_view key) {
    if (std::string secret = text(from, key); !secret.empty()) {
      out.push_back(std::move(secret));
    }
  };
  for (const std::string_view key : {"mobile", "person_name", "person_id_no", "person_phone"}) {
    take(row, key);
  }
  for (const std::string_view key : {"experts", "document_holders"}) {
    const boost::json::value* const people = row.if_contains(key);
    if (people == nullptr || !people->is_array()) {
      continue;
    }
    for (const boost::json::value& one : people->get_array()) {
      if (one.is_string()) {
        out.emplace_back(one.get_string());
      } else if (one.is_object()) {
        take(one.get_object(), "name");
        take(one.get_object(), "id_no");
        take(one.get_object(), "phone");
      }
    }
  }
  return out;
}

}  // namespace lobby::sim
