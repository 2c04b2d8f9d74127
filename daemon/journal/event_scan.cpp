#include "daemon/journal/event_scan.hpp"

#include <fmt/format.h>

#include <utility>

#include "daemon/hall/bytes.hpp"
#include "daemon/journal/journal.hpp"

namespace lobby::journal {
namespace {

// Nobody waits for this thread.
constexpr int scan_busy_ms = 2000;

}  // namespace

bool EventScan::fail(std::string sentence) {
  fault_ = "journal.db: " + std::move(sentence);
  return false;
}

bool EventScan::open(const std::string& file, const char* vfs) {
  if (!db_.open(file, SQLITE_OPEN_READONLY, vfs) ||
      !db_.exec("PRAGMA cache_size = -256; PRAGMA trusted_schema = OFF")) {
    return fail(db_.fault());
  }
  sqlite3_busy_timeout(db_.handle(), scan_busy_ms);
  open_ = last_.prepare(db_, "SELECT max(seq) FROM event") &&
          line_.prepare(db_, "SELECT json FROM event WHERE seq = ?") &&
          range_.prepare(db_,
                         "SELECT seq, json FROM event WHERE seq > ? AND seq <= ? AND type IN "
                         "('ServiceFinished', 'TicketNoShow', 'TicketReinstated', 'ServiceRated') "
                         "ORDER BY seq") &&
          ending_.prepare(db_,
                          "SELECT seq, json FROM event WHERE ticket = ? AND seq < ? AND type IN "
                          "('ServiceFinished', 'TicketNoShow') ORDER BY seq DESC LIMIT 1");
  return open_ || fail(db_.fault());
}

bool EventScan::last_seq(std::uint64_t& seq) {
  Query query{last_};
  if (query.step() != Step::row) {
    return fail(db_.fault());
  }
  seq = query.count(0);
  return true;
}

bool EventScan::fingerprint(std::uint64_t seq, std::optional<std::uint64_t>& print) {
  print.reset();
  Query query{line_};
  const Step step = query.bind(seq).step();
  if (step == Step::row) {
    print = hall::checksum(query.bytes(0));
  }
  return step != Step::failed || fail(db_.fault());
}

bool EventScan::parse(const Query& row, std::optional<hall::Event>& event) {
  event = from_json(row.bytes(1));
  return event.has_value() || fail(fmt::format("event {} cannot be read", row.count(0)));
}

bool EventScan::each(std::uint64_t after, std::uint64_t last,
                     const std::function<bool(const hall::Event&)>& use) {
  Query query{range_};
  query.bind(after).bind(last);
  Step step = query.step();
  for (; step == Step::row; step = query.step()) {
    std::optional<hall::Event> event;
    if (!parse(query, event) || !use(*event)) {
      return false;
    }
  }
  return step == Step::done || fail(db_.fault());
}

bool EventScan::ending_before(std::uint64_t seq, hall::TicketId ticket, std::optional<hall::Event>& ending) {
  ending.reset();
  Query query{ending_};
  const Step step = query.bind(ticket.value).bind(seq).step();
  if (step == Step::row) {
    return parse(query, ending);
  }
  return step == Step::done || fail(db_.fault());
}

}  // namespace lobby::journal
