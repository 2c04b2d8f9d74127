#include "tests/sim/hall_client.hpp"

#include <httplib.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

namespace lobby::sim {
namespace {

constexpr const char* root = "/api/v1";

HallClient::Answer answer_of(const httplib::Result& result) {
  HallClient::Answer answer;
  if (!result) {
    return answer;
  }
  answer.status = result->status;
  boost::json::error_code error;
  answer.body = boost::json::parse(result->body, error);
  return answer;
}

}  // namespace

struct HallClient::Connection {
  httplib::Client http;
  httplib::Headers headers;
};

std::string HallClient::Answer::code() const {
  if (status == 0) {
    return "unreachable";
  }
  if (const boost::json::object* const problem = body.if_object()) {
    const boost::json::value* const code = problem->if_contains("code");
    if (code != nullptr && code->is_string()) {
      return std::string(code->get_string());
    }
  }
  return std::to_string(status);
}

HallClient::HallClient(const std::string& server, std::string token)
    : connection_(std::make_unique<Connection>(Connection{httplib::Client(server), {}})) {
  httplib::Client& http = connection_->http;
  http.set_keep_alive(true);
  http.set_tcp_nodelay(true);
  http.set_connection_timeout(1);
  http.set_read_timeout(5);
  http.set_write_timeout(5);
  if (!token.empty()) {
    connection_->headers.emplace("Authorization", "Bearer " + std::move(token));
  }
}

HallClient::~HallClient() = default;

HallClient::Answer HallClient::get(const std::string& path) {
  return answer_of(connection_->http.Get((root + path).c_str(), connection_->headers));
}

HallClient::Answer HallClient::post(const std::string& path, const boost::json::object& body,
                                    const std::string& idempotency_key) {
  httplib::Headers headers = connection_->headers;
  if (!idempotency_key.empty()) {
    headers.emplace("Idempotency-Key", idempotency_key);
  }
  return answer_of(connection_->http.Post((root + path).c_str(), headers, boost::json::serialize(body),
                                          "application/json"));
}

}  // namespace lobby::sim
