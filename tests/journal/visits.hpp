#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "daemon/hall/event.hpp"
#include "daemon/hall/statistics.hpp"

namespace lobby::tests {

/// Days of a busy hall as bare events, at random: visits with and without a ticket, no-shows and who comes
/// back, ratings, and between them what no report counts. Half of the days end near midnight.
class Visits {
 public:
  explicit Visits(std::uint64_t seed) : random_(seed) {}
  void add_day(hall::Date date, std::size_t tickets);
  /// One more event, at this time and with the next number.
  void add(hall::Instant at, hall::Body body);
  const std::vector<hall::Event>& events() const { return events_; }

 private:
  std::string word(const char* stem, std::uint64_t count) { return stem + std::to_string(random_() % count); }
  void visit(hall::AboutTicketAtWindow about);

  std::mt19937_64 random_;
  hall::Instant now_;
  std::uint64_t tickets_ = 0;
  std::vector<hall::Event> events_;
};

/// The same figures by the plainest means: every duration kept, all of them sorted.
hall::Statistics recount(const std::vector<hall::Event>& events, const hall::StatisticsQuery& query);

/// Makes or lengthens a journal.db of these events, from the one numbered `from` on.
void write_journal(const std::string& file, const char* vfs, const std::vector<hall::Event>& events,
                   std::uint64_t from = 1);

/// Everything of a report as one text.
std::string text_of(const hall::Statistics& statistics);

hall::StatisticsQuery days(const char* from, const char* to, hall::StatisticsBy by);

}  // namespace lobby::tests
