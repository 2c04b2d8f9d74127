// An evaluation with the real daemon and a recorder that speaks as motion does: the daemon is killed in the
// middle of it, again and again, and the recording goes on, the chain is whole, and the gap is said.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <httplib.h>

#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <random>
#include <thread>

#include "tests/support/lobby.hpp"

namespace {

using namespace lobby::tests;
namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

/// What motion 4.5.1 says, of one camera; its movie grows whenever somebody looks.
class MotionPeer {
 public:
  explicit MotionPeer(std::string movies) : movies_(std::move(movies)) {
    server_.set_keep_alive_max_count(1'000'000);
    server_.Get("/1/action/eventstart", [this](const httplib::Request&, httplib::Response& response) {
      const std::lock_guard lock(mutex_);
      ++starts;
      if (!records_) {
        records_ = true;
        event_ = std::time(nullptr);
        movie_ = movies_ + "/1-" + std::to_string(starts) + ".mp4";
      }
      response.set_content("Start event for camera 1 \nDone\n", "text/plain");
    });
    server_.Get("/1/action/eventend", [this](const httplib::Request&, httplib::Response& response) {
      const std::lock_guard lock(mutex_);
      ++stops;
      records_ = false;
      response.set_content("End event for camera 1 \nDone \n", "text/plain");
    });
    server_.Get("/1/detection/connection", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("Camera hall \nCamera 1 -- hall Connection OK \n", "text/plain");
    });
    server_.Get("/1/status.json", [this](const httplib::Request&, httplib::Response& response) {
      response.set_content(status(), "application/json");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~MotionPeer() {
    server_.stop();
    thread_.join();
  }
  MotionPeer(const MotionPeer&) = delete;
  MotionPeer& operator=(const MotionPeer&) = delete;

  int port() const { return port_; }
  bool records() {
    const std::lock_guard lock(mutex_);
    return records_;
  }
  std::atomic<int> starts = 0, stops = 0;
  std::atomic<bool> is_frozen = false;  ///< no frame comes any more; it says OK all the same

 private:
  std::string status() {
    const std::lock_guard lock(mutex_);
    if (records_ && !is_frozen) {
      std::ofstream(movie_, std::ios::app | std::ios::binary) << std::string(512, 'x');
    }
    const auto now = is_frozen ? 1 : std::time(nullptr);
    return fmt::format(
        R"({{"camera_status":[{{"id":1,"image_width":320,"image_height":240,"fps":10,"missing_frame_counter":{},)"
        R"("running":1,"lost_connection":0,"currenttime":{},"lasttime":{},"eventtime":{}}}]}})",
        is_frozen ? 60 : 0, now, now, event_);
  }
  std::mutex mutex_;
  std::string movies_, movie_;
  bool records_ = false;
  std::int64_t event_ = 0;
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

/// One room with one camera, and the daemon that watches it.
class EvaluationRoom {
 public:
  EvaluationRoom() : movies_(folder_.path() + "/movies"), state_(folder_.path() + "/state") {
    fs::create_directory(movies_);
    peer = std::make_unique<MotionPeer>(movies_);
    make_accounts(state_);
    site_ = folder_.path() + "/site.toml";
    write_file(site_, bare_site(1, 1) +
                          fmt::format("[[recorder]]\nid = \"cam-1\"\nprotocol = \"motion\"\nurl = "
                                      "\"http://127.0.0.1:{}/\"\nmovie_dir = \"{}\"\nmovie_prefix = \"1-\"\n"
                                      "[[room]]\nid = \"r1\"\nname = \"第一评标室\"\nkind = \"evaluation\"\n"
                                      "cameras = [\"cam-1\"]\n",
                                      peer->port(), movies_));
    start();
  }
  void start() { daemon_ = std::make_unique<Daemon>(site_, state_, ""); }
  void kill() {
    daemon_->process().signal(SIGKILL);
    daemon_->process().wait();
    daemon_.reset();
  }
  Reply post(const std::string& path, const std::string& body = "") {
    return daemon_->client("evaluator").post(path, body);
  }
  boost::json::value evaluation() { return daemon_->client("screen").get("/evaluations/1").json(); }
  std::string state() { return std::string(evaluation().at("state").as_string()); }
  std::string camera() { return std::string(evaluation().at("cameras").at(0).at("state").as_string()); }
  std::string journal() { return daemon_->client("supervisor").get("/journal?limit=10000").body; }
  /// Status of `lobbyctl evidence verify` on what is handed out now.
  int verify(std::string& text) {
    const auto bundle = daemon_->client("evaluator").get("/evaluations/1/evidence");
    REQUIRE(bundle.status == 200);
    text = bundle.body;
    const auto file = folder_.path() + "/bundle.ndjson";
    write_file(file, text);
    return run({std::string(LOBBY_BIN_DIR) + "/lobbyctl", "evidence", "verify", file, "--key",
                state_ + "/evidence/public.pem"})
        .code;
  }
  const std::string& state_directory() const { return state_; }
  std::unique_ptr<MotionPeer> peer;

 private:
  TemporaryFolder folder_;
  std::string movies_, state_, site_;
  std::unique_ptr<Daemon> daemon_;
};

std::int64_t ms_since(Steady::time_point begin) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - begin).count();
}

std::size_t count_of(const std::string& text, const std::string& word) {
  std::size_t all = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    ++all;
  }
  return all;
}

void plan_and_start(EvaluationRoom& room) {
  // For later, so that nobody tries the recorder before.
  const auto planned = room.post(
      "/evaluations", R"({"room":"r1","kind":"evaluation","project_no":"P-1","project_name":"道路",)"
                      R"("retention_class":"15y","planned_at":"2099-01-01T09:00:00+08:00"})");
  REQUIRE_MESSAGE(planned.status == 400, planned.body);  // that is too far away
  const auto soon = std::time(nullptr) + 3600;
  std::tm utc{};
  ::gmtime_r(&soon, &utc);
  char at[32];
  std::strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", &utc);
  const auto made = room.post(
      "/evaluations", std::string(R"({"room":"r1","kind":"evaluation","project_no":"P-1",)") +
                          R"("project_name":"道路","retention_class":"15y","planned_at":")" + at + "\"}");
  REQUIRE_MESSAGE(made.status == 201, made.body);
  const auto begin = Steady::now();
  REQUIRE(room.post("/evaluations/1/start").status == 202);
  REQUIRE(WholeLobby::eventually([&] { return room.peer->starts > 0; }, std::chrono::milliseconds(1)));
  std::cout << "start to the recorder's order: " << ms_since(begin) << " ms\n";
  REQUIRE(WholeLobby::eventually([&] { return room.state() == "witnessed"; }));
  std::cout << "start to REC: " << ms_since(begin) << " ms\n";
  CHECK(room.camera() == "rec");
}

}  // namespace

TEST_CASE("an evaluation outlives the daemon ten times, and its evidence is whole") {
  const int lives = std::getenv("LOBBY_LONG") != nullptr ? 50 : 10;
  EvaluationRoom room;
  plan_and_start(room);
  std::string bundle;
  CHECK(room.verify(bundle) == 0);
  CHECK(bundle.find("\"kind\":\"command\"") < bundle.find("\"kind\":\"answer\""));
  std::mt19937 random(8);
  const int starts = room.peer->starts;
  for (int life = 0; life < lives; ++life) {
    const auto until = Steady::now() + std::chrono::milliseconds(random() % 1500);
    WholeLobby::eventually([&] { return Steady::now() >= until; });
    room.kill();
    CHECK(room.peer->records());
    room.start();
    CHECK(room.camera() != "off");
  }
  REQUIRE(WholeLobby::eventually([&] { return room.camera() == "rec"; }));
  CHECK(room.state() == "witnessed");
  CHECK(room.peer->stops == 0);
  CHECK(room.peer->starts == starts);
  CHECK(room.peer->records());
  CHECK(room.verify(bundle) == 0);
  CHECK(count_of(bundle, "\"kind\":\"resumed\"") == static_cast<std::size_t>(lives));
  CHECK(count_of(bundle, "\"kind\":\"gap\"") >= 1);
  CHECK(room.journal().find(R"("type":"RecordingGap","evaluation":1,"camera":"cam-1")") != std::string::npos);
  CHECK(bundle.find("\"cause\":\"unwatched\"") != std::string::npos);

  CHECK(room.post("/evaluations/1/stop").status == 200);
  REQUIRE(WholeLobby::eventually([&] { return room.state() == "closed"; }));
  CHECK_FALSE(room.peer->records());
  CHECK(room.peer->stops == 1);
  CHECK(room.camera() == "off");
  CHECK(room.verify(bundle) == 0);
  const auto head = std::string(room.evaluation().at("evidence_head").as_string());
  CHECK(head.size() == 64);
  CHECK(bundle.find("\"kind\":\"closed\"") != std::string::npos);
  CHECK(bundle.find("\"head\":\"" + head + "\"") != std::string::npos);
  const auto mode = fs::status(room.state_directory() + "/evidence.key").permissions();
  CHECK((mode & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
  // One byte, and it is found out.
  auto edited = bundle;
  edited[bundle.find("\"kind\":\"gap\"") + 8] = 'm';
  const auto file = room.state_directory() + "/edited.ndjson";
  write_file(file, edited);
  CHECK(run({std::string(LOBBY_BIN_DIR) + "/lobbyctl", "evidence", "verify", file}).code == 10);
}

TEST_CASE("a picture that stands still is an alarm within ten seconds, and its end is noted") {
  EvaluationRoom room;
  plan_and_start(room);
  room.peer->is_frozen = true;
  const auto begin = Steady::now();
  REQUIRE(WholeLobby::eventually([&] { return room.journal().find("AlarmRaised") != std::string::npos; }));
  std::cout << "frozen to the alarm: " << ms_since(begin) << " ms\n";
  CHECK(ms_since(begin) <= 10'000);
  CHECK(room.state() == "interrupted");
  CHECK(room.camera() != "rec");
  room.peer->is_frozen = false;
  REQUIRE(WholeLobby::eventually([&] { return room.state() == "witnessed"; }));
  CHECK(room.journal().find("\"cause\":\"missing\"") != std::string::npos);
  const auto alarms = room.evaluation().at("alarms").as_array();
  REQUIRE(alarms.size() == 1);
  CHECK(alarms[0].at("acknowledged_by").is_null());
  CHECK(room.post("/evaluations/1/acknowledge", R"({"alarm":1})").status == 200);
  CHECK(room.evaluation().at("alarms").at(0).at("acknowledged_by").as_string() == "evaluator");
}
