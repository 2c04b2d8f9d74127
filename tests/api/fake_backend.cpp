#include "tests/api/fake_backend.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "daemon/api/secrets.hpp"
#include "daemon/api/views.hpp"

namespace lobby::fakes {
namespace {

hall::Service service(const char* id, const char* name, const char* prefix, std::uint32_t last, bool open) {
  hall::Service service;
  service.id = {id};
  service.name = name;
  service.zone = {"A"};
  service.prefix = prefix;
  service.last = last;
  if (open) {
    service.hours.fill({{0, 24 * 60}});
  } else {
    service.hours.fill({{13 * 60, 17 * 60}});
  }
  return service;
}

/// Of a whole day, for what the first three are not good for.
std::vector<hall::Service> special_services() {
  hall::Service joint = service("joint", "企业开办", "J", 99, true);
  joint.kind = hall::ServiceKind::joint;
  joint.joint_category = "enterprise";
  hall::Service complaint = service("complaint", "办不成事反映", "C", 99, true);
  complaint.kind = hall::ServiceKind::complaint;
  complaint.quota_day = 1;
  hall::Service collect = service("collect", "领证", "L", 99, true);
  collect.kind = hall::ServiceKind::collect;
  hall::Service few = service("few", "限号业务", "F", 99, true);
  few.quota_day = 1;
  hall::Service person = service("person", "一人一号", "P", 99, true);
  person.one_per_person = true;
  hall::Service visa = service("visa", "出入境", "V", 99, true);
  visa.slots = {{{8 * 60, 10 * 60}, {14 * 60, 15 * 60}}, 30, 1};
  hall::Service package = service("package", "一件事", "K", 99, true);
  package.steps = {{"social"}, {"visa"}};
  hall::Service bank = service("bank", "银行", "B", 99, true);
  bank.kind = hall::ServiceKind::tenant;
  return {joint, complaint, collect, few, person, visa, package, bank};
}

hall::Window window(const char* id, std::uint32_t number, std::vector<hall::ServiceId> services) {
  hall::Window window;
  window.id = {id};
  window.number = number;
  window.name = std::string("窗口") + id;
  window.zone = {"A"};
  window.services = std::move(services);
  return window;
}

hall::Site make_site() {
  hall::Site site;
  site.name = "什邡市政务服务中心";
  site.zones = {{{"A"}, "综合服务区"}};
  site.services = {service("social", "社会保险", "A", 99'999, true), service("tiny", "小窗口", "T", 1, true),
                   service("noon", "下午业务", "N", 99, false)};
  site.windows = {window("w1", 1, {{"social"}, {"tiny"}}), window("w2", 2, {{"social"}}),
                  window("w3", 3, {{"noon"}})};
  for (auto& special : special_services()) {
    site.services.push_back(std::move(special));
  }
  site.windows.push_back(window(
      "w4", 4, {{"joint"}, {"complaint"}, {"collect"}, {"few"}, {"person"}, {"visa"}, {"social"}, {"bank"}}));
  site.windows.back().joint_categories = {"enterprise"};
  site.windows.back().backups = {{"zhang"}, {"li"}};
  site.kiosks = {{{"k1"}, "取号机", {"A"}, {"p1"}}, {{"k0"}, "无纸取号机", {"A"}, {}}};
  return site;
}

}  // namespace

FakeBackend::FakeBackend() : site_(make_site()), now_(*hall::parse_instant("2026-03-16T09:00:00+08:00")) {
  happen(hall::TurnDay{});
  case_page.age = {now_, hall::Freshness::fresh, 600};
}

void FakeBackend::happen(hall::Command command) {
  api::Submission submission;
  submission.command = std::move(command);
  submit(std::move(submission));
}

std::size_t FakeBackend::count(std::string_view type) const {
  return static_cast<std::size_t>(
      std::count_if(journal_.begin(), journal_.end(), [&](const auto& line) { return line.type == type; }));
}

std::string FakeBackend::place(const api::IdempotencyKey& key) {
  return key.account + "|" + key.path + "|" + key.key;
}

void FakeBackend::submit(api::Submission submission) {
  submitted.push_back(submission.command);
  Waiting waiting;
  if (!writable_) {
    waiting.outcome = hall::Refusal{hall::Refused::storage_failed, "disk full"};
  } else {
    auto decision = hall::decide(state_, site_, submission.command, {now_, submission.by});
    if (auto* refusal = std::get_if<hall::Refusal>(&decision)) {
      waiting.outcome = *refusal;
    } else {
      waiting.events = std::get<std::vector<hall::Event>>(std::move(decision));
      for (const auto& event : waiting.events) {
        hall::apply(state_, event);
      }
      if (submission.render) {
        waiting.outcome = submission.render(state_, waiting.events);
      }
    }
  }
  waiting.submission = std::move(submission);
  waiting_.push_back(std::move(waiting));
  if (at_once_) {
    commit();
  }
}

void FakeBackend::record(const std::vector<hall::Event>& events) {
  for (const auto& event : events) {
    hall::apply(durable_, event);
    api::EventLine line;
    line.seq = event.seq;
    line.type = hall::type_of(event);
    if (const auto* window = hall::window_of(event)) {
      line.window = window->value;
    }
    api::put(line.json, event);
    if (const auto ticket = hall::ticket_of(event)) {
      by_ticket_[ticket->value].push_back(journal_.size());
    }
    journal_.push_back(line);
    if (publish) {
      publish(line);
    }
  }
}

void FakeBackend::commit() {
  for (auto& waiting : std::exchange(waiting_, {})) {
    record(waiting.events);
    const auto* answer = std::get_if<api::Answer>(&waiting.outcome);
    if (waiting.submission.key && answer != nullptr) {
      kept[place(*waiting.submission.key)] = {waiting.submission.key->body_hash, *answer};
    }
    if (waiting.submission.done) {
      waiting.submission.done(std::move(waiting.outcome));
    }
  }
  for (auto& reader : std::exchange(readers_, {})) {
    reader();
  }
}

void FakeBackend::fail_commit() {
  state_ = durable_;
  auto waiting = std::exchange(waiting_, {});
  for (auto& lost : waiting) {
    if (lost.submission.done) {
      lost.submission.done(hall::Refusal{hall::Refused::storage_failed, "disk full"});
    }
  }
  commit();
}

void FakeBackend::when_durable(std::function<void()> then) {
  if (waiting_.empty()) {
    then();
  } else {
    readers_.push_back(std::move(then));
  }
}

std::vector<api::EventLine> FakeBackend::events_after(std::uint64_t seq, std::size_t limit) {
  journal_pages.push_back(limit);
  std::vector<api::EventLine> lines;
  for (std::size_t i = seq; i < journal_.size() && lines.size() < limit; ++i) {
    lines.push_back(journal_[i]);
  }
  return lines;
}

std::vector<api::EventLine> FakeBackend::history(hall::TicketId ticket) {
  ++histories;
  std::vector<api::EventLine> lines;
  for (const auto place : by_ticket_[ticket.value]) {
    lines.push_back(journal_[place]);
  }
  return lines;
}

std::optional<api::KeptAnswer> FakeBackend::kept_answer(const api::IdempotencyKey& key) {
  const auto it = kept.find(place(key));
  return it == kept.end() ? std::nullopt : std::optional(it->second);
}

hall::CasePage FakeBackend::cases(const hall::CaseQuery& query) {
  asked_cases.push_back(query);
  auto page = case_page;
  for (const auto& [unused, row] : case_rows) {
    const bool wanted = (query.status.empty() || row.shown_status == query.status) &&
                        (query.light.empty() || row.shown_light == query.light) &&
                        (query.everything || !row.shown_status.empty()) &&
                        (!query.since || row.version > *query.since);
    if (wanted && page.cases.size() < query.limit) {
      page.cases.push_back(row);
    }
  }
  return page;
}

std::optional<hall::CaseRow> FakeBackend::find_case(std::string_view case_no) {
  const auto it = case_rows.find(std::string(case_no));
  return it == case_rows.end() ? std::nullopt : std::optional(it->second);
}

bool FakeBackend::report(const hall::StatisticsQuery& query,
                         std::function<std::string(const hall::Statistics&)> render,
                         std::function<void(std::variant<std::string, hall::Refusal>)> done) {
  if (busy_with_reports) {
    return false;
  }
  asked_reports.push_back(query);
  reports_.push_back([this, query, render = std::move(render), done = std::move(done)] {
    auto report = statistics;
    report.query = query;
    no_report ? done(*no_report) : done(render(report));
  });
  if (!hold_reports) {
    release_reports();
  }
  return true;
}

void FakeBackend::release_reports() {
  for (auto& report : std::exchange(reports_, {})) {
    report();
  }
}

hall::ApplicantKey FakeBackend::applicant_key(std::string_view applicant_id) const {
  persons.emplace_back(applicant_id);
  std::uint64_t key = 0;
  std::memcpy(&key, api::sha256(applicant_id).data(), sizeof key);
  return {key | 1};
}

std::string FakeBackend::body_hash(std::string_view body) const {
  return api::sha256("key of the fake" + std::string(body));
}

void FakeBackend::scan(const hall::DeviceId& bus, std::uint8_t from, std::uint8_t to,
                       std::function<void(std::variant<std::vector<api::FoundUnit>, hall::Refusal>)> done) {
  commissioned.push_back("scan " + bus.value + " " + std::to_string(from) + " " + std::to_string(to));
  if (bus.value != "line-1") {
    return done(hall::Refusal{hall::Refused::unknown_device, "there is no line"});
  }
  done(found_units);
}

void FakeBackend::set_address(const hall::DeviceId& device, std::uint8_t address, bool claim,
                              std::function<void(std::optional<hall::Refusal>)> done) {
  commissioned.push_back((claim ? "claim " : "move ") + device.value + " " + std::to_string(address));
  if (address == 9) {
    return done(hall::Refusal{hall::Refused::wrong_state, "somebody is at address 9 already"});
  }
  done(std::nullopt);
}

void FakeBackend::print_notice(hall::TicketId ticket, std::vector<std::string> missing,
                               std::optional<hall::DeviceId> printer,
                               std::function<void(std::variant<api::PrintedSlip, hall::Refusal>)> done) {
  missing_things = std::move(missing);
  if (state().find(ticket) == nullptr) {
    return done(hall::Refusal{hall::Refused::unknown_ticket, "there is no ticket"});
  }
  if (printer && printer->value == "p9") {
    return done(hall::Refusal{hall::Refused::printer_unavailable, "printer `p9`: paper out"});
  }
  done(api::PrintedSlip{printer.value_or(hall::DeviceId{"p1"}), "printed"});
}

void FakeBackend::self_test(const hall::DeviceId& device,
                            std::function<void(std::optional<hall::Refusal>)> done) {
  commissioned.push_back("self-test " + device.value);
  if (device.value != "u1") {
    return done(hall::Refusal{hall::Refused::unknown_device, "there is no device"});
  }
  done(std::nullopt);
}

std::string FakeBackend::ticket_token(hall::TicketId ticket) const {
  return "token-of-" + std::to_string(ticket.value);
}

}  // namespace lobby::fakes
