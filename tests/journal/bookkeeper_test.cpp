// What reports count, held against a plainer count; and what becomes of them when their file is harmed.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "daemon/hall/decide.hpp"
#include "daemon/journal/bookkeeper.hpp"
#include "tests/journal/powercut_vfs.hpp"
#include "tests/journal/support.hpp"
#include "tests/journal/visits.hpp"

using namespace lobby;
using hall::StatisticsBy;
using journal::Bookkeeper;
using tests::days;
using tests::text_of;
using tests::Visits;

namespace {

constexpr std::array every_by{StatisticsBy::window, StatisticsBy::service, StatisticsBy::hour,
                              StatisticsBy::clerk};
constexpr Bookkeeper::Sizes small{.batch = 37, .most_unwritten = 150, .most_rows = 100};

const auto always = [] { return true; };

/// The report, or the refusal's words.
std::string report_of(Bookkeeper& books, const hall::StatisticsQuery& query) {
  const auto report = books.report(query, always);
  const auto* refusal = std::get_if<hall::Refusal>(&report);
  return refusal != nullptr ? std::string{to_text(refusal->code)} + ": " + refusal->detail
                            : tests::text_of(std::get<hall::Statistics>(report));
}

/// Two weeks about the turn of a year.
Visits some_weeks(std::uint64_t seed, std::size_t tickets = 40) {
  Visits visits(seed);
  const auto first = hall::parse_date("2026-12-24").value();
  for (std::int32_t day = 0; day < 14; ++day) {
    visits.add_day({first.days + day}, tickets);
  }
  return visits;
}

const hall::StatisticsQuery all_by_window = days("2026-01-01", "2027-01-31", StatisticsBy::window);

void check_all(Bookkeeper& books, const std::vector<hall::Event>& events) {
  for (const auto by : every_by) {
    for (const auto& [from, to] : {std::pair{"2026-01-01", "2027-01-31"},
                                   {"2026-12-31", "2027-01-01"},
                                   {"2026-12-31", "2026-12-31"},
                                   {"2027-01-01", "2027-01-03"},
                                   {"2028-01-01", "2028-01-01"}}) {
      const auto query = days(from, to, by);
      CHECK(report_of(books, query) == text_of(tests::recount(events, query)));
    }
  }
}

void overwrite(const std::string& file, std::size_t at, const std::string& bytes) {
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(static_cast<std::streamoff>(at));
  out << bytes;
}

}  // namespace

TEST_CASE("every figure is that of a count by hand, by window, service, hour and clerk, over a year's turn") {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const tests::TempDir folder;
    const auto visits = some_weeks(seed);
    tests::write_journal(folder.journal(), nullptr, visits.events());
    Bookkeeper books(folder.path(), nullptr, seed % 2 == 0 ? small : Bookkeeper::Sizes{});
    check_all(books, visits.events());
    CHECK(books.counted() == visits.events().size());
  }
}

TEST_CASE("what happens between two reports is in the second, and a no-show of the first is taken back") {
  const tests::TempDir folder;
  Visits visits(5);
  std::uint64_t from = 1;
  Bookkeeper books(folder.path(), nullptr, small);
  for (std::int32_t day = 20'000; day < 20'030; ++day) {
    visits.add_day({day}, 5);
    tests::write_journal(folder.journal(), nullptr, visits.events(), from);
    from = visits.events().size() + 1;
    const hall::StatisticsQuery query{{19'999}, {20'040}, every_by[static_cast<std::size_t>(day) % 4]};
    REQUIRE(report_of(books, query) == text_of(tests::recount(visits.events(), query)));
    if (day % 5 == 0) {
      REQUIRE(books.write());
    }
  }
}

TEST_CASE("waits over 60 minutes are right") {
  const tests::TempDir folder;
  Visits visits(1);
  const hall::Instant at = hall::parse_instant("2026-03-16T11:00:00+08:00").value();
  for (const std::uint32_t minutes : {1U, 2U, 75U}) {
    hall::ServiceFinished finished;
    finished.ticket = {minutes};
    finished.window = {"w1"};
    finished.service = {"s1"};
    finished.waited_s = minutes * 60;
    finished.served_s = minutes * 60;
    visits.add(at, finished);
  }
  tests::write_journal(folder.journal(), nullptr, visits.events());
  Bookkeeper books(folder.path(), nullptr);
  const auto report = std::get<hall::Statistics>(
      books.report(days("2026-03-16", "2026-03-16", StatisticsBy::window), always));
  CHECK(report.total.wait.max == 75 * 60);
  CHECK(report.total.wait.p90 == 75 * 60);
  CHECK(report.total.wait.p50 == 2 * 60);
  CHECK(report.total.wait.sum == 78 * 60);
}

TEST_CASE("without reports.db, and with one of any age, the answers are the same") {
  const tests::TempDir folder;
  const auto file = folder.path() + "/reports.db";
  const auto visits = some_weeks(7);
  tests::write_journal(folder.journal(), nullptr, visits.events());
  const auto wanted = text_of(tests::recount(visits.events(), all_by_window));
  {
    Bookkeeper books(folder.path(), nullptr, small);
    CHECK(report_of(books, all_by_window) == wanted);
    CHECK(std::filesystem::exists(file));
    // Deleted while it is in use, alone or with its log.
    for (const bool log_too : {false, true}) {
      std::filesystem::remove(file);
      if (log_too) {
        std::filesystem::remove(file + "-wal");
      }
      CHECK(report_of(books, all_by_window) == wanted);
      CHECK(std::filesystem::exists(file));
    }
    CHECK(books.write());
  }
  {
    Bookkeeper books(folder.path(), nullptr, small);
    std::size_t batches = 0;
    CHECK(books.catch_up([&] { return ++batches < 1000; }) == Bookkeeper::Caught::up);
    CHECK(batches == 0);  // it goes on from where it stood
    CHECK(report_of(books, all_by_window) == wanted);
  }
  std::filesystem::remove(file);
  Bookkeeper books(folder.path(), nullptr, small);
  CHECK(report_of(books, all_by_window) == wanted);
}

TEST_CASE("a power cut at any change of reports.db loses nothing and counts nothing twice") {
  const auto visits = some_weeks(11, 12);
  const auto wanted = text_of(tests::recount(visits.events(), all_by_window));
  std::mt19937_64 random(11);
  std::size_t cuts = 0;
  for (std::uint64_t n = 1; n < 400; n += 1 + n / 8) {
    tests::PowercutVfs disk;
    tests::write_journal("/state/journal.db", disk.name(), visits.events());
    disk.cut_at_change(n);
    {
      Bookkeeper books("/state", disk.name(), small);
      static_cast<void>(books.catch_up(always));
      static_cast<void>(books.write());
    }
    cuts += disk.is_off() ? 1 : 0;
    disk.power_on(random);
    Bookkeeper books("/state", disk.name(), small);
    REQUIRE(report_of(books, all_by_window) == wanted);
  }
  CHECK(cuts > 5);
}

TEST_CASE("a process that is killed while it counts loses nothing and counts nothing twice") {
  const tests::TempDir folder;
  const auto visits = some_weeks(13);
  tests::write_journal(folder.journal(), nullptr, visits.events());
  for (int batches = 0; batches < 40; batches += 3) {
    const auto child = ::fork();
    if (child == 0) {
      Bookkeeper books(folder.path(), nullptr, small);
      int left = batches;
      static_cast<void>(books.catch_up([&] { return left-- > 0 || ::raise(SIGKILL) != 0; }));
      ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
    Bookkeeper books(folder.path(), nullptr, small);
    CHECK(report_of(books, all_by_window) == text_of(tests::recount(visits.events(), all_by_window)));
    std::filesystem::remove(folder.path() + "/reports.db");
  }
}

TEST_CASE("a damaged reports.db is made anew, wherever the damage is") {
  const tests::TempDir folder;
  const auto file = folder.path() + "/reports.db";
  const auto visits = some_weeks(17);
  tests::write_journal(folder.journal(), nullptr, visits.events());
  const auto wanted = text_of(tests::recount(visits.events(), all_by_window));
  std::mt19937_64 random(17);
  for (auto trial = tests::trials(40, 400); trial > 0; --trial) {
    {
      Bookkeeper books(folder.path(), nullptr, small);
      REQUIRE(report_of(books, all_by_window) == wanted);
      REQUIRE(books.write());
    }
    const auto size = std::filesystem::file_size(file);
    overwrite(file, random() % size,
              trial % 3 == 0 ? std::string(200, 'x') : std::string(1, static_cast<char>(random())));
    if (trial % 10 == 0) {
      std::filesystem::resize_file(file, random() % size);
    }
    Bookkeeper books(folder.path(), nullptr, small);
    REQUIRE(report_of(books, all_by_window) == wanted);
  }
  // And while it is in use.
  Bookkeeper books(folder.path(), nullptr, small);
  CHECK(report_of(books, all_by_window) == wanted);
  for (const std::string& text : {std::string(), std::string(9000, 'z')}) {
    std::ofstream(file, std::ios::trunc) << text;
    CHECK(report_of(books, all_by_window) == wanted);
    Bookkeeper after(folder.path(), nullptr, small);
    CHECK(report_of(after, all_by_window) == wanted);
  }
}

TEST_CASE("what another program does to reports.db while it is in use changes no answer") {
  const tests::TempDir folder;
  const auto file = folder.path() + "/reports.db";
  const auto visits = some_weeks(18, 10);
  tests::write_journal(folder.journal(), nullptr, visits.events());
  const auto wanted = text_of(tests::recount(visits.events(), all_by_window));
  Bookkeeper books(folder.path(), nullptr, small);
  for (const char* sql :
       {"SELECT 1", "DELETE FROM cell", "DELETE FROM cell WHERE key = 'w1'", "DROP TABLE mark",
        "PRAGMA journal_mode = DELETE", "VACUUM", "UPDATE mark SET seq = 1"}) {
    REQUIRE(report_of(books, all_by_window) == wanted);
    REQUIRE(books.write());
    try {
      tests::run_sql(file, sql);
    } catch (const std::runtime_error&) {
      // Locked: so much the better.
    }
    CHECK_MESSAGE(report_of(books, all_by_window) == wanted, sql);
  }
}

TEST_CASE("a reports.db of another version, or of another program, is made anew") {
  const tests::TempDir folder;
  const auto file = folder.path() + "/reports.db";
  const auto visits = some_weeks(19, 10);
  tests::write_journal(folder.journal(), nullptr, visits.events());
  const auto wanted = text_of(tests::recount(visits.events(), all_by_window));
  for (const char* sql :
       {"PRAGMA user_version = 2", "PRAGMA application_id = 7", "DROP TABLE cell", "DROP TABLE mark",
        "DROP TABLE cell; CREATE TABLE cell(x)", "UPDATE cell SET figures = x'00'",
        "UPDATE cell SET date = date + 100", "UPDATE mark SET seq = seq + 1", "UPDATE mark SET seq = 1000000",
        "UPDATE mark SET fingerprint = 7"}) {
    {
      Bookkeeper books(folder.path(), nullptr, small);
      REQUIRE(report_of(books, all_by_window) == wanted);
      REQUIRE(books.write());
    }
    tests::run_sql(file, sql);
    Bookkeeper books(folder.path(), nullptr, small);
    CHECK_MESSAGE(report_of(books, all_by_window) == wanted, sql);
  }
}

TEST_CASE("figures of another journal are not taken for this one's") {
  const tests::TempDir one, other;
  const auto visits = some_weeks(23, 20), others = some_weeks(29, 20), longer = some_weeks(31, 40);
  tests::write_journal(one.journal(), nullptr, visits.events());
  {
    Bookkeeper books(one.path(), nullptr, small);
    CHECK(books.catch_up(always) == Bookkeeper::Caught::up);
    CHECK(books.write());
  }
  for (const auto& of : {others.events(), longer.events(),
                         std::vector(visits.events().begin(), visits.events().begin() + 50)}) {
    std::filesystem::remove(other.journal());
    tests::write_journal(other.journal(), nullptr, of);
    std::filesystem::copy_file(one.path() + "/reports.db", other.path() + "/reports.db",
                               std::filesystem::copy_options::overwrite_existing);
    Bookkeeper books(other.path(), nullptr, small);
    CHECK(report_of(books, all_by_window) == text_of(tests::recount(of, all_by_window)));
  }
}

TEST_CASE("where no reports.db can be, figures are refused by name, and come back with the room") {
  const tests::TempDir folder;
  const auto visits = some_weeks(37, 10);
  tests::write_journal(folder.journal(), nullptr, visits.events());
  Bookkeeper books(folder.path(), nullptr, small);
  std::filesystem::create_directory(folder.path() + "/reports.db");
  CHECK(report_of(books, all_by_window).starts_with("storage_failed: no figures: reports.db: "));
  std::filesystem::remove(folder.path() + "/reports.db");
  CHECK(report_of(books, all_by_window) == text_of(tests::recount(visits.events(), all_by_window)));
}

TEST_CASE("a full disk: what fits in memory is reported, what does not is refused; then it goes on") {
  tests::PowercutVfs disk;
  Visits visits(41);
  visits.add_day({20'000}, 20);
  const hall::StatisticsQuery query{{20'000}, {20'100}, StatisticsBy::service};
  tests::write_journal("/state/journal.db", disk.name(), visits.events());
  Bookkeeper books("/state", disk.name(), small);
  REQUIRE(books.catch_up(always) == Bookkeeper::Caught::up);
  auto from = visits.events().size() + 1;
  const auto add_days = [&](std::int32_t day, std::size_t tickets) {
    disk.set_room(UINT64_MAX);
    visits.add_day({day}, tickets);
    tests::write_journal("/state/journal.db", disk.name(), visits.events(), from);
    from = visits.events().size() + 1;
    disk.set_room(disk.used());
  };
  add_days(20'001, 5);
  CHECK(report_of(books, query) == text_of(tests::recount(visits.events(), query)));
  CHECK(!books.write());
  CHECK(report_of(books, query) == text_of(tests::recount(visits.events(), query)));
  add_days(20'002, 200);
  const auto refused = report_of(books, query);
  CHECK_MESSAGE(refused.starts_with("storage_failed: no figures: reports.db: the disk is full"), refused);
  disk.set_room(UINT64_MAX);
  CHECK(report_of(books, query) == text_of(tests::recount(visits.events(), query)));
}

TEST_CASE("more rows than anybody reads are refused, not made") {
  const tests::TempDir folder;
  Visits visits(43);
  for (int i = 0; i < 200; ++i) {
    hall::ServiceFinished finished;
    finished.window = {"w1"};
    finished.clerk = {"somebody-" + std::to_string(i)};
    visits.add({1'773'600'000'000, 480}, finished);
  }
  tests::write_journal(folder.journal(), nullptr, visits.events());
  Bookkeeper books(folder.path(), nullptr, small);
  CHECK(
      report_of(books, {{0}, {30'000}, StatisticsBy::clerk}).starts_with("bad_request: more than 100 rows"));
  CHECK(report_of(books, {{0}, {30'000}, StatisticsBy::window}).starts_with("w1: 200 "));
}
