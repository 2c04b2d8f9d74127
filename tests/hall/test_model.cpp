#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <type_traits>

#include "tests/hall/a_hall.hpp"
#include "tests/hall/crowd.hpp"
#include "tests/hall/model.hpp"

namespace model_tests {

using namespace lobby::hall;
using testing::Model;

namespace {

/// An event as the model writes it: every field that a journal line would carry.
class Line {
 public:
  static std::string of(const Event& event) {
    Line line;
    std::visit(
        [&](const auto& body) {
          using Kind = std::remove_cvref_t<decltype(body)>;
          line.text_ = Kind::type;
          Kind::fields(body, [&](std::string_view name, const auto& value) { line.add(name, value); });
        },
        event.body);
    return line.text_;
  }

 private:
  template <class T>
  void add(std::string_view name, const T& value) {
    // How fast people are served is no rule; the model keeps no watch.
    if (name == "paces" || name == "gap_ms") {
      return;
    }
    const std::string text = words(value);
    if (!text.empty()) {
      text_ += " " + std::string{name} + "=" + text;
    }
  }
  static std::string words(const std::string& value) { return value; }
  static std::string words(const Emergency& value) { return value.text; }
  static std::string words(const CatalogueWatch& value) { return value.mark; }
  static std::string words(Date value) { return to_text(value); }
  static std::string words(Instant value) { return to_text(value); }
  template <std::integral T>
  static std::string words(T value) {
    return std::to_string(value);
  }
  template <Word E>
  static std::string words(E value) {
    return std::string{to_text(value)};
  }
  template <class Tag, class Rep>
  static std::string words(const Id<Tag, Rep>& id) {
    return words(id.value);
  }
  template <class T>
  static std::string words(const std::optional<T>& value) {
    return value ? words(*value) : "";
  }
  template <class T>
  static std::string words(const std::vector<T>& list) {
    std::string text;
    for (const T& item : list) {
      if constexpr (requires { T::fields(item, [](std::string_view, const auto&) {}); }) {
        Line inner;
        T::fields(item, [&](std::string_view name, const auto& value) { inner.add(name, value); });
        text += "{" + inner.text_.substr(1) + "}";
      } else {
        text += (text.empty() ? "" : ",") + words(item);
      }
    }
    return text;
  }

  std::string text_;
};

/// The hall and the model side by side, and everything that was ever recorded.
class Trial {
 public:
  explicit Trial(std::uint64_t seed)
      : site_(testing::a_tight_site()), model_(site_), crowd_(seed), kept_(encode(State{})) {}

  /// Every invariant that `step` can see; false ends the trial.
  bool step() {
    const Instant now = crowd_.time();
    if (day_is_due(state_, now) != model_.day_is_due(now)) {
      return fail("due", "the model and the hall disagree on the day");
    }
    // Now and then the day is not turned first, as the caller should.
    if (model_.day_is_due(now) && !crowd_.chance(30) && !give(TurnDay{}, now)) {
      return false;
    }
    return give(crowd_.next(model_), now);
  }

  bool same_everywhere() {
    for (const auto& person : model_.people) {
      const Ticket* ticket = state_.find(TicketId{person.id});
      if (ticket == nullptr || !same(person, ticket_view(site_, state_, *ticket), *ticket)) {
        return fail("ticket " + std::to_string(person.id), "differs from the model");
      }
    }
    const HallView view = hall_view(site_, state_, now_);
    for (const ServiceView& service : view.services) {
      if (service.kind != ServiceKind::tenant && service.waiting != model_.queue(service.id.value).size()) {
        return fail("service " + service.id.value, "has another queue");
      }
    }
    for (const WindowView& window : view.windows) {
      if (!same(model_.desks[window.id.value], window)) {
        return fail("window " + window.id.value, "differs from the model");
      }
    }
    return view.business_date == model_.date() && state_.tickets.size() == model_.people.size() &&
           state_.next_ticket.value == model_.next_id;
  }

  bool replays() const {
    State again;
    for (const Event& event : journal_) {
      apply(again, event);
    }
    return encode(again) == encode(state_);
  }

  /// The last kept bytes and the tail since give the same bytes as never having stopped.
  bool restarts() {
    auto again = decode(kept_);
    if (!again || encode(*again) != kept_) {
      return false;
    }
    for (std::size_t i = kept_at_; i < journal_.size(); ++i) {
      apply(*again, journal_[i]);
    }
    kept_ = encode(state_);
    kept_at_ = journal_.size();
    return encode(*again) == kept_;
  }

  std::size_t events() const { return journal_.size(); }
  const std::map<std::string, std::size_t>& seen() const { return seen_; }

 private:
  bool give(const Command& command, Instant now) {
    now_ = now;
    const auto expected = model_.answer(command, now);
    const Decision decision = decide(state_, site_, command, Context{.now = now, .by = "crowd"});
    std::vector<std::string> lines;
    if (const auto* refusal = std::get_if<Refusal>(&decision)) {
      lines.push_back("!" + std::string{to_text(refusal->code)});
      ++seen_[lines.back()];
    } else {
      for (const Event& event : std::get<std::vector<Event>>(decision)) {
        lines.push_back(Line::of(event));
        if (!record(event, now)) {
          return false;
        }
      }
    }
    for (std::size_t i = 0; i < std::max(lines.size(), expected.size()); ++i) {
      const std::string wanted = i < expected.size() ? expected[i] : "nothing";
      const std::string got = i < lines.size() ? lines[i] : "nothing";
      if (wanted != got) {
        return fail(wanted, got);
      }
    }
    return one_ticket_at_one_window();
  }

  bool record(const Event& event, Instant now) {
    if (event.seq != journal_.size() + 1 || event.at != now || event.by != "crowd") {
      return fail("event", "is numbered or stamped wrongly");
    }
    ++seen_[std::string{type_of(event)}];
    if (const auto* issued = std::get_if<TicketIssued>(&event.body); issued && !is_new(*issued)) {
      return fail("ticket " + issued->number, "repeats an id or a number, or leaves its range");
    }
    if (std::holds_alternative<DayOpened>(event.body)) {
      numbers_.clear();
      ended_.clear();
    }
    const auto id = ticket_of(event);
    const Ticket before = id && state_.find(*id) != nullptr ? *state_.find(*id) : Ticket{};
    const std::size_t steps_before = before.id == TicketId{} ? 0 : state_.steps_of(before.id).size();
    apply(state_, event);
    journal_.push_back(event);
    return !id || history_grows(before, *state_.find(*id), steps_before);
  }

  bool is_new(const TicketIssued& issued) {
    const Service* service = site_.find(issued.package.value_or(issued.service));
    const bool in_range = issued.n >= service->first && issued.n <= service->last;
    const bool new_id = issued.ticket.value > last_id_;
    last_id_ = issued.ticket.value;
    return in_range && new_id && numbers_.insert(issued.number).second;
  }

  /// What is known of a ticket is never taken back, and what has ended stays so unless it was brought back.
  bool history_grows(const Ticket& before, const Ticket& after, std::size_t steps_before) {
    const std::size_t steps_after = state_.steps_of(after.id).size();
    const bool kept =
        before.id == TicketId{} ||
        (before.n == after.n && before.issued_ms == after.issued_ms && before.copies <= after.copies &&
         before.lane == after.lane && before.applicant == after.applicant &&
         before.reinstated <= after.reinstated && steps_before >= steps_after);
    const bool over = is_over(after.state);
    const bool brought_back = before.reinstated < after.reinstated || steps_before > steps_after;
    if (brought_back) {
      ended_.erase(after.id.value);
    }
    const auto [ended, is_first] = ended_.try_emplace(after.id.value, after.state);
    if (!over && is_first) {
      ended_.erase(ended);
      return kept || fail("ticket", "lost history");
    }
    return (kept && ended->second == after.state) || fail("ticket", "came back from its end");
  }

  bool one_ticket_at_one_window() {
    for (std::size_t i = 0; i < state_.windows.size(); ++i) {
      const TicketId id = state_.windows[i].ticket;
      const Ticket* ticket = state_.find(id);
      if (id == TicketId{}) {
        continue;
      }
      const bool there = ticket != nullptr && ticket->window == i &&
                         (ticket->state == TicketState::called || ticket->state == TicketState::serving);
      for (std::size_t other = 0; other < i; ++other) {
        if (!there || state_.windows[other].ticket == id) {
          return fail("window", "shares its ticket, or holds one that is elsewhere");
        }
      }
    }
    return true;
  }

  bool same(const Model::Person& person, const TicketView& view, const Ticket& ticket) {
    const auto ahead = person.state == "waiting" ? model_.ahead(person) : 0;
    return view.number == person.number && view.service.value == person.service &&
           to_text(view.state) == person.state && to_text(view.print) == person.print &&
           (view.printer ? view.printer->value : "") == person.printer && ticket.print_due == person.due &&
           view.copies == static_cast<std::uint32_t>(person.copies) && view.ahead == ahead &&
           (view.window ? view.window->value : "") == person.window;
  }

  static bool same(const Model::Desk& desk, const WindowView& view) {
    return to_text(view.state) == desk.state && view.clerk.value == desk.clerk &&
           view.message == desk.message && (view.ticket ? view.ticket->id.value : 0) == desk.person &&
           (view.walk_in ? view.walk_in->value : "") == desk.walk_in;
  }

  bool fail(const std::string& wanted, const std::string& got) {
    const std::string when = "event " + std::to_string(journal_.size() + 1) + " at " + to_text(now_);
    FAIL_CHECK(when << ": wanted `" << wanted << "`, got `" << got << "`");
    return false;
  }

  Site site_;
  Model model_;
  State state_;
  testing::Crowd crowd_;
  Instant now_;
  std::vector<Event> journal_;
  std::string kept_;
  std::size_t kept_at_ = 0;
  std::uint64_t last_id_ = 0;
  std::set<std::string> numbers_;
  std::map<std::uint64_t, TicketState> ended_;
  std::map<std::string, std::size_t> seen_;
};

std::uint64_t seed_of_today() {
  const char* given = std::getenv("LOBBY_SEED");
  return given == nullptr ? std::random_device{}() : std::strtoull(given, nullptr, 10);
}

}  // namespace

TEST_CASE("100,000 random commands against a plain model") {
  const std::uint64_t seed = seed_of_today();
  std::cout << "hall model: LOBBY_SEED=" << seed << std::endl;
  CAPTURE(seed);
  Trial trial(seed);
  for (int i = 1; i <= 100'000; ++i) {
    CAPTURE(i);
    REQUIRE(trial.step());
    if (i % 97 == 0) {
      REQUIRE(trial.same_everywhere());
    }
    if (i % 1'000 == 0) {
      REQUIRE(trial.restarts());
    }
    if (i % 20'000 == 0) {
      REQUIRE(trial.replays());
    }
  }
  std::string seen;
  for (const auto& [name, times] : trial.seen()) {
    seen += " " + name + "=" + std::to_string(times);
  }
  std::cout << "hall model: " << trial.events() << " events;" << seen << std::endl;
  for (const char* wanted : {"TicketIssued",
                             "TicketPrintStarted",
                             "TicketPrinted",
                             "TicketSent",
                             "TicketUnprinted",
                             "TicketPrintUnknown",
                             "TicketReprinted",
                             "TicketTaken",
                             "TicketRetracted",
                             "TicketCalled",
                             "TicketRecalled",
                             "CallShown",
                             "ServiceStarted",
                             "ServiceFinished",
                             "TicketHeld",
                             "TicketResumed",
                             "TicketTransferred",
                             "TicketReinstated",
                             "ServiceRated",
                             "AppointmentBooked",
                             "AppointmentCancelled",
                             "ApplicantBlocked",
                             "TenantReported",
                             "!forbidden",
                             "!not_found",
                             "!quota_reached",
                             "!already_has_ticket",
                             "!joint_only",
                             "!recall_too_soon",
                             "!already_rated",
                             "TicketNoShow",
                             "TicketCancelled",
                             "TicketExpired",
                             "WindowOpened",
                             "WindowClosed",
                             "WindowPaused",
                             "WindowResumed",
                             "HelpCalled",
                             "HelpEnded",
                             "DayOpened",
                             "DayClosed",
                             "ApprovalsAdvanced",
                             "BidsAdvanced",
                             "CatalogueAdvanced",
                             "DeviceChanged",
                             "AccountChanged",
                             "!bad_request",
                             "!unknown_service",
                             "!unknown_window",
                             "!unknown_ticket",
                             "!service_closed",
                             "!number_range_exhausted",
                             "!not_served_here",
                             "!nothing_waiting",
                             "!window_closed",
                             "!window_busy",
                             "!no_ticket_at_window",
                             "!wrong_state",
                             "!printer_unavailable"}) {
    CAPTURE(wanted);
    CHECK_MESSAGE(trial.seen().contains(wanted), "the crowd never got so far");
  }
}

}  // namespace model_tests
