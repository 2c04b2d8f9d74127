#include "daemon/ctl/client.hpp"

#include <httplib.h>

namespace lobby::ctl {
namespace {

constexpr std::size_t most_bytes = 64 << 20;

void set_up(httplib::Client& http, int answer_within_s) {
  http.set_connection_timeout(5);
  http.set_write_timeout(10);
  http.set_read_timeout(answer_within_s);
  http.set_tcp_nodelay(true);
  http.set_url_encode(false);  // a Request is encoded already
}

httplib::Headers headers_for(const std::string& token) {
  httplib::Headers headers;
  if (!token.empty()) {
    headers.emplace("Authorization", "Bearer " + token);
  }
  return headers;
}

NoAnswer no_answer(const std::string& server, httplib::Error error) {
  switch (error) {
    case httplib::Error::Read:
    case httplib::Error::Write:
    case httplib::Error::Unknown:
      return {"no answer from " + server, true};
    case httplib::Error::Canceled:
      return {"the answer of " + server + " is too long", true};
    default:
      return {"no connection to " + server, false};
  }
}

}  // namespace

Outcome Client::send(const Request& request, const std::string& key) const {
  httplib::Client http(server_);
  if (!http.is_valid()) {
    return NoAnswer{"no connection to " + server_, false};
  }
  set_up(http, 60);  // some addresses of a line behind a gateway that are all silent
  httplib::Request wire;
  wire.method = request.method;
  wire.path = request.path;
  wire.headers = headers_for(token_);
  wire.body = request.body;
  if (!request.body.empty()) {
    wire.headers.emplace("Content-Type", "application/json");
  }
  if (request.method == "POST" && !key.empty()) {
    wire.headers.emplace("Idempotency-Key", key);
  }
  std::string body;
  wire.content_receiver = [&body](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    body.append(data, size);
    return body.size() <= most_bytes;
  };
  const auto result = http.send(wire);
  if (!result) {
    return no_answer(server_, result.error());
  }
  return Answer{result->status, body.empty() ? result->body : body};
}

Outcome Client::stream(const std::string& path, const std::string& last_event_id,
                       const std::function<bool(std::string_view)>& took) const {
  httplib::Client http(server_);
  if (!http.is_valid()) {
    return NoAnswer{"no connection to " + server_, false};
  }
  set_up(http, 45);
  auto headers = headers_for(token_);
  headers.emplace("Accept", "text/event-stream");
  if (!last_event_id.empty()) {
    headers.emplace("Last-Event-ID", last_event_id);
  }
  Answer answer;
  const auto result = http.Get(
      path, headers,
      [&answer](const httplib::Response& response) {
        answer.status = response.status;
        return true;
      },
      [&](const char* data, std::size_t size) {
        if (answer.status == 200) {
          return took({data, size});
        }
        answer.body.append(data, size);
        return answer.body.size() <= most_bytes;
      });
  if (answer.status != 0 && answer.status != 200) {
    return answer;
  }
  if (!result && result.error() != httplib::Error::Canceled) {
    return no_answer(server_, result.error());
  }
  return answer;
}

}  // namespace lobby::ctl
