#pragma once

#include <string>
#include <string_view>

#include "daemon/api/message.hpp"
#include "daemon/hall/decide.hpp"

namespace lobby::api {

/// Why a request is not served, as an RFC 9457 problem document. `detail` is one sentence for the person who
/// asked.
struct Problem {
  int status = 400;
  std::string code;
  std::string detail;
  std::string headers = {};  ///< what the status demands (Allow, Retry-After), each ended by CRLF
};

Problem bad_request(std::string detail);
Problem unauthorized(std::string detail);
Problem forbidden(std::string detail);
Problem not_found(std::string detail, std::string_view code = "not_found");
Problem too_large(std::string detail);
Problem rate_limited(std::string detail, int retry_after_s);
Problem key_reused();
/// The lobby is being stopped and takes no commands.
Problem stopping();
/// The hall's refusal: its code by the same name.
Problem problem_of(const hall::Refusal& refusal);

Response to_response(const Problem& problem);

}  // namespace lobby::api
