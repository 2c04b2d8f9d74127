#include "tests/printing_proof/house.hpp"

#include <utility>

#include "daemon/app/papers.hpp"
#include "daemon/app/ports.hpp"
#include "daemon/app/site_file.hpp"
#include "daemon/devices/printers.hpp"
#include "daemon/devices/roster.hpp"
#include "daemon/flows/issue.hpp"
#include "tests/fakes/memory_desk.hpp"

namespace lobby::proof {
namespace {

constexpr std::int64_t print_within_ms = 20'000;

/// Decides by the real rules; an event is on the disk before anybody hears of it.
class Desk final : public flows::Desk {
 public:
  Desk(LifeExecutor& executor, Journal& journal, Duration commit,
       std::function<void(const hall::Event&)> durable)
      : executor_(executor),
        journal_(journal),
        commit_(commit),
        durable_(std::move(durable)),
        site_(proof_site()) {
    for (const auto& event : journal_.events) {
      hall::apply(state_, event);
    }
  }
  const hall::Site& site() const override { return site_; }
  const hall::State& state() const override { return state_; }
  hall::Instant now() const override { return Life::wall(executor_.now()); }
  std::int64_t mono_ms() const override { return executor_.now().time_since_epoch().count() / 1'000'000; }

  void ask(hall::Command command, std::string by,
           std::function<void(std::optional<hall::Refusal>)> done) override {
    executor_.after(commit_, [this, command = std::move(command), by = std::move(by),
                              done = std::move(done)] { commit(command, by, done); });
  }
  void ask_for_key(hall::Command command, hall::KeyPress,
                   std::function<void(std::optional<hall::Refusal>)> done) override {
    ask(std::move(command), "", std::move(done));
  }
  void report(hall::Command command, std::string by) override {
    ask(std::move(command), std::move(by), [](const auto&) {});
  }

  std::function<void(const hall::Event&)> recorded = [](const hall::Event&) {};

 private:
  void commit(const hall::Command& command, const std::string& by,
              const std::function<void(std::optional<hall::Refusal>)>& done) {
    auto decision = hall::decide(state_, site_, command, {now(), by});
    if (auto* refusal = std::get_if<hall::Refusal>(&decision)) {
      executor_.post([done, refusal = std::move(*refusal)] { done(refusal); });
      return;
    }
    const auto& events = std::get<std::vector<hall::Event>>(decision);
    for (const auto& event : events) {
      hall::apply(state_, event);
      journal_.events.push_back(event);
      durable_(event);
    }
    // A kill between the disk and the first who hears of it is a kill, too.
    executor_.post([this, events, done] {
      for (const auto& event : events) {
        recorded(event);
      }
      done(std::nullopt);
    });
  }

  LifeExecutor& executor_;
  Journal& journal_;
  const Duration commit_;
  std::function<void(const hall::Event&)> durable_;
  hall::Site site_;
  hall::State state_;
};

/// What config/tickets holds; read once.
const app::Papers& shipped_papers() {
  static const auto papers = app::read_site_text(R"(schema = 1
name = "x"
zone = [{id = "z", name = "z"}]
service = [{id = "s", name = "s", zone = "z", prefix = "A", hours = "h"}]
window = [{id = "w", number = 1, name = "w", zone = "z", services = ["s"]}]
printer = [{id = "p1", profile = "generic-80", link = "tcp:127.0.0.1:9"}]
[paper]
link = "http://10.1.1.2/t/"
[hours.h]
)",
                                                 LOBBY_SOURCE_DIR "/config/sites/under-test.toml")
                                 .papers;
  return papers;
}

devices::PrinterConfig config_of(const Life::Options& options) {
  devices::PrinterConfig config;
  config.id = {"p1"};
  config.profile = options.profile;
  if (options.flow_bytes) {
    config.link = devices::SerialPort{};
  }
  return config;
}

}  // namespace

hall::Site proof_site() {
  auto site = fakes::small_site();
  site.name = "大厅";
  site.services[0].name = "登记";
  site.kiosks.push_back({{"k2"}, "取号机二", {"A"}, {"p1"}});
  return site;
}

struct Life::Rooms {
  Rooms(LifeExecutor& loop, Journal& journal, Cable& cable, Options given)
      : executor(loop),
        desk(executor, journal, given.commit, std::move(given.durable)),
        roster([this] { return desk.now(); },
               [this](const hall::ReportDevice& report) { device_changed(report); }),
        papers(given.shipped_paper ? shipped_papers() : plain_paper),
        second(executor) {
    auto earlier = flows::earlier_printing(desk.state());
    if (hall::day_is_due(desk.state(), desk.now())) {
      desk.report(hall::TurnDay{}, "");
    }
    devices::Printers::Options options;
    options.used = std::move(earlier.used);
    options.torn = std::move(earlier.torn);
    options.ready = [this](const hall::DeviceId& printer) {
      if (issue) {
        issue->on_printer(printer);
      }
    };
    printers = std::make_unique<devices::Printers>(
        executor, std::vector{config_of(given)},
        [&cable](const devices::PrinterConfig&) { return cable.make_link(); }, roster, std::move(options));
    paper = std::make_unique<app::PaperPort>(
        *printers, desk,
        app::PaperPort::Sources{papers, [] { return nullptr; }, [](hall::TicketId) { return "token"; },
                                [](hall::TicketId) { return "clerk"; }});
    issue = std::make_unique<flows::Issue>(desk, *paper, print_within_ms);
    desk.recorded = [this](const hall::Event& event) { issue->on_event(event); };
    issue->start();
    tick();
  }

  void device_changed(const hall::ReportDevice& report) {
    desk.report(report, "");
    if (issue) {
      issue->on_printer(report.device);
    }
  }
  void tick() {
    issue->tick();
    second.start(std::chrono::seconds(1), [this] { tick(); });
  }

  LifeExecutor& executor;
  const app::Papers plain_paper;
  Desk desk;
  devices::Roster roster;
  const app::Papers& papers;
  std::unique_ptr<devices::Printers> printers;
  std::unique_ptr<app::PaperPort> paper;
  std::unique_ptr<flows::Issue> issue;
  link::Timer second;
};

Life::Life(LifeExecutor& executor, Journal& journal, Cable& cable, Options options)
    : rooms_(std::make_unique<Rooms>(executor, journal, cable, std::move(options))) {}

Life::~Life() = default;

void Life::press(const std::string& kiosk) {
  rooms_->printers->refresh({"p1"}, [this, kiosk] {
    rooms_->desk.report(hall::IssueTicket{{"s1"}, hall::Lane::ordinary, hall::KioskId{kiosk}, ""}, kiosk);
  });
}

void Life::reprint(hall::TicketId ticket) {
  rooms_->desk.report(hall::ReprintTicket{ticket, std::nullopt}, "clerk");
}

void Life::settle(hall::TicketId ticket, bool printed) {
  rooms_->desk.report(hall::SettlePrint{ticket, printed}, "clerk");
}

const hall::State& Life::state() const {
  return rooms_->desk.state();
}

hall::Instant Life::wall(link::MonoTime now) {
  constexpr std::int64_t nine_o_clock = 1773622800000;  // 2026-03-16T09:00:00+08:00
  return {nine_o_clock + now.time_since_epoch().count() / 1'000'000, 480};
}

}  // namespace lobby::proof
