#pragma once

#include <httplib.h>

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace lobby::tests {

/// A loopback server that keeps what it was asked and answers as told.
class FakeServer {
 public:
  struct Asked {
    std::string method, target, body, token, key, last_event_id;
  };
  using Handler = std::function<void(const Asked&, httplib::Response&)>;

  explicit FakeServer(Handler handler) : handler_(std::move(handler)) {
    const auto take = [this](const httplib::Request& request, httplib::Response& response) {
      serve(request, response);
    };
    server_.Get(".*", take).Post(".*", take).Delete(".*", take);
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    // The socket takes connections already; stop() works only on a server that runs.
    while (!server_.is_running()) {
      std::this_thread::yield();
    }
  }
  /// Answers everything with this.
  FakeServer(int status, std::string body)
      : FakeServer([status, body = std::move(body)](const Asked&, httplib::Response& response) {
          response.status = status;
          response.set_content(body, status < 300 ? "application/json" : "application/problem+json");
        }) {}
  ~FakeServer() {
    server_.stop();
    thread_.join();
  }
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::vector<Asked> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  void serve(const httplib::Request& request, httplib::Response& response) {
    const Asked asked{request.method,
                      request.target,
                      request.body,
                      request.get_header_value("Authorization"),
                      request.get_header_value("Idempotency-Key"),
                      request.get_header_value("Last-Event-ID")};
    {
      const std::lock_guard lock(mutex_);
      asked_.push_back(asked);
    }
    handler_(asked, response);
  }

  Handler handler_;
  httplib::Server server_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<Asked> asked_;
  std::thread thread_;
};

}  // namespace lobby::tests
