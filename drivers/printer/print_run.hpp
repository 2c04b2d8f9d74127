#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/link/byte_link.hpp"
#include "drivers/link/executor.hpp"
#include "drivers/printer/condition.hpp"
#include "drivers/printer/fence_book.hpp"
#include "drivers/printer/profile.hpp"

namespace lobby::printer {

/// What became of a job. The words of PrintState, seen from the wire.
enum class PrintResult : std::uint8_t {
  printed,  ///< the printer itself said that the cut was processed, and reported no fault
  sent,     ///< every byte left, and this printer cannot confirm
  failed,   ///< not one byte left, or the printer said why it did not print: no paper came out
  unknown,  ///< bytes left and no answer decides; a person must look
  voided    ///< bytes left, and the printer said that it threw away what it had not printed: hardly a whole
            ///< ticket comes out, and what comes next of it is a copy
};

/// One job from its first byte until the printer is free of it.
///
/// The result is one thing, and told as soon as it is certain; what the printer still holds is another, and
/// the run goes on until that is out: the rest of a ticket that waits for paper, or a torn piece, which is
/// cut off so that the next ticket does not begin on it. Between the result and is_settled() no job may
/// begin.
///
/// It is told what is heard; it asks for nothing by itself but fences. Owned by the ticket printer.
class PrintRun : public std::enable_shared_from_this<PrintRun> {
 public:
  struct Job {
    std::uint64_t number = 0;  ///< ascending
    escpos::Bytes bytes;
    std::vector<std::uint32_t> seams;  ///< where one command has ended and the next has not begun
    link::Duration time{};             ///< the longest that it takes on a printer that is well
  };
  /// What a run works with; all of it outlives the run.
  struct Means {
    link::Executor& executor;
    link::ByteLink& link;
    FenceBook& fences;
    const Profile& profile;
    bool has_status = false;     ///< the printer says how it is when it is asked
    std::function<void()> look;  ///< asks how the printer is from now on; looked() answers, in a later turn
  };
  struct Ending {
    PrintResult result = PrintResult::unknown;
    std::string reason;
    bool may_be_proven = false;  ///< unknown only because an answer is missing
    bool by_own_fence = false;   ///< and bytes may have been lost: no later job's fence proves it
  };

  PrintRun(Means means, Job job, std::function<void(Ending)> ended, std::function<void()> settled);
  ~PrintRun() = default;
  PrintRun(const PrintRun&) = delete;
  PrintRun& operator=(const PrintRun&) = delete;

  /// Sends the first bytes, at once.
  void begin();
  /// There is no job: part of an earlier one may be in the printer. Nothing but `settled` comes of it.
  void begin_torn();
  /// There is no job: answers to an earlier life's fences may still come. Nothing but `settled` comes of it.
  void begin_sync();
  /// What completes any command of ours that the printer may be in the middle of; before anything else that
  /// is sent to it then, or the questions become that command's parameters. Where it is not in the middle of
  /// anything, a printer takes no notice of NUL.
  static escpos::Bytes completion();
  /// The most bytes of a job that are sent at once, between two questions.
  static std::size_t largest_piece(const std::vector<std::uint32_t>& seams, const link::ByteLink& link);

  // --- what is heard ---
  /// A fence of this run was answered. `skipped`: and one before it was not, as if the printer had forgotten
  /// all that stood before that.
  void fence(bool skipped);
  void stray();  ///< something was answered that nobody asked for
  void condition(const escpos::Condition& condition);
  /// The answer to Means::look; nullopt: there was none.
  void looked(const std::optional<escpos::Condition>& condition);
  void cleared();  ///< the printer has emptied its buffers
  /// Answers were lost: for all that is known the printer was without power meanwhile.
  void doubt();
  void lost(std::string_view reason);  ///< the link
  void silent() { is_well_ = false; }  ///< it does not say how it is
  /// The link is there again, and the printer cannot say how it is.
  void is_back();

  std::uint64_t number() const { return job_.number; }
  bool has_ended() const { return ended_ == nullptr; }
  bool is_settled() const { return place_ == Place::settled; }
  /// Part of a job may be in the printer, up to the middle of a command.
  bool is_torn() const { return place_ == Place::waiting; }
  /// It waits for a fence that does not come from a printer that says that it is well.
  bool is_unanswered() const { return place_ == Place::lingering && unanswered_ > 2; }

 private:
  enum class Place : std::uint8_t {
    printing,   ///< bytes are on their way, or the fence behind them is awaited
    checking,   ///< it came; was there a fault before it?
    clearing,   ///< the printer was told to forget what it has
    lingering,  ///< the result is told; the job, or an answer, is still in the printer
    waiting,    ///< a torn piece is in the printer, which is not fit to cut it off
    ejecting,   ///< it is being cut off
    settled
  };
  bool is_open() const { return ended_ != nullptr; }
  bool all_sent() const { return next_ == job_.bytes.size(); }
  void send_next();
  void sent(link::Status status);
  void ask_fence();
  void fault(const escpos::Condition& condition);
  void clear(std::string reason);
  void overdue();
  void check();
  void end(PrintResult result, std::string reason);
  void end(Ending ending);
  void linger();
  void linger_on();
  void quiet();
  void await_ejection();
  void eject();
  void not_ejected();
  void settle();

  Means means_;
  Job job_;
  std::function<void(Ending)> ended_;
  std::function<void()> settled_;
  link::Timer deadline_;
  Place place_ = Place::printing;
  unsigned pieces_ = 0;      ///< handed to the link
  std::size_t next_ = 0;     ///< of the bytes: the first that was not handed to the link
  bool is_stopped_ = false;  ///< the rest of the job is not sent any more
  bool asked_again_ = false;
  bool only_waits_ = false;     ///< for old answers: there was nothing to cut off
  bool must_be_quiet_ = false;  ///< answers may come that are not in the book
  bool is_well_ = true;         ///< the last that was heard of the printer
  bool jammed_ = false;         ///< the knife: its recovery must be asked for
  std::string clear_reason_;    ///< why the buffers are being cleared
  unsigned tries_ = 0;          ///< of what `place_` says
  unsigned unanswered_ = 0;     ///< fences, of a printer that is well
  link::MonoTime check_by_{};   ///< checking
};

}  // namespace lobby::printer
