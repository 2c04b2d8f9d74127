#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <type_traits>

#include "tests/hall/a_hall.hpp"
#include "tests/hall/model.hpp"

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
    const std::string text = words(value);
    if (!text.empty()) {
      text_ += " " + std::string{name} + "=" + text;
    }
  }
  static std::string words(const std::string& value) { return value; }
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

Site a_tight_site() {
  Site site;
  site.services = {testing::a_service("s1", "A", 1, 25),      testing::a_service("s2", "A", 1, 25),
                   testing::a_service("s3", "A", 26, 40),     testing::a_service("s4", "", 998, 1100),
                   testing::a_service("s5", "B", 1001, 1012), testing::a_service("s6", "B1", 1, 9),
                   testing::a_service("joint", "J", 1, 99),   testing::a_service("complaint", "U", 1, 99),
                   testing::a_service("quota", "Q", 1, 99),   testing::a_service("single", "O", 1, 99),
                   testing::a_service("chain", "P", 1, 99),   testing::a_service("tour", "T", 1, 99),
                   testing::a_service("slots", "L", 1, 99),   testing::a_service("collect", "C", 1, 40),
                   testing::a_service("tenant", "X", 1, 99)};
  const auto service = [&](const char* id) -> Service& {
    return *std::find_if(site.services.begin(), site.services.end(),
                         [&](const Service& one) { return one.id.value == id; });
  };
  service("s3").hours[2] = {};
  service("joint").kind = ServiceKind::joint;
  service("joint").joint_category = "build";
  service("complaint").kind = ServiceKind::complaint;
  service("quota").quota_day = 12;
  service("quota").quota_slot = 3;
  service("quota").quota_slot_min = 60;
  service("quota").last_issue_before_min = 30;
  service("quota").extended[5] = {{10 * 60, 11 * 60}};
  service("single").one_per_person = true;
  service("chain").steps = {{"s1"}, {"s4"}, {"s3"}};
  service("tour").steps = {{"s4"}, {"s1"}, {"s6"}, {"s2"}};
  service("tour").steps_in_any_order = true;
  service("slots").slots = {.hours = {{9 * 60, 12 * 60}}, .every_min = 30, .capacity = 2};
  service("collect").kind = ServiceKind::collect;
  service("tenant").kind = ServiceKind::tenant;
  site.windows = {testing::a_window("w1", 1, {{"s1"}, {"s2"}, {"complaint"}, {"slots"}}),
                  testing::a_window("w2", 2, {{"s3"}, {"joint"}, {"collect"}, {"quota"}}),
                  testing::a_window("w3", 3, {{"s4"}, {"s1"}, {"s6"}, {"joint"}, {"slots"}}),
                  testing::a_window("w4", 4, {{"s1"}, {"s2"}, {"s3"}, {"s4"}, {"s5"}, {"s6"}, {"single"}}),
                  testing::a_window("w5", 5, {})};
  site.windows[2].joint_categories = {"build"};
  site.windows[0].backups = {{"c2"}};
  site.windows[3].profile = "mixed";
  site.profiles = {{.id = "mixed",
                    .conditions = {{.choice = {.services = {{"s4"}}, .lanes = {}}, .waited_s = 90}},
                    .turns = {{.choice = {.services = {{"s1"}}, .lanes = {}}, .calls = 2},
                              {.choice = {.services = {}, .lanes = {Lane::elderly}}, .calls = 1}}}};
  site.lanes.anyone_after_s = 600;
  site.lanes.exempt = {Lane::green};
  site.lanes.complaint_exempt = true;
  site.rules.recall_limit = 2;
  site.rules.recall_least_s = 60;
  site.rules.reinstate_within_s = 900;
  site.rules.agent_limit = 2;
  site.rules.expire_at_min = 17 * 60 + 30;
  site.rules.late_is_ordinary = true;
  site.kiosks = {{.id = {"k1"}, .name = "1", .zone = {}, .printer = {"p1"}},
                 {.id = {"k2"}, .name = "2", .zone = {}, .printer = {"p2"}},
                 {.id = {"k3"}, .name = "3", .zone = {}, .printer = {}}};
  return site;
}

/// Commands at random, most of them possible, some of them not.
class Crowd {
 public:
  explicit Crowd(std::uint64_t seed) : random_(seed) {}

  std::size_t up_to(std::size_t n) { return random_() % n; }
  bool chance(unsigned percent) { return random_() % 100 < percent; }

  Command next(const Model& model) {
    const std::size_t dice = up_to(100);
    if (dice < 26) {
      return issue(model);
    }
    if (dice < 68) {
      return at_window(model);
    }
    if (dice < 82) {
      return print(model);
    }
    return dice < 90 ? known(model) : other(model);
  }

  /// Time goes on, mostly; sometimes the clock is wrong for a while, and nights pass.
  Instant time() {
    true_ms_ += static_cast<std::int64_t>(up_to(40'000));
    const std::size_t dice = up_to(4000);
    if (dice < 6) {
      wrong_ms_ = -static_cast<std::int64_t>(up_to(5 * day_ms));
    } else if (dice < 20) {
      wrong_ms_ = -static_cast<std::int64_t>(up_to(200'000));
    } else if (dice < 24) {
      wrong_ms_ = static_cast<std::int64_t>(up_to(3'600'000));
    } else if (dice < 80) {
      wrong_ms_ = 0;
    } else if (dice < 88) {
      const std::int64_t to_midnight = day_ms - (true_ms_ + offset_ms) % day_ms;
      const std::int64_t opening = chance(20) ? 0 : 9 * 3'600'000;
      true_ms_ += to_midnight + opening + static_cast<std::int64_t>(up_to(1'800'000));
    }
    return {.utc_ms = true_ms_ + wrong_ms_, .offset_min = 480};
  }

 private:
  static constexpr std::int64_t day_ms = 86'400'000;
  static constexpr std::int64_t offset_ms = 8 * 3'600'000;

  std::string pick(std::vector<std::string> words) { return words[up_to(words.size())]; }
  std::string window() { return chance(1) ? "w9" : "w" + std::to_string(1 + up_to(5)); }
  TicketId ticket(const Model& model) {
    if (model.people.empty() || chance(3)) {
      return {up_to(model.next_id + 2)};
    }
    // Prefer the newest: most of the others are over.
    const std::size_t back = up_to(std::min<std::size_t>(model.people.size(), chance(50) ? 6 : 1000));
    return {model.people[model.people.size() - 1 - back].id};
  }
  DeviceId printer_of(const Model& model, TicketId id) {
    for (const auto& person : model.people) {
      if (person.id == id.value && !person.printer.empty() && !chance(2)) {
        return {person.printer};
      }
    }
    return {pick({"p1", "p2"})};
  }

  std::string service() {
    static const std::vector<std::string> others{"joint", "complaint", "quota",  "single", "chain",
                                                 "tour",  "slots",     "tenant", "s9",     "collect"};
    return chance(60) ? "s" + std::to_string(1 + up_to(6)) : pick(others);
  }

  Command issue(const Model& model) {
    IssueTicket command{.service = {service()},
                        .lane = static_cast<Lane>(chance(60) ? 0 : up_to(10)),
                        .kiosk = {},
                        .language = pick({"", "zh", "en"})};
    if (chance(70)) {
      command.kiosk = KioskId{chance(1) ? "k9" : "k" + std::to_string(1 + up_to(3))};
    }
    if (command.lane == Lane::agent || command.service.value == "single" || chance(10)) {
      command.applicant = {up_to(6)};
    }
    if (command.lane == Lane::green ? !chance(10) : chance(1)) {
      command.green_type = static_cast<std::uint32_t>(chance(95) ? 1 + up_to(5) : up_to(9));
      command.granted_by = pick({"chief", "chief", "chief", ""});
      command.kiosk = chance(80) ? std::nullopt : command.kiosk;
    }
    if (command.service.value == "slots" && chance(60) && !model.bookings.empty()) {
      command.appointment = model.bookings[up_to(model.bookings.size())].code;
    }
    if (chance(4)) {
      command.notice_slip_no = pick({"N1", "N2"});
      command.service = {model.slips.empty() ? "s1" : model.slips[up_to(model.slips.size())].service};
    }
    return command;
  }

  Command known(const Model& model) {
    switch (up_to(7)) {
      case 0:
      case 1:
      case 2: {
        const Date today = local_date(Instant{true_ms_, 480});
        const int minute = static_cast<int>(chance(95) ? 9 * 60 + 30 * up_to(6) : up_to(1440));
        return BookAppointment{
            .service = {chance(95) ? "slots" : service()},
            .date = Date{today.days + static_cast<int>(up_to(chance(70) ? 2 : 10)) - (chance(5) ? 1 : 0)},
            .minute = minute,
            .applicant = {up_to(4)},
            .code = std::to_string(10'000 + up_to(500))};
      }
      case 3:
        return CancelAppointment{
            {model.bookings.empty() ? up_to(9) : model.bookings[up_to(model.bookings.size())].id}};
      case 4:
        return BlockApplicant{{up_to(8)},
                              Date{local_date(Instant{true_ms_, 480}).days + static_cast<int>(up_to(3)) - 1}};
      case 5:
        return ReportTenant{{chance(90) ? "tenant" : service()},
                            static_cast<std::uint32_t>(up_to(3)),
                            pick({"", "X7"}),
                            pick({"", "3"})};
      default:
        return ReinstateTicket{one_who(
            model, [](const Model::Person& person) { return person.state == "no_show" || person.notified; })};
    }
  }

  template <class Is>
  TicketId one_who(const Model& model, Is is) {
    for (const auto& person : model.people) {
      if (is(person) && chance(50)) {
        return {person.id};
      }
    }
    return ticket(model);
  }

  Command at_window(const Model& model) {
    const WindowId at{window()};
    switch (up_to(32)) {
      case 0:
      case 1:
      case 2:
        return CallNext{.window = at, .finish_first = false};
      case 3:
      case 4:
        return CallNext{.window = at, .finish_first = true};
      case 5:
        return CallTicket{.window = at, .ticket = ticket(model)};
      case 6:
        return RecallTicket{.window = at};
      case 7:
      case 8:
        return StartService{.window = at};
      case 9:
      case 10:
        return FinishService{.window = at,
                             .outcome = static_cast<Outcome>(up_to(5)),
                             .case_no = pick({"", "510682-9"}),
                             .notice_slip_no = pick({"", "N1"})};
      case 11:
        return MarkNoShow{.window = at, .reason = pick({"", "left"})};
      case 12:
        return PauseWindow{
            .window = at, .reason = "break", .message = pick({"", "稍候"}), .back_at = back_at()};
      case 13:
        return ResumeWindow{.window = at};
      case 14:
        return chance(40) ? Command{CloseWindow{.window = at}} : Command{ResumeWindow{.window = at}};
      case 15:
      case 16:
        return HoldTicket{.window = at, .kind = static_cast<HoldKind>(up_to(3))};
      case 17:
        return ResumeHeld{.window = at, .ticket = one_who(model, [](const auto& person) {
                                          return person.state == "held";
                                        })};
      case 18:
      case 19: {
        TransferTicket command{.window = at, .place = static_cast<QueuePlace>(up_to(3))};
        if (chance(50)) {
          command.to_service = ServiceId{service()};
        }
        if (!command.to_service ? !chance(3) : chance(3)) {
          command.to_window = WindowId{window()};
        }
        return command;
      }
      case 20:
        return RateService{
            .window = at, .score = static_cast<Score>(up_to(5)), .via = static_cast<RatedVia>(up_to(3))};
      case 21:
        return TakeOverWindow{.window = at, .clerk = {pick({"c1", "c2", "c3"})}};
      case 22:
        return CollectLicence{.window = at, .case_tail = "0123"};
      case 23:
      case 24:
        return CallNext{.window = at, .finish_first = false};
      case 25:
        return StartService{.window = at, .service = ServiceId{service()}};
      default:
        return OpenWindow{.window = at, .clerk = {pick({"c1", "c2"})}};
    }
  }

  std::optional<Instant> back_at() {
    return chance(50) ? std::nullopt : std::optional<Instant>{Instant{true_ms_, 480}};
  }

  Command print(const Model& model) {
    const TicketId id = ticket(model);
    switch (up_to(8)) {
      case 0:
      case 1:
      case 2:
        return StartPrint{.ticket = id, .printer = printer_of(model, id)};
      case 3:
      case 4:
      case 5:
        return ReportPrint{.ticket = id,
                           .printer = printer_of(model, id),
                           .state = static_cast<PrintState>(chance(90) ? 2 + up_to(4) : up_to(8)),
                           .reason = pick({"", "no paper"})};
      case 6:
        return SettlePrint{.ticket = id, .printed = chance(50)};
      default:
        return ReprintTicket{
            .ticket = id,
            .printer = chance(50) ? std::nullopt : std::optional<DeviceId>{{pick({"p1", "p2"})}}};
    }
  }

  Command other(const Model& model) {
    switch (up_to(8)) {
      case 0:
      case 1:
        return CancelTicket{.ticket = ticket(model)};
      case 2: {
        const std::string at = window();
        const auto desk = model.desks.find(at);
        const bool known = desk != model.desks.end() && !chance(20);
        return ReportCallShown{
            .window = {at}, .call = known ? desk->second.call : up_to(model.seq + 1), .device = {"u-" + at}};
      }
      case 3:
        return ReportApprovals{.feed = {"f1"},
                               .added = static_cast<std::uint32_t>(up_to(3)),
                               .changed = static_cast<std::uint32_t>(up_to(2)),
                               .removed = 0,
                               .total = 9};
      case 4:
        return ReportAccount{.account = "front", .change = pick({"added", "changed", "removed"})};
      case 5:
        return chance(60) ? Command{TurnDay{}} : Command{ExpireDay{}};
      default:
        return ReportDevice{.device = {pick({"p1", "p2"})},
                            .kind = DeviceKind::printer,
                            .state = static_cast<DeviceState>(chance(75) ? 0 : up_to(4)),
                            .reason = pick({"", "", "paper low"}),
                            .blocked = chance(10)};
    }
  }

  std::mt19937_64 random_;
  std::int64_t true_ms_ = 1795395600000;  // 2026-11-23 09:00 +08:00
  std::int64_t wrong_ms_ = 0;
};

/// The hall and the model side by side, and everything that was ever recorded.
class Trial {
 public:
  explicit Trial(std::uint64_t seed)
      : site_(a_tight_site()), model_(site_), crowd_(seed), kept_(encode(State{})) {}

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
    apply(state_, event);
    journal_.push_back(event);
    return !id || history_grows(before, *state_.find(*id));
  }

  bool is_new(const TicketIssued& issued) {
    const Service* service = site_.find(issued.package.value_or(issued.service));
    const bool in_range = issued.n >= service->first && issued.n <= service->last;
    const bool new_id = issued.ticket.value > last_id_;
    last_id_ = issued.ticket.value;
    return in_range && new_id && numbers_.insert(issued.number).second;
  }

  /// What is known of a ticket is never taken back, and what has ended stays so unless it was brought back.
  bool history_grows(const Ticket& before, const Ticket& after) {
    const bool kept =
        before.id == TicketId{} ||
        (before.n == after.n && before.issued_ms == after.issued_ms && before.copies <= after.copies &&
         before.lane == after.lane && before.applicant == after.applicant &&
         before.reinstated <= after.reinstated && before.steps.size() >= after.steps.size());
    const bool over = is_over(after.state);
    const bool brought_back =
        before.reinstated < after.reinstated || before.steps.size() > after.steps.size();
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
  Crowd crowd_;
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
                             "!recall_limit",
                             "!recall_too_soon",
                             "!already_rated",
                             "TicketNoShow",
                             "TicketCancelled",
                             "TicketExpired",
                             "WindowOpened",
                             "WindowClosed",
                             "WindowPaused",
                             "WindowResumed",
                             "DayOpened",
                             "DayClosed",
                             "ApprovalsAdvanced",
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
