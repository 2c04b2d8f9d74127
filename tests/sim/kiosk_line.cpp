#include "tests/sim/kiosk_line.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <chrono>

namespace lobby::sim {
namespace {

constexpr int patience = 60;             ///< tries of one person, about a second apart
constexpr double at_the_screen_s = 12;   ///< of the simulated day
constexpr double paper_patience_s = 25;  ///< real: the printer's pace is real too
constexpr double look_s = 0.15;

}  // namespace

KioskLine::KioskLine(Place place, CrowdCounts& counts)
    : place_(std::move(place)), counts_(counts), thread_([this] { run(); }) {}

KioskLine::~KioskLine() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
  for (std::size_t i = 0; i < line_.size(); ++i) {
    counts_.add(CrowdCounts::What::left);
  }
}

bool KioskLine::join(const std::string& service) {
  const std::lock_guard lock(mutex_);
  if (line_.size() >= longest) {
    return false;
  }
  line_.push_back(service);
  changed_.notify_all();
  return true;
}

std::size_t KioskLine::length() const {
  const std::lock_guard lock(mutex_);
  return line_.size() + (at_screen_ ? 1 : 0);
}

bool KioskLine::pause(double seconds) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, std::chrono::duration<double>(seconds), [this] { return stop_; });
}

void KioskLine::run() {
  HallClient client(place_.server, place_.token);
  for (;;) {
    std::string service;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stop_ || !line_.empty(); });
      if (stop_) {
        return;
      }
      service = std::move(line_.front());
      line_.pop_front();
      at_screen_ = true;
    }
    if (!pause(at_the_screen_s / place_.speed)) {
      counts_.add(CrowdCounts::What::left);
      step_aside();
      return;
    }
    take_ticket(client, service);
  }
}

void KioskLine::take_ticket(HallClient& client, const std::string& service) {
  boost::json::object body{{"service", service}};
  if (!place_.kiosk.empty()) {
    body["kiosk"] = place_.kiosk;
  }
  const std::string key = place_.keys + "-" + std::to_string(next_key_++);
  for (int attempt = 0; attempt < patience; ++attempt) {
    const HallClient::Answer answer = client.post("/tickets", body, key);
    if (answer.ok()) {
      counts_.add(CrowdCounts::What::issued);
      step_aside();
      wait_for_paper(client, answer.body);
      return;
    }
    const bool again = answer.status == 0 || answer.status == 429 || answer.code() == "storage_failed";
    if (!again) {
      counts_.refuse(answer.code());
      step_aside();
      return;
    }
    // Perhaps it was issued and only the answer is lost: the same key never gives a second ticket.
    counts_.add(CrowdCounts::What::retried);
    if (!pause(std::min(1.0, 0.1 * (attempt + 1)))) {
      break;
    }
  }
  counts_.add(CrowdCounts::What::left);
  step_aside();
}

void KioskLine::step_aside() {
  const std::lock_guard lock(mutex_);
  at_screen_ = false;
}

void KioskLine::wait_for_paper(HallClient& client, const boost::json::value& ticket) {
  const boost::json::object* const body = ticket.if_object();
  const boost::json::value* const id = body == nullptr ? nullptr : body->if_contains("id");
  if (id == nullptr || !place_.paper) {
    return;
  }
  const std::string path =
      "/tickets/" + (id->is_string() ? std::string(id->get_string()) : boost::json::serialize(*id));
  for (double waited = 0; waited < paper_patience_s; waited += look_s) {
    if (!pause(look_s) || !is_on_its_way(client, path)) {
      return;
    }
  }
}

/// The printer has not begun, or has not said what became of it.
bool KioskLine::is_on_its_way(HallClient& client, const std::string& path) {
  const HallClient::Answer answer = client.get(path);
  if (answer.status == 0) {
    return true;  // nobody can say now
  }
  const boost::json::object* const body = answer.body.if_object();
  const boost::json::value* const print = body == nullptr ? nullptr : body->if_contains("print");
  if (!answer.ok() || print == nullptr || !print->is_object()) {
    return false;
  }
  const boost::json::value* const state = print->get_object().if_contains("state");
  return state != nullptr && (*state == "sending" || *state == "none");
}

}  // namespace lobby::sim
