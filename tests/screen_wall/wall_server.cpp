#include "tests/screen_wall/wall_server.hpp"

#include <utility>

namespace lobby::display::walls {

WallServer::WallServer(BoardProgram program, int port) : program_(std::move(program)) {
  server_.Get(
      "/api/v1/boards/wall-1/program",
      [this](const httplib::Request& request, httplib::Response& response) { answer(request, response); });
  server_.Post(
      "/api/v1/boards/wall-1/shown",
      [this](const httplib::Request& request, httplib::Response& response) { note(request, response); });
  server_.set_tcp_nodelay(true);
  if (port == 0) {
    port_ = server_.bind_to_any_port("127.0.0.1");
  } else {
    port_ = server_.bind_to_port("127.0.0.1", port) ? port : 0;
  }
  thread_ = std::thread([this] { server_.listen_after_bind(); });
  while (!server_.is_running()) {
    std::this_thread::yield();
  }
}

WallServer::~WallServer() {
  server_.stop();
  thread_.join();
}

void WallServer::tell(BoardProgram program) {
  const std::lock_guard lock(mutex_);
  program_ = std::move(program);
}

void WallServer::refuse(int status) {
  const std::lock_guard lock(mutex_);
  refusal_ = status;
}

WallServer::Seen WallServer::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

bool WallServer::until(const std::function<bool(const Seen&)>& so, std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [&] { return so(seen_); });
}

bool WallServer::is_refused(const httplib::Request& request, httplib::Response& response) {
  seen_.tokens.push_back(request.get_header_value("Authorization"));
  response.status = refusal_ != 0 ? refusal_ : response.status;
  return refusal_ != 0;
}

void WallServer::answer(const httplib::Request& request, httplib::Response& response) {
  const std::lock_guard lock(mutex_);
  seen_.known.push_back(request.get_header_value("If-None-Match"));
  changed_.notify_all();
  if (is_refused(request, response)) {
    return;
  }
  const std::string etag = "\"" + std::to_string(program_.version) + "\"";
  response.set_header("ETag", etag);
  if (seen_.known.back() == etag) {
    response.status = 304;
    return;
  }
  program_.now = std::chrono::duration_cast<Instant>(std::chrono::system_clock::now().time_since_epoch());
  response.set_content(write_program(program_), "application/json");
}

void WallServer::note(const httplib::Request& request, httplib::Response& response) {
  const std::lock_guard lock(mutex_);
  if (!is_refused(request, response)) {
    seen_.shown.push_back(request.body);
    response.status = 204;
  }
  changed_.notify_all();
}

}  // namespace lobby::display::walls
