#include "tests/app_lobby/real_lobby.hpp"

#include <doctest/doctest.h>
#include <httplib.h>
#include <sys/resource.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/json/parse.hpp>
#include <csignal>
#include <filesystem>
#include <future>

namespace lobby::tests {

namespace {

constexpr const char* problem_type = "application/problem+json";

std::string new_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "lobby-real-XXXXXX").string();
  REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  return pattern;
}

void limit_files(rlim_t bytes) {
  rlimit now{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &now) == 0);
  now.rlim_cur = std::min(bytes, now.rlim_max);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &now) == 0);
}

}  // namespace

boost::json::value Answer::json() const {
  return boost::json::parse(body);
}

std::string Answer::code() const {
  return type == problem_type ? std::string(json().at("code").as_string()) : "";
}

app::SiteFile RealLobby::read_site(const std::string& text) {
  return app::read_site_text(text, LOBBY_SOURCE_DIR "/config/sites/under-test.toml");
}

RealLobby::RealLobby(const std::string& site_text, std::string feed_program)
    : feed_program_(std::move(feed_program)),
      state_(new_folder()),
      site_(read_site(site_text)),
      now_ms_(hall::parse_instant("2026-03-16T09:00:00+08:00")->utc_ms) {
  api::Accounts accounts(state_);
  const std::pair<const char*, api::Role> roles[] = {
      {"kiosk", api::Role::kiosk},           {"clerk", api::Role::clerk},
      {"supervisor", api::Role::supervisor}, {"evaluator", api::Role::evaluator},
      {"screen", api::Role::screen},         {"admin", api::Role::admin}};
  for (const auto& [name, role] : roles) {
    tokens_[name] = std::get<std::string>(accounts.add({name, role, {}, "", ""}));
  }
  start();
}

RealLobby::~RealLobby() {
  end();
  std::error_code ignored;
  std::filesystem::remove_all(state_, ignored);
}

void RealLobby::start() {
  io_ = std::make_unique<boost::asio::io_context>(1);
  app::LobbyOptions options;
  options.state_directory = state_;
  options.feed_program = feed_program_;
  options.now = [this] { return hall::Instant{now_ms_.load(), 480}; };
  lobby_ = std::make_unique<app::Lobby>(*io_, site_, std::move(options));
  accounts_ = std::make_unique<api::Accounts>(state_);
  server_ = std::make_unique<api::Server>(*io_, *lobby_, *accounts_, api::Options{});
  lobby_->start([this](const api::EventLine& line) { server_->publish(line); });
  address_ = server_->listen("127.0.0.1:0");
  loop_ = std::thread([this] { io_->run(); });
}

void RealLobby::end() {
  io_->stop();
  loop_.join();
  server_.reset();
  lobby_.reset();
  accounts_.reset();
  io_.reset();
}

void RealLobby::crash() {
  end();
  start();
}

void RealLobby::crash(const std::string& site_text) {
  end();
  site_ = read_site(site_text);
  start();
}

void RealLobby::take_disk() {
  std::signal(SIGXFSZ, SIG_IGN);  // a write beyond the limit is an error, not our end
  limit_files(std::filesystem::file_size(state_ + "/journal.db-wal"));
}

void RealLobby::give_disk() {
  limit_files(RLIM_INFINITY);
}

Answer RealLobby::call(const std::string& method, const std::string& path, const std::string& who,
                       const std::string& body, const std::string& key) const {
  httplib::Client client("http://" + address_);
  client.set_read_timeout(20);
  httplib::Request request;
  request.method = method;
  request.path = path;
  request.body = body;
  request.headers = {{"Content-Type", "application/json"}};
  if (!who.empty()) {
    const auto token = tokens_.find(who);
    request.headers.emplace("Authorization", "Bearer " + (token == tokens_.end() ? who : token->second));
  }
  if (!key.empty()) {
    request.headers.emplace("Idempotency-Key", key);
  }
  const auto result = client.send(request);
  return result ? Answer{result->status, result->get_header_value("Content-Type"), result->body} : Answer{};
}

boost::json::value RealLobby::act(const std::string& window, const std::string& what,
                                  const std::string& body) const {
  const auto answer = post("/api/v1/windows/" + window + "/" + what, "clerk", body);
  REQUIRE_MESSAGE(answer.status == 200, window << " " << what << ": " << answer.body);
  return answer.json();
}

std::uint64_t RealLobby::issue(const std::string& service, const std::string& more) const {
  const auto answer = post("/api/v1/tickets", "clerk", "{\"service\":\"" + service + "\"" + more + "}");
  REQUIRE_MESSAGE(answer.status == 201, answer.body);
  return answer.json().at("id").to_number<std::uint64_t>();
}

boost::json::value RealLobby::ticket(std::uint64_t id) const {
  return get("/api/v1/tickets/" + std::to_string(id)).json();
}

std::string site_of_every_kind() {
  std::string text = R"(schema = 1
name = "测试政务服务中心"
rules = {recall_limit = 1, recall_least_s = 5}
zone = [{id = "A", name = "大厅"}]
service = [
  {id = "social", name = "社会保险", zone = "A", prefix = "A", last = 9999, hours = "always"},
  {id = "tax", name = "税务", zone = "A", prefix = "B", hours = "always"},
  {id = "tiny", name = "小窗口", zone = "A", prefix = "T", last = 1, hours = "always"},
  {id = "few", name = "限号", zone = "A", prefix = "F", hours = "always", quota_day = 1},
  {id = "single", name = "一人一号", zone = "A", prefix = "P", hours = "always", one_per_person = true},
  {id = "shut", name = "不开", zone = "A", prefix = "N", hours = "never"},
  {id = "joint", name = "并联", zone = "A", prefix = "J", kind = "joint", joint_category = "build", hours = "always"},
]
window = [
  {id = "w1", number = 1, name = "一号", zone = "A", services = ["social", "tiny", "few", "single", "shut"]},
  {id = "w2", number = 2, name = "二号", zone = "A", services = ["social", "tax", "joint"], joint_categories = ["build"]},
  {id = "w3", number = 3, name = "三号", zone = "A", services = ["tax"]},
]
printer = [{id = "p1", profile = "generic-80", link = "tcp:127.0.0.1:9"}]
kiosk = [{id = "k1", name = "取号机", zone = "A", printer = "p1"}]
[hours.never]
[hours.always]
)";
  for (const auto* day : {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}) {
    text += std::string(day) + " = [\"00:00-24:00\"]\n";
  }
  return text;
}

}  // namespace lobby::tests
