#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/hall/a_hall.hpp"
#include "tests/hall/model.hpp"

/// The site and the people of the model test.
namespace lobby::hall::testing {

inline Site a_tight_site() {
  Site site;
  site.services = {
      a_service("s1", "A", 1, 25),     a_service("s2", "A", 1, 25),        a_service("s3", "A", 26, 40),
      a_service("s4", "", 998, 1100),  a_service("s5", "B", 1001, 1012),   a_service("s6", "B1", 1, 9),
      a_service("joint", "J", 1, 99),  a_service("complaint", "U", 1, 99), a_service("quota", "Q", 1, 99),
      a_service("single", "O", 1, 99), a_service("chain", "P", 1, 99),     a_service("tour", "T", 1, 99),
      a_service("slots", "L", 1, 99),  a_service("collect", "C", 1, 40),   a_service("tenant", "X", 1, 99)};
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
  site.windows = {a_window("w1", 1, {{"s1"}, {"s2"}, {"complaint"}, {"slots"}}),
                  a_window("w2", 2, {{"s3"}, {"joint"}, {"collect"}, {"quota"}}),
                  a_window("w3", 3, {{"s4"}, {"s1"}, {"s6"}, {"joint"}, {"slots"}}),
                  a_window("w4", 4, {{"s1"}, {"s2"}, {"s3"}, {"s4"}, {"s5"}, {"s6"}, {"single"}}),
                  a_window("w5", 5, {})};
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
        if (chance(20)) {
          return chance(50) ? Command{CallHelp{.window = at}} : Command{EndHelp{.window = at}};
        }
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
                           .state = static_cast<PrintState>(chance(70) ? 2 + up_to(4) : up_to(8)),
                           .reason = pick({"", "no paper"}),
                           .voided = chance(30)};
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
        return ReportSource{.feed = {"f1"},
                            .what = static_cast<What>(up_to(8)),
                            .version = up_to(1000),
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

}  // namespace lobby::hall::testing
