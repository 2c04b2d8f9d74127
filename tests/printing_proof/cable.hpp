#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "drivers/link/byte_link.hpp"
#include "tests/printing_proof/paper_printer.hpp"

namespace lobby::proof {

using Random = std::mt19937_64;

/// How the bytes get to the printer.
struct WireKind {
  std::uint32_t bytes_per_s = 11'520;
  Duration latency = std::chrono::milliseconds(1);  ///< of answers
  bool buffers = true;      ///< a send is done when the kernel has it; else when its last byte is out
  bool sees_power = true;   ///< the connection ends when the printer's power goes: TCP, USB
  bool flow_bytes = false;  ///< XON and XOFF stand among the answers
  bool outlives = false;    ///< what the kernel has still leaves when the program is killed
};

/// What becomes of the answers, each in 1000.
struct Mangling {
  struct Odds {
    unsigned drop = 0, delay = 0, duplicate = 0, reorder = 0, falsify = 0, invent = 0;
    bool any() const { return (drop | delay | duplicate | reorder | falsify | invent) != 0; }
  };
  Odds status;    ///< DLE EOT, automatic status
  Odds in_order;  ///< GS r, ESC v
  Odds id;        ///< process ids
  Odds other;     ///< cleared, identity
  unsigned split = 0, flow = 0;
  /// Of the answers from the first job on, only the how-manieth suffers; 0: any may.
  std::uint64_t only = 0;
  Duration status_late = std::chrono::milliseconds(2500), id_late = std::chrono::seconds(20);
};

/// The wire between a life of the daemon and the printer, byte by byte, and all the harm that comes to
/// answers. Lives come and go; cable and printer stay.
class Cable : public std::enable_shared_from_this<Cable> {
 public:
  Cable(link::Executor& executor, WireKind kind, Mangling mangling, std::uint64_t seed);
  void plug(PaperPrinter& printer) { printer_ = &printer; }

  /// For one life.
  std::unique_ptr<link::ByteLink> make_link();
  void program_killed();

  // --- the world ---
  void answer(PaperPrinter::Answers kind, Bytes bytes);
  /// Lost for so long, with all that is on it.
  void lose(Duration span);
  void heal() {
    mangling_ = {};
    lost_ = false;
  }
  /// Since when a life listens; nullopt: none does.
  std::optional<link::MonoTime> up_since() const { return up_ ? std::optional(up_since_) : std::nullopt; }
  /// The world ends.
  void end() { pump_.cancel(); }

  /// Bytes that the printer has been sent since the first job began.
  std::uint64_t job_bytes() const { return job_bytes_; }
  /// Answers since then.
  std::uint64_t answers() const { return answers_; }
  std::function<void(std::uint64_t)> on_job_byte = [](std::uint64_t) {};
  std::function<void(const std::string&)> trace;  ///< empty: nobody looks

 private:
  class Link;
  struct Send {
    Bytes bytes;
    std::size_t at = 0;
    std::function<void(link::Status)> done;
  };
  void note(const std::string& text) const;
  void open(std::weak_ptr<bool> life);
  void send(Bytes bytes, std::function<void(link::Status)> done, bool now);
  void pump();
  void give(std::uint8_t byte);
  void done(Send& send, link::Status status);
  void drop_sends(bool tell);
  Mangling::Odds& odds_of(PaperPrinter::Answers kind);
  void mangle(PaperPrinter::Answers kind, Bytes bytes, const Mangling::Odds& odds);
  Bytes falsified(PaperPrinter::Answers kind, const Bytes& bytes);
  void deliver(Bytes bytes, Duration late);
  void receive(Bytes bytes, std::uint64_t connection);
  bool chance(unsigned in_1000) { return in_1000 > 0 && random_() % 1000 < in_1000; }

  link::Executor& executor_;
  const WireKind kind_;
  Mangling mangling_;
  Random random_;
  PaperPrinter* printer_ = nullptr;
  link::ByteLink::Listener* listener_ = nullptr;
  std::shared_ptr<bool> life_;
  bool up_ = false, lost_ = false;
  std::uint64_t connection_ = 0;
  std::deque<Send> urgent_, sends_;
  link::Timer pump_;
  std::uint64_t job_bytes_ = 0, answers_ = 0;
  bool job_seen_ = false;
  std::uint8_t last_ = 0;
  link::MonoTime last_answer_{}, up_since_{};
  std::vector<Bytes> old_ids_;
};

}  // namespace lobby::proof
