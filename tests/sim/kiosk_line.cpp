#include "tests/sim/kiosk_line.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <chrono>

#include "tests/sim/habits.hpp"
#include "tests/sim/json_text.hpp"

namespace lobby::sim {
namespace {

constexpr int patience = 60;             ///< tries of one person, about a second apart
constexpr double at_the_screen_s = 12;   ///< of the simulated day
constexpr double paper_patience_s = 25;  ///< real: the printer's pace is real too
constexpr double look_s = 0.15;

using What = CrowdCounts::What;

boost::json::object request(const Visit& visit, const std::string& kiosk) {
  boost::json::object body{{"service", visit.service}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) {
      body[name] = value;
    }
  };
  add("kiosk", kiosk);
  add("applicant_id", visit.applicant_id);
  add("appointment", visit.appointment);
  add("notice_slip_no", visit.notice_slip_no);
  add("granted_by", visit.granted_by);
  if (visit.lane != "ordinary") {
    body["lane"] = visit.lane;
  }
  if (visit.green_type != 0) {
    body["green_type"] = visit.green_type;
  }
  return body;
}

void count_issued(CrowdCounts& counts, const Visit& visit, const std::string& lane) {
  counts.add(What::issued);
  counts.add_lane(lane);
  const auto count_if = [&](bool is, What what) {
    if (is) {
      counts.add(what);
    }
  };
  count_if(is_preferred(lane), What::preferred);
  count_if(lane == "green", What::green);
  count_if(lane == "agent", What::agents);
  count_if(visit.package, What::packages);
  count_if(!visit.appointment.empty(), What::checked_in);
  count_if(!visit.notice_slip_no.empty(), What::slips);
}

}  // namespace

KioskLine::KioskLine(Place place, CrowdCounts& counts, Seated seated)
    : place_(std::move(place)), counts_(counts), seated_(std::move(seated)), thread_([this] { run(); }) {}

KioskLine::~KioskLine() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
  for (std::size_t i = 0; i < line_.size(); ++i) {
    counts_.add(What::left);
  }
}

bool KioskLine::join(Visit visit) {
  const std::lock_guard lock(mutex_);
  if (line_.size() >= longest) {
    return false;
  }
  line_.push_back(std::move(visit));
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
    Visit visit;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stop_ || !line_.empty(); });
      if (stop_) {
        return;
      }
      visit = std::move(line_.front());
      line_.pop_front();
      at_screen_ = true;
    }
    if (!pause(at_the_screen_s / place_.speed)) {
      counts_.add(What::left);
      step_aside();
      return;
    }
    take_ticket(client, visit);
  }
}

/// Who asks for a second one goes to the end of the line.
void KioskLine::take_seat(const HallClient::Answer& answer, const Visit& visit) {
  const boost::json::object* const ticket = answer.body.if_object();
  const boost::json::object none;
  const boost::json::object& body = ticket == nullptr ? none : *ticket;
  count_issued(counts_, visit, text(body, "lane", visit.lane));
  if (seated_) {
    seated_(integer(body, "id"), visit);
  }
  if (visit.twice) {
    Visit again = visit;
    again.twice = false;
    counts_.add(What::arrived);
    counts_.add(What::asked_twice);
    if (!join(std::move(again))) {
      counts_.add(What::left);
    }
  }
}

void KioskLine::take_ticket(HallClient& client, const Visit& visit) {
  const boost::json::object body = request(visit, place_.kiosk);
  const std::string key = place_.keys + "-" + std::to_string(next_key_++);
  for (int attempt = 0; attempt < patience; ++attempt) {
    const HallClient::Answer answer = client.post("/tickets", body, key);
    if (answer.ok()) {
      take_seat(answer, visit);
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
    counts_.add(What::retried);
    if (!pause(std::min(1.0, 0.1 * (attempt + 1)))) {
      break;
    }
  }
  counts_.add(What::left);
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
