#include "daemon/feed/source.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/feed/charset.hpp"
#include "daemon/feed/reply.hpp"
#include "daemon/feed/scope.hpp"
#include "daemon/feed/secrets.hpp"

namespace lobby::feed {
namespace {

Failure bare_trouble(std::string reason) {
  return {Failure::Kind::trouble, std::move(reason), {}};
}

Failure failure_of(AnswerFault fault) {
  Failure out = bare_trouble(std::move(fault.reason));
  if (fault.kind == AnswerFault::Kind::unauthorised) {
    out.kind = Failure::Kind::unauthorised;
    out.whole_source = true;
  } else if (fault.kind == AnswerFault::Kind::outdated) {
    out.kind = Failure::Kind::outdated;
  }
  return out;
}

bool asks_by_year(const Resource& resource) {
  const auto holds = [](const std::string& text) { return text.find("{year}") != std::string::npos; };
  const auto any = [&holds](const auto& templates) {
    return std::any_of(templates.begin(), templates.end(),
                       [&holds](const auto& pair) { return holds(pair.second); });
  };
  return holds(resource.path) || any(resource.request.query) || holds(resource.request.xml) ||
         holds(boost::json::serialize(resource.request.body));
}

/// Of a whole answer: the same lines mean another thing when they are all that there is.
std::uint64_t fingerprint_of(const Pulled& pulled) {
  constexpr std::uint64_t whole = 0x9e3779b97f4a7c15;
  return pulled.collected->fingerprint() + (pulled.full ? whole : 0);
}

bool is_blank(std::string_view body) {
  return body.find_first_not_of(" \t\r\n\xEF\xBB\xBF") == std::string_view::npos;
}

bool tells_nothing(const Pulled& pulled) {
  return pulled.collected->rows() == 0 && pulled.collected->removals() == 0;
}

}  // namespace

/// One pull on its way.
struct Source::Pull {
  const Resource& resource;
  Known& known;
  std::unique_ptr<Wire> wire;
  Pulled out;
  std::uint32_t requests = 0;  ///< that were answered; repeated ones and logins do not count
  std::uint64_t request_sum = 0;
  bool not_modified = false;
  bool two_years = false;  ///< this one and the next: that the first has not moved says nothing of the second
  bool has_nothing = false;  ///< the upstream answered that it has none of it
  bool logged_in_again = false;
  bool clock_mended = false;
  std::int64_t sent_ms = 0, received_ms = 0;  ///< of the last request, by the wall clock
  std::int64_t clock_off_ms = 0;
};

Source::Source(const Settings& settings, const Mapping& mapping, Connect connect, Surroundings around)
    : settings_(settings),
      mapping_(mapping),
      connect_(std::move(connect)),
      around_(std::move(around)),
      url_(parse_url(settings.url).value_or(Url{})) {
  for (const auto& [what, cursor] : settings.cursors) {
    known_[what].cursor = cursor;
  }
}

std::variant<Pulled, Failure> Source::pull(const Resource& resource) {
  if (!settings_.token_file.empty()) {
    Token token = read_token(settings_.token_file);
    if (!token.fault.empty()) {
      return Failure{Failure::Kind::unauthorised, std::move(token.fault), {}, false, true};
    }
    token_ = std::move(token.text);
  }
  credentials_ = credentials_of(mapping_.auth, settings_.app_id, token_);
  Known& known = known_[resource.what];
  auto result = walk(resource, known);
  const auto* failure = std::get_if<Failure>(&result);
  if (failure == nullptr || failure->kind != Failure::Kind::outdated || known.cursor.empty()) {
    return result;
  }
  forget(resource.what);
  known.cursor.clear();
  const std::int64_t now = around_.steady_ms();
  const std::int64_t interval_ms =
      std::int64_t{resource.interval_s != 0 ? resource.interval_s : settings_.interval_s} * 1000;
  // A pull may come a fifth of the interval early.
  const bool lately = known.resynced_ms && now - *known.resynced_ms < interval_ms * 4 / 5;
  known.resynced_ms = now;
  return lately ? std::move(result) : walk(resource, known);
}

void Source::keep(What what, const Pulled& pulled) {
  Known& known = known_[what];
  if (!pulled.cursor.empty()) {
    known.cursor = pulled.cursor;
  }
  if (pulled.changed) {
    known.fingerprint = fingerprint_of(pulled);
  }
  known.etag = pulled.etag;
  known.etag_of = pulled.etag_of;
  known.proof = pulled.proof;
}

void Source::forget(What what) {
  Known& known = known_[what];
  known.fingerprint.reset();
  known.etag.clear();
}

hall::Instant Source::upstream_now() const {
  return local_instant(mapping_, around_.wall_ms() + clock_offset_ms_);
}

std::variant<Pulled, Failure> Source::walk(const Resource& resource, Known& known) {
  // The notice for the next year comes in November, the alarm that it is missing on the first of December:
  // asked for from the day on when it may be there. Until then, and when it is late, there is none.
  constexpr int november = 11;
  auto wire = connect_(std::chrono::steady_clock::now() + std::chrono::seconds(settings_.total_s));
  if (auto* failure = std::get_if<Failure>(&wire)) {
    return std::move(*failure);
  }
  Pull pull{resource, known, std::get<std::unique_ptr<Wire>>(std::move(wire)), {}};
  pull.out.collected = std::make_unique<Collected>(settings_.spool_dir);
  pull.out.started_ms = around_.steady_ms();
  const auto today = hall::year_month(hall::local_date(upstream_now()));
  const auto year = static_cast<std::uint32_t>(today.year);
  pull.two_years = today.month >= november && asks_by_year(resource);
  if (auto failure = walk_year(pull, year)) {
    return *std::move(failure);
  }
  if (pull.two_years) {
    const auto failure = walk_year(pull, year + 1);
    if (failure && failure->kind != Failure::Kind::missing && !pull.has_nothing) {
      return *failure;
    }
  }
  finish(pull, known);
  return std::move(pull.out);
}

std::optional<Failure> Source::walk_year(Pull& pull, std::uint32_t year) {
  PageWalk walk(pull.resource, pull.known.cursor, *pull.out.collected);
  while (const auto next = walk.next()) {
    auto answered = ask(pull, *next, year);
    if (auto* failure = std::get_if<Failure>(&answered)) {
      if (keeps_part(pull, walk, *failure)) {
        break;
      }
      return std::move(*failure);
    }
    if (pull.not_modified) {
      return std::nullopt;
    }
    std::string fault = walk.take(std::get<Answer>(std::move(answered)));
    if (fault.empty()) {
      fault = pull.out.collected->fault();
    }
    if (!fault.empty()) {
      return bare_trouble(std::move(fault));
    }
  }
  pull.out.full = pull.out.full && walk.full();
  if (!walk.missing().empty()) {
    pull.out.missing = walk.missing();
    pull.out.good_for = std::chrono::seconds(0);
  }
  pull.out.cursor = walk.cursor();
  add(pull.out.proof.counts, walk.counts());
  add(pull.out.findings, walk.findings());
  return std::nullopt;
}

/// What moved up to here is worth keeping on a line that breaks, and with an upstream that wants a pause: the
/// next pull goes on from there.
bool Source::keeps_part(Pull& pull, const PageWalk& walk, const Failure& failure) {
  const bool passes = failure.kind == Failure::Kind::trouble || failure.kind == Failure::Kind::throttled;
  if (!passes || walk.asked() == 0 || pull.known.cursor.empty()) {
    return false;
  }
  pull.out.missing = failure.reason;
  pull.out.good_for = failure.retry_after.value_or(std::chrono::seconds(0));
  return true;
}

Source::Answered Source::ask(Pull& pull, const Ask& ask, std::uint32_t year) {
  for (;;) {
    auto request = prepare(pull, ask, year);
    if (auto* failure = std::get_if<Failure>(&request)) {
      return std::move(*failure);
    }
    auto replied = send(pull, std::get<FilledRequest>(request));
    if (auto* failure = std::get_if<Failure>(&replied)) {
      return std::move(*failure);
    }
    Reply reply = std::get<Reply>(std::move(replied));
    const Reply head{reply.status, reply.date, {}, {}, {}, {}, {}};
    auto answered = read(pull, std::move(reply));
    auto* failure = std::get_if<Failure>(&answered);
    if (failure == nullptr) {
      ++pull.requests;
      return answered;
    }
    if (!mends(pull, head, *failure)) {
      failure->tried_again = pull.logged_in_again;
      return answered;
    }
  }
}

std::variant<FilledRequest, Failure> Source::prepare(Pull& pull, const Ask& ask, std::uint32_t year) {
  Moment moment{around_.wall_ms() + clock_offset_ms_, around_.nonce(), {}};
  if (mapping_.auth.kind == Auth::Kind::bearer) {
    if (session_.token(around_.steady_ms()) == nullptr) {
      if (auto failure = log_in(pull)) {
        return *std::move(failure);
      }
    }
    moment.access_token = *session_.token(around_.steady_ms());
  }
  const Filling filling{token_for_templates(mapping_.auth, credentials_, moment),
                        settings_.area_code,
                        ask.cursor,
                        ask.page,
                        pull.resource.paging.size,
                        hall::to_text(hall::local_date(upstream_now())),
                        year,
                        settings_.days};
  auto request = fill(pull.resource.request, target_of(url_.target, pull.resource.path, filling), filling);
  pull.request_sum = sum_of(request.target + '\n' + request.body);
  if (pull.requests == 0 && !pull.two_years && !request.post && !pull.known.etag.empty() &&
      pull.known.etag_of == pull.request_sum) {
    request.headers["If-None-Match"] = pull.known.etag;
  }
  if (std::string fault = sign(mapping_.auth, credentials_, moment, request); !fault.empty()) {
    return Failure{Failure::Kind::unauthorised, std::move(fault), {}, false, true};
  }
  return request;
}

std::variant<Reply, Failure> Source::send(Pull& pull, const FilledRequest& request) {
  pull.sent_ms = around_.wall_ms();
  auto replied = pull.wire->exchange(request);
  pull.received_ms = around_.wall_ms();
  if (const auto* reply = std::get_if<Reply>(&replied)) {
    if (const auto theirs = date_ms(reply->date)) {
      pull.clock_off_ms = clock_difference(*theirs, pull.sent_ms, pull.received_ms);
    }
  }
  return replied;
}

std::optional<Failure> Source::log_in(Pull& pull) {
  auto replied = send(pull, login_request(mapping_.auth.login, credentials_));
  if (auto* failure = std::get_if<Failure>(&replied)) {
    return std::move(*failure);
  }
  constexpr int bad_request = 400;
  const Reply& reply = std::get<Reply>(replied);
  if (auto failure = failure_of_status(reply, pull.received_ms / 1000)) {
    if (reply.status == bad_request || failure->kind == Failure::Kind::unauthorised) {
      failure->kind = Failure::Kind::unauthorised;
      failure->reason = "the upstream refuses the login: HTTP " + std::to_string(reply.status);
      failure->tried_again = pull.logged_in_again;
    }
    failure->whole_source = true;
    return failure;
  }
  auto token = read_login(mapping_.auth.login, reply.body);
  if (auto* fault = std::get_if<std::string>(&token)) {
    return Failure{Failure::Kind::unauthorised, std::move(*fault), {}, pull.logged_in_again, true};
  }
  session_.keep(std::get<AccessToken>(std::move(token)), around_.steady_ms());
  return std::nullopt;
}

/// Once: a clock that differs too much for the upstream, and an access token that it does not know any more.
bool Source::mends(Pull& pull, const Reply& reply, const Failure& failure) {
  constexpr int unauthorised = 401;
  if (failure.kind != Failure::Kind::unauthorised) {
    return false;
  }
  const auto theirs = date_ms(reply.date);
  if (reply.status == unauthorised && uses_clock(mapping_.auth) && theirs && !pull.clock_mended) {
    const std::int64_t offset = clock_difference(*theirs, pull.sent_ms, pull.received_ms);
    if (std::abs(offset - clock_offset_ms_) > far_apart_ms) {
      clock_offset_ms_ = offset;
      pull.clock_mended = true;
      return true;
    }
  }
  if (mapping_.auth.kind == Auth::Kind::bearer && !pull.logged_in_again) {
    session_.forget();
    pull.logged_in_again = true;
    return true;
  }
  return false;
}

Source::Answered Source::read(Pull& pull, Reply reply) {
  constexpr int unchanged = 304;
  if (pull.requests == 0) {
    pull.out.good_for = good_for(reply.cache_control);
    pull.out.etag = std::exchange(reply.etag, {});
    pull.out.etag_of = pull.request_sum;
  }
  if (reply.status == unchanged && pull.requests == 0 && !pull.two_years && !pull.known.etag.empty() &&
      pull.known.etag_of == pull.request_sum) {
    pull.not_modified = true;
    return Answer{};
  }
  if (auto failure = failure_of_status(reply, pull.received_ms / 1000)) {
    return *std::move(failure);
  }
  auto text = to_utf8(std::move(reply.body), reply.content_type);
  if (auto* failure = std::get_if<Failure>(&text)) {
    return std::move(*failure);
  }
  const bool blank = is_blank(std::get<std::string>(text));
  const auto year = hall::year_month(hall::local_date(upstream_now())).year;
  const Keys keys(settings_, token_, year);
  auto answer = read_answer(mapping_, pull.resource, keys.scope(), std::get<std::string>(text));
  if (auto* fault = std::get_if<AnswerFault>(&answer)) {
    pull.has_nothing = blank || fault->kind == AnswerFault::Kind::failed;
    return failure_of(std::move(*fault));
  }
  auto& good = std::get<Answer>(answer);
  if (good.server_time_ms) {
    pull.clock_off_ms = clock_difference(*good.server_time_ms, pull.sent_ms, pull.received_ms);
  }
  return std::move(good);
}

void Source::finish(Pull& pull, const Known& known) const {
  Pulled& out = pull.out;
  if (pull.not_modified) {
    out.changed = false;
    out.proof = known.proof;
    out.etag = out.etag.empty() ? known.etag : out.etag;
    out.collected.reset();
  } else {
    out.proof.rows = out.collected->rows();
    const bool nothing = !out.full && tells_nothing(out);
    out.changed = !nothing && known.fingerprint != fingerprint_of(out);
    if (nothing && out.proof.counts == Counts{}) {
      out.proof = known.proof;
    }
    // That a part has not changed says nothing of the rest.
    if (pull.requests != 1 || pull.two_years || !out.missing.empty()) {
      out.etag.clear();
    }
  }
  const bool apart = std::abs(pull.clock_off_ms) > far_apart_ms;
  out.proof.clock_off_s = apart ? pull.clock_off_ms / 1000 : 0;
}

}  // namespace lobby::feed
