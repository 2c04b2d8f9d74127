#include "tests/printing_proof/proving.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "tests/fakes/virtual_executor.hpp"
#include "tests/printing_proof/house.hpp"
#include "tests/printing_proof/judge.hpp"

namespace lobby::proof {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using What = Act::What;

/// Does anything that the printer says of its state come late, wrong or not at all?
bool is_deaf(const Mangling& mangling) {
  auto odds = mangling.status;
  odds.duplicate = odds.reorder = 0;
  return odds.any();
}

bool is_forged(const Mangling& mangling, const printer::Profile& profile) {
  auto odds = mangling.in_order;
  odds.drop = odds.delay = odds.reorder = 0;
  const bool anonymous = profile.confirm == printer::Profile::Confirm::in_order_status ||
                         profile.confirm == printer::Profile::Confirm::esc_v;
  return (anonymous && odds.any()) || mangling.other.any();
}

class World {
 public:
  World(const Case& one, bool traced)
      : case_(one),
        traced_(traced),
        variant_(variants()[one.variant]),
        cable_(std::make_shared<Cable>(executor_, wire(), one.mangling, one.seed)),
        printer_(executor_, traits(),
                 [this](PaperPrinter::Answers kind, Bytes bytes) { cable_->answer(kind, std::move(bytes)); }),
        judge_(printer_, is_deaf(one.mangling), is_forged(one.mangling, variant_.profile), verdict_) {
    cable_->plug(printer_);
    cable_->on_job_byte = [this](std::uint64_t byte) { byte_came(byte); };
    if (traced_) {
      cable_->trace = printer_.trace = [this](const std::string& text) { note(text); };
    }
    printer_.cut_off = [this](std::size_t at) { piece_came(at); };
  }

  ~World() {
    kill();
    cable_->end();
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Verdict run() {
    begin_life();
    for (const auto& act : case_.acts) {
      if (act.byte == 0) {
        executor_.after(act.at, [this, act] { happen(act); });
      } else {
        by_byte_.push_back(act);
      }
    }
    live(most_trouble, [this] { return by_byte_.empty() && happened_ == case_.acts.size() && is_quiet(); });
    heal();
    live(seconds(90), [this] { return is_quiet(); });
    press_once_more();
    judge_.close();
    verdict_.job_bytes = cable_->job_bytes();
    verdict_.answers = cable_->answers();
    verdict_.dots = printer_.dots_moved();
    return std::move(verdict_);
  }

 private:
  static constexpr Duration most_trouble = seconds(60);
  static constexpr Duration step = milliseconds(500);
  static constexpr Duration quiet_for = seconds(3);

  WireKind wire() const {
    auto kind = variant_.wire;
    kind.outlives = case_.outlives;
    return kind;
  }
  Traits traits() const {
    auto made = variant_.traits;
    made.begins_line_again = case_.begins_line_again;
    return made;
  }

  // --- lives ---
  void begin_life() {
    if (life_) {
      return;
    }
    ++verdict_.lives;
    note("a life begins");
    loops_.push_back(std::make_unique<LifeExecutor>(executor_));
    Life::Options options;
    options.profile = variant_.profile;
    options.commit = case_.commit;
    options.flow_bytes = variant_.wire.flow_bytes;
    options.shipped_paper = variant_.shipped_paper;
    options.durable = [this](const hall::Event& event) {
      if (traced_) {
        note("journal: " + words_of(event));
      }
      judge_.take(event);
    };
    life_ = std::make_unique<Life>(*loops_.back(), journal_, *cable_, std::move(options));
  }

  void kill() {
    if (life_) {
      note("kill -9");
      loops_.back()->die();
      cable_->program_killed();
      life_.reset();
    }
  }

  // --- time ---
  void live(Duration at_most, const std::function<bool()>& enough) {
    Duration quiet{};
    for (Duration gone{}; gone < at_most && quiet < quiet_for; gone += step) {
      executor_.run_for(step);
      staff();
      quiet = enough() ? quiet + step : Duration{};
    }
  }
  bool is_quiet() const {
    return life_ && !printer_.is_busy() && troubles_ == 0 &&
           std::none_of(life_->state().tickets.begin(), life_->state().tickets.end(),
                        [this](const hall::Ticket& ticket) {
                          const bool copy_due =
                              ticket.print == hall::PrintState::unknown && ticket.copies < case_.reprints;
                          return ticket.print_due || ticket.print == hall::PrintState::sending || copy_due;
                        });
  }

  /// Looks at the list of unknown prints every now and then.
  void staff() {
    constexpr unsigned looks_every = 6;
    if (++steps_ % looks_every != 0 || !life_ || !staff_is_there_) {
      return;
    }
    const auto tickets = life_->state().tickets;
    for (const auto& ticket : tickets) {
      if (ticket.print == hall::PrintState::unknown && !ticket.print_due && ticket.copies < case_.reprints) {
        life_->reprint(ticket.id);
      }
    }
  }

  void byte_came(std::uint64_t byte) {
    for (auto it = by_byte_.begin(); it != by_byte_.end();) {
      if (it->byte <= byte) {
        executor_.after(it->at, [this, act = *it] { happen(act); });
        it = by_byte_.erase(it);
      } else {
        ++it;
      }
    }
  }

  void happen(const Act& act) {
    ++happened_;
    switch (act.what) {
      case What::press:
        if (life_) {
          note("somebody presses");
          life_->press(act.n == 2 ? "k2" : "k1");
        }
        return;
      case What::kill:
        kill();
        later(act.span, [this] { begin_life(); });
        return;
      case What::power:
        printer_.power_cycle();
        if (variant_.wire.sees_power) {
          cable_->lose(milliseconds(10));
        }
        return;
      case What::lose:
        cable_->lose(act.span);
        return;
      case What::paper:
        printer_.paper_ends_after(act.n);
        new_paper_after_ = act.span;
        wait_for_paper_out();
        return;
      case What::cover:
        printer_.cover(true);
        later(act.span, [this] { mend([this] { printer_.cover(false); }); });
        return;
      case What::jam:
        printer_.jam_next_cut();
        later(act.span, [this] { mend([this] { printer_.free_knife(); }); });
        return;
      case What::freeze:
        printer_.freeze(true);
        later(act.span, [this] { printer_.freeze(false); });
        return;
      case What::settle:
        settle_all(act.n == 1);
        return;
    }
  }

  void later(Duration span, std::function<void()> work) {
    ++troubles_;
    executor_.after(span, [this, work = std::move(work)] {
      --troubles_;
      work();
    });
  }

  /// A person mends what he was told of: a fault that begins and ends while nobody could be told is one that
  /// no daemon can know.
  void mend(const std::function<void()>& work) {
    constexpr Duration told_within = milliseconds(2500);
    const auto since = cable_->up_since();
    if (!since || executor_.now() - *since < told_within || printer_.is_frozen()) {
      judge_.blind();
    }
    work();
  }

  void wait_for_paper_out() {
    constexpr Duration looks = milliseconds(100);
    executor_.after(looks, [this] {
      if (printer_.paper_out()) {
        later(new_paper_after_, [this] { mend([this] { printer_.reload(); }); });
      } else if (!healed_) {
        wait_for_paper_out();
      }
    });
  }

  void settle_all(bool printed) {
    if (life_) {
      const auto tickets = life_->state().tickets;
      for (const auto& ticket : tickets) {
        if (ticket.print == hall::PrintState::unknown && !ticket.print_due) {
          life_->settle(ticket.id, printed);
        }
      }
    }
  }

  void heal() {
    note("all is mended");
    healed_ = true;
    by_byte_.clear();
    cable_->heal();
    executor_.run_for(seconds(5));  // what was on its way
    begin_life();
    printer_.reload();
    printer_.free_knife();
  }

  /// Whatever happened, it prints again, and says so: not one of three people who come later goes without.
  void press_once_more() {
    staff_is_there_ = false;
    for (int people = 0; people < 3; ++people) {
      const auto before = life_->state().tickets.size();
      life_->press("k1");
      live(seconds(40), [this] { return is_quiet(); });
      const auto& tickets = life_->state().tickets;
      if (tickets.size() > before && is_settled(tickets.back().print)) {
        return;
      }
      executor_.run_for(seconds(10));
    }
    verdict_.broken.emplace_back("later people get no ticket that is proven");
  }
  bool is_settled(hall::PrintState print) const {
    const bool cannot_prove = variant_.profile.confirm == printer::Profile::Confirm::none;
    return print == hall::PrintState::printed || print == hall::PrintState::taken ||
           (cannot_prove && print == hall::PrintState::sent);
  }

  void piece_came(std::size_t at) {
    const auto& piece = printer_.pieces()[at];
    if (traced_) {
      std::string text = piece.cut ? "PAPER cut:" : "PAPER torn off:";
      for (const auto& reading : read(piece)) {
        text += " " + reading.number + (reading.copy > 0 ? " copy " + std::to_string(reading.copy) : "") +
                (reading.whole ? " whole" : " in part");
      }
      note(text);
    }
    if (piece.where == Piece::Where::in_outlet) {
      constexpr Duration takes = seconds(2);
      executor_.after(takes, [this] { printer_.take_ticket(); });
    }
  }

  static std::string words_of(const hall::Event& event) {
    std::string text(hall::type_of(event));
    std::visit(
        [&](const auto& body) {
          if constexpr (requires { body.number; }) {
            text += " " + body.number;
          }
          if constexpr (requires { body.copy; }) {
            text += " copy " + std::to_string(body.copy);
          }
          if constexpr (requires { body.reason; }) {
            text += body.reason.empty() ? "" : " (" + body.reason + ")";
          }
        },
        event.body);
    return text;
  }

  void note(const std::string& text) {
    if (traced_) {
      const auto ms = executor_.now().time_since_epoch().count() / 1'000'000;
      verdict_.trace += std::to_string(ms) + " ms  " + text + "\n";
    }
  }

  const Case& case_;
  const bool traced_;
  const Variant& variant_;
  Verdict verdict_;
  std::vector<std::unique_ptr<LifeExecutor>> loops_;  ///< what a life left behind may still look at its own
  fakes::VirtualExecutor executor_;
  std::shared_ptr<Cable> cable_;
  PaperPrinter printer_;
  Journal journal_;
  Judge judge_;
  std::unique_ptr<Life> life_;
  std::vector<Act> by_byte_;
  std::size_t happened_ = 0;
  int troubles_ = 0;
  unsigned steps_ = 0;
  Duration new_paper_after_{};
  bool healed_ = false, staff_is_there_ = true;
};

}  // namespace

Verdict run(const Case& one, bool traced) {
  World world(one, traced);
  return world.run();
}

}  // namespace lobby::proof
