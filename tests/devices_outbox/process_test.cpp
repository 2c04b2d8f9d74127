// The real lobby-feed, started by the real spawner, against a real server on the loopback.
#include <doctest/doctest.h>
#include <httplib.h>
#include <unistd.h>

#include <atomic>
#include <boost/json/parse.hpp>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

#include "daemon/devices/feed_process.hpp"
#include "daemon/devices/outboxes.hpp"
#include "drivers/link/asio_executor.hpp"
#include "tests/fakes/loop.hpp"
#include "tests/feed_pull/identity.hpp"

namespace lobby::devices::process_tests {
namespace {

namespace json = boost::json;

/// A supervision system that takes each id once.
class Target {
 public:
  explicit Target(std::unique_ptr<httplib::Server> http = std::make_unique<httplib::Server>())
      : server_(std::move(http)), http_(*server_) {
    http_.Post("/queue-events", [this](const httplib::Request& request, httplib::Response& response) {
      serve(request, response);
    });
    http_.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response&) {
      const std::lock_guard lock(mutex_);
      proxy_authorization_ = request.get_header_value("Proxy-Authorization");
      return httplib::Server::HandlerResponse::Unhandled;
    });
    port_ = http_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { http_.listen_after_bind(); });
  }
  ~Target() {
    while (!http_.is_running()) {  // a stop before the loop has begun would be lost
      std::this_thread::yield();
    }
    http_.stop();
    thread_.join();
  }
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  std::string url(const std::string& scheme = "http") const {
    return scheme + "://127.0.0.1:" + std::to_string(port_) + "/queue-events";
  }
  std::set<std::string> stored() const {
    const std::lock_guard lock(mutex_);
    return stored_;
  }
  std::string authorization() const {
    const std::lock_guard lock(mutex_);
    return authorization_;
  }
  std::string proxy_authorization() const {
    const std::lock_guard lock(mutex_);
    return proxy_authorization_;
  }
  std::string peer() const {
    const std::lock_guard lock(mutex_);
    return peer_;
  }
  std::atomic<int> broken = 0;  ///< so many requests fail from now on
  std::string poison;           ///< set before anything is sent

 private:
  void serve(const httplib::Request& request, httplib::Response& response) {
    if (broken > 0) {
      --broken;
      response.status = 500;
      return;
    }
    const std::lock_guard lock(mutex_);
    authorization_ = request.get_header_value("Authorization");
    peer_ = request.remote_addr;
    std::vector<std::string> ids;
    const auto body = json::parse(request.body);
    for (const auto& item : body.as_object().at("items").as_array()) {
      ids.emplace_back(item.as_object().at("id").as_string().c_str());
      if (ids.back() == poison) {
        response.status = 422;
        response.set_content(R"({"detail":"未知窗口, 电话 13800001234"})", "application/json");
        return;
      }
    }
    stored_.insert(ids.begin(), ids.end());
    response.set_content(R"({"code":0,"message":"ok"})", "application/json");
  }

  std::unique_ptr<httplib::Server> server_;
  httplib::Server& http_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::set<std::string> stored_;
  std::string authorization_, proxy_authorization_, peer_;
  std::thread thread_;
};

/// An outbox whose queue the test fills.
struct Hall {
  explicit Hall(const std::string& url, const std::string& auth = "none") {
    config.id.value = "supervision";
    config.url = url;
    config.auth = auth;
    config.interval_s = 0;
    secret = (std::filesystem::temp_directory_path() / "lobby-outbox-XXXXXX").string();
    const int file = ::mkstemp(secret.data());
    REQUIRE(file >= 0);
    REQUIRE(::write(file, "hall-1:s3cret", 13) == 13);
    ::close(file);
    config.token_file = auth == "none" ? "" : secret;
  }
  ~Hall() {
    outboxes.reset();
    ::unlink(secret.c_str());
  }
  Hall(const Hall&) = delete;
  Hall& operator=(const Hall&) = delete;

  void start() {
    Outboxes::Source source;
    source.next = [this](const hall::DeviceId&) {
      Outboxes::Batch batch;
      batch.items = queue;
      return batch;
    };
    source.confirmed = [this](const hall::DeviceId&, std::vector<outbox_lines::Rejected> refused,
                              const std::function<void(bool)>& kept) {
      rejected.insert(rejected.end(), refused.begin(), refused.end());
      queue.clear();
      ++confirmed;
      executor.post([kept] { kept(true); });
    };
    source.lost = [](const hall::DeviceId&) {};
    source.detail = [](const hall::DeviceId&) { return std::string(); };
    outboxes = std::make_unique<Outboxes>(executor, std::vector<OutboxConfig>{config},
                                          feed_spawner(loop.io, LOBBY_BIN_DIR "/lobby-feed"), roster,
                                          std::move(source));
  }
  void fill(int count) {
    for (int i = 1; i <= count; ++i) {
      queue.push_back(R"({"id":"north-)" + std::to_string(i) + R"(","type":"TicketIssued","text":")" +
                      std::string(400, 'x') + "\"}");
    }
  }
  bool until(const std::function<bool()>& happened) { return loop.until(happened, std::chrono::seconds(20)); }
  const hall::DeviceView& device() { return *roster.find(config.id); }

  fakes::Loop loop;
  link::AsioExecutor executor{loop.io};
  OutboxConfig config;
  std::string secret;
  std::vector<std::string> queue;
  std::vector<outbox_lines::Rejected> rejected;
  int confirmed = 0;
  Roster roster{[] { return hall::Instant{1, 480}; }, [](const hall::ReportDevice&) {}};
  std::unique_ptr<Outboxes> outboxes;
};

TEST_CASE("500 events go in one line and one request, signed") {
  Target target;
  Hall hall(target.url(), "hmac-sha256");
  hall.fill(500);
  hall.start();
  REQUIRE(hall.until([&] { return hall.confirmed == 1; }));
  CHECK(target.stored().size() == 500);
  CHECK(target.authorization().starts_with("HALL-HMAC-SHA256 appId=hall-1,"));
  CHECK(target.authorization().find("s3cret") == std::string::npos);
  CHECK(hall.until([&] { return hall.device().state == hall::DeviceState::ok; }));
}

TEST_CASE("poison in the middle of 500 is told apart from the rest") {
  Target target;
  target.poison = "north-250";
  Hall hall(target.url());
  hall.fill(500);
  hall.start();
  REQUIRE(hall.until([&] { return hall.confirmed == 1; }));
  CHECK(target.stored().size() == 499);
  REQUIRE(hall.rejected.size() == 1);
  CHECK(hall.rejected[0].id == "north-250");
  CHECK(hall.rejected[0].reason == "HTTP 422: 未知窗口, 电话 ***");
}

TEST_CASE("a target that fails is tried again, and the device says why until then") {
  Target target;
  target.broken = 1;
  Hall hall(target.url());
  hall.fill(3);
  hall.start();
  REQUIRE(hall.until([&] { return hall.device().state == hall::DeviceState::degraded; }));
  CHECK(hall.device().reason == "HTTP 500");
  REQUIRE(hall.until([&] { return hall.device().state == hall::DeviceState::ok; }));
  CHECK(target.stored().size() == 3);
}

TEST_CASE("a target that wants our certificate, from one address, with a fixed token, gets all three") {
  const feed::Identity own;
  const feed::Identity client;
  Target target(std::make_unique<httplib::SSLServer>(own.certificate().c_str(), own.key().c_str(),
                                                     client.certificate().c_str()));
  Hall hall(target.url("https"), "bearer");
  hall.config.ca_file = own.certificate();
  hall.fill(3);
  SUBCASE("known") {
    hall.config.client_cert_file = client.certificate();
    hall.config.client_key_file = client.key();
    hall.config.bind = "127.0.0.3";
    hall.start();
    REQUIRE(hall.until([&] { return hall.confirmed == 1; }));
    CHECK(target.authorization() == "Bearer hall-1:s3cret");
    CHECK(target.peer() == "127.0.0.3");
  }
  SUBCASE("unknown") {
    hall.start();
    REQUIRE(hall.until([&] { return hall.device().state == hall::DeviceState::degraded; }));
    CHECK(target.stored().empty());
  }
}

TEST_CASE("a proxy that wants to know who we are is told") {
  Target proxy;  // a request to a proxy has the whole address in its first line
  Hall hall("http://127.0.0.9:9/queue-events");
  hall.config.proxy = proxy.url().substr(7, proxy.url().find("/queue") - 7);
  hall.config.proxy_file = hall.secret;
  hall.fill(1);
  hall.start();
  REQUIRE(hall.until([&] { return !proxy.proxy_authorization().empty(); }));
  CHECK(proxy.proxy_authorization() == "Basic aGFsbC0xOnMzY3JldA==");  // hall-1:s3cret
}

TEST_CASE("settings that cannot be used end the process with the reason") {
  Hall hall("http://127.0.0.1:9/", "token");
  hall.start();
  CHECK(hall.until([&] {
    return hall.device().reason == "lobby-feed ended with status 2: `auth` in the settings is wrong";
  }));
}

}  // namespace
}  // namespace lobby::devices::process_tests
