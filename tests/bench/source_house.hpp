#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/app/sources.hpp"
#include "daemon/devices/feed_lines.hpp"
#include "drivers/link/asio_executor.hpp"
#include "tests/fakes/loop.hpp"
#include "tests/support/daemon.hpp"

namespace lobby::bench {

/// lobby-feed, as far as lobbyd sees it.
struct Script {
  devices::Feeds::ProcessEvents events;
  std::vector<std::string> written;
};
class ScriptedProcess final : public devices::Feeds::Process {
 public:
  explicit ScriptedProcess(std::shared_ptr<Script> script) : script_(std::move(script)) {}
  void write_line(std::string line) override { script_->written.push_back(std::move(line)); }

 private:
  std::shared_ptr<Script> script_;
};

inline std::string site_of_one_source(const std::string& folder) {
  const auto token = folder + "/token";
  tests::write_file(token, "a-key-for-trials-only\n");
  std::filesystem::permissions(token, std::filesystem::perms::owner_read);
  return tests::bare_site(1, 1) +
         fmt::format(
             "[[feed]]\nid = \"province\"\nmapping = \"native\"\nurl = \"http://127.0.0.1:9/hall\"\n"
             "token_file = \"{}\"\n",
             token);
}

/// Everything of lobbyd that an answer passes, with its files on the disk.
struct House {
  explicit House(const std::string& folder)
      : file(app::read_site_text(site_of_one_source(folder), LOBBY_SOURCE_DIR "/config/sites/bench.toml")),
        key(folder),
        journal(journal::Journal::open(options(folder))),
        registrar(
            *journal, file.hall, [this] { return now; }, hooks()),
        sources({executor, file, key, registrar, roster, folder, [this] { return now; },
                 [this](const devices::FeedConfig&, devices::Feeds::ProcessEvents heard) {
                   script = std::make_shared<Script>(Script{std::move(heard), {}});
                   return std::make_unique<ScriptedProcess>(script);
                 }}) {
    sources.start();
    wait([this] { return script != nullptr; });
  }
  ~House() { sources.stop(); }
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  journal::Options options(const std::string& folder) {
    journal::Options out;
    out.directory = folder;
    out.post = [this](std::function<void()> work) { executor.post(std::move(work)); };
    return out;
  }
  app::Registrar::Hooks hooks() {
    app::Registrar::Hooks out;
    out.recorded = [this](const hall::Event&, const journal::Line&) { ++recorded; };
    out.storage = [](bool, const std::string&) {};
    out.post = [this](std::function<void()> work) { executor.post(std::move(work)); };
    out.in_one_second = [](const std::function<void()>&) {};
    return out;
  }
  template <class Condition>
  void wait(Condition condition) {
    if (!loop.until(condition, std::chrono::seconds(30))) {
      throw std::runtime_error("an answer was not kept");
    }
  }
  void say(const std::string& line) {
    const auto answers = script->written.size();
    script->events.line(line);
    wait([&] { return script->written.size() > answers; });
    if (script->written.back() != R"({"taken":true})") {
      throw std::runtime_error("an answer was refused");
    }
  }
  /// A whole answer, from its first line until it is kept, recorded and can be asked for.
  std::chrono::steady_clock::duration give(bool full, const std::vector<std::string>& rows) {
    const auto events = recorded;
    const auto begin = std::chrono::steady_clock::now();
    say(fmt::format(R"({{"kind":"begin","what":"cases","full":{},"rows":{},"removed":0}})", full,
                    rows.size()));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i != 0 && i % devices::feed_lines::slice_rows == 0) {
        say(R"({"kind":"more"})");
      }
      script->events.line(rows[i]);
    }
    say(fmt::format(
        R"({{"kind":"end","what":"cases","cursor":"{}","age_ms":9,"rows":{},"skipped":0,"unknown_status":0,)"
        R"("bad_values":0,"clock_off_s":0}})",
        events, rows.size()));
    wait([&] { return recorded > events; });
    hall::CaseQuery moved;
    moved.since = version;
    const auto page = sources.cases(moved);
    if (page.cases.empty()) {
      throw std::runtime_error("what was recorded is not shown");
    }
    version = page.version;
    return std::chrono::steady_clock::now() - begin;
  }

  fakes::Loop loop;
  link::AsioExecutor executor{loop.io};
  app::SiteFile file;
  app::SiteKey key;
  hall::Instant now = *hall::parse_instant("2026-03-16T09:00:00+08:00");
  std::uint64_t recorded = 0, version = 0;
  unsigned turn = 1;  ///< of what the cases say
  std::shared_ptr<Script> script;
  std::unique_ptr<journal::Journal> journal;
  app::Registrar registrar;
  devices::Roster roster{[this] { return now; }, [](const hall::ReportDevice&) {}};
  app::Sources sources;
};

}  // namespace lobby::bench
