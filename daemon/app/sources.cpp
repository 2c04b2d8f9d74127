#include "daemon/app/sources.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <iterator>
#include <map>
#include <utility>

#include "daemon/api/views.hpp"
#include "daemon/app/bid_reader.hpp"
#include "daemon/app/catalogue_reader.hpp"
#include "daemon/app/log.hpp"
#include "daemon/app/source_table.hpp"
#include "daemon/hall/case_judging.hpp"

namespace lobby::app {
namespace {

constexpr std::size_t most_records = 20'000;
constexpr std::size_t most_for_staff = 500;
/// Judged in one turn of the loop.
constexpr std::size_t judged_at_once = 25;

std::unique_ptr<journal::CaseStore> open_store(link::Executor& executor, const std::string& directory,
                                               const std::vector<devices::FeedConfig>& feeds) {
  journal::CaseStoreOptions options;
  options.directory = directory;
  auto& asked = options.only.emplace();
  for (const auto& feed : feeds) {
    for (const auto what : feed.resources) {
      asked.emplace_back(feed.id.value, what);
    }
  }
  options.post = [&executor](std::function<void()> work) { executor.post(std::move(work)); };
  return journal::CaseStore::open(std::move(options));
}

/// Of a case whose source is silent nobody knows how it stands.
void grey(hall::CaseRow& row) {
  row.shown_light = row.shown_light.empty() ? "" : "grey";
}

flows::Publish::Rules shrink_rules(const hall::ApprovalRules& rules) {
  return {rules.shrunk_by, rules.confirmations};
}

}  // namespace

Sources::Sources(House house)
    : house_(std::move(house)),
      judge_(house_.file.hall.approvals, house_.file.hall.calendar),
      store_(open_store(house_.executor, house_.state_directory, house_.file.devices.feeds)),
      table_(std::make_unique<SourceTablePort>(*store_)),
      publish_({*table_, [this](hall::CaseRow& row) { judge(row); },
                [this](hall::ReportSource report, std::function<void(bool)> done) {
                  record(std::move(report), std::move(done));
                },
                [this](std::function<void()> work) { house_.executor.post(std::move(work)); },
                [this] { return house_.executor.now().time_since_epoch() / std::chrono::milliseconds(1); }},
               shrink_rules(house_.file.hall.approvals)) {}

void Sources::start() {
  follow_calendar();
  devices::Feeds::Sink sink;
  sink.begin = [this](const hall::DeviceId& feed, const hall::AnswerHead& head, devices::Feeds::Taken taken) {
    publish_.begin(feed, head, std::move(taken));
  };
  sink.slice = [this](const hall::DeviceId& feed, hall::AnswerSlice rows, devices::Feeds::Taken taken) {
    publish_.slice(feed, std::move(rows), std::move(taken));
  };
  sink.end = [this](const hall::DeviceId& feed, std::string cursor, devices::Feeds::Taken taken) {
    publish_.end(feed, std::move(cursor), std::move(taken));
  };
  sink.broken = [this](const hall::DeviceId& feed) { publish_.broken(feed); };
  feeds_ = std::make_unique<devices::Feeds>(
      house_.executor, house_.file.devices.feeds,
      devices::Feeds::Ports{house_.spawn,
                            [this](const devices::FeedConfig& config) { return settings(config); },
                            house_.now, std::move(sink)},
      house_.roster);
}

void Sources::stop() {
  feeds_->stop();
}

/// What one lobby-feed is told at its start (daemon/feed/settings.hpp); secrets by the names of their files.
std::string Sources::settings(const devices::FeedConfig& config) const {
  boost::json::object cursors;
  boost::json::array resources;
  for (const hall::What what : config.resources) {
    const auto word = hall::word_of(what);
    resources.emplace_back(word);
    if (const auto cursor = store_->cursor(config.id.value, what); !cursor.empty()) {
      cursors[word] = cursor;
    }
  }
  const int year = hall::year_month(hall::local_date(house_.now())).year;
  boost::json::object line{{"mode", "pull"},
                           {"feed", config.id.value},
                           {"mapping", config.mapping_file},
                           {"resources", std::move(resources)},
                           {"cursors", std::move(cursors)},
                           {"applicant_key", house_.key.feed_key(year)},
                           {"spool_dir", house_.state_directory},
                           {"interval_s", config.interval_s},
                           {"max_age_s", config.max_age_s},
                           {"total_s", config.total_s}};
  const std::pair<const char*, const std::string&> texts[] = {{"url", config.url},
                                                              {"drop_dir", config.drop_dir},
                                                              {"token_file", config.token_file},
                                                              {"app_id", config.app_id},
                                                              {"ca_file", config.ca_file},
                                                              {"client_cert_file", config.client_cert_file},
                                                              {"proxy", config.proxy},
                                                              {"proxy_file", config.proxy_file},
                                                              {"bind", config.bind},
                                                              {"client_key_file", config.client_key_file},
                                                              {"area_code", config.area_code}};
  for (const auto& [name, text] : texts) {
    if (!text.empty()) {
      line[name] = text;
    }
  }
  if (config.allow_insecure) {
    line["allow_insecure"] = true;
  }
  if (house_.trial_clock_ms) {
    line["trial_clock_ms"] = *house_.trial_clock_ms;
  }
  return boost::json::serialize(line);
}

void Sources::judge(hall::CaseRow& row) const {
  judge_.judge(row, house_.now());
}

void Sources::record(hall::ReportSource report, std::function<void(bool)> done) {
  Registrar::Request request;
  request.by = report.feed.value;
  request.command = std::move(report);
  request.done = [done =
                      std::move(done)](const std::variant<std::vector<hall::Event>, hall::Refusal>& result) {
    done(std::holds_alternative<std::vector<hall::Event>>(result));
  };
  house_.registrar.submit(std::move(request));
}

void Sources::tick() {
  follow_calendar();
  if (!judging_) {
    judge_due();
  }
}

/// Days that a superior system tells count where the site has no calendar of the year; when they change, all
/// cases are judged anew.
void Sources::follow_calendar() {
  const auto version = store_->version();
  if (calendar_version_ == version) {
    return;
  }
  const hall::CaseJudge judge(house_.file.hall.approvals, house_.file.hall.calendar.completed_by(
                                                              read_days(records(hall::What::calendar))));
  if (!calendar_version_ || judge.rules_text() != judge_.rules_text()) {
    judge_ = judge;
    store_->judge_all_by(judge_.rules_text());
  }
  calendar_version_ = version;
}

void Sources::judge_due() {
  // Nobody knows whether a case still runs whose source is silent: time turns no lamp of it red, only other
  // rules are followed at once.
  const bool by_time = !age(hall::What::cases).stale();
  auto due = store_->due(by_time ? house_.now().utc_ms : journal::CaseStore::due_by_rules, judged_at_once);
  judging_ = !due.empty();
  if (judging_) {
    write_judged(std::move(due));
  }
}

void Sources::write_judged(std::vector<journal::CaseStore::DueCase> due) {
  std::map<std::string, hall::SourceChange> changes;
  std::map<std::string, std::uint32_t> moved;
  for (auto& [feed, row] : due) {
    const hall::CaseRow before = row;
    judge(row);
    const bool shows = row.shown_light != before.shown_light || row.shown_card != before.shown_card ||
                       row.shown_status != before.shown_status;
    moved[feed] += shows ? 1 : 0;
    changes[feed].feed = feed;
    changes[feed].judged = true;
    changes[feed].cases.push_back(std::move(row));
  }
  const auto open = std::make_shared<std::size_t>(changes.size());
  for (auto& [feed, change] : changes) {
    hall::ReportSource report;
    report.feed = {feed};
    report.changed = moved[feed];
    store_->write(std::move(change), [this, report, open](std::optional<std::uint64_t> version) mutable {
      if (version && report.changed != 0) {
        report.version = *version;
        house_.registrar.report(report, report.feed.value);
      }
      judging_ = --*open != 0;
      if (!judging_ && version) {
        judge_due();
      }
    });
  }
}

hall::CasePage Sources::cases(const hall::CaseQuery& query) {
  const auto how_old = age(hall::What::cases);
  hall::CaseQuery asked = query;
  if (how_old.stale()) {
    asked.light.clear();
  }
  auto page = store_->cases(asked);
  page.age = how_old;
  page.totals = store_->totals(hall::to_text(hall::local_date(house_.now())));
  if (how_old.stale()) {
    std::for_each(page.cases.begin(), page.cases.end(), grey);
    std::erase_if(page.cases, [&query](const hall::CaseRow& row) {
      return !query.light.empty() && row.shown_light != query.light;
    });
  }
  return page;
}

std::optional<hall::CaseRow> Sources::find_case(std::string_view case_no) {
  auto row = store_->find_case(case_no);
  if (row && age(hall::What::cases).stale()) {
    grey(*row);
  }
  return row;
}

std::vector<hall::Record> Sources::records(hall::What what) {
  return store_->records(what, most_records);
}

const hall::UpstreamCatalogue& Sources::catalogue() {
  const std::pair now{hall::to_text(hall::local_date(house_.now())), store_->version()};
  if (catalogue_version_ != now) {
    catalogue_ = {read_matters(records(hall::What::matters)),
                  read_badges(records(hall::What::staff)),
                  read_slots(records(hall::What::appointments), now.first),
                  {}};
    catalogue_version_ = now;
  }
  catalogue_.age = hall::older(hall::older(age(hall::What::matters), age(hall::What::staff)),
                               age(hall::What::appointments));
  return catalogue_;
}

hall::BidsPage Sources::bids(hall::Date date) {
  const auto now = house_.now();
  if (const auto version = store_->version(); bids_version_ != version) {
    openings_.clear();
    notices_.clear();
    for (const auto& record : records(hall::What::bids)) {
      if (auto opening = read_opening(record, now.offset_min)) {
        openings_.push_back(*std::move(opening));
      }
    }
    for (const auto& record : records(hall::What::notices)) {
      if (auto notice = read_notice(record, now.offset_min)) {
        notices_.push_back(*std::move(notice));
      }
    }
    bids_version_ = version;
  }
  auto page = hall::bids_page(openings_, notices_, date, now);
  page.age = age(hall::What::bids);
  page.notices_age = age(hall::What::notices);
  return page;
}

PublicTexts Sources::public_texts() {
  PublicTexts texts;
  texts.hall = house_.file.hall.name;
  const auto today = hall::local_date(house_.now());
  api::put(texts.approvals, cases({}), api::Audience::everybody);
  api::put(texts.bids, bids(today));
  texts.catalogue = api::catalogue_json(house_.file.hall, catalogue(), today);
  return texts;
}

std::vector<hall::CaseRow> Sources::mismatches() {
  return store_->mismatches(most_for_staff);
}

std::vector<hall::ReturnedTwice> Sources::returned_twice() {
  return store_->returned_twice(most_for_staff);
}

}  // namespace lobby::app
