#include "daemon/app/lobby.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/app/lobby_house.hpp"
#include "daemon/app/metrics.hpp"

namespace lobby::app {

namespace {

std::vector<api::EventLine> streamed_all(const std::vector<journal::Line>& lines) {
  std::vector<api::EventLine> result;
  result.reserve(lines.size());
  std::transform(lines.begin(), lines.end(), std::back_inserter(result), streamed);
  return result;
}

}  // namespace

Lobby::Lobby(boost::asio::io_context& io, const SiteFile& site, LobbyOptions options)
    : house_(std::make_unique<House>(io, site, std::move(options))) {}

Lobby::~Lobby() = default;

void Lobby::start(Publish publish) {
  house_->publish = std::move(publish);
  house_->earlier = flows::earlier_printing(house_->registrar.state());
  house_->registrar.turn_day_if_due();
  house_->start_devices();
  house_->start_flows();
  house_->second_passed();
}

void Lobby::account_changed(const std::string& account, const std::string& change) {
  house_->registrar.report(hall::ReportAccount{account, change}, "");
}

void Lobby::stop(std::function<void()> then) {
  house_->stop(std::move(then));
}

const hall::Site& Lobby::site() const {
  return house_->file.hall;
}
const hall::State& Lobby::state() const {
  return house_->registrar.state();
}
hall::Instant Lobby::now() const {
  return house_->options.now();
}
const hall::Estimates* Lobby::estimates() {
  return house_->estimator.fresh(now());
}

void Lobby::submit(api::Submission submission) {
  // The answer is made while the group is decided, so that it can be committed with its events.
  auto answer = std::make_shared<api::Answer>();
  Registrar::Request request;
  request.command = std::move(submission.command);
  auto refused = house_->arrivals->complete(request.command);
  request.by = std::move(submission.by);
  request.attach = [this, answer, key = std::move(submission.key), render = std::move(submission.render)](
                       const std::vector<hall::Event>& events, journal::Batch& batch) {
    *answer = render(state(), events);
    if (key) {
      batch.answers.push_back(
          {key->account, key->path, key->key, key->body_hash, answer->status, answer->body, now().utc_ms});
    }
  };
  request.done = [answer, refused = std::move(refused), done = std::move(submission.done)](
                     std::variant<std::vector<hall::Event>, hall::Refusal> result) {
    if (auto* refusal = std::get_if<hall::Refusal>(&result)) {
      refused(refusal->code);
      done(std::move(*refusal));
    } else {
      done(std::move(*answer));
    }
  };
  const auto held = std::make_shared<Registrar::Request>(std::move(request));
  house_->look_at_printer(held->command, [this, held] { house_->registrar.submit(std::move(*held)); });
}

void Lobby::when_durable(std::function<void()> then) {
  house_->registrar.when_durable(std::move(then));
}
bool Lobby::journal_writable() const {
  return house_->registrar.writable();
}

std::vector<api::EventLine> Lobby::events_after(std::uint64_t seq, std::size_t limit) {
  return streamed_all(house_->journal->after(seq, limit));
}

std::vector<api::EventLine> Lobby::history(hall::TicketId ticket) {
  constexpr std::size_t most = 200;
  return streamed_all(house_->journal->history(ticket, most));
}

std::optional<api::KeptAnswer> Lobby::kept_answer(const api::IdempotencyKey& key) {
  auto kept = house_->journal->kept_answer(key.account, key.path, key.key, now().utc_ms);
  if (!kept) {
    return std::nullopt;
  }
  return api::KeptAnswer{std::move(kept->body_hash), {kept->status, std::move(kept->answer)}};
}

std::vector<hall::DeviceView> Lobby::devices() const {
  return house_->roster.views();
}

hall::CasePage Lobby::cases(const hall::CaseQuery& query) {
  return house_->sources->cases(query);
}

std::optional<hall::CaseRow> Lobby::find_case(std::string_view case_no) {
  return house_->sources->find_case(case_no);
}

hall::Age Lobby::age(hall::What what) const {
  return house_->sources->age(what);
}
std::vector<hall::Record> Lobby::records(hall::What what) {
  return house_->sources->records(what);
}
const hall::UpstreamCatalogue& Lobby::upstream_catalogue() {
  return house_->sources->catalogue();
}
hall::BidsPage Lobby::bids(hall::Date date) {
  return house_->sources->bids(date);
}
std::vector<hall::CaseRow> Lobby::mismatches() {
  return house_->sources->mismatches();
}
std::vector<hall::ReturnedTwice> Lobby::returned_twice() {
  return house_->sources->returned_twice();
}

bool Lobby::report(const hall::StatisticsQuery& query,
                   std::function<std::string(const hall::Statistics&)> render,
                   std::function<void(std::variant<std::string, hall::Refusal>)> done) {
  return house_->statistics.ask(query, std::move(render), std::move(done));
}

void Lobby::scan(const hall::DeviceId& bus, std::uint8_t from, std::uint8_t to,
                 std::function<void(std::variant<std::vector<api::FoundUnit>, hall::Refusal>)> done) {
  house_->commissioning->scan(bus, from, to, std::move(done));
}

void Lobby::set_address(const hall::DeviceId& device, std::uint8_t address, bool claim,
                        std::function<void(std::optional<hall::Refusal>)> done) {
  house_->commissioning->set_address(device, address, claim, std::move(done));
}

void Lobby::print_notice(hall::TicketId ticket, std::vector<std::string> missing,
                         std::optional<hall::DeviceId> printer,
                         std::function<void(std::variant<api::PrintedSlip, hall::Refusal>)> done) {
  house_->slips->notice(ticket, missing, printer, std::move(done));
}

std::vector<hall::BoardState> Lobby::boards() const {
  return house_->boards->states();
}
std::vector<hall::CameraSight> Lobby::cameras(const hall::Evaluation& evaluation) const {
  return house_->evaluations->sights(evaluation);
}
void Lobby::evidence(hall::EvaluationId evaluation, const std::string& by,
                     std::function<void(std::variant<std::string, hall::Refusal>)> done) {
  house_->evaluations->evidence(evaluation, by, std::move(done));
}
std::optional<api::BoardProgram> Lobby::board_program(const hall::DeviceId& board, std::string_view known) {
  auto program = house_->boards->boards().program(board, known);
  if (!program) {
    return std::nullopt;
  }
  return api::BoardProgram{std::move(program->mark), std::move(program->json)};
}
bool Lobby::board_shown(const hall::DeviceId& board, std::uint64_t version) {
  return house_->boards->boards().program_shown(board, version);
}

void Lobby::self_test(const hall::DeviceId& device, std::function<void(std::optional<hall::Refusal>)> done) {
  if (house_->boards->boards().self_test(device)) {
    return done(std::nullopt);
  }
  house_->commissioning->self_test(device, std::move(done));
}

std::string Lobby::ticket_token(hall::TicketId ticket) const {
  return house_->key.ticket_token(ticket);
}

hall::ApplicantKey Lobby::applicant_key(std::string_view applicant_id) const {
  return house_->key.applicant_key(applicant_id, hall::year_month(hall::local_date(now())).year);
}

std::string Lobby::body_hash(std::string_view body) const {
  return house_->key.body_hash(body);
}

std::string Lobby::more_metrics() const {
  return metrics_text(house_->events_by_type, state().seq, house_->statistics.counted()) +
         house_->outboxes->metrics();
}

}  // namespace lobby::app
