#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "daemon/api/backend.hpp"
#include "daemon/app/site_file.hpp"

namespace lobby::app {

struct LobbyOptions {
  std::string state_directory;
  std::string feed_program;  ///< path of lobby-feed
  std::function<hall::Instant()> now;
  std::optional<std::int64_t> trial_clock_ms = {};  ///< as WallClock has it
};

/// The running site. The one file behind this header knows everyone: it makes the rooms, ties the flows to
/// them and is what the API sees of all that. Lives on the loop thread.
class Lobby final : public api::Backend {
 public:
  using Publish = std::function<void(const api::EventLine&)>;

  /// Opens the journal (throws journal::OpenError) and recovers the state; no wire is touched yet.
  Lobby(boost::asio::io_context& io, const SiteFile& site, LobbyOptions options);
  ~Lobby() override;

  /// Starts devices and flows. `publish` gets every durable event from here on, in order.
  void start(Publish publish);
  /// An account file was changed by somebody.
  void account_changed(const std::string& account, const std::string& change);
  /// Begins nothing more: keys are left to the units, tickets that wait to the journal. Signs get their
  /// closing text, for good. `then` runs when they show it, what is being printed has come out and all of it
  /// is recorded, or when the site's grace is almost over. Once; reads are served on.
  void stop(std::function<void()> then);

  // --- api::Backend ---
  const hall::Site& site() const override;
  const hall::State& state() const override;
  hall::Instant now() const override;
  const hall::Estimates* estimates() override;
  void submit(api::Submission submission) override;
  void when_durable(std::function<void()> then) override;
  bool journal_writable() const override;
  std::vector<api::EventLine> events_after(std::uint64_t seq, std::size_t limit) override;
  std::vector<api::EventLine> history(hall::TicketId ticket) override;
  std::optional<api::KeptAnswer> kept_answer(const api::IdempotencyKey& key) override;
  std::vector<hall::DeviceView> devices() const override;
  hall::CasePage cases(const hall::CaseQuery& query) override;
  std::optional<hall::CaseRow> find_case(std::string_view case_no) override;
  hall::Age age(hall::What what) const override;
  std::vector<hall::Record> records(hall::What what) override;
  const hall::UpstreamCatalogue& upstream_catalogue() override;
  hall::BidsPage bids(hall::Date date) override;
  std::vector<hall::CaseRow> mismatches() override;
  std::vector<hall::ReturnedTwice> returned_twice() override;
  [[nodiscard]] bool report(const hall::StatisticsQuery& query,
                            std::function<std::string(const hall::Statistics&)> render,
                            std::function<void(std::variant<std::string, hall::Refusal>)> done) override;
  void scan(const hall::DeviceId& bus, std::uint8_t from, std::uint8_t to,
            std::function<void(std::variant<std::vector<api::FoundUnit>, hall::Refusal>)> done) override;
  void set_address(const hall::DeviceId& device, std::uint8_t address, bool claim,
                   std::function<void(std::optional<hall::Refusal>)> done) override;
  std::vector<hall::BoardState> boards() const override;
  std::vector<hall::CameraSight> cameras(const hall::Evaluation& evaluation) const override;
  void evidence(hall::EvaluationId evaluation, const std::string& by,
                std::function<void(std::variant<std::string, hall::Refusal>)> done) override;
  std::optional<api::BoardProgram> board_program(const hall::DeviceId& board,
                                                 std::string_view known) override;
  bool board_shown(const hall::DeviceId& board, std::uint64_t version) override;
  void print_notice(hall::TicketId ticket, std::vector<std::string> missing,
                    std::optional<hall::DeviceId> printer,
                    std::function<void(std::variant<api::PrintedSlip, hall::Refusal>)> done) override;
  void self_test(const hall::DeviceId& device,
                 std::function<void(std::optional<hall::Refusal>)> done) override;
  std::string ticket_token(hall::TicketId ticket) const override;
  hall::ApplicantKey applicant_key(std::string_view applicant_id) const override;
  std::string body_hash(std::string_view body) const override;
  std::string more_metrics() const override;

 private:
  struct House;
  std::unique_ptr<House> house_;
};

}  // namespace lobby::app
