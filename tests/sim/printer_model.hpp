#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/sim/escpos_tokens.hpp"
#include "tests/sim/faults.hpp"
#include "tests/sim/outlet.hpp"
#include "tests/sim/paper_path.hpp"
#include "tests/sim/printer_shape.hpp"
#include "tests/sim/printer_signs.hpp"

namespace lobby::sim {

/// A ticket printer without its plug: bytes go in, time passes, paper and answers come out. It prints at the
/// speed of a real head, dot row by dot row, keeps what it has not printed while paper, cover or knife stop
/// it, hears real-time commands at reception, in front of everything that waits, and answers a fence only
/// when everything before it is on the paper. Time is given; belongs to one thread at a time; a copy is
/// another printer in the same state.
///
/// A test drives it so, with any time of its own:
///
///     PrinterModel printer(PrinterModel::Shape{});
///     TimePoint now{};
///     printer.receive(bytes, now);                    // as they arrive, one by one or in portions
///     while (const auto next = printer.next(now)) {   // nullopt: only bytes or a fault change anything
///       now = *next;
///       printer.advance(now);
///       deliver(printer.take_answers(now));           // what goes back to the host by now
///     }
///     printer.sheets(), printer.torn(), printer.hanging();
///
/// The roll's end at a dot row: end_roll_in(rows), later reload(). Power: inject(Fault::power_cycle, …). A
/// presenter's ticket: outlet(), take().
class PrinterModel {
 public:
  using Shape = PrinterShape;
  using Finished = FinishedSheet;

  explicit PrinterModel(Shape shape);

  // --- the wire ---
  void receive(std::span<const std::uint8_t> bytes, TimePoint now);
  /// Works off what there was time for since the last call.
  void advance(TimePoint now);
  /// When advance() or take_answers() will have something to do; nullopt: only bytes or a fault change it.
  std::optional<TimePoint> next(TimePoint now) const;
  /// Bytes that go back to the host by now.
  std::vector<std::uint8_t> take_answers(TimePoint now);
  /// Free bytes of the receive buffer; 0 also while the printer hangs. What comes beyond is lost and counted.
  std::size_t room() const;
  /// XOFF was said last.
  bool is_holding_off() const { return held_off_; }
  /// Deaf and mute since power came back.
  bool is_booting() const { return booting_until_.has_value(); }

  // --- what happens to it ---
  void inject(Fault fault, milliseconds slow_by, TimePoint now);
  void clear(std::optional<Fault> fault, TimePoint now);
  const FaultSet& faults() const { return faults_; }
  /// How Fault::lie lies.
  enum class Lie : std::uint8_t {
    done,     ///< confirms everything at once and prints nothing
    later,    ///< prints, but confirms with an id that comes after the one it was given
    earlier,  ///< … that comes before
    status    ///< prints, but says that nothing is wrong, whatever is
  };
  void lie_by(Lie lie) { lie_ = lie; }
  /// The paper ends so many dot rows further on; nullopt: it does not end. To be called between advances.
  void end_roll_in(std::optional<int> rows) { paper_.set_left(rows); }
  /// Somebody puts a roll in and closes the cover. The old paper comes away, see torn().
  void reload(std::optional<int> rows, TimePoint now);
  /// Somebody takes the ticket from the outlet; false: there is none.
  bool take(TimePoint now);

  // --- what is seen of it ---
  /// The cut ones. A ticket that was printed on over a roll's end has its upper part in torn().
  const std::deque<Finished>& sheets() const { return paper_.sheets(); }
  std::uint64_t sheet_count() const { return paper_.sheet_count(); }
  const std::deque<Finished>& torn() const { return paper_.torn(); }
  /// What hangs out of the printer, not cut yet, as of the last advance() or fault.
  Sheet hanging() const { return paper_.hanging(); }
  const Outlet& outlet() const { return outlet_; }
  /// idle, printing, booting, paper_out, cover_open, cutter, jam, hot, broken, frozen
  std::string_view state(TimePoint now) const;
  /// Bytes that wait in the receive buffer.
  std::size_t waiting() const { return buffer_.size(); }

  struct Counts {
    std::uint64_t bytes = 0, lost = 0, resets = 0, ignored_cuts = 0, answers = 0, clears = 0;
  };
  const Counts& counts() const { return counts_; }
  const std::set<std::string>& not_understood() const { return not_understood_; }
  const Shape& shape() const { return shape_; }

 private:
  struct Style {
    std::uint8_t width_scale = 1, height_scale = 1, align = 0;
    bool bold = false, underline = false, reverse = false;
    int spacing = 30, left = 0, width = 0;  ///< width 0: all of the paper
  };
  struct Answer {
    TimePoint due;
    std::vector<std::uint8_t> bytes;
  };
  /// Something that takes time. `row` passes the head, or nothing does and `time` passes.
  struct Move {
    enum class Kind : std::uint8_t { paper, knife, present, retract } kind = Kind::paper;
    PrintedRow row;  ///< its height is the number of dot rows
    milliseconds time{0};
    int done = 0;  ///< dot rows that have passed before `began`
    std::optional<TimePoint> began;
  };

  // reception
  void take_in(std::uint8_t byte, TimePoint now);
  void store(std::uint8_t byte, TimePoint now);
  void real_time(const EscposToken& token, TimePoint now);
  void answer_real_time_status(const EscposToken& token, TimePoint now);
  void recover(TimePoint now);
  /// Receive buffer, print buffer, the command in progress: gone. The paper stays where it is.
  void drop_buffers(TimePoint now);

  // the machine
  void run(TimePoint now);
  bool work_on(TimePoint now);
  void next_byte();
  TimePoint end_of(const Move& move) const;
  int reach_of(const Move& move) const;
  void pause(TimePoint now);
  bool is_stopped() const;
  void finish_move();
  void power_cycle(TimePoint now);
  void boot(TimePoint now);

  // commands in their order
  void execute(const EscposToken& token);
  void execute_esc(const EscposToken& token);
  void execute_style(const EscposToken& token);
  void execute_gs(const EscposToken& token);
  bool execute_vendor(const EscposToken& token);
  bool execute_custom(const EscposToken& token);
  bool execute_presenter(const EscposToken& token);
  void function(const EscposToken& token);
  void process_id(const EscposToken& token);
  void print_mode(std::uint8_t n);
  void put(const EscposToken& token);
  void add_ink(Ink ink);
  void end_row(int spacing);
  void jump_to(int dots);
  void feed_paper(int dots);
  void print_row(PrintedRow row);
  void raster(const EscposToken& token);
  void bit_image(const EscposToken& token);
  void own_character(const EscposToken& token);
  void symbol(const EscposToken& token);
  void stored_picture(const EscposToken& token);
  void print_image(display::Bitmap image, std::string symbol);
  void cut(const EscposToken& token);
  void move(Move::Kind kind, milliseconds time);
  void not_known(std::string command);
  bool has_in_font(const EscposToken& token) const;
  int line_width() const;
  int area() const;

  // what it says
  void information(std::uint8_t n);
  void answer(std::vector<std::uint8_t> bytes, TimePoint now);
  void say_flow(std::uint8_t byte, TimePoint now);
  PrinterSigns signs() const;
  void note_status(TimePoint now);
  void report_by_itself(std::uint8_t categories, TimePoint now);
  std::vector<std::uint8_t> automatic_frame() const;

  Shape shape_;
  FaultSet faults_;
  Lie lie_ = Lie::done;

  EscposTokens heard_{false};  ///< follows all that comes, to hear real-time commands
  std::vector<EscposToken> scratch_;
  std::vector<std::uint8_t> held_;   ///< of a DLE sequence that is not whole
  std::deque<std::uint8_t> buffer_;  ///< receive buffer
  std::deque<std::uint8_t> deaf_;    ///< came while the printer hung
  bool held_off_ = false;
  std::optional<TimePoint> booting_until_;
  TimePoint clearing_until_{};

  EscposTokens tokens_;
  std::deque<Move> moves_;
  TimePoint clock_{};   ///< up to here the machine has worked
  bool stuck_ = false;  ///< the knife did not come back, and nobody has said to go on
  bool printing_ = false;

  std::uint8_t automatic_ = 0;             ///< categories of GS a; 0: it does not report by itself
  std::optional<std::uint8_t> full_mask_;  ///< of GS E0
  std::vector<std::uint8_t> reported_;     ///< what of the signs was reported last
  std::uint8_t offline_responses_ = 0;     ///< GS ( H fn 49
  bool was_offline_ = false;

  struct Symbol {
    int module = 3;
    std::uint8_t level = '0';
    std::string data;
  };

  Style style_;
  Symbol symbol_;
  display::Bitmap stored_{0, 0};
  std::map<std::vector<std::uint8_t>, display::Bitmap> own_characters_;
  std::vector<Ink> line_;
  std::uint64_t rows_begun_ = 0;
  PaperPath paper_;
  Outlet outlet_;

  std::deque<Answer> answers_;
  Counts counts_;
  std::set<std::string> not_understood_;
  std::uint32_t noise_ = 0x2545F491;
};

}  // namespace lobby::sim
