#include "tests/sim/people.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fstream>

#include "tests/sim/day_profile.hpp"
#include "tests/sim/json_text.hpp"
#include "tests/sim/log.hpp"

namespace lobby::sim {
namespace {

constexpr std::chrono::milliseconds look{250};
constexpr double opening = 8.5 * 60;
constexpr double closing = 17.5 * 60;

std::string token_path(const std::string& folder, const char* role) {
  return (std::filesystem::path(folder) / role).string();
}

std::string token(const std::string& folder, const char* role) {
  std::ifstream file(token_path(folder, role));
  std::string line;
  std::getline(file, line);
  return line;
}

/// The first token that is not there, as a sentence; empty when all are.
std::string missing_token(const std::string& folder) {
  for (const char* role : {"clerk", "kiosk"}) {
    if (token(folder, role).empty()) {
      return fmt::format(
          "The people stay at home until there is a token in {}: lobbyctl --state DIR user add sim-{} --role "
          "{}.",
          token_path(folder, role), role, role);
    }
  }
  return {};
}

template <class F>
void each_of(const boost::json::value& hall, std::string_view list, F&& use) {
  const boost::json::object* const object = hall.if_object();
  const boost::json::value* const all = object == nullptr ? nullptr : object->if_contains(list);
  if (all != nullptr && all->is_array()) {
    for (const boost::json::value& one : all->get_array()) {
      if (one.is_object()) {
        use(one.get_object());
      }
    }
  }
}

int waiting_of(const boost::json::object& service) {
  const boost::json::value* const waiting = service.if_contains("waiting");
  return waiting != nullptr && waiting->is_int64() ? static_cast<int>(waiting->get_int64()) : 0;
}

bool is_open(const boost::json::object& service) {
  const boost::json::value* const open = service.if_contains("open");
  return open != nullptr && open->is_bool() && open->get_bool();
}

}  // namespace

/// One run at one speed, from change() to change().
struct People::Shift {
  Settings settings;
  std::mt19937_64 random;
  std::unique_ptr<HallClient> client;
  std::vector<std::unique_ptr<KioskLine>> lines;
  std::vector<std::string> kiosk_zones;
  std::map<std::string, std::unique_ptr<Clerk>> clerks;
  std::map<std::string, std::string> zones;  ///< of services
  double minute = 0;
  boost::json::value hall;

  void equip(const Site& site, CrowdCounts& counts);
  bool look_at_hall();
  WindowSight sight(const boost::json::object& window) const;
  KioskLine* line_for(const std::string& service);
};

bool People::Shift::look_at_hall() {
  HallClient::Answer answer = client->get("/hall");
  if (!answer.ok()) {
    return false;
  }
  hall = std::move(answer.body);
  return true;
}

WindowSight People::Shift::sight(const boost::json::object& window) const {
  WindowSight sight;
  sight.state = text(window, "state");
  const boost::json::value* const ticket = window.if_contains("ticket");
  if (ticket != nullptr && !ticket->is_null()) {
    sight.ticket = boost::json::serialize(*ticket);
  }
  const boost::json::value* const served = window.if_contains("services");
  each_of(hall, "services", [&](const boost::json::object& service) {
    const bool here = served != nullptr && served->is_array() &&
                      std::find(served->get_array().begin(), served->get_array().end(), service.at("id")) !=
                          served->get_array().end();
    sight.waiting += here ? waiting_of(service) : 0;
  });
  return sight;
}

KioskLine* People::Shift::line_for(const std::string& service) {
  const auto zone = zones.find(service);
  std::vector<KioskLine*> near;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (zone != zones.end() && kiosk_zones[i] == zone->second) {
      near.push_back(lines[i].get());
    }
  }
  if (near.empty()) {
    for (const auto& line : lines) {
      near.push_back(line.get());
    }
  }
  // People take the shortest line they see.
  return *std::min_element(near.begin(), near.end(), [](const KioskLine* left, const KioskLine* right) {
    return left->length() < right->length();
  });
}

People::People(const Site& site, std::vector<std::shared_ptr<Unit>> units, const WallClock& clock,
               std::uint64_t seed)
    : site_(site),
      units_(std::move(units)),
      clock_(clock),
      seed_(seed),
      settings_{0, site.server, site.token_dir} {}

People::~People() {
  stop();
}

People::Settings People::settings() const {
  const std::lock_guard lock(mutex_);
  return settings_;
}

void People::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
  const std::lock_guard lock(mutex_);
  stop_ = false;
}

std::string People::change(const Settings& wanted) {
  const std::lock_guard one_at_a_time(change_mutex_);
  if (!(wanted.speed >= 0 && wanted.speed <= fastest)) {
    return fmt::format("speed must be a number from 0 to {}.", fastest);
  }
  if (wanted.speed > 0 && (wanted.server.empty() || wanted.token_dir.empty())) {
    return "People need \"server\" (the daemon's URL) and \"token_dir\" (a folder with the files kiosk and "
           "clerk).";
  }
  stop();
  {
    const std::lock_guard lock(mutex_);
    settings_ = wanted;
    in_line_ = 0;
    problem_.clear();
  }
  if (wanted.speed == 0) {
    return {};
  }
  auto shift = std::make_shared<Shift>();
  shift->settings = wanted;
  shift->random.seed(seed_ + shifts_++);
  const std::tm now = local_time(clock_.now());
  shift->minute = now.tm_hour * 60 + now.tm_min;
  thread_ = std::thread([this, shift] { run(*shift); });
  return {};
}

void People::Shift::equip(const Site& site, CrowdCounts& counts) {
  const std::string clerk_token = token(settings.token_dir, "clerk");
  const std::string kiosk_token = token(settings.token_dir, "kiosk");
  client = std::make_unique<HallClient>(settings.server, clerk_token);
  for (const Counter& service : site.services) {
    zones[service.id] = service.zone;
  }
  const auto stamp = std::chrono::system_clock::now().time_since_epoch().count();
  for (const Counter& kiosk : site.kiosks) {
    const std::string keys = fmt::format("sim-{:x}-{:x}-{}", stamp, ::getpid(), kiosk.id);
    lines.push_back(std::make_unique<KioskLine>(KioskLine::Place{kiosk.id, settings.server, kiosk_token, keys,
                                                                 settings.speed, !kiosk.printer.empty()},
                                                counts));
    kiosk_zones.push_back(kiosk.zone);
  }
  if (lines.empty()) {
    const std::string keys = fmt::format("sim-{:x}-{:x}-desk", stamp, ::getpid());
    lines.push_back(std::make_unique<KioskLine>(
        KioskLine::Place{"", settings.server, clerk_token, keys, settings.speed, false}, counts));
    kiosk_zones.emplace_back();
  }
}

bool People::wait_for_tokens(const Shift& shift) {
  for (std::string told;;) {
    const std::string problem = missing_token(shift.settings.token_dir);
    if (problem != std::exchange(told, problem) && !problem.empty()) {
      log(problem);
    }
    std::unique_lock lock(mutex_);
    problem_ = problem;
    if (problem.empty()) {
      return !stop_;
    }
    if (changed_.wait_for(lock, look, [this] { return stop_; })) {
      return false;
    }
  }
}

void People::run(Shift& shift) {
  if (!wait_for_tokens(shift)) {
    return;
  }
  shift.equip(site_, counts_);
  TimePoint last = Clock::now();
  for (;;) {
    const bool there = shift.look_at_hall();
    const TimePoint now = Clock::now();
    // A daemon that was away for long finds no crowd that came all at once.
    const double seconds = std::min(std::chrono::duration<double>(now - last).count(), 5.0);
    last = now;
    if (there) {
      arrive(shift, seconds * shift.settings.speed / 60.0);
      work(shift, now);
    }
    std::size_t in_line = 0;
    for (const auto& line : shift.lines) {
      in_line += line->length();
    }
    std::unique_lock lock(mutex_);
    in_line_ = in_line;
    minute_ = shift.minute;
    problem_ = there ? "" : "The daemon does not answer GET /hall.";
    if (changed_.wait_for(lock, look, [this] { return stop_; })) {
      return;
    }
  }
}

void People::work(Shift& shift, TimePoint now) {
  each_of(shift.hall, "windows", [&](const boost::json::object& window) {
    const std::string id = text(window, "id");
    std::unique_ptr<Clerk>& clerk = shift.clerks[id];
    if (clerk == nullptr) {
      const auto unit =
          std::find_if(units_.begin(), units_.end(), [&](const auto& each) { return each->window() == id; });
      const Clerk::Desk desk{id, fmt::format("1{:03}", shift.clerks.size()),
                             unit == units_.end() ? nullptr : *unit, shift.settings.speed};
      const auto ask = [&shift, id](const std::string& verb, const boost::json::object& body) {
        const HallClient::Answer answer = shift.client->post("/windows/" + id + "/" + verb, body);
        return answer.ok() ? std::string() : answer.code();
      };
      clerk = std::make_unique<Clerk>(desk, ask, counts_, shift.random());
    }
    clerk->see(shift.sight(window), now);
  });
}

void People::arrive(Shift& shift, double minutes) {
  std::vector<std::string> open;
  each_of(shift.hall, "services", [&](const boost::json::object& service) {
    // A tenant's tickets are the tenant's to give: no kiosk offers them.
    if (is_open(service) && text(service, "kind") != "tenant") {
      open.push_back(text(service, "id"));
    }
  });
  // The daemon's day does not run at our speed: ours starts over when it is through.
  shift.minute += minutes;
  if (shift.minute > closing || shift.minute < opening) {
    shift.minute = opening;
  }
  if (open.empty()) {
    return;
  }
  const DayTime at{shift.minute, local_time(clock_.now()).tm_wday};
  const int citizens = arrivals(at, minutes, static_cast<int>(open.size()), shift.random);
  for (int i = 0; i < citizens; ++i) {
    const std::string& service = open[shift.random() % open.size()];
    counts_.add(CrowdCounts::What::arrived);
    if (!shift.line_for(service)->join(service)) {
      counts_.add(CrowdCounts::What::left);
    }
  }
}

boost::json::object People::describe() const {
  boost::json::object out = counts_.describe();
  const std::lock_guard lock(mutex_);
  const auto whole = static_cast<std::int64_t>(settings_.speed);
  if (static_cast<double>(whole) == settings_.speed) {
    out["speed"] = whole;
  } else {
    out["speed"] = settings_.speed;
  }
  out["server"] = settings_.server;
  out["token_dir"] = settings_.token_dir;
  out["in_line"] = in_line_;
  const int minute = static_cast<int>(minute_);
  out["time_of_day"] = fmt::format("{:02}:{:02}", minute / 60 % 24, minute % 60);
  out["problem"] = problem_;
  return out;
}

}  // namespace lobby::sim
