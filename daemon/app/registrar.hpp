#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/hall/decide.hpp"
#include "daemon/journal/journal.hpp"

namespace lobby::app {

/// Decide → record: the one door to the hall's state.
///
/// Commands that come while a commit is under way wait for it, are then decided together and committed
/// together (group commit). So whenever the loop is not inside a commit, the state is exactly what is on
/// disk, and nobody is told anything, not even a refusal, that a power cut could take back.
///
/// When the disk fails, the state falls back to what is on disk and every command is refused with
/// `storage_failed`; the disk is tried again every second, without restart. Reports of the world wait
/// meanwhile (bounded).
class Registrar {
 public:
  using Now = std::function<hall::Instant()>;
  struct Hooks {
    /// A durable event and its line, in order.
    std::function<void(const hall::Event&, const journal::Line&)> recorded;
    /// The journal stopped or began again to be writable.
    std::function<void(bool writable, const std::string& reason)> storage;
    std::function<void(std::function<void()>)> post;
    std::function<void(std::function<void()>)> in_one_second;
  };
  struct Request {
    hall::Command command;
    /// false: nothing is asked of the hall, only what `attach` adds is committed.
    bool asks_hall = true;
    std::string by;
    /// Adds what is to be committed with the events; the state has them folded in. May be empty.
    std::function<void(const std::vector<hall::Event>&, journal::Batch&)> attach;
    /// The key press that asks. Committed with the events, and also when they are refused: whoever reads the
    /// journal after a crash knows that it was dealt with.
    std::optional<hall::KeyPress> press;
    /// Once, on the loop, never before submit() has returned: the events, durable, or the refusal.
    std::function<void(std::variant<std::vector<hall::Event>, hall::Refusal>)> done;
  };

  Registrar(journal::Journal& journal, const hall::Site& site, Now now, Hooks hooks);

  const hall::State& state() const { return state_; }
  bool writable() const { return !failed_; }

  void submit(Request request);
  /// Something that has happened, whatever the disk says: waits for the disk, at most `max_reports` of them.
  void report(hall::Command command, std::string by);
  /// Runs `then` when all that state() shows is durable; at once when it is.
  void when_durable(std::function<void()> then);
  /// Runs `then` once, when nothing waits to be recorded any more, neither commands nor reports; at once when
  /// nothing does. While the disk fails, reports wait, and so does `then`.
  void when_idle(std::function<void()> then);
  /// Opens the business day, or ends it at the site's `expire_at`, if that is due.
  void turn_day_if_due();

 private:
  /// One request of the group that is being committed.
  struct Pending {
    Request request;
    std::variant<std::vector<hall::Event>, hall::Refusal> result;
  };
  static constexpr std::size_t max_reports = 10'000;

  void flush_soon();
  void flush();
  void decide_into(Request request, journal::Batch& batch);
  void record_into(const std::vector<hall::Event>& events, journal::Batch& batch);
  void committed(journal::Commit outcome);
  void settle();
  void fail();
  void probe();
  void send_reports();
  void tell_if_idle();

  journal::Journal& journal_;
  const hall::Site& site_;
  Now now_;
  Hooks hooks_;
  hall::State state_;
  std::deque<Request> waiting_;
  std::vector<Pending> group_;
  std::vector<std::pair<hall::Event, journal::Line>> group_events_;
  std::vector<std::function<void()>> readers_;
  std::vector<std::function<void()>> until_idle_;
  std::deque<std::pair<hall::Command, std::string>> reports_;
  bool committing_ = false;
  bool flush_posted_ = false;
  bool failed_ = false;
};

}  // namespace lobby::app
