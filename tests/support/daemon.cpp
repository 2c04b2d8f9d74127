#include "tests/support/daemon.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace lobby::tests {

std::string bare_site(int services, int windows) {
  constexpr const char* prefixes[] = {"A", "H", "M", "R", "S", "W", "X", "Y"};
  std::string text = "schema = 1\nname = \"测试政务服务中心\"\n[hours.always]\n";
  for (const auto* day : {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}) {
    text += fmt::format("{} = [\"00:00-24:00\"]\n", day);
  }
  text += "[[zone]]\nid = \"A\"\nname = \"大厅\"\n";
  std::string served;
  for (int i = 1; i <= services; ++i) {
    text += fmt::format(
        "[[service]]\nid = \"s{0}\"\nname = \"业务{0}\"\nzone = \"A\"\nprefix = \"{1}\"\nfirst = 1\n"
        "last = 9999\nhours = \"always\"\n",
        i, prefixes[i - 1]);
    served += fmt::format("{}\"s{}\"", i == 1 ? "" : ", ", i);
  }
  for (int i = 1; i <= windows; ++i) {
    text += fmt::format(
        "[[window]]\nid = \"w{0}\"\nnumber = {0}\nname = \"窗口{0}\"\nzone = \"A\"\nservices = [{1}]\n", i,
        served);
  }
  for (int i = 1; i <= 4; ++i) {
    text += fmt::format("[[kiosk]]\nid = \"k{0}\"\nname = \"取号机{0}\"\nzone = \"A\"\n", i);
  }
  return text;
}

boost::json::value Reply::json() const {
  return boost::json::parse(body);
}

ApiClient::ApiClient(const std::string& address, std::string token)
    : client_(std::make_unique<httplib::Client>("http://" + address)), token_(std::move(token)) {
  client_->set_keep_alive(true);
  client_->set_tcp_nodelay(true);
  client_->set_read_timeout(20);
}

ApiClient::~ApiClient() = default;

Reply ApiClient::get(const std::string& path) {
  const auto result = client_->Get("/api/v1" + path, {{"Authorization", "Bearer " + token_}});
  return result ? Reply{result->status, result->body} : Reply{};
}

Reply ApiClient::post(const std::string& path, const std::string& body, const std::string& key) {
  httplib::Headers headers{{"Authorization", "Bearer " + token_}};
  if (!key.empty()) {
    headers.emplace("Idempotency-Key", key);
  }
  const auto result = client_->Post("/api/v1" + path, headers, body, "application/json");
  return result ? Reply{result->status, result->body} : Reply{};
}

Daemon::Daemon(const std::string& site_file, const std::string& state, const std::string& clock,
               const std::vector<std::string>& more)
    : state_(state) {
  std::vector<std::string> arguments{
      LOBBY_BIN_DIR "/lobbyd", "--site",  site_file, "--state", state, "--listen",
      "127.0.0.1:0",           "--clock", clock};
  arguments.insert(arguments.end(), more.begin(), more.end());
  process_ = std::make_unique<Process>(arguments, state + ".log");
  const auto line = process_->line();
  constexpr std::string_view greeting = "ready http://";
  if (!line || !line->starts_with(greeting)) {
    throw std::runtime_error("lobbyd did not become ready: " + read_file(state + ".log"));
  }
  address_ = line->substr(greeting.size());
}

ApiClient Daemon::client(const std::string& role) const {
  return {address_, token_of(state_, role)};
}

void make_accounts(const std::string& state) {
  std::filesystem::create_directories(state + "/demo-tokens");
  for (const std::string role : {"kiosk", "clerk", "supervisor", "evaluator", "screen", "admin"}) {
    const auto made = run({LOBBY_BIN_DIR "/lobbyctl", "--state", state, "user", "add", role, "--role", role});
    if (made.code != 0) {
      throw std::runtime_error("lobbyctl user add failed for " + role);
    }
    write_file(state + "/demo-tokens/" + role, made.output);
  }
}

std::string token_of(const std::string& state, const std::string& role) {
  auto token = read_file(state + "/demo-tokens/" + role);
  while (!token.empty() && token.back() == '\n') {
    token.pop_back();
  }
  return token;
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string read_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace lobby::tests
