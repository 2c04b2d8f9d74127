// What the wire says and hears on a good day: a server of the library on the loopback.
#include <doctest/doctest.h>
#include <httplib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mutex>

#include "daemon/feed/url.hpp"
#include "tests/feed_pull/servers.hpp"

namespace lobby::feed {
namespace {

using std::chrono::seconds;

Reply good(const Settings& settings) {
  auto outcome = get(settings, seconds(10));
  if (const auto* failure = std::get_if<Failure>(&outcome)) {
    FAIL(failure->reason);
  }
  return std::get<Reply>(std::move(outcome));
}

std::string bad(const Settings& settings) {
  auto outcome = get(settings, seconds(10));
  REQUIRE(std::holds_alternative<Failure>(outcome));
  return std::get<Failure>(outcome).reason;
}

std::string gzipped(const std::string& text) {
  std::string out;
  httplib::detail::gzip_compressor gzip;
  REQUIRE(gzip.compress(text.data(), text.size(), true, [&out](const char* data, std::size_t size) {
    out.append(data, size);
    return true;
  }));
  return out;
}

/// What the server was asked last.
struct Asked {
  std::mutex mutex;
  httplib::Request last;
  int times = 0;

  void note(const httplib::Request& request) {
    const std::lock_guard lock(mutex);
    last = request;
    ++times;
  }
  httplib::Request get() {
    const std::lock_guard lock(mutex);
    return last;
  }
};

TEST_CASE("the heads of an answer that are of use, and its body") {
  auto http = std::make_unique<httplib::Server>();
  http->Get("/list", [](const httplib::Request&, httplib::Response& response) {
    response.set_header("ETag", "\"v1\"");
    response.set_header("Cache-Control", "max-age=60");
    response.set_header("Date", "Fri, 20 Nov 2026 01:00:00 GMT");
    response.set_header("Retry-After", "7");
    response.set_content("{}", "application/json;charset=GBK");
  });
  const LibraryServer server(std::move(http));
  const Reply reply = good(settings_for(server.url("/list")));
  CHECK(reply.status == 200);
  CHECK(reply.body == "{}");
  CHECK(reply.etag == "\"v1\"");
  CHECK(reply.cache_control == "max-age=60");
  CHECK(reply.date == "Fri, 20 Nov 2026 01:00:00 GMT");
  CHECK(reply.retry_after == "7");
  CHECK(reply.content_type == "application/json;charset=GBK");
}

TEST_CASE("what a 422 says is read, and no more of it than a sentence needs") {
  auto http = std::make_unique<httplib::Server>();
  http->Get("/short", [](const httplib::Request&, httplib::Response& response) {
    response.status = 422;
    response.set_content(R"({"detail":"未知窗口"})", "application/json");
  });
  http->Get("/long", [](const httplib::Request&, httplib::Response& response) {
    response.status = 422;
    std::string much;
    much.resize(9'000'000, 'x');
    response.set_content(much, "text/plain");
  });
  const LibraryServer server(std::move(http));
  const Reply told = good(settings_for(server.url("/short")));
  CHECK(told.status == 422);
  CHECK(told.body == R"({"detail":"未知窗口"})");
  const Reply cut = good(settings_for(server.url("/long")));
  CHECK(cut.status == 422);
  CHECK(cut.body.size() <= 16U * 1024);
}

TEST_CASE("a status that is no success is an answer without its body") {
  auto http = std::make_unique<httplib::Server>();
  http->Get(R"(/(\d+))", [](const httplib::Request& request, httplib::Response& response) {
    response.status = std::stoi(request.matches[1]);
    response.set_header("ETag", "\"v1\"");
    if (response.status != 304) {
      response.set_content("s3cret", "text/html");
    }
  });
  const LibraryServer server(std::move(http));
  for (const int status : {304, 400, 401, 403, 404, 410, 429, 500, 503}) {
    const Reply reply = good(settings_for(server.url("/" + std::to_string(status))));
    CHECK(reply.status == status);
    CHECK(reply.etag == "\"v1\"");
    CHECK(reply.body.empty());
  }
}

TEST_CASE("no redirect is followed, to another host or to the same") {
  auto asked = std::make_shared<Asked>();
  auto other = std::make_unique<httplib::Server>();
  other->Get("/.*", [asked](const httplib::Request& request, httplib::Response&) { asked->note(request); });
  const LibraryServer elsewhere(std::move(other));
  auto http = std::make_unique<httplib::Server>();
  http->Get("/list", [&elsewhere](const httplib::Request&, httplib::Response& response) {
    response.set_redirect(elsewhere.url("/stolen"));
  });
  const LibraryServer server(std::move(http));
  CHECK(good(settings_for(server.url("/list"))).status == 302);
  CHECK(asked->times == 0);
}

TEST_CASE("what is sent: method, target and headers as they were signed") {
  auto asked = std::make_shared<Asked>();
  auto http = std::make_unique<httplib::Server>();
  const auto note = [asked](const httplib::Request& request, httplib::Response& response) {
    asked->note(request);
    response.set_content("ok", "text/plain");
  };
  http->Get("/.*", note);
  http->Post("/.*", note);
  const LibraryServer server(std::move(http));
  const Settings settings = settings_for(server.url());
  auto wire = http_wire(settings, std::chrono::steady_clock::now() + seconds(10));
  auto& line = *std::get<std::unique_ptr<Wire>>(wire);
  FilledRequest request;
  request.post = false;
  request.target = "/a%2Fb/c?x=%E5%8C%BA&y=a%20b";
  request.headers = {{"Authorization", "HALL-HMAC-SHA256 appId=1"}, {"If-None-Match", "\"v1\""}};
  REQUIRE(std::holds_alternative<Reply>(line.exchange(request)));
  CHECK(asked->get().target == request.target);
  CHECK(asked->get().get_header_value("Authorization") == "HALL-HMAC-SHA256 appId=1");
  CHECK(asked->get().get_header_value("If-None-Match") == "\"v1\"");
  CHECK(asked->get().get_header_value("Accept-Encoding") == "gzip");
  // The same connection again, with a body.
  request.post = true;
  request.body = R"({"events":["取号"]})";
  request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
  REQUIRE(std::holds_alternative<Reply>(line.exchange(request)));
  CHECK(asked->get().method == "POST");
  CHECK(asked->get().body == request.body);
  CHECK(asked->get().get_header_value("Content-Type") == "application/json; charset=utf-8");
}

TEST_CASE("gzip is taken off, and counts as what comes out of it") {
  auto http = std::make_unique<httplib::Server>();
  const std::string bomb = gzipped(std::string(32U * 1024 * 1024, ' '));
  CHECK(bomb.size() < 100'000);
  http->Get("/small", [](const httplib::Request&, httplib::Response& response) {
    response.set_header("Content-Encoding", "gzip");
    response.set_content(gzipped("{\"items\":[]}"), "application/octet-stream");
  });
  http->Get("/bomb", [&bomb](const httplib::Request&, httplib::Response& response) {
    response.set_header("Content-Encoding", "gzip");
    response.set_content(bomb, "application/octet-stream");
  });
  http->Get("/broken", [](const httplib::Request&, httplib::Response& response) {
    response.set_header("Content-Encoding", "gzip");
    response.set_content("no gzip at all", "application/octet-stream");
  });
  const LibraryServer server(std::move(http));
  CHECK(good(settings_for(server.url("/small"))).body == "{\"items\":[]}");
  CHECK(bad(settings_for(server.url("/bomb"))) == "the answer is longer than 8 MiB");
  CHECK(bad(settings_for(server.url("/broken"))) == "the upstream broke off its answer");
}

TEST_CASE("requests leave by the address that the site says") {
  auto asked = std::make_shared<Asked>();
  auto http = std::make_unique<httplib::Server>();
  http->Get("/list", [asked](const httplib::Request& request, httplib::Response& response) {
    asked->note(request);
    response.set_content("ok", "text/plain");
  });
  const LibraryServer server(std::move(http));
  Settings settings = settings_for(server.url("/list"));
  settings.bind = "127.0.0.2";
  good(settings);
  CHECK(asked->get().remote_addr == "127.0.0.2");
  settings.bind = "lo";
  good(settings);
  CHECK(asked->get().remote_addr == "127.0.0.1");
  settings.bind = "eth99";
  CHECK(bad(settings).find("bound to") != std::string::npos);
  CHECK(asked->times == 2);
}

TEST_CASE("a proxy is asked for the whole address, with its own secret") {
  std::mutex mutex;
  std::string asked;
  const RawServer proxy([&](int socket, const std::string& request) {
    {
      const std::lock_guard lock(mutex);
      asked = request;
    }
    say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
    hear_end(socket);
  });
  Settings settings = settings_for("http://approvals.example:8080/list?a=b");
  settings.proxy = "127.0.0.1:" + std::to_string(proxy.port());
  CHECK(good(settings).body == "{}");
  {
    const std::lock_guard lock(mutex);
    CHECK(asked.starts_with("GET http://approvals.example:8080/list?a=b HTTP/1.1\r\n"));
    CHECK(asked.find("Proxy-Authorization") == std::string::npos);
  }
  settings.proxy_file = "/tmp/lobby-proxy-XXXXXX";
  const int file = ::mkstemp(settings.proxy_file.data());
  REQUIRE(::write(file, "hall:s3:cret\n", 13) == 13);
  ::close(file);
  CHECK(good(settings).body == "{}");
  {
    // printf 'hall:s3:cret' | base64
    const std::lock_guard lock(mutex);
    CHECK(asked.find("Proxy-Authorization: Basic aGFsbDpzMzpjcmV0\r\n") != std::string::npos);
  }
  REQUIRE(::chmod(settings.proxy_file.c_str(), 0644) == 0);
  CHECK(bad(settings).find("chmod 600") != std::string::npos);
  ::unlink(settings.proxy_file.c_str());
}

TEST_CASE("nobody listens") {
  std::string url;
  {
    url = RawServer([](int, const std::string&) {}).url();
  }
  CHECK(bad(settings_for(url)).find("cannot be reached") != std::string::npos);
}

}  // namespace
}  // namespace lobby::feed
