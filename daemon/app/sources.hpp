#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/app/export_files.hpp"
#include "daemon/app/registrar.hpp"
#include "daemon/app/site_file.hpp"
#include "daemon/app/state_dir.hpp"
#include "daemon/devices/feeds.hpp"
#include "daemon/flows/publish.hpp"
#include "daemon/hall/bid_board.hpp"
#include "daemon/hall/upstream.hpp"
#include "daemon/journal/case_store.hpp"
#include "drivers/link/executor.hpp"

namespace lobby::app {

/// Everything that comes from systems that are not ours: the processes that ask them, the walk of their
/// answers, and the file where these are kept. What is shown of them is asked for here.
class Sources {
 public:
  struct House {
    link::Executor& executor;
    const SiteFile& file;
    const SiteKey& key;
    Registrar& registrar;
    devices::Roster& roster;
    std::string state_directory;
    std::function<hall::Instant()> now;
    devices::Feeds::Spawn spawn;
    std::optional<std::int64_t> trial_clock_ms = {};  ///< for lobby-feed, as WallClock has it
  };
  /// Throws std::runtime_error when there can be no file.
  explicit Sources(House house);

  void start();  ///< the processes
  void stop();
  /// Each second: lights that change by themselves.
  void tick();

  /// Goes up with all that is written.
  std::uint64_t version() { return store_->version(); }
  hall::CasePage cases(const hall::CaseQuery& query);
  std::optional<hall::CaseRow> find_case(std::string_view case_no);
  hall::Age age(hall::What what) const { return feeds_ ? feeds_->age(what) : hall::Age{}; }
  std::vector<hall::Record> records(hall::What what);
  const hall::UpstreamCatalogue& catalogue();
  hall::BidsPage bids(hall::Date date);
  /// All of it for the public pages.
  PublicTexts public_texts();
  std::vector<hall::CaseRow> mismatches();
  std::vector<hall::ReturnedTwice> returned_twice();

 private:
  std::string settings(const devices::FeedConfig& config) const;
  void judge(hall::CaseRow& row) const;
  void record(hall::ReportSource report, std::function<void(bool)> done);
  void follow_calendar();
  void judge_due();
  void write_judged(std::vector<journal::CaseStore::DueCase> due);

  House house_;
  hall::CaseJudge judge_;
  std::unique_ptr<journal::CaseStore> store_;
  std::unique_ptr<flows::SourceTable> table_;
  flows::Publish publish_;
  std::unique_ptr<devices::Feeds> feeds_;
  bool judging_ = false;
  std::optional<std::uint64_t> calendar_version_;  ///< as of which judge_ knows the source's days
  std::vector<hall::BidOpening> openings_;         ///< as of bids_version_
  std::vector<hall::BidNotice> notices_;
  std::optional<std::uint64_t> bids_version_;
  hall::UpstreamCatalogue catalogue_;  ///< of this day, as of catalogue_version_
  std::pair<std::string, std::uint64_t> catalogue_version_;
};

}  // namespace lobby::app
