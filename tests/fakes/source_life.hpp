#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/app/sources.hpp"
#include "drivers/link/asio_executor.hpp"
#include "tests/fakes/loop.hpp"

namespace lobby::fakes {

/// A life of the daemon, as far as sources go, on a state directory: journal and files are real, lobby-feed
/// is a script.
class SourceLife {
 public:
  /// lobby-feed, as far as lobbyd sees it.
  struct Script {
    devices::Feeds::ProcessEvents events;
    std::vector<std::string> written;
  };

  SourceLife(const std::string& directory, app::SiteFile site,
             std::optional<std::int64_t> trial_clock_ms = std::nullopt)
      : file(std::move(site)),
        key(directory),
        journal(journal::Journal::open(options(directory))),
        registrar(
            *journal, file.hall, [this] { return now; }, hooks()),
        sources({executor, file, key, registrar, roster, directory, [this] { return now; },
                 [this](const devices::FeedConfig&, devices::Feeds::ProcessEvents heard) {
                   script = std::make_shared<Script>(Script{std::move(heard), {}});
                   return std::make_unique<Process>(script);
                 },
                 trial_clock_ms}) {
    sources.start();
  }
  ~SourceLife() { sources.stop(); }
  SourceLife(const SourceLife&) = delete;
  SourceLife& operator=(const SourceLife&) = delete;

  Loop loop;
  link::AsioExecutor executor{loop.io};
  app::SiteFile file;
  app::SiteKey key;
  hall::Instant now = *hall::parse_instant("2026-03-16T09:00:00+08:00");
  std::vector<std::string> events;  ///< that were recorded
  std::shared_ptr<Script> script;   ///< nullptr until lobby-feed was started
  std::unique_ptr<journal::Journal> journal;
  app::Registrar registrar;
  devices::Roster roster{[this] { return now; }, [](const hall::ReportDevice&) {}};
  app::Sources sources;

 private:
  class Process final : public devices::Feeds::Process {
   public:
    explicit Process(std::shared_ptr<Script> script) : script_(std::move(script)) {}
    void write_line(std::string line) override { script_->written.push_back(std::move(line)); }

   private:
    std::shared_ptr<Script> script_;
  };

  journal::Options options(const std::string& directory) {
    journal::Options out;
    out.directory = directory;
    out.post = [this](std::function<void()> work) { executor.post(std::move(work)); };
    return out;
  }
  app::Registrar::Hooks hooks() {
    app::Registrar::Hooks out;
    out.recorded = [this](const hall::Event&, const journal::Line& line) { events.push_back(line.json); };
    out.storage = [](bool, const std::string&) {};
    out.post = [this](std::function<void()> work) { executor.post(std::move(work)); };
    out.in_one_second = [](const std::function<void()>&) {};
    return out;
  }
};

}  // namespace lobby::fakes
