#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/api/accounts.hpp"
#include "daemon/api/backend.hpp"
#include "daemon/api/counters.hpp"
#include "daemon/api/message.hpp"
#include "daemon/api/options.hpp"
#include "daemon/api/problem.hpp"
#include "daemon/api/sessions.hpp"
#include "daemon/api/streams.hpp"
#include "daemon/api/stretcher.hpp"
#include "daemon/api/target.hpp"
#include "daemon/api/tries.hpp"

namespace lobby::api {

class Acts;
struct Route;

/// The far end of one request. Answered once: by respond(), or by stream() from then on. An answer to a
/// client that has gone is dropped.
class Exchange {
 public:
  virtual ~Exchange() = default;
  virtual void respond(Response response) = 0;
  virtual void stream(EventCursor cursor) = 0;
};

/// A request that was let in. Its body may still be on its way when its head has been looked at.
struct Call {
  Request request;
  Target target;
  std::vector<std::string> ids;  ///< the path's {…}, in order
  const Route* route = nullptr;
  Account account;                   ///< who asks; without a name where nobody needs one
  std::shared_ptr<Session> session;  ///< the login that it came by; none: a token
  std::shared_ptr<Exchange> exchange;

  void respond(const Problem& problem) const { exchange->respond(to_response(problem)); }
  void respond_json(std::string body, int status = 200) const {
    Response response;
    response.status = status;
    response.body = std::move(body);
    exchange->respond(std::move(response));
  }
};

/// What the handlers work with. Outlives every call.
struct Desk {
  Backend& backend;
  Accounts& accounts;
  Sessions& sessions;
  Stretcher& stretcher;
  Streams& streams;
  Acts& acts;
  Counters& counters;
  const Options& options;
  /// Runs it on the loop, after what waits there now; never when the server has stopped.
  std::function<void(std::function<void()>)> later = {};
  Tries inquiries{{5, std::chrono::minutes(10), true}};  ///< wrong query codes, by account and case number
  Tries fishing{{30, std::chrono::minutes(10), true}};   ///< and by account
  bool closing = false;  ///< the lobby is being stopped: nothing is changed any more
};

using Handler = void (*)(Desk& desk, Call call);

// --- the handlers, in the files named after what they are about ---
void get_hall(Desk& desk, Call call);
void get_catalogue(Desk& desk, Call call);
void get_appointments(Desk& desk, Call call);
void get_tickets(Desk& desk, Call call);
void get_ticket(Desk& desk, Call call);
void post_notice(Desk& desk, Call call);
void get_devices(Desk& desk, Call call);
void post_scan(Desk& desk, Call call);
void post_address(Desk& desk, Call call);
void post_self_test(Desk& desk, Call call);
void get_approvals(Desk& desk, Call call);
void get_approval(Desk& desk, Call call);
void get_review(Desk& desk, Call call);
void get_bids(Desk& desk, Call call);
void get_boards(Desk& desk, Call call);
void get_board_texts(Desk& desk, Call call);
void get_emergency(Desk& desk, Call call);
void get_board_program(Desk& desk, Call call);
void post_board_shown(Desk& desk, Call call);
void get_rooms(Desk& desk, Call call);
void get_evaluations(Desk& desk, Call call);
void get_evaluation(Desk& desk, Call call);
void get_evidence(Desk& desk, Call call);
void get_statistics(Desk& desk, Call call);
void get_events(Desk& desk, Call call);
void get_journal(Desk& desk, Call call);
void get_users(Desk& desk, Call call);
void post_user(Desk& desk, Call call);
void delete_user(Desk& desk, Call call);
void post_session(Desk& desk, Call call);
void delete_session(Desk& desk, Call call);
void get_openapi(Desk& desk, Call call);
void get_console(Desk& desk, Call call);
void get_metrics(Desk& desk, Call call);
void get_healthz(Desk& desk, Call call);
void get_readyz(Desk& desk, Call call);

}  // namespace lobby::api
