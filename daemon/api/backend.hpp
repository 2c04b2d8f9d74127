#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/hall/bid_board.hpp"
#include "daemon/hall/board.hpp"
#include "daemon/hall/command.hpp"
#include "daemon/hall/decide.hpp"
#include "daemon/hall/recording.hpp"
#include "daemon/hall/statistics.hpp"
#include "daemon/hall/upstream.hpp"
#include "daemon/hall/view.hpp"

/// What the API needs of the lobby. Implemented by daemon/app; a fake serves the API's own tests.
/// Everything runs on the loop thread.
namespace lobby::api {

/// A finished answer: status and JSON body.
struct Answer {
  int status = 200;
  std::string body;
};

struct IdempotencyKey {
  std::string account, path, key;
  std::string body_hash;  ///< Backend::body_hash() of the request
};

struct KeptAnswer {
  std::string body_hash;
  Answer answer;
};

/// An event as streamed.
struct EventLine {
  std::uint64_t seq = 0;
  std::string type;
  std::string window;  ///< empty: not at a window
  std::string json;
};

/// What answered at an address of a line.
struct FoundUnit {
  std::uint8_t address = 0;
  std::string_view kind;  ///< `window_unit`, `panel`, `other`: speaks Modbus and is not ours, `unclear`
  std::string firmware;   ///< `1.0`; empty: not ours
  std::string device;     ///< whom the site has there; empty: nobody
  std::uint32_t asked = 0, answered = 0, corrupt = 0;  ///< of a burst of questions
  bool may_be_two = false;
};

struct Submission {
  hall::Command command;
  std::string by;                     ///< account
  std::optional<IdempotencyKey> key;  ///< committed with the event
  /// Makes the answer from the state right after the events were folded in; called before they are durable.
  std::function<Answer(const hall::State&, const std::vector<hall::Event>&)> render;
  /// Called once: the rendered answer when durable, or the refusal.
  std::function<void(std::variant<Answer, hall::Refusal>)> done;
};

/// A paper that came out, or of which nobody knows.
struct PrintedSlip {
  hall::DeviceId printer;
  std::string_view print;  ///< `printed`, `sent` or `unknown`
};

/// Of a board on a video output (display/page/program.hpp).
struct BoardProgram {
  std::string mark;  ///< another one whenever the rest is different
  std::string json;
};

class Backend {
 public:
  virtual ~Backend() = default;
  virtual const hall::Site& site() const = 0;
  virtual const hall::State& state() const = 0;
  virtual hall::Instant now() const = 0;
  /// How long people will wait; nullptr when there is no estimate young enough to be shown. Not to be kept.
  virtual const hall::Estimates* estimates() = 0;
  virtual void submit(Submission submission) = 0;
  /// Runs when everything that state() shows at this moment is durable; at once when it is. Nothing that is
  /// not durable leaves the house: every answer that shows state goes through here. (After a failed commit
  /// the state is the durable one again, so readers are served.)
  virtual void when_durable(std::function<void()> then) = 0;
  virtual bool journal_writable() const = 0;
  virtual std::vector<EventLine> events_after(std::uint64_t seq, std::size_t limit) = 0;
  virtual std::vector<EventLine> history(hall::TicketId ticket) = 0;
  virtual std::optional<KeptAnswer> kept_answer(const IdempotencyKey& key) = 0;
  virtual std::vector<hall::DeviceView> devices() const = 0;
  virtual hall::CasePage cases(const hall::CaseQuery& query) = 0;
  virtual std::optional<hall::CaseRow> find_case(std::string_view case_no) = 0;
  virtual hall::Age age(hall::What what) const = 0;
  /// Of all sources, by id; their JSON was checked when it came.
  virtual std::vector<hall::Record> records(hall::What what) = 0;
  /// What superior systems say of matters, staff and slots. Not to be kept.
  virtual const hall::UpstreamCatalogue& upstream_catalogue() = 0;
  /// Openings of that day; rooms and notices as they are now.
  virtual hall::BidsPage bids(hall::Date date) = 0;
  /// Cases of which our count and the upstream's differ.
  virtual std::vector<hall::CaseRow> mismatches() = 0;
  virtual std::vector<hall::ReturnedTwice> returned_twice() = 0;
  /// Figures of everything that is durable now. `render` makes the answer on another thread and may hold
  /// nothing of the loop's; `done` gets it on the loop, or the refusal, once. false: too many wait already,
  /// and neither is called.
  [[nodiscard]] virtual bool report(const hall::StatisticsQuery& query,
                                    std::function<std::string(const hall::Statistics&)> render,
                                    std::function<void(std::variant<std::string, hall::Refusal>)> done) = 0;
  /// Asks the addresses of a line who they are, behind everything else; `done` once. Seconds for each dozen.
  virtual void scan(const hall::DeviceId& bus, std::uint8_t from, std::uint8_t to,
                    std::function<void(std::variant<std::vector<FoundUnit>, hall::Refusal>)> done) = 0;
  /// Gives one of our units another address; with `claim` the unit on the device's line of which a key is
  /// held.
  virtual void set_address(const hall::DeviceId& device, std::uint8_t address, bool claim,
                           std::function<void(std::optional<hall::Refusal>)> done) = 0;
  /// The device shows which one it is; a printer prints what it is, and the answer waits for the paper. A
  /// refusal: there is none, or it cannot.
  virtual void self_test(const hall::DeviceId& device,
                         std::function<void(std::optional<hall::Refusal>)> done) = 0;
  /// The LED boards and what they show now.
  virtual std::vector<hall::BoardState> boards() const = 0;
  /// The cameras of an evaluation as they are at this moment.
  virtual std::vector<hall::CameraSight> cameras(const hall::Evaluation& evaluation) const = 0;
  /// The evidence bundle, for the account `by`; `done` once, on the loop: JSON lines, or the refusal.
  virtual void evidence(hall::EvaluationId evaluation, const std::string& by,
                        std::function<void(std::variant<std::string, hall::Refusal>)> done) = 0;
  /// What a board on a video output is to show; who asks is there, and has what the mark `known` stands for.
  /// nullopt: there is no such board.
  virtual std::optional<BoardProgram> board_program(const hall::DeviceId& board, std::string_view known) = 0;
  /// Such a board shows this version. False: there is none.
  virtual bool board_shown(const hall::DeviceId& board, std::uint64_t version) = 0;
  /// Prints what is missing, for a ticket that ended as `notified`; `done` once, after the printer's word.
  virtual void print_notice(hall::TicketId ticket, std::vector<std::string> missing,
                            std::optional<hall::DeviceId> printer,
                            std::function<void(std::variant<PrintedSlip, hall::Refusal>)> done) = 0;
  /// An opaque token of the ticket (for the QR code and a rating by it): keyed, not guessable.
  virtual std::string ticket_token(hall::TicketId ticket) const = 0;
  /// How the hall knows a person from now on: keyed, so that nobody without the key finds the number behind
  /// it; never 0. The number itself is neither kept nor shown.
  virtual hall::ApplicantKey applicant_key(std::string_view applicant_id) const = 0;
  /// 32 bytes that tell one request body from another. Keyed, because it is kept: a body may hold the number
  /// of a person, and there are few enough of those to try them all.
  virtual std::string body_hash(std::string_view body) const = 0;
  /// Further Prometheus lines of the rest of the lobby.
  virtual std::string more_metrics() const = 0;
};

}  // namespace lobby::api
