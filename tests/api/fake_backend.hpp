#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "daemon/api/backend.hpp"

namespace lobby::fakes {

/// A lobby without devices and disk: the real hall, and a "disk" that commits when it is told to.
class FakeBackend final : public api::Backend {
 public:
  FakeBackend();

  // --- what a test does with it ---
  /// true: every submission is durable at once. false: only with commit().
  void commit_at_once(bool yes) { at_once_ = yes; }
  void commit();
  /// What waits is lost: the state falls back and everybody gets storage_failed.
  void fail_commit();
  void set_writable(bool writable) { writable_ = writable; }
  void set_now(hall::Instant now) { now_ = now; }
  void pass(std::int64_t seconds) { now_.utc_ms += seconds * 1000; }
  hall::Site& change_site() { return site_; }
  /// Records something without an HTTP request.
  void happen(hall::Command command);
  /// Told of each durable event.
  std::function<void(const api::EventLine&)> publish;
  std::vector<hall::DeviceView> device_views;
  std::vector<api::FoundUnit> found_units;  ///< of line-1
  std::vector<std::string> commissioned;    ///< what was asked of lines and units, in order
  std::map<std::string, hall::CaseRow> case_rows;
  hall::CasePage case_page;
  std::vector<hall::CaseQuery> asked_cases;
  std::map<hall::What, std::vector<hall::Record>> told_records;
  std::vector<hall::CaseRow> told_mismatches;
  hall::BidsPage told_bids;
  hall::UpstreamCatalogue told_catalogue;
  hall::Date asked_bids;
  std::vector<hall::ReturnedTwice> told_returned;
  hall::Statistics statistics;  ///< what a report says, whatever was asked
  std::optional<hall::Refusal> no_report;
  bool busy_with_reports = false;
  bool hold_reports = false;  ///< until release_reports()
  std::vector<hall::StatisticsQuery> asked_reports;
  void release_reports();
  std::vector<std::size_t> journal_pages;  ///< limits that events_after was asked with
  std::map<std::string, api::KeptAnswer> kept;
  std::optional<hall::Estimates> told_estimates;
  std::vector<hall::Command> submitted;
  std::size_t histories = 0;  ///< that were asked for
  std::size_t count(std::string_view type) const;
  const std::vector<api::EventLine>& journal() const { return journal_; }
  std::size_t waiting() const { return waiting_.size(); }

  // --- api::Backend ---
  const hall::Site& site() const override { return site_; }
  const hall::State& state() const override { return state_; }
  hall::Instant now() const override { return now_; }
  const hall::Estimates* estimates() override { return told_estimates ? &*told_estimates : nullptr; }
  void submit(api::Submission submission) override;
  void when_durable(std::function<void()> then) override;
  bool journal_writable() const override { return writable_; }
  std::vector<api::EventLine> events_after(std::uint64_t seq, std::size_t limit) override;
  std::vector<api::EventLine> history(hall::TicketId ticket) override;
  std::optional<api::KeptAnswer> kept_answer(const api::IdempotencyKey& key) override;
  std::vector<hall::DeviceView> devices() const override { return device_views; }
  hall::CasePage cases(const hall::CaseQuery& query) override;
  std::optional<hall::CaseRow> find_case(std::string_view case_no) override;
  hall::Age age(hall::What) const override { return case_page.age; }
  std::vector<hall::Record> records(hall::What what) override { return told_records[what]; }
  const hall::UpstreamCatalogue& upstream_catalogue() override { return told_catalogue; }
  hall::BidsPage bids(hall::Date date) override {
    asked_bids = date;
    return told_bids;
  }
  std::vector<hall::CaseRow> mismatches() override { return told_mismatches; }
  std::vector<hall::ReturnedTwice> returned_twice() override { return told_returned; }
  [[nodiscard]] bool report(const hall::StatisticsQuery& query,
                            std::function<std::string(const hall::Statistics&)> render,
                            std::function<void(std::variant<std::string, hall::Refusal>)> done) override;
  void scan(const hall::DeviceId& bus, std::uint8_t from, std::uint8_t to,
            std::function<void(std::variant<std::vector<api::FoundUnit>, hall::Refusal>)> done) override;
  void set_address(const hall::DeviceId& device, std::uint8_t address, bool claim,
                   std::function<void(std::optional<hall::Refusal>)> done) override;
  void print_notice(hall::TicketId ticket, std::vector<std::string> missing,
                    std::optional<hall::DeviceId> printer,
                    std::function<void(std::variant<api::PrintedSlip, hall::Refusal>)> done) override;
  /// What print_notice() was asked for, but the ticket.
  std::vector<std::string> missing_things;
  std::vector<hall::BoardState> boards() const override { return told_boards; }
  std::vector<hall::CameraSight> cameras(const hall::Evaluation&) const override { return told_cameras; }
  void evidence(hall::EvaluationId evaluation, const std::string& by,
                std::function<void(std::variant<std::string, hall::Refusal>)> done) override {
    asked_evidence.emplace_back(evaluation.value, by);
    done(told_evidence);
  }
  std::vector<hall::CameraSight> told_cameras;
  std::variant<std::string, hall::Refusal> told_evidence;
  std::vector<std::pair<std::uint64_t, std::string>> asked_evidence;
  std::optional<api::BoardProgram> board_program(const hall::DeviceId& board,
                                                 std::string_view known) override {
    auto program = board.value == "wall" ? std::optional(told_program) : std::nullopt;
    if (program && program->mark == known) {
      program->json.clear();
    }
    return program;
  }
  bool board_shown(const hall::DeviceId& board, std::uint64_t version) override {
    shown_versions.push_back(version);
    return board.value == "wall";
  }
  std::vector<hall::BoardState> told_boards;
  api::BoardProgram told_program;
  std::vector<std::uint64_t> shown_versions;
  void self_test(const hall::DeviceId& device,
                 std::function<void(std::optional<hall::Refusal>)> done) override;
  std::string ticket_token(hall::TicketId ticket) const override;
  hall::ApplicantKey applicant_key(std::string_view applicant_id) const override;
  std::string body_hash(std::string_view body) const override;
  /// What applicant_key() was asked with, in order.
  mutable std::vector<std::string> persons;
  std::string more_metrics() const override { return "lobby_fake 1\n"; }

 private:
  struct Waiting {
    api::Submission submission;
    std::variant<api::Answer, hall::Refusal> outcome;
    std::vector<hall::Event> events;
  };
  static std::string place(const api::IdempotencyKey& key);
  void record(const std::vector<hall::Event>& events);

  hall::Site site_;
  hall::State state_, durable_;
  hall::Instant now_;
  bool at_once_ = true;
  bool writable_ = true;
  std::deque<Waiting> waiting_;
  std::vector<std::function<void()>> readers_, reports_;
  std::vector<api::EventLine> journal_;
  std::map<std::uint64_t, std::vector<std::size_t>> by_ticket_;
};

}  // namespace lobby::fakes
