#include "daemon/feed/source.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "daemon/feed/percent.hpp"
#include "tests/feed/upstream.hpp"

namespace lobby::feed {
namespace {

using FailureKind = Failure::Kind;
using std::chrono::seconds;

/// A source of a mapping, before a fake upstream.
struct Site {
  explicit Site(const std::string& text = plain_mapping()) : mapping(parse_mapping(text, "m.toml")) {
    settings.url = "http://127.0.0.1/api";
    settings.interval_s = 30;
  }
  ~Site() {
    if (!settings.token_file.empty()) {
      ::unlink(settings.token_file.c_str());
    }
  }
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  void secret(const std::string& text, mode_t mode = 0600) {
    settings.token_file = "/tmp/lobby-source-XXXXXX";
    const int file = ::mkstemp(settings.token_file.data());
    REQUIRE(file >= 0);
    REQUIRE(::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    REQUIRE(::fchmod(file, mode) == 0);
    ::close(file);
  }
  Source& source() {
    if (!source_) {
      source_ = std::make_unique<Source>(settings, mapping, upstream.connect(), upstream.around());
    }
    return *source_;
  }
  std::variant<Pulled, Failure> ask(What what = What::cases) { return source().pull(*mapping.find(what)); }
  Pulled good(What what = What::cases) {
    auto outcome = ask(what);
    if (const auto* failure = std::get_if<Failure>(&outcome)) {
      FAIL(failure->reason);
    }
    return std::get<Pulled>(std::move(outcome));
  }
  Failure bad(What what = What::cases) {
    auto outcome = ask(what);
    REQUIRE(std::holds_alternative<Failure>(outcome));
    return std::get<Failure>(outcome);
  }
  Pulled kept(What what = What::cases) {
    Pulled pulled = good(what);
    source().keep(what, pulled);
    return pulled;
  }
  std::string asked(std::size_t index) const { return upstream.asked.at(index).target; }
  std::string header(std::size_t index, const std::string& name) const {
    const auto& headers = upstream.asked.at(index).headers;
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }

  FakeUpstream upstream;
  Settings settings;
  Mapping mapping;

 private:
  std::unique_ptr<Source> source_;
};

/// A list in one answer, without a cursor.
std::string listing() {
  std::string text = plain_mapping();
  for (const char* line :
       {"[request.query]\n", "since = \"{cursor}\"\n", "cursor = \"/next\"\n", "has_more = \"/more\"\n"}) {
    const std::size_t at = text.find(line);
    REQUIRE(at != std::string::npos);
    text.erase(at, std::string(line).size());
  }
  return text;
}

std::string with(std::string text, const std::string& more) {
  const std::size_t at = text.find("[request]");
  return text.insert(at, more + "\n");
}

Reply tagged(Reply reply, const std::string& etag) {
  reply.etag = etag;
  return reply;
}

Reply dated(Reply reply, const std::string& date) {
  reply.date = date;
  return reply;
}

TEST_CASE("from the start to where the upstream has no more, then from there") {
  Site site;
  site.upstream.say(ok(cases({"a=1", "b=1"}, "c2", true)));
  site.upstream.say(ok(cases({"c=2"}, "c3")));
  const Pulled first = site.kept();
  CHECK(first.full);
  CHECK(first.changed);
  CHECK(first.cursor == "c3");
  CHECK(first.proof.rows == 3);
  CHECK(site.asked(0) == "/api?since=");
  CHECK(site.asked(1) == "/api?since=c2");
  site.upstream.say(ok(cases({"-b", "a=2"}, "c4")));
  site.upstream.say(ok(cases({}, "c4")));
  const Pulled moved = site.kept();
  CHECK(site.asked(2) == "/api?since=c3");
  CHECK_FALSE(moved.full);
  CHECK(moved.collected->rows() == 1);
  CHECK(moved.collected->removals() == 1);
  // Nothing has moved: what is held is still true.
  const Pulled nothing = site.kept();
  CHECK(site.asked(3) == "/api?since=c4");
  CHECK_FALSE(nothing.changed);
  CHECK(nothing.proof.rows == moved.proof.rows);
}

TEST_CASE("rows that were not kept are asked for again from the same place") {
  Site site;
  site.settings.cursors[What::cases] = "c1";
  site.upstream.say(ok(cases({"a=1"}, "c2")));
  CHECK(site.good().changed);
  CHECK(site.good().changed);
  CHECK(site.asked(0) == "/api?since=c1");
  CHECK(site.asked(1) == "/api?since=c1");
}

TEST_CASE("the same list in another order is nothing new, unless nobody knows what is held") {
  Site site(listing());
  site.upstream.say(ok(cases({"a=1", "b=2"})));
  site.upstream.say(ok(cases({"b=2", "a=1"})));
  CHECK(site.kept().changed);
  CHECK_FALSE(site.kept().changed);
  site.source().forget(What::cases);
  CHECK(site.kept().changed);
  site.upstream.say(ok(cases({"b=2", "a=2"})));
  CHECK(site.kept().changed);
  site.upstream.say(ok(cases({})));
  const Pulled empty = site.good();
  CHECK(empty.changed);  // that there is nothing any more is news
  CHECK(empty.full);
}

TEST_CASE("an entity tag of a kept answer is asked with, and 304 is fresh") {
  Site site(listing());
  site.upstream.say(tagged(ok(cases({"a=1", "b=9"})), "\"v1\""));
  const Pulled unkept = site.good();
  CHECK(unkept.changed);
  site.kept();
  CHECK(site.header(1, "If-None-Match").empty());
  site.upstream.say(status(304));
  const Pulled fresh = site.kept();
  CHECK(site.header(2, "If-None-Match") == "\"v1\"");
  CHECK_FALSE(fresh.changed);
  CHECK(fresh.proof.rows == 2);
  CHECK(fresh.proof.counts.unknown_status == 1);
  site.kept();
  CHECK(site.header(3, "If-None-Match") == "\"v1\"");
  site.source().forget(What::cases);
  CHECK(site.bad().kind == FailureKind::trouble);  // a 304 that nobody asked for
  CHECK(site.header(4, "If-None-Match").empty());
}

TEST_CASE("a tag says nothing of another request, nor of an answer of several") {
  Site site;
  site.upstream.say(tagged(ok(cases({"a=1"}, "c2")), "\"v1\""));
  site.upstream.say(tagged(ok(cases({}, "c2")), "\"v2\""));
  site.upstream.say(status(304));
  site.kept();
  site.kept();
  CHECK(site.header(1, "If-None-Match").empty());
  CHECK_FALSE(site.kept().changed);
  CHECK(site.header(2, "If-None-Match") == "\"v2\"");
  Site two;
  two.upstream.say(tagged(ok(cases({"a=1"}, "c2", true)), "\"v1\""));
  two.upstream.say(tagged(ok(cases({"b=1"}, "", false)), "\"v2\""));
  two.settings.cursors[What::cases] = "c1";
  Pulled pulled = two.good();
  CHECK(pulled.etag.empty());
}

TEST_CASE("a cursor that is too old: everything at once, but not in a loop") {
  for (const bool by_code : {false, true}) {
    CAPTURE(by_code);
    const Reply outdated = by_code ? ok(R"({"code":40910,"message":"cursor too old"})") : status(410);
    Site site;
    site.settings.cursors[What::cases] = "old";
    site.upstream.say(outdated);
    site.upstream.say(ok(cases({"a=1"}, "c2")));
    const Pulled all = site.kept();
    CHECK(site.asked(0) == "/api?since=old");
    CHECK(site.asked(1) == "/api?since=");
    CHECK(all.full);
    CHECK(all.changed);
    site.upstream.say(outdated);
    site.upstream.say(ok(cases({"a=1"}, "c3")));
    site.upstream.steady_ms += 10'000;
    CHECK(site.bad().kind == FailureKind::outdated);
    site.upstream.steady_ms += 30'000;
    const Pulled later = site.kept();
    CHECK(later.full);
    CHECK(later.changed);  // lobbyd is to get the new cursor though the rows are the same
    CHECK(site.asked(site.upstream.asked.size() - 1) == "/api?since=");
  }
}

TEST_CASE("an upstream that finds even no cursor too old is asked once a turn") {
  Site site;
  site.settings.cursors[What::cases] = "old";
  site.upstream.say(status(410));
  CHECK(site.bad().kind == FailureKind::outdated);
  CHECK(site.upstream.asked.size() == 2);
  CHECK(site.bad().kind == FailureKind::outdated);
  CHECK(site.upstream.asked.size() == 3);
}

TEST_CASE("a clock that is wrong is corrected for the signature, once") {
  Site site(with(plain_mapping(), "[auth]\nkind = \"hmac-sha256\""));
  site.secret("hall-1:s3cret");
  const Reply refused = dated(status(401), "Fri, 20 Nov 2026 01:10:00 GMT");  // ten minutes ahead of us
  site.upstream.say(refused);
  site.upstream.say(dated(ok(cases({"a=1"}, "c2")), "Fri, 20 Nov 2026 01:10:00 GMT"));
  const Pulled pulled = site.kept();
  CHECK(site.header(0, "Authorization").find("ts=1795136400000,nonce=nonce-1,") != std::string::npos);
  CHECK(site.header(1, "Authorization").find("ts=1795137000000,nonce=nonce-2,") != std::string::npos);
  CHECK(pulled.proof.clock_off_s == 600);
  site.kept();
  CHECK(site.header(2, "Authorization").find("ts=1795137000000,") != std::string::npos);
  // Refused although the clock agrees: no more of it.
  site.upstream.say(refused);
  const Failure failure = site.bad();
  CHECK(failure.kind == FailureKind::unauthorised);
  CHECK(failure.whole_source);
  CHECK(site.upstream.asked.size() == 4);
  // Somebody sets our clock: the difference is another one.
  site.upstream.wall_ms += 600'000;
  site.upstream.say(dated(ok(cases({}, "c2")), "Fri, 20 Nov 2026 01:10:00 GMT"));
  site.good();
  CHECK(site.header(4, "Authorization").find("ts=1795137600000,") != std::string::npos);
}

TEST_CASE("an upstream whose own clock jumps gets no endless corrections") {
  Site site(with(plain_mapping(), "[auth]\nkind = \"hmac-sha256\""));
  site.secret("hall-1:s3cret");
  int times = 0;
  site.upstream.say([&times](const FilledRequest&) {
    REQUIRE(++times < 10);
    return dated(status(401),
                 times % 2 == 0 ? "Fri, 20 Nov 2026 03:00:00 GMT" : "Fri, 20 Nov 2026 05:00:00 GMT");
  });
  CHECK(site.bad().kind == FailureKind::unauthorised);
  CHECK(times == 2);
}

TEST_CASE("without a signature, no clock mends a refusal") {
  Site site;
  site.upstream.say(dated(status(401), "Fri, 20 Nov 2026 01:10:00 GMT"));
  CHECK(site.bad().kind == FailureKind::unauthorised);
  CHECK(site.upstream.asked.size() == 1);
}

TEST_CASE("how far the upstream's clock is off is told when it is more than a minute") {
  Site site;
  const auto off = [&site](Reply reply) {
    site.upstream.say(std::move(reply));
    return site.good().proof.clock_off_s;
  };
  CHECK(off(dated(ok(cases({"a=1"})), "Fri, 20 Nov 2026 00:55:00 GMT")) == -300);
  CHECK(off(dated(ok(cases({"a=1"})), "Fri, 20 Nov 2026 01:01:00 GMT")) == 0);
  CHECK(off(ok(R"({"code":0,"items":[],"time":"2026-11-20T09:02:00+08:00"})")) == 120);
}

const char* const login = R"([auth]
kind = "bearer"
[auth.login]
path = "/oauth/token"
fields = { id = "{app_id}", secret = "{token}" }
token = "/access_token"
expires_in = "/expires_in"
)";

Reply token(const std::string& text, int life_s) {
  return ok(R"({"access_token":")" + text + R"(","expires_in":)" + std::to_string(life_s) + "}");
}

TEST_CASE("a login gives a token, which is used until shortly before its end") {
  Site site(with(plain_mapping(), login));
  site.secret("s3cret");
  site.settings.app_id = "hall-1";
  site.upstream.say(token("t1", 600));
  site.upstream.say(ok(cases({"a=1"}, "c2")));
  site.kept();
  CHECK(site.asked(0) == "/oauth/token");
  CHECK(site.upstream.asked[0].body == "id=hall-1&secret=s3cret");
  CHECK(site.header(1, "Authorization") == "Bearer t1");
  site.upstream.steady_ms += 539'000;
  site.kept();
  CHECK(site.header(2, "Authorization") == "Bearer t1");
  site.upstream.steady_ms += 2'000;
  site.upstream.say(token("t2", 600));
  site.upstream.say(ok(cases({}, "c2")));
  site.kept();
  CHECK(site.header(4, "Authorization") == "Bearer t2");
}

TEST_CASE("a token that is refused is fetched anew once, whether HTTP or the body says so") {
  for (const bool by_body : {false, true}) {
    CAPTURE(by_body);
    const Reply refused = by_body ? ok(R"({"code":401,"message":"no such token"})") : status(401);
    Site site(with(plain_mapping(), login));
    site.secret("s3cret");
    site.upstream.say(token("t1", 600));
    site.upstream.say(refused);
    site.upstream.say(token("t2", 600));
    site.upstream.say(ok(cases({"a=1"}, "c2")));
    site.kept();
    CHECK(site.header(3, "Authorization") == "Bearer t2");

    Site never(with(plain_mapping(), login));
    never.secret("s3cret");
    never.upstream.say(token("t1", 600));
    never.upstream.say(refused);
    never.upstream.say(token("t2", 600));
    never.upstream.say(refused);
    const Failure failure = never.bad();
    CHECK(failure.kind == FailureKind::unauthorised);
    CHECK(failure.tried_again);
    CHECK(never.upstream.asked.size() == 4);
  }
}

TEST_CASE("a login that is refused, and one that answers nonsense") {
  Site site(with(plain_mapping(), login));
  site.secret("s3cret");
  site.upstream.say(status(400));
  Failure failure = site.bad();
  CHECK(failure.kind == FailureKind::unauthorised);
  CHECK(failure.whole_source);
  CHECK(failure.reason.find("login") != std::string::npos);
  site.upstream.say(ok("<html>s3cret</html>"));
  failure = site.bad();
  CHECK(failure.reason.find("s3cret") == std::string::npos);
  site.upstream.say(status(503));
  CHECK(site.bad().kind == FailureKind::throttled);
}

TEST_CASE("a token file that others may read, and one that is missing where it signs") {
  Site site(with(plain_mapping(), "[auth]\nkind = \"hmac-sha256\""));
  site.secret("s3cret", 0644);
  const Failure readable = site.bad();
  CHECK(readable.kind == FailureKind::unauthorised);
  CHECK(readable.reason.find("chmod 600") != std::string::npos);
  CHECK(site.upstream.asked.empty());
  Site none(with(plain_mapping(), "[auth]\nkind = \"hmac-sha256\""));
  CHECK(none.bad().reason.find("token_file") != std::string::npos);
  CHECK(none.upstream.asked.empty());
}

TEST_CASE("failures are told by their kind") {
  Site site;
  const auto kind = [&site](std::variant<Reply, Failure> reply) {
    site.upstream.say(std::move(reply));
    return site.bad().kind;
  };
  CHECK(kind(status(404)) == FailureKind::missing);
  CHECK(kind(status(503)) == FailureKind::throttled);
  CHECK(kind(status(502)) == FailureKind::trouble);
  CHECK(kind(ok("<html>")) == FailureKind::trouble);
  CHECK(kind(ok(R"({"code":7,"message":"no"})")) == FailureKind::trouble);
  CHECK(kind(Failure{FailureKind::trouble, "the upstream cannot be reached", {}}) == FailureKind::trouble);
  CHECK(kind(ok(cases({"a=1"}, "", true))) == FailureKind::trouble);
  CHECK(kind(ok(R"({"code":7,"message":"no such token"})")) == FailureKind::unauthorised);
}

TEST_CASE("a failure in the middle leaves everything as it was") {
  Site site;
  site.upstream.say(ok(cases({"a=1"}, "c2", true)));
  site.upstream.say(status(502));
  site.bad();
  site.upstream.say(ok(cases({"a=1"}, "c3")));
  CHECK(site.good().full);
  CHECK(site.asked(2) == "/api?since=");
}

TEST_CASE("a line that breaks among what moved: what came is kept, and the next pull goes on from there") {
  Site site;
  site.settings.cursors[What::cases] = "c1";
  site.upstream.say(ok(cases({"a=1"}, "c2", true)));
  site.upstream.say(Failure{FailureKind::trouble, "no whole answer within 60 s", {}});
  const Pulled part = site.kept();
  CHECK_FALSE(part.full);
  CHECK(part.collected->rows() == 1);
  CHECK(part.cursor == "c2");
  CHECK(part.missing == "no whole answer within 60 s");
  const Failure failure = site.bad();
  CHECK(failure.reason == "no whole answer within 60 s");
  CHECK(site.asked(2) == "/api?since=c2");
  // A refusal is one, wherever it comes.
  site.upstream.say(ok(cases({"b=1"}, "c3", true)));
  site.upstream.say(status(401));
  CHECK(site.bad().kind == FailureKind::unauthorised);
}

TEST_CASE("an upstream that wants a pause among what moved gets it, and what came is kept") {
  Site site;
  site.settings.cursors[What::cases] = "c1";
  site.upstream.say(ok(cases({"a=1"}, "c2", true)));
  Reply later = status(429);
  later.retry_after = "90";
  site.upstream.say(later);
  const Pulled part = site.kept();
  CHECK(part.cursor == "c2");
  CHECK(part.missing.find("429") != std::string::npos);
  CHECK(part.good_for == seconds(90));
}

TEST_CASE("that a part has not changed says nothing of the rest") {
  std::string text = listing();
  text += "[paging]\nstyle = \"page\"\nbase = 0\nsize = 1\nmax_pages = 1\n";
  const std::size_t query = text.find("[answer]");
  text.insert(query, "[request.query]\npage = \"{page}\"\n");
  Site site(text);
  site.upstream.say(tagged(ok(cases({"a=1"})), "\"v1\""));
  const Pulled part = site.kept();
  CHECK(part.missing == "there are more than max_pages = 1 pages");
  CHECK(part.etag.empty());
  const Pulled same = site.kept();
  CHECK(site.header(1, "If-None-Match").empty());
  CHECK_FALSE(same.changed);
  CHECK_FALSE(same.missing.empty());
}

TEST_CASE("GBK is read as what it is, and pauses are obeyed") {
  Site site;
  Reply reply = ok("{\"code\":0,\"items\":[{\"id\":\"\xd5\xc5\",\"no\":\"1\",\"s\":\"1\"}]}");
  reply.content_type = "application/json;charset=GBK";
  reply.cache_control = "max-age=600";
  site.upstream.say(reply);
  const Pulled pulled = site.good();
  CHECK(pulled.good_for == seconds(600));
  std::string line;
  pulled.collected->each([&line](std::string_view one) {
    line = one;
    return true;
  });
  CHECK(line.find("\"id\":\"张\"") != std::string::npos);
}

TEST_CASE("more rows than memory is given need a folder") {
  std::vector<std::string> rows;
  for (int i = 0; i < 2100; ++i) {
    rows.push_back(std::to_string(i) + "=1");
  }
  Site site;
  site.settings.spool_dir = "/nonexistent";
  site.upstream.say(ok(cases(rows)));
  CHECK(site.bad().reason.find("spool folder") != std::string::npos);
  site.settings.spool_dir = "/tmp";
  CHECK(site.good().collected->rows() == 2100);
}

const char* const calendar = R"(
[calendar]
path = "/calendar/{year}"
[calendar.request.query]
[calendar.answer]
items = "/days"
[calendar.field.id]
from = ["/date"]
[calendar.field.date]
from = ["/date"]
transforms = [{ date = ["yyyy-MM-dd"] }]
[calendar.field.name]
from = ["/name"]
[calendar.field.off]
from = ["/off"]
transforms = [{ map = { "true" = "true" }, otherwise = "false" }]
)";

Reply day(const std::string& date) {
  return ok(R"({"code":0,"days":[{"date":")" + date + R"(","name":"x","off":true}]})");
}

TEST_CASE("from November on the next year's calendar is asked for too") {
  Site site(plain_mapping(calendar));
  site.upstream.say(day("2026-10-01"));
  site.upstream.say(day("2027-01-01"));
  const Pulled both = site.kept(What::calendar);
  CHECK(site.asked(0) == "/api/calendar/2026");
  CHECK(site.asked(1) == "/api/calendar/2027");
  CHECK(both.full);
  CHECK(both.collected->rows() == 2);
  // It may not be there yet, but it may not be lost either.
  Site early(plain_mapping(calendar));
  early.upstream.say(day("2026-10-01"));
  early.upstream.say(status(404));
  CHECK(early.good(What::calendar).collected->rows() == 1);
  Site refused(plain_mapping(calendar));
  refused.upstream.say(day("2026-10-01"));
  refused.upstream.say(ok(R"({"code":-1,"message":"none"})"));
  CHECK(refused.good(What::calendar).collected->rows() == 1);
  for (const char* const nothing : {"", "\r\n", R"({"code":0,"days":[]})"}) {
    Site empty(plain_mapping(calendar));
    empty.upstream.say(day("2026-10-01"));
    empty.upstream.say(ok(nothing));
    CHECK(empty.good(What::calendar).collected->rows() == 1);
  }
  Site broken(plain_mapping(calendar));
  broken.upstream.say(day("2026-10-01"));
  broken.upstream.say(status(502));
  CHECK(broken.bad(What::calendar).kind == FailureKind::trouble);
  Site summer(plain_mapping(calendar));
  summer.upstream.wall_ms -= std::int64_t{100} * 86'400'000;
  summer.upstream.say(day("2026-10-01"));
  summer.good(What::calendar);
  CHECK(summer.upstream.asked.size() == 1);
}

TEST_CASE("that this year's calendar has not moved says nothing of the next year's") {
  Site site(plain_mapping(calendar));
  bool is_out = false;
  const auto static_files = [&is_out](const FilledRequest& request) {
    if (request.target.ends_with("2027")) {
      return is_out ? day("2027-01-01") : status(404);
    }
    Reply reply = request.headers.contains("If-None-Match") ? status(304) : day("2026-10-01");
    reply.etag = "\"abc\"";
    return reply;
  };
  site.upstream.say(static_files);
  const std::int64_t november_ms = site.upstream.wall_ms;
  site.upstream.wall_ms = november_ms - std::int64_t{30} * 86'400'000;
  CHECK(site.kept(What::calendar).collected->rows() == 1);
  CHECK_FALSE(site.good(What::calendar).changed);  // in October one file is all
  CHECK(site.upstream.asked.size() == 2);
  site.upstream.wall_ms = november_ms;
  const Pulled first = site.kept(What::calendar);
  REQUIRE(first.collected);
  CHECK(first.collected->rows() == 1);
  is_out = true;
  const Pulled both = site.kept(What::calendar);
  REQUIRE(both.collected);
  CHECK(both.collected->rows() == 2);
  CHECK(both.changed);
}

TEST_CASE("the day of a request is the day of the mapping's zone") {
  const std::string bids = R"(
[bids]
path = "/bids"
[bids.request.query]
date = "{date}"
days = "{days}"
[bids.field.id]
from = ["/id"]
[bids.field.project_no]
from = ["/no"]
)";
  Site site(plain_mapping(bids));
  site.settings.days = 3;
  site.upstream.wall_ms += std::int64_t{15} * 3'600'000 - 1;  // a millisecond before midnight at +08:00
  site.upstream.say(ok(R"({"code":0,"items":[]})"));
  site.good(What::bids);
  CHECK(site.asked(0) == "/api/bids?date=2026-11-20&days=3");
  site.upstream.wall_ms += 1;
  site.good(What::bids);
  CHECK(site.asked(1) == "/api/bids?date=2026-11-21&days=3");
}

}  // namespace
}  // namespace lobby::feed
