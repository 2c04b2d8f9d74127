#include "daemon/feed/stops.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "daemon/feed/field.hpp"
#include "daemon/hall/time.hpp"

namespace lobby::feed {
namespace {

struct Stop {
  std::string from, to;  ///< `to` empty: it lasts
};

/// To compare dates and times with each other: a date begins at its midnight.
std::int64_t moment(const std::string& text, const std::string& utc_offset) {
  const bool date = text.find('T') == std::string::npos;
  const auto instant = hall::parse_instant(date ? text + "T00:00:00" + utc_offset : text);
  return instant ? instant->utc_ms : 0;
}

class StopReader {
 public:
  StopReader(const SubList& stops, const Mapping& mapping, std::uint32_t& bad)
      : stops_(stops), mapping_(mapping), bad_(bad) {}

  void take(const boost::json::value& item) {
    const std::uint32_t before = bad_;
    Stop stop{read(item, "from"), read(item, "to")};
    if (bad_ != before) {
      return;
    }
    const bool backwards = !stop.to.empty() && (stop.from.empty() || at(stop.to) < at(stop.from));
    if (backwards) {
      ++bad_;
    } else if (!stop.from.empty()) {
      found_.push_back(std::move(stop));
    }
  }

  std::string told() {
    constexpr std::size_t most = 32;
    std::stable_sort(found_.begin(), found_.end(),
                     [this](const Stop& a, const Stop& b) { return at(a.from) < at(b.from); });
    std::string out;
    const std::size_t first = found_.size() > most ? found_.size() - most : 0;
    for (std::size_t i = first; i < found_.size(); ++i) {
      const bool last = i + 1 == found_.size();
      const std::string& to = !last && found_[i].to.empty() ? found_[i + 1].from : found_[i].to;
      out += (out.empty() ? "" : ";") + found_[i].from + "/" + to;
    }
    return out;
  }

 private:
  std::string read(const boost::json::value& item, const char* name) {
    const auto field = stops_.fields.find(name);
    return field == stops_.fields.end() ? std::string() : read_field(item, field->second, mapping_, bad_);
  }
  std::int64_t at(const std::string& text) const { return moment(text, mapping_.utc_offset); }

  const SubList& stops_;
  const Mapping& mapping_;
  std::uint32_t& bad_;
  std::vector<Stop> found_;
};

}  // namespace

std::string read_stops(const boost::json::value& row, const SubList& stops, const Mapping& mapping,
                       std::uint32_t& bad) {
  StopReader reader(stops, mapping, bad);
  const Items items = items_at(row, stops.items);
  bad += items.bad ? 1 : 0;
  for (const boost::json::value* item : items.list) {
    reader.take(*item);
  }
  return reader.told();
}

}  // namespace lobby::feed
