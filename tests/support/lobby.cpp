#include "tests/support/lobby.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <stdexcept>

namespace lobby::tests {

namespace {

constexpr const char* opening = "2026-03-16T08:55:00+08:00";

}  // namespace

int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(fd, reinterpret_cast<const sockaddr*>(&address), size);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(fd);
  return ntohs(address.sin_port);
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

WholeLobby::WholeLobby(const std::function<void(std::string&)>& edit,
                       const std::vector<std::string>& sim_options)
    : site_(folder_.path() + "/site.toml"), state_(folder_.path() + "/state") {
  auto text = read_file(LOBBY_SOURCE_DIR "/config/sites/village.toml");
  replace_all(text, "/run/lobby/", folder_.path() + "/run/");
  replace_all(text, "127.0.0.1:18081", fmt::format("127.0.0.1:{}", free_port()));
  replace_all(text, "interval_s = 30", "interval_s = 5");
  replace_all(text, "schema = 1\n", "schema = 1\nconfig_dir = \"" LOBBY_SOURCE_DIR "/config\"\n");
  if (edit) {
    edit(text);
  }
  write_file(site_, text);
  make_accounts(state_);
  std::vector<std::string> arguments{
      LOBBY_BIN_DIR "/lobby-sim", "--site", site_, "--control", "127.0.0.1:0", "--clock", opening};
  arguments.insert(arguments.end(), sim_options.begin(), sim_options.end());
  simulator_ = std::make_unique<Process>(arguments, folder_.path() + "/sim.log");
  constexpr std::string_view greeting = "ready http://";
  const auto line = simulator_->line();
  if (!line || !line->starts_with(greeting)) {
    throw std::runtime_error("lobby-sim did not become ready: " + read_file(folder_.path() + "/sim.log"));
  }
  control_ = line->substr(greeting.size());
  daemon_ = std::make_unique<Daemon>(site_, state_, opening);
}

WholeLobby::~WholeLobby() = default;

ApiClient WholeLobby::client(const std::string& role) const {
  return daemon_->client(role);
}

Reply WholeLobby::sim(const std::string& method, const std::string& path, const std::string& body) {
  httplib::Client client("http://" + control_);
  client.set_tcp_nodelay(true);
  httplib::Result result = method == "GET"      ? client.Get("/sim" + path)
                           : method == "DELETE" ? client.Delete("/sim" + path)
                                                : client.Post("/sim" + path, body, "application/json");
  return result ? Reply{result->status, result->body} : Reply{};
}

bool WholeLobby::eventually(const std::function<bool()>& holds, std::chrono::milliseconds step) {
  std::mutex mutex;
  std::condition_variable never;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < until) {
    if (holds()) {
      return true;
    }
    std::unique_lock lock(mutex);
    never.wait_for(lock, step);
  }
  return holds();
}

std::string WholeLobby::device_state(const std::string& id) {
  const auto reply = client("supervisor").get("/devices");
  if (reply.status != 200) {
    return "";
  }
  const auto devices = reply.json();
  for (const auto& device : devices.as_array()) {
    if (device.at("id").as_string().c_str() == id) {
      return device.at("state").as_string().c_str();
    }
  }
  return "";
}

std::string WholeLobby::journal() {
  return client("supervisor").get("/journal?limit=10000").body;
}

void WholeLobby::stop_daemon(int with_signal) {
  daemon_->process().signal(with_signal);
  daemon_->process().wait();
}

void WholeLobby::restart_daemon(int with_signal, const std::string& clock) {
  stop_daemon(with_signal);
  start_daemon(clock);
}

void WholeLobby::start_daemon(const std::string& clock) {
  daemon_ = std::make_unique<Daemon>(site_, state_, clock.empty() ? opening : clock);
}

}  // namespace lobby::tests
