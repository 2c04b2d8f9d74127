#include "drivers/cctv/talk.hpp"

#include "drivers/http/digest.hpp"

namespace lobby::cctv {
namespace {

std::string sum_of(const http::Answer& answer) {
  return answer.body.empty() ? std::string() : http::sha256_hex(answer.body);
}

}  // namespace

Fault fault_of(http::Fault fault) {
  switch (fault) {
    case http::Fault::none:
      return Fault::none;
    case http::Fault::busy:
      return Fault::busy;
    case http::Fault::unresolved:
    case http::Fault::refused:
    case http::Fault::unreachable:
    case http::Fault::closed:
      return Fault::unreachable;
    case http::Fault::timeout:
      return Fault::timeout;
    case http::Fault::unauthorized:
    case http::Fault::held_back:
      return Fault::credential;
    case http::Fault::not_http:
    case http::Fault::too_long:
    case http::Fault::malformed:
      break;
  }
  return Fault::garbled;
}

Outcome outcome_of(const http::Answer& answer) {
  // What was refused for its credentials was not carried out.
  const bool is_certain = !answer.was_sent || answer.fault == http::Fault::unauthorized;
  return {is_certain ? Word::failed : Word::unknown, fault_of(answer.fault), answer.reason, sum_of(answer)};
}

Outcome done_by(const http::Answer& answer) {
  return {Word::done, Fault::none, {}, sum_of(answer)};
}

Outcome failed_by(const http::Answer& answer, Fault fault, std::string reason) {
  return {Word::failed, fault, std::move(reason), sum_of(answer)};
}

Outcome failed(Fault fault, std::string reason) {
  return {Word::failed, fault, std::move(reason), {}};
}

Fault status_fault(unsigned status) {
  switch (status) {
    case 401:
      return Fault::credential;
    case 403:
      return Fault::refused;
    case 404:
    case 405:
    case 501:
      return Fault::unsupported;
    case 503:
      return Fault::busy;
    default:
      return status >= 200 && status < 300 ? Fault::none : Fault::refused;
  }
}

Proof proof_of(std::string_view probe, const http::Answer& answer, Proof::Seen seen, Fault fault,
               std::string reason) {
  return {std::string(probe), seen, fault, std::move(reason), answer.asked_at, sum_of(answer)};
}

Proof no_proof(std::string_view probe, const http::Answer& answer) {
  if (answer.fault != http::Fault::none) {
    return proof_of(probe, answer, Proof::Seen::unknown, fault_of(answer.fault), answer.reason);
  }
  return proof_of(probe, answer, Proof::Seen::unknown, status_fault(answer.status),
                  "the recorder answers with status " + std::to_string(answer.status));
}

Proof not_ordered(std::string_view probe, link::MonoTime now) {
  return {
      std::string(probe), Proof::Seen::unknown, Fault::not_recording, "no recording was ordered", now, {}};
}

std::int64_t ms_of(UtcTime time) {
  return time.time_since_epoch().count();
}

UtcTime utc_of_seconds(std::int64_t seconds) {
  return UtcTime(std::chrono::seconds(seconds));
}

}  // namespace lobby::cctv
