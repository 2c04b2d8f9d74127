#include "daemon/feed/lines.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

namespace json = boost::json;

/// What lobbyd believes at most: feed_lines::oldest_ms.
constexpr std::int64_t oldest_ms = 366LL * 24 * 3600 * 1000;
constexpr std::size_t longest_told = 300;

json::object line_of(std::string_view kind, What what) {
  return {{"kind", kind}, {"what", hall::word_of(what)}};
}

void tell(json::object& line, std::chrono::milliseconds age, const Proof& proof) {
  line["age_ms"] = std::clamp<std::int64_t>(age.count(), 0, oldest_ms);
  line["rows"] = proof.rows;
  line["skipped"] = proof.counts.skipped;
  line["unknown_status"] = proof.counts.unknown_status;
  line["bad_values"] = proof.counts.bad_values;
  line["clock_off_s"] = proof.clock_off_s;
}

}  // namespace

std::string begin_line(What what, bool full, std::size_t rows, std::size_t removals) {
  json::object line = line_of("begin", what);
  line["full"] = full;
  line["rows"] = rows;
  line["removed"] = removals;
  return json::serialize(line);
}

std::string removed_line(std::string_view id) {
  return json::serialize(json::object{{"kind", "removed"}, {"id", id}});
}

std::string more_line() {
  return R"({"kind":"more"})";
}

std::string end_line(What what, std::string_view cursor, std::chrono::milliseconds age, const Proof& proof,
                     bool whole) {
  json::object line = line_of("end", what);
  line["cursor"] = cursor;
  tell(line, age, proof);
  if (!whole) {
    line["whole"] = false;
  }
  return json::serialize(line);
}

std::string fresh_line(What what, std::chrono::milliseconds age, const Proof& proof) {
  json::object line = line_of("fresh", what);
  tell(line, age, proof);
  return json::serialize(line);
}

std::string fault_line(std::optional<What> what, std::string_view reason, std::chrono::milliseconds retry) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(retry).count();
  return json::serialize(json::object{{"kind", "fault"},
                                      {"what", what ? hall::word_of(*what) : ""},
                                      {"reason", sanitise(reason, longest_told)},
                                      {"retry_s", seconds}});
}

std::optional<Delivered> deliver(const Delivery& delivery, Collected& collected, const Desk& desk,
                                 const std::function<std::chrono::milliseconds()>& age) {
  constexpr std::size_t slice = 250;
  desk.write(begin_line(delivery.what, delivery.full, collected.rows(), collected.removals()));
  if (!desk.taken()) {
    return Delivered::held_back;
  }
  std::size_t written = 0;
  bool refused = false;
  const bool whole = collected.each([&](std::string_view line) {
    if (written != 0 && written % slice == 0) {
      desk.write(more_line());
      refused = !desk.taken();
    }
    if (!refused) {
      ++written;
      desk.write(std::string(line));
    }
    return !refused;
  });
  if (refused) {
    return Delivered::broken;
  }
  if (!whole) {
    return std::nullopt;
  }
  desk.write(end_line(delivery.what, delivery.cursor, age(), delivery.proof, delivery.whole));
  return desk.taken() ? Delivered::kept : Delivered::broken;
}

}  // namespace lobby::feed
