#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "tests/journal/support.hpp"

using namespace lobby;
using journal::Journal;
using tests::Loop;
using tests::query_sql;
using tests::run_sql;
using tests::TempDir;

namespace {

std::string read_file(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream out{path, std::ios::binary};
  out << bytes;
}

void lay_fixture(const TempDir& dir) {
  const auto sql = read_file(LOBBY_SOURCE_DIR "/tests/journal/fixtures/v1/journal.sql");
  REQUIRE(!sql.empty());
  run_sql(dir.journal(), sql);
}

journal::Options options(const TempDir& dir, Loop& loop) {
  journal::Options options;
  options.directory = dir.path();
  options.post = loop.poster();
  return options;
}

/// The sentence with which open() refuses; empty when it does not.
std::string refusal(const TempDir& dir) {
  Loop loop;
  try {
    Journal::open(options(dir, loop));
    return "";
  } catch (const journal::OpenError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a journal of schema 1 is read: the hall is as it was") {
  const TempDir dir;
  lay_fixture(dir);
  Loop loop;
  const auto journal = Journal::open(options(dir, loop));
  const auto state = journal->recover();
  CHECK(state.seq == 22);
  CHECK(to_text(state.date) == "2026-11-24");
  CHECK(to_text(state.last_at) == "2026-11-24T09:02:50.000+08:00");
  CHECK(state.next_ticket.value == 5);

  REQUIRE(state.tickets.size() == 3);  // Tuesday's
  const auto* served = state.find(hall::TicketId{2});
  REQUIRE(served);
  CHECK(state.number_of(*served) == "A001");
  CHECK(served->state == hall::TicketState::finished);
  CHECK(served->lane == hall::Lane::elderly);
  CHECK(served->print == hall::PrintState::printed);
  CHECK(state.language_of(*served) == "zh");
  CHECK(served->issued_ms == 1795482020000);
  CHECK(served->ended_ms == 1795482100000);
  const auto* called = state.find(hall::TicketId{3});
  REQUIRE(called);
  CHECK(called->state == hall::TicketState::called);
  CHECK(called->recalls == 1);
  const auto* waiting = state.find(hall::TicketId{4});
  REQUIRE(waiting);
  CHECK(waiting->state == hall::TicketState::waiting);
  CHECK(waiting->ahead_at_issue == 1);

  const auto* service = state.find(hall::ServiceId{"social-security"});
  REQUIRE(service);
  CHECK(service->issued == 3);
  CHECK(service->finished == 1);
  CHECK(service->waiting() == 1);
  CHECK(service->lane(hall::Lane::ordinary).entries().front().ticket == hall::TicketId{4});
  const auto* third = state.find(hall::WindowId{"w3"});
  REQUIRE(third);
  CHECK(third->state == hall::WindowState::called);
  CHECK(third->ticket.value == 3);
  CHECK(third->last_finished.value == 2);
  CHECK(third->clerk.value == "zhang-san");
  CHECK(third->call_seq == 19);
  const auto* fourth = state.find(hall::WindowId{"w4"});
  REQUIRE(fourth);
  CHECK(fourth->state == hall::WindowState::paused);
  CHECK(fourth->message == "暂停服务");
  REQUIRE(fourth->back_at);
  CHECK(to_text(*fourth->back_at) == "2026-11-24T09:30:00.000+08:00");
  const auto* printer = state.find(hall::DeviceId{"printer-1"});
  REQUIRE(printer);
  CHECK(printer->state == hall::DeviceState::ok);
}

TEST_CASE("a journal of schema 1 is read: events and answers are served and go on") {
  const TempDir dir;
  lay_fixture(dir);
  Loop loop;
  const auto journal = Journal::open(options(dir, loop));
  const auto history = journal->history({3}, 100);
  REQUIRE(history.size() == 3);
  CHECK(history[0].type == "TicketIssued");
  CHECK(history[1].type == "TicketCalled");
  CHECK(history[2].seq == 19);
  CHECK(history[2].window == "w3");
  const auto lines = journal->after(0, 100);
  REQUIRE(lines.size() == 22);
  for (const auto& line : lines) {
    const auto event = journal::from_json(line.json);
    REQUIRE(event);
    CHECK(journal::to_line(*event).json == line.json);
    CHECK(event->at.utc_ms == line.at_ms);
  }

  const auto answer = journal->kept_answer("kiosk-1", "/api/v1/tickets", "7f3c", 1795482021000);
  REQUIRE(answer);
  CHECK(answer->status == 201);
  CHECK(answer->answer == R"({"id":2,"number":"A001"})");
  CHECK(answer->body_hash.size() == 32);

  auto state = journal->recover();
  const hall::Event next{23, {1795482180000, 480}, "", hall::WindowResumed{{{"w4"}}}};
  journal::Batch batch;
  batch.events.push_back(journal::to_line(next));
  CHECK(!journal->last_press({"unit-1"}));
  batch.presses.push_back({{"unit-1"}, 7, 3});
  CHECK(append_and_wait(*journal, loop, batch) == journal::Commit::durable);
  CHECK(journal->after(22, 10).size() == 1);
  CHECK(journal->last_press({"unit-1"}) == hall::KeyPress{{"unit-1"}, 7, 3});
}

TEST_CASE("a new journal has the schema that an old one is brought up to") {
  const TempDir old_dir;
  const TempDir new_dir;
  lay_fixture(old_dir);
  Loop loop;
  Journal::open(options(old_dir, loop));
  Journal::open(options(new_dir, loop));
  const auto* things = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name";
  CHECK(query_sql(new_dir.journal(), things) == query_sql(old_dir.journal(), things));
  for (const auto& dir : {old_dir.journal(), new_dir.journal()}) {
    CHECK(query_sql(dir, "PRAGMA user_version") == "2\n");
    CHECK(query_sql(dir, "PRAGMA application_id") == "1280262745\n");
    CHECK(query_sql(dir, "PRAGMA journal_mode") == "wal\n");
    CHECK(query_sql(dir, "PRAGMA integrity_check") == "ok\n");
  }
}

TEST_CASE("a journal of a newer version is refused and left alone") {
  const TempDir dir;
  lay_fixture(dir);
  run_sql(dir.journal(), "PRAGMA user_version = 3; CREATE TABLE future(x)");
  const auto before = read_file(dir.journal());
  const auto sentence = refusal(dir);
  CHECK(sentence.rfind(dir.journal() + ": ", 0) == 0);
  CHECK(tests::contains(sentence, "newer version (schema 3, this one reads up to 2)"));
  CHECK(tests::contains(sentence, "install that version again"));
  CHECK(read_file(dir.journal()) == before);
}

TEST_CASE("another program's database is refused and left alone") {
  const TempDir dir;
  run_sql(dir.journal(), "CREATE TABLE recipes(name TEXT); INSERT INTO recipes VALUES('noodles')");
  const auto before = read_file(dir.journal());
  CHECK(tests::contains(refusal(dir), "another program's database"));
  CHECK(read_file(dir.journal()) == before);
}

TEST_CASE("damaged files are refused by name") {
  const TempDir dir;
  SUBCASE("not a database at all") {
    write_file(dir.journal(), std::string(5000, 'x'));
    CHECK(tests::contains(refusal(dir), dir.journal() + ": the file is damaged"));
    CHECK(tests::contains(refusal(dir), "put the last backup in its place"));
  }
  SUBCASE("cut off") {
    lay_fixture(dir);
    const auto whole = read_file(dir.journal());
    write_file(dir.journal(), whole.substr(0, whole.size() / 2));
    CHECK(tests::contains(refusal(dir), dir.journal() + ": the file is damaged"));
  }
  SUBCASE("an event that cannot be read") {
    lay_fixture(dir);
    run_sql(dir.journal(), "UPDATE event SET json = '{}' WHERE seq = 9");
    CHECK(tests::contains(refusal(dir), dir.journal() + ": event 9 cannot be read; put the last backup"));
  }
  SUBCASE("an event under another's number") {
    lay_fixture(dir);
    run_sql(dir.journal(), "UPDATE event SET json = (SELECT json FROM event WHERE seq = 8) WHERE seq = 20");
    CHECK(tests::contains(refusal(dir), "event 20 cannot be read"));
  }
  SUBCASE("a missing event") {
    lay_fixture(dir);
    run_sql(dir.journal(), "DELETE FROM event WHERE seq = 9");
    CHECK(tests::contains(refusal(dir), "event 9 is missing"));
  }
  SUBCASE("no first event") {
    lay_fixture(dir);
    run_sql(dir.journal(), "DELETE FROM event WHERE seq = 1");
    CHECK(tests::contains(refusal(dir), "event 1 is missing"));
  }
}

TEST_CASE("a state directory that is not there is one sentence") {
  Loop loop;
  journal::Options wrong;
  wrong.directory = "/nowhere/at/all";
  wrong.post = loop.poster();
  CHECK_THROWS_WITH_AS(
      Journal::open(wrong),
      "/nowhere/at/all/journal.db: the file cannot be opened (unable to open database file); "
      "see to it that its directory exists and can be written",
      journal::OpenError);
}
