#include "display/screen/server_link.hpp"

#include <httplib.h>

#include <atomic>
#include <chrono>
#include <fstream>

namespace lobby::display {
namespace {

using namespace std::chrono_literals;

constexpr Instant longest_exchange = 8s;

}  // namespace

Instant steady_now() {
  return std::chrono::duration_cast<Instant>(std::chrono::steady_clock::now().time_since_epoch());
}

struct ServerLink::Wire {
  Wire(const std::string& server, std::size_t most) : http(server), most_bytes(most) {
    http.set_keep_alive(true);
    http.set_tcp_nodelay(true);
    http.set_connection_timeout(2s);
    http.set_read_timeout(3s);
    http.set_write_timeout(3s);
    http.set_decompress(false);
  }

  /// The server may just have let the kept connection go, as one that ends does after each answer.
  Answer send_anew(const httplib::Request& request) {
    const bool was_open = http.is_socket_open() != 0;
    Answer answer = send(request);
    return answer.status == 0 && was_open && !leaving ? send(request) : answer;
  }
  Answer send(httplib::Request request) {
    Answer answer;
    request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
      answer.body.append(data, size);
      return answer.body.size() <= most_bytes;
    };
    // There is no body behind a 304, and httplib waits for one when nothing says how long it is.
    request.response_handler = [&answer](const httplib::Response& response) {
      answer.status = response.status;
      answer.etag = response.get_header_value("ETag");
      return response.status != not_modified;
    };
    answer.asked = steady_now();
    busy_since = answer.asked.count();
    const auto result = http.send(request);
    busy_since = 0;
    answer.answered = steady_now();
    if (result) {
      answer.status = result->status;  // the handler hears of no 204
    } else if (answer.status != not_modified) {
      answer.status = 0;
    }
    return answer;
  }

  httplib::Client http;
  std::size_t most_bytes;
  std::atomic<std::int64_t> busy_since = 0;  ///< 0: nothing is under way
  std::atomic<bool> leaving = false;
};

ServerLink::ServerLink(const std::string& server, std::size_t most_bytes)
    : wire_(std::make_unique<Wire>(server, most_bytes)) {}

ServerLink::~ServerLink() = default;

ServerLink::Answer ServerLink::get(const std::string& path, const std::string& known) {
  httplib::Request request;
  request.method = "GET";
  request.path = path;
  if (!known.empty()) {
    request.headers.emplace("If-None-Match", known);
  }
  return wire_->send_anew(request);
}

int ServerLink::post(const std::string& path, const std::string& json) {
  httplib::Request request;
  request.method = "POST";
  request.path = path;
  request.body = json;
  request.headers.emplace("Content-Type", "application/json");
  return wire_->send_anew(request).status;
}

void ServerLink::set_token_from(const std::string& file) {
  std::ifstream in(file);
  std::string token;
  std::getline(in, token);
  token.erase(token.find_last_not_of(" \t\r") + 1);
  wire_->http.set_default_headers(token.empty() ? httplib::Headers{}
                                                : httplib::Headers{{"Authorization", "Bearer " + token}});
}

void ServerLink::watch() {
  const std::int64_t since = wire_->busy_since;
  if (since != 0 && steady_now().count() - since > longest_exchange.count()) {
    wire_->http.stop();
  }
}

void ServerLink::leave() {
  wire_->leaving = true;
  wire_->http.stop();
}

std::string trouble_of(int status, const std::string& server, const std::string& token_file,
                       const std::string& unknown) {
  if (status == 401 || status == 403) {
    return token_file.empty() ? "the server wants a token: give --token-file"
                              : "the server refuses the token in " + token_file +
                                    ": it has to be of an account with the role screen";
  }
  if (status == 404) {
    return unknown;
  }
  return status == 0 ? "no connection to " + server : "the server answers " + std::to_string(status);
}

}  // namespace lobby::display
