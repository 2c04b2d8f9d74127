#include "daemon/api/problem.hpp"

#include <algorithm>
#include <utility>

#include "daemon/api/json_writer.hpp"

namespace lobby::api {
namespace {

int status_of(hall::Refused code) {
  switch (code) {
    case hall::Refused::bad_request:
      return 400;
    case hall::Refused::forbidden:
    case hall::Refused::same_person:
      return 403;
    case hall::Refused::not_found:
    case hall::Refused::unknown_service:
    case hall::Refused::unknown_window:
    case hall::Refused::unknown_ticket:
    case hall::Refused::unknown_device:
    case hall::Refused::unknown_board:
    case hall::Refused::unknown_evaluation:
      return 404;
    case hall::Refused::printer_unavailable:
    case hall::Refused::storage_failed:
      return 503;
    default:
      return 409;
  }
}

}  // namespace

Problem bad_request(std::string detail) {
  return {400, "bad_request", std::move(detail)};
}
Problem unauthorized(std::string detail) {
  return {401, "unauthorized", std::move(detail), "WWW-Authenticate: Bearer realm=\"lobby\"\r\n"};
}
Problem forbidden(std::string detail) {
  return {403, "forbidden", std::move(detail)};
}
Problem not_found(std::string detail, std::string_view code) {
  return {404, std::string(code), std::move(detail)};
}
Problem too_large(std::string detail) {
  return {413, "too_large", std::move(detail)};
}
Problem rate_limited(std::string detail, int retry_after_s) {
  return {429, "rate_limited", std::move(detail), "Retry-After: " + std::to_string(retry_after_s) + "\r\n"};
}
Problem key_reused() {
  return {409, "key_reused", "this Idempotency-Key was used with another body"};
}
Problem stopping() {
  return {503, "service_closed", "the lobby is being stopped: nothing was done, try again when it is back",
          "Retry-After: 5\r\n"};
}
Problem problem_of(const hall::Refusal& refusal) {
  return {status_of(refusal.code), std::string(hall::to_text(refusal.code)), refusal.detail};
}

Response to_response(const Problem& problem) {
  std::string title = problem.code;
  std::replace(title.begin(), title.end(), '_', ' ');
  Response response;
  response.status = problem.status;
  response.content_type = "application/problem+json";
  response.headers = problem.headers;
  JsonObject(response.body)
      .add("type", "urn:lobby:problem:" + problem.code)
      .add("title", title)
      .add("status", problem.status)
      .add("detail", problem.detail)
      .add("code", problem.code);
  return response;
}

}  // namespace lobby::api
