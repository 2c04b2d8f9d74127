#include "tests/journal/support.hpp"

#include <sqlite3.h>
#include <stdlib.h>

#include <cstdlib>
#include <optional>

#include "daemon/hall/decide.hpp"

namespace lobby::tests {

std::size_t trials(std::size_t usual, std::size_t in_a_long_run) {
  return std::getenv("LOBBY_LONG") != nullptr ? in_a_long_run : usual;
}

TempDir::TempDir() {
  // In memory where that is to be had: what survives a power cut is another test's matter.
  const std::filesystem::path memory{"/dev/shm"};
  const auto base = std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
  auto pattern = (base / "lobby-journal-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    throw std::runtime_error{"no directory for the test"};
  }
  path_ = pattern;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

History::History(std::uint64_t seed) : random(seed) {
  const hall::WeekHours always = [] {
    hall::WeekHours week;
    week.fill({{0, 1440}});
    return week;
  }();
  site_.zones = {{{"hall"}, "大厅"}};
  for (const char* name : {"0", "1", "2"}) {
    hall::Service service;
    service.id = {std::string{"service-"} + name};
    service.zone = {"hall"};
    service.prefix = name[0] == '0' ? "A" : "B";
    service.first = name[0] == '2' ? 500 : 1;
    service.last = service.first + 399;
    service.hours = always;
    site_.services.push_back(service);
    site_.kiosks.push_back({{std::string{"k"} + name}, "", {"hall"}, {std::string{"printer-"} + name}});
  }
  for (std::uint32_t n = 0; n < 5; ++n) {
    site_.windows.push_back(
        {{"w" + std::to_string(n)}, n, "", {"hall"}, {{"service-0"}, {"service-1"}, {"service-2"}}});
  }
}

std::vector<hall::Event> History::next(std::size_t count) {
  std::vector<hall::Event> events;
  while (events.size() < count) {
    now_ms_ += static_cast<std::int64_t>(random() % 3000);
    if (random() % 300 == 0) {
      now_ms_ += 86'400'000;
    }
    const hall::Instant now{now_ms_, 480};
    const auto command = hall::day_is_due(state, now) ? hall::Command{hall::TurnDay{}} : any_command();
    const auto decision = hall::decide(state, site_, command, {now, random() % 2 == 0 ? "clerk-1" : ""});
    if (const auto* made = std::get_if<std::vector<hall::Event>>(&decision)) {
      for (const auto& event : *made) {
        hall::apply(state, event);
        events.push_back(event);
      }
    }
  }
  return events;
}

std::vector<journal::Line> History::next_lines(std::size_t count) {
  std::vector<journal::Line> lines;
  for (const auto& event : next(count)) {
    lines.push_back(journal::to_line(event));
  }
  return lines;
}

hall::TicketId History::any_ticket() {
  return state.tickets.empty() ? hall::TicketId{} : state.tickets[random() % state.tickets.size()].id;
}

hall::Command History::any_command() {
  switch (random() % 4) {
    case 0:
      return hall::IssueTicket{{word("service-", 3)},
                               static_cast<hall::Lane>(random() % 10),
                               random() % 2 == 0 ? std::optional{hall::KioskId{word("k", 3)}} : std::nullopt,
                               random() % 2 == 0 ? "zh" : ""};
    case 1:
      return print_command();
    case 2:
      return random() % 3 == 0 ? world_command() : window_command();
    default:
      return window_command();
  }
}

hall::Command History::window_command() {
  const hall::WindowId window{word("w", 5)};
  switch (random() % 12) {
    case 0:
    case 1:
      return hall::OpenWindow{window, {word("clerk-", 4)}};
    case 2:
      return hall::PauseWindow{window, "meeting", "稍候 \"片刻\"", hall::Instant{now_ms_ + 600'000, 480}};
    case 3:
      return hall::ResumeWindow{window};
    case 4:
      return hall::RecallTicket{window};
    case 5:
      return hall::StartService{window};
    case 6:
      return hall::MarkNoShow{window, "no answer"};
    case 7:
    case 8:
      return hall::FinishService{window, hall::Outcome::notified, "", "N-7"};
    case 9:
      return random() % 4 == 0 ? hall::Command{hall::CloseWindow{window}} : hall::CallNext{window, true};
    default:
      return hall::CallNext{window, false};
  }
}

hall::Command History::print_command() {
  const auto ticket = any_ticket();
  const auto* known = state.find(ticket);
  const bool placed = known != nullptr && known->printer < state.devices.size();
  const hall::DeviceId printer = placed ? state.devices[known->printer].id : hall::DeviceId{"printer-0"};
  switch (random() % 5) {
    case 0:
      return hall::ReprintTicket{ticket, printer};
    case 1:
      return hall::CancelTicket{ticket};
    case 2:
      return hall::ReportPrint{ticket, printer, static_cast<hall::PrintState>(2 + random() % 4), "缺纸"};
    case 3:
      return hall::SettlePrint{ticket, random() % 2 == 0};
    default:
      return hall::StartPrint{ticket, printer};
  }
}

hall::Command History::world_command() {
  switch (random() % 3) {
    case 0:
      return hall::ReportDevice{{word("printer-", 3)},
                                hall::DeviceKind::printer,
                                static_cast<hall::DeviceState>(random() % 4),
                                random() % 2 == 0 ? "缺纸" : ""};
    case 1:
      return hall::ReportSource{{"approvals"}, static_cast<hall::What>(random() % 8), random(), 2, 1, 0, 90};
    default:
      return hall::ReportAccount{word("clerk-", 4), "changed"};
  }
}

journal::Commit append_and_wait(journal::Journal& journal, Loop& loop, journal::Batch batch) {
  std::optional<journal::Commit> result;
  journal.append(std::move(batch), [&](journal::Commit commit) { result = commit; });
  loop.run_until([&] { return result.has_value(); });
  return *result;
}

journal::Commit probe_and_wait(journal::Journal& journal, Loop& loop) {
  std::optional<journal::Commit> result;
  journal.probe([&](journal::Commit commit) { result = commit; });
  loop.run_until([&] { return result.has_value(); });
  return *result;
}

namespace {

std::string run(const std::string& file, const std::string& sql) {
  sqlite3* db = nullptr;
  std::string rows;
  const auto add_row = [](void* out, int columns, char** values, char**) {
    auto& text = *static_cast<std::string*>(out);
    for (int i = 0; i < columns; ++i) {
      text += i == 0 ? "" : "|";
      text += values[i] == nullptr ? "" : values[i];
    }
    text += '\n';
    return 0;
  };
  char* message = nullptr;
  int code = sqlite3_open(file.c_str(), &db);
  if (code == SQLITE_OK) {
    code = sqlite3_exec(db, sql.c_str(), add_row, &rows, &message);
  }
  const std::string fault = message == nullptr ? sqlite3_errmsg(db) : message;
  sqlite3_free(message);
  sqlite3_close(db);
  if (code != SQLITE_OK) {
    throw std::runtime_error{fault};
  }
  return rows;
}

}  // namespace

void run_sql(const std::string& file, const std::string& sql) {
  run(file, sql);
}
std::string query_sql(const std::string& file, const std::string& sql) {
  return run(file, sql);
}

}  // namespace lobby::tests
