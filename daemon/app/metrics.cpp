#include "daemon/app/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lobby::app {

std::string metrics_text(const std::map<std::string, std::uint64_t>& events_by_type, std::uint64_t seq,
                         std::uint64_t counted) {
  std::string text =
      "# HELP lobby_events_total Events recorded since the start.\n# TYPE lobby_events_total counter\n";
  for (const auto& [type, count] : events_by_type) {
    text += fmt::format("lobby_events_total{{type=\"{}\"}} {}\n", type, count);
  }
  text += fmt::format(
      "# HELP lobby_journal_seq Number of the last durable event.\n# TYPE lobby_journal_seq "
      "gauge\nlobby_journal_seq "
      "{}\n",
      seq);
  text += fmt::format(
      "# HELP lobby_reports_behind_events Events that no report has counted yet; the next one does.\n"
      "# TYPE lobby_reports_behind_events gauge\nlobby_reports_behind_events {}\n",
      seq - std::min(seq, counted));
  return text;
}

}  // namespace lobby::app
