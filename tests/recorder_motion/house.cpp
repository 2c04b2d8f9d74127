#include "tests/recorder_motion/house.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <utility>

namespace lobby::recorder_motion {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

std::string made(const std::string& folder) {
  fs::create_directory(folder);
  return folder;
}

std::uint16_t free_port(boost::asio::io_context& io) {
  const boost::asio::ip::tcp::acceptor one(io, {boost::asio::ip::address_v4::loopback(), 0});
  return one.local_endpoint().port();
}

cctv::UtcTime now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace

House::House(std::string movies)
    : camera(loop.io, executor, made(folder.path() + "/pictures")),
      movies_(movies.empty() ? made(folder.path() + "/movies") : std::move(movies)),
      control_port_(free_port(loop.io)),
      stream_port_(free_port(loop.io)) {
  std::ofstream(folder.path() + "/motion.conf")
      << "daemon off\ntarget_dir " << movies_
      << "\ncamera_id 1\ncamera_name hall\nnetcam_url http://127.0.0.1:" << camera.port()
      << "/\nnetcam_keepalive off\nwidth 320\nheight 240\nframerate 10\nthreshold 76800\n"
      << "event_gap -1\nmovie_output on\nmovie_codec mp4\nmovie_max_time 0\n"
      << "movie_filename %t-%v-%Y%m%dT%H%M%S\npicture_output off\nwebcontrol_port " << control_port_
      << "\nwebcontrol_localhost on\nwebcontrol_ipv6 off\nwebcontrol_interface 1\nwebcontrol_parms 1\n"
      << "webcontrol_auth_method 2\nwebcontrol_authentication ctl:secret\nwebcontrol_lock_attempts 3\n"
      << "stream_port " << stream_port_ << "\nstream_localhost on\n";
}

House::~House() {
  recorder.reset();
}

void House::start_motion() {
  motion_.emplace(std::vector<std::string>{"/usr/bin/motion", "-n", "-c", folder.path() + "/motion.conf"},
                  folder.path() + "/motion.log");
}

void House::kill_motion() {
  motion_->signal(SIGKILL);
  motion_->wait();
}

void House::make_driver(const std::string& password) {
  auto login = std::make_shared<http::Login>(http::Credentials{"ctl", password});
  const auto client = [&](std::uint16_t port) {
    return std::make_unique<http::Client>(executor, http::make_tcp_connection(loop.io, "127.0.0.1", port),
                                          login,
                                          http::ClientOptions{.host = "127.0.0.1:" + std::to_string(port)});
  };
  cctv::RecorderOptions options;
  options.utc = now;
  cctv::MotionSettings settings;
  settings.least_free = 16 * 1024;
  recorder = cctv::make_motion(executor, client(control_port_), client(stream_port_),
                               cctv::make_movie_shelf(executor, movies_, "1-"), settings, options);
}

template <class Answer>
Answer House::wait(const std::function<void(std::function<void(Answer)>)>& ask) {
  std::optional<Answer> out;
  ask([&](Answer answer) { out = std::move(answer); });
  REQUIRE(loop.until([&] { return out.has_value(); }, 20s));
  return *out;
}

cctv::Outcome House::order_start() {
  return wait<cctv::Outcome>([&](auto done) {
    recorder->start([done](cctv::Outcome outcome, const cctv::Session&) { done(std::move(outcome)); });
  });
}
cctv::Outcome House::order_stop() {
  return wait<cctv::Outcome>([&](auto done) { recorder->stop(done); });
}
cctv::Preflight House::preflight() {
  return wait<cctv::Preflight>([&](auto done) { recorder->preflight(done); });
}
cctv::Reading House::probe() {
  last = wait<cctv::Reading>([&](auto done) { recorder->probe(done); });
  return last;
}

std::optional<std::chrono::milliseconds> House::until(cctv::Verdict verdict, std::chrono::seconds limit) {
  const auto begin = executor.now();
  while (executor.now() - begin < limit) {
    probe();
    if (cctv::judge(last, executor.now(), 8s) == verdict) {
      return std::chrono::duration_cast<std::chrono::milliseconds>(executor.now() - begin);
    }
    wait<int>([&](const std::function<void(int)>& done) { executor.after(2s, [done] { done(0); }); });
  }
  return std::nullopt;
}

cctv::Fault House::fault(const std::string& probe) const {
  const auto found = std::find_if(last.proofs.begin(), last.proofs.end(),
                                  [&](const cctv::Proof& one) { return one.probe == probe; });
  return found == last.proofs.end() ? cctv::Fault::busy : found->fault;
}

std::vector<std::string> House::movies() const {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(movies_)) {
    out.push_back(entry.path().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace lobby::recorder_motion
