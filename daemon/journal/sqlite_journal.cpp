#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/journal/journal.hpp"
#include "daemon/journal/ledger.hpp"
#include "daemon/journal/reader.hpp"
#include "daemon/journal/recovery.hpp"
#include "daemon/journal/writer.hpp"

namespace lobby::journal {
namespace {

/// A journal without any snapshot is read from its first event up to so many times `snapshot_every`:
/// snapshots that the power or a full disk prevented must not cost what an older day still says.
constexpr std::uint64_t young_for = 4;

class SqliteJournal final : public Journal {
 public:
  SqliteJournal(const Options& options, std::unique_ptr<Ledger> ledger, std::unique_ptr<Reader> reader,
                Recovery recovery)
      : snapshot_every_(options.snapshot_every),
        recovered_(std::move(recovery.state)),
        last_seq_(recovered_->seq),
        snapshot_seq_(recovery.snapshot),
        writer_(std::move(ledger), options.post, static_cast<int>(options.checkpoint_pages)),
        reader_(std::move(reader)) {}

  hall::State recover() override {
    if (recovered_) {
      return *std::exchange(recovered_, std::nullopt);
    }
    auto recovery = journal::recover(*reader_, snapshot_every_ * young_for);
    last_seq_ = recovery.state.seq;
    snapshot_seq_ = recovery.snapshot;
    recovery_fault_ = std::move(recovery.fault);
    return std::move(recovery.state);
  }

  void append(Batch batch, std::function<void(Commit)> done) override {
    recovered_.reset();
    if (!batch.events.empty()) {
      last_seq_ = batch.events.back().seq;
    }
    writer_.append(std::move(batch), std::move(done));
  }

  std::string reason() const override {
    auto reason = writer_.reason();
    return reason.empty() ? recovery_fault_ : reason;
  }

  void probe(std::function<void(Commit)> done) override { writer_.probe(std::move(done)); }

  bool wants_snapshot() const override { return last_seq_ >= snapshot_seq_ + snapshot_every_; }

  void snapshot(const hall::State& state) override {
    snapshot_seq_ = state.seq;
    writer_.snapshot(state.seq, hall::encode(state));
  }

  std::vector<Line> after(std::uint64_t seq, std::size_t limit) override {
    return reader_->after(seq, limit);
  }
  std::vector<Line> history(hall::TicketId ticket, std::size_t limit) override {
    return reader_->history(ticket.value, limit);
  }
  std::optional<KeptAnswer> kept_answer(std::string_view account, std::string_view path, std::string_view key,
                                        std::int64_t now_ms) override {
    return reader_->kept_answer(account, path, key, now_ms);
  }
  std::optional<hall::KeyPress> last_press(const hall::DeviceId& device) override {
    return reader_->last_press(device);
  }
  std::optional<std::uint64_t> place(std::string_view reader) override { return reader_->place(reader); }

 private:
  std::uint64_t snapshot_every_;
  std::optional<hall::State> recovered_;  ///< from open(), until it is fetched or outdated
  std::uint64_t last_seq_;
  std::uint64_t snapshot_seq_;
  std::string recovery_fault_;
  Writer writer_;
  std::unique_ptr<Reader> reader_;  ///< closes before the writer, whose close tidies the log up
};

}  // namespace

std::unique_ptr<Journal> Journal::open(Options options) {
  const auto file = options.directory + "/journal.db";
  auto ledger = std::make_unique<Ledger>(file, options.vfs);
  if (auto refusal = ledger->open()) {
    throw OpenError{*refusal};
  }
  auto reader = std::make_unique<Reader>();
  if (auto refusal = reader->open(file, options.vfs)) {
    throw OpenError{*refusal};
  }
  options.snapshot_every = std::max(options.snapshot_every, 1U);
  auto recovery = journal::recover(*reader, options.snapshot_every * young_for);
  if (!recovery.fault.empty()) {
    throw OpenError{fmt::format("{}: {}; put the last backup in its place", file, recovery.fault)};
  }
  return std::make_unique<SqliteJournal>(options, std::move(ledger), std::move(reader), std::move(recovery));
}

}  // namespace lobby::journal
