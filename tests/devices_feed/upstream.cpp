#include "tests/devices_feed/upstream.hpp"

#include <httplib.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace lobby::devices {
namespace {

namespace json = boost::json;

std::string answer(std::size_t page, bool changed) {
  constexpr std::size_t rows = 60;
  constexpr std::size_t size = 50;
  json::array list;
  for (std::size_t i = page * size; i < rows && i < (page + 1) * size; ++i) {
    list.push_back(json::object{{"projectguid", "g" + std::to_string(i)},
                                {"projectname", "食品经营许可"},
                                {"flowsn", "51068220261120" + std::to_string(1000 + i)},
                                {"ouname", "市场监督管理局"},
                                {"applyername", "张三丰"},
                                {"status", changed && i == 0 ? "正常办结" : "已受理"},
                                {"receivedate", "2026-11-20"}});
  }
  const json::object custom{{"code", "1"}, {"text", ""}, {"totalcount", "60"}, {"projectlist", list}};
  return json::serialize(
      json::object{{"status", {{"code", "200"}, {"text", ""}}}, {"custom", json::serialize(custom)}});
}

}  // namespace

struct Upstream::Server {
  void serve(const httplib::Request& request, httplib::Response& response) {
    const auto body = json::parse(request.body).as_object();
    const std::size_t page = std::stoul(std::string(body.at("params").at("currentpage").as_string()));
    {
      const std::lock_guard lock(mutex);
      last_body = request.body;
    }
    pulls += page == 0 ? 1 : 0;
    switch (mood.load()) {
      case Mood::kind:
        response.set_content(answer(page, changed), "application/json");
        break;
      case Mood::drip:
        drip(response);
        break;
      case Mood::flood:
        flood(response);
        break;
      case Mood::web_page:
        response.set_content("<html><title>统一登录</title><body>张三丰</body></html>", "text/html");
        break;
      case Mood::refuses:
        response.set_content(R"({"status":{"code":"200"},"custom":{"code":"0","text":"身份验证失败"}})",
                             "application/json");
        break;
    }
  }

  void drip(httplib::Response& response) {
    response.set_chunked_content_provider("application/json", [this](std::size_t, httplib::DataSink& sink) {
      std::unique_lock lock(mutex);
      if (wake.wait_for(lock, std::chrono::milliseconds(100), [this] { return over; })) {
        return false;
      }
      return sink.write(" ", 1);
    });
  }

  void flood(httplib::Response& response) {
    response.set_chunked_content_provider("application/json", [this](std::size_t, httplib::DataSink& sink) {
      static const std::string block(64 * 1024, ' ');
      constexpr std::size_t all = 200U * 1024 * 1024;
      if (sent >= all) {
        sink.done();
        return true;
      }
      sent += block.size();
      return sink.write(block.data(), block.size());
    });
  }

  httplib::Server http;
  int port = 0;
  std::atomic<Mood> mood = Mood::kind;
  std::atomic<bool> changed = false;
  std::atomic<int> pulls = 0;
  std::atomic<std::size_t> sent = 0;
  std::mutex mutex;
  std::condition_variable wake;
  bool over = false;
  std::string last_body;
  std::thread thread;
};

Upstream::Upstream() : server_(std::make_unique<Server>()) {
  auto& server = *server_;
  server.http.Post("/getProjectList",
                   [&server](const httplib::Request& request, httplib::Response& response) {
                     server.serve(request, response);
                   });
  server.port = server.http.bind_to_any_port("127.0.0.1");
  server.thread = std::thread([&server] { server.http.listen_after_bind(); });
}

Upstream::~Upstream() {
  {
    const std::lock_guard lock(server_->mutex);
    server_->over = true;
  }
  server_->wake.notify_all();
  while (!server_->http.is_running()) {  // a stop before the loop has begun would be lost
    std::this_thread::yield();
  }
  server_->http.stop();
  server_->thread.join();
}

std::string Upstream::url() const {
  return "http://127.0.0.1:" + std::to_string(server_->port) + "/getProjectList";
}
void Upstream::be(Mood mood) {
  server_->mood = mood;
}
void Upstream::change_rows() {
  server_->changed = true;
}
int Upstream::pulls() const {
  return server_->pulls;
}
std::size_t Upstream::sent() const {
  return server_->sent;
}
std::string Upstream::last_body() const {
  const std::lock_guard lock(server_->mutex);
  return server_->last_body;
}

}  // namespace lobby::devices
