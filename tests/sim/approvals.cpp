#include "tests/sim/approvals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <ctime>
#include <fstream>
#include <set>
#include <utility>

#include "tests/sim/json_text.hpp"

namespace lobby::sim {
namespace {

constexpr std::size_t requests_remembered = 64;
constexpr std::size_t most_paths = 100;

std::string http_date(WallClock::Wall at) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[64];
  return std::string(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts));
}

std::int64_t ms_of(WallClock::Wall at) {
  return std::chrono::floor<milliseconds>(at.time_since_epoch()).count();
}

/// The rows of the page that was asked for, which is put right where the shape does so.
std::pair<std::size_t, std::size_t> bounds(ListPage& page, const ApprovalShape& shape) {
  const std::size_t last_page = page.total == 0 ? 0 : (page.total - 1) / page.ask.size;
  if (shape.repeats_last_page) {
    page.ask.page = std::min(page.ask.page, last_page);
  }
  const std::size_t begin = std::min(std::min(page.ask.page, last_page + 1) * page.ask.size, page.total);
  return {begin, std::min(begin + page.ask.size, page.total)};
}

}  // namespace

std::string Approvals::secret() const {
  std::ifstream file(end_.token_file);
  std::string token;
  std::getline(file, token);
  while (!token.empty() && (token.back() == '\r' || token.back() == ' ')) {
    token.pop_back();
  }
  return token;
}

WallClock::Wall Approvals::its_time() const {
  const std::chrono::seconds off(faults_.set.has(Fault::clock) ? faults_.of(Fault::clock).offset_s : 0);
  return clock_.now() + off;
}

void Approvals::advance() {
  const auto elapsed = std::chrono::duration_cast<CaseBook::Seconds>(clock_.now() - started_);
  book_.advance(elapsed);
  records_.advance(started_ + elapsed);
}

void Approvals::count(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const bool is_new = !requests_.contains(path);
  ++requests_[is_new && requests_.size() >= most_paths ? "other" : path];
  last_requests_.push_back({path, std::chrono::duration_cast<milliseconds>(clock_.now() - started_).count()});
  if (last_requests_.size() > requests_remembered) {
    last_requests_.pop_front();
  }
}

ApprovalReply Approvals::failure(Failing why) const {
  const int status = !shape_.is_rest() || why == Failing::maintenance ? 200
                     : why == Failing::credential                     ? 401
                                                                      : 400;
  return {status, std::string(shape_.content_type), shape_.failure(why)};
}

std::optional<ApprovalReply> Approvals::refusal(const ApprovalRequest& request) const {
  const std::string& resource = request.resource;
  const auto hits = [&](Fault fault) { return faults_.hits(fault, resource); };
  if (hits(Fault::login_page) || hits(Fault::garbage)) {
    return ApprovalReply{200, "text/html;charset=utf-8", login_page()};
  }
  if (hits(Fault::unauthorised)) {
    return ApprovalReply{401, std::string(shape_.content_type), shape_.failure(Failing::credential)};
  }
  if (hits(Fault::too_many)) {
    const ApprovalFault& told = faults_.of(Fault::too_many);
    const std::string after = told.as_date ? http_date(its_time() + std::chrono::seconds(told.retry_after_s))
                                           : std::to_string(told.retry_after_s);
    return ApprovalReply{429, "text/plain", "too many requests\n", {{"Retry-After", after}}};
  }
  if (hits(Fault::redirect)) {
    const std::string& to = faults_.of(Fault::redirect).to;
    const std::string elsewhere = fmt::format("http://localhost:{}/elsewhere", end_.listen.port);
    return ApprovalReply{302, "text/html", "", {{"Location", to.empty() ? elsewhere : to}}};
  }
  if (hits(Fault::deep)) {
    const ApprovalFault& told = faults_.of(Fault::deep);
    return ApprovalReply{200, std::string(shape_.content_type), deep_body(shape_, told.depth, told.entities)};
  }
  if (hits(Fault::gzip_bomb)) {
    return ApprovalReply{200,
                         std::string(shape_.content_type),
                         gzip_bomb(faults_.of(Fault::gzip_bomb).mb),
                         {{"Content-Encoding", "gzip"}}};
  }
  if (hits(Fault::cursor_gone) && !request.param("since").empty()) {
    return ApprovalReply{faults_.of(Fault::cursor_gone).inside ? 200 : 410, "application/json",
                         ApprovalNative::envelope(40910, "cursor too old")};
  }
  return std::nullopt;
}

bool Approvals::is_authorised(const ApprovalRequest& request, const ListAsk& ask) {
  const std::string expected = end_.token_file.empty() ? std::string() : secret();
  if (expected.empty()) {
    return true;
  }
  if (!shape_.is_rest() && ask.authorised) {
    return true;
  }
  const HmacGate::Verdict verdict = gate_.check(request, expected, ms_of(its_time()));
  last_verdict_ = to_text(verdict);
  return verdict == HmacGate::Verdict::good;
}

const ShapeList* Approvals::find_list(const std::string& resource) const {
  const auto found = std::find_if(shape_.lists.begin(), shape_.lists.end(),
                                  [&](const ShapeList& one) { return one.at == resource; });
  return found == shape_.lists.end() ? nullptr : &*found;
}

void Approvals::fill_cases(ListPage& page, bool is_empty) {
  const Day first_day = day_of(clock_.now()) - std::chrono::days(page.ask.days);
  std::vector<CaseBook::Index> found;
  if (!is_empty) {
    found = book_.select({page.ask.keyword, page.ask.area, first_day});
  }
  page.total = found.size();
  const auto [begin, end] = bounds(page, shape_);
  for (std::size_t i = begin; i < end; ++i) {
    page.rows.push_back(book_.serve(found[i]));
  }
}

void Approvals::fill_records(ListPage& page, std::vector<boost::json::object> all) {
  page.total = all.size();
  const auto [begin, end] = bounds(page, shape_);
  for (std::size_t i = begin; i < end; ++i) {
    page.records.push_back(std::move(all[i]));
  }
}

ApprovalReply Approvals::page(const ApprovalRequest& request, const ShapeList& list, ListAsk ask) {
  last_params_ = ask.params_shown;
  if (faults_.hits(Fault::shifting, request.resource) && ask.page != 0) {
    for (std::int64_t i = 0; i < faults_.of(Fault::shifting).rows; ++i) {
      book_.shift();
    }
  }
  ListPage page;
  page.ask = std::move(ask);
  page.ask.size = std::clamp<std::size_t>(page.ask.size, 1, shape_.longest_page);
  page.turn = answers_;
  page.now_ms = ms_of(its_time());
  const bool is_empty = faults_.hits(Fault::empty, request.resource);
  if (list.kind) {
    fill_records(page, is_empty ? std::vector<boost::json::object>() : native_.rows(*list.kind, request));
  } else {
    fill_cases(page, is_empty);
  }
  return {200, std::string(shape_.content_type), list.page(page)};
}

ApprovalReply Approvals::native(const ApprovalRequest& request) {
  return native_.answer(request, to_rfc3339(its_time()), faults_.hits(Fault::empty, request.resource));
}

ApprovalReply Approvals::good_answer(const ApprovalRequest& request) {
  const ShapeList* const list = find_list(request.resource);
  ListAsk ask;
  if (!shape_.is_rest()) {
    ask = shape_.ask(request, end_.token_file.empty() ? std::string() : secret());
  }
  const bool is_down =
      faults_.hits(Fault::refuse, request.resource) || faults_.hits(Fault::error_inside, request.resource);
  const bool is_good = !is_down && (list == nullptr || ask.understood) && is_authorised(request, ask);
  if (!is_good) {
    ++refused_;
    return failure(is_down                              ? Failing::maintenance
                   : list != nullptr && !ask.understood ? Failing::request
                                                        : Failing::credential);
  }
  if (ApprovalInbox::is_for(request)) {
    return inbox_.take(request);
  }
  return list != nullptr ? page(request, *list, std::move(ask)) : native(request);
}

void Approvals::spoil(const ApprovalRequest& request, ApprovalReply& reply) {
  const auto hits = [&](Fault fault) { return faults_.hits(fault, request.resource); };
  if (hits(Fault::nan)) {
    reply.body = with_nan(std::move(reply.body), shape_);
  }
  if (hits(Fault::half_names)) {
    reply.body = with_half_names(std::move(reply.body), shape_);
  }
  // Only what the shape made itself is in its charset; the contract's own lists are UTF-8.
  const bool is_own = reply.content_type == shape_.content_type;
  const bool is_gb = is_own && shape_.charset == Charset::gb18030;
  if (is_gb != hits(Fault::wrong_charset)) {
    reply.body = to_gb18030(reply.body);
  }
  if (is_own && shape_.charset == Charset::utf8_bom) {
    reply.body.insert(0, "\xEF\xBB\xBF");
  }
  if (hits(Fault::corrupt)) {
    reply.body.resize(reply.body.size() / 2);
  }
}

ApprovalReply Approvals::answer(ApprovalRequest request) {
  count(request.path);
  const std::lock_guard lock(mutex_);
  advance();
  std::optional<ApprovalReply> reply;
  if (!request.path.starts_with(end_.path)) {
    reply = ApprovalReply{404, "text/plain", "nothing here\n"};
  } else {
    request.resource = request.path.substr(end_.path.size());
    reply = refusal(request);
    if (!reply) {
      reply = good_answer(request);
      if (shape_.dress != nullptr) {
        reply = shape_.dress(request, *std::move(reply));
      }
      spoil(request, *reply);
    }
  }
  ++answers_;
  reply->headers.emplace_back("Date", http_date(its_time()));
  return std::move(*reply);
}

std::string Approvals::put(std::string_view what, const boost::json::object& body) {
  const std::lock_guard lock(mutex_);
  advance();
  if (what == "case") {
    return book_.upsert(body);
  }
  if (what == "scale") {
    const boost::json::value* const cases = body.if_contains("cases");
    const bool is_count = cases != nullptr && cases->is_int64() && cases->get_int64() >= 0;
    return is_count ? book_.scale(static_cast<std::size_t>(cases->get_int64()))
                    : R"(The body must be {"cases": N}.)";
  }
  return what == "inbox" ? inbox_.set(body) : records_.upsert(what, body);
}

boost::json::object Approvals::describe() {
  const std::lock_guard lock(mutex_);
  boost::json::object by_status;
  for (const auto& [word, count] : book_.by_status()) {
    by_status[word] = count;
  }
  boost::json::object requests;
  std::uint64_t all = 0;
  for (const auto& [path, count] : requests_) {
    requests[path] = count;
    all += count;
  }
  boost::json::array last;
  for (const Seen& one : last_requests_) {
    last.push_back({{"path", one.path}, {"ms", one.ms}});
  }
  return {{"id", end_.id},
          {"kind", kind()},
          {"shape", shape_.name},
          {"at", fmt::format("http://{}:{}{}", end_.listen.host, end_.listen.port, end_.path)},
          {"cases", book_.size()},
          {"by_status", std::move(by_status)},
          {"requests", std::move(requests)},
          {"request_count", all},
          {"last_requests", std::move(last)},
          {"refused", refused_},
          {"last_params", last_params_},
          {"last_signature", last_verdict_},
          {"raw_bytes", raw_bytes_.load()},
          {"inbox", inbox_.describe()},
          {"faults", faults_.set.words()}};
}

std::optional<Device::File> Approvals::file(std::string_view name, std::size_t) {
  const std::lock_guard lock(mutex_);
  if (name == "inbox") {
    return File{"application/x-ndjson", inbox_.lines()};
  }
  if (name != "names") {
    return std::nullopt;
  }
  std::set<std::string> all = book_.told_secrets();
  all.insert(native_.told_secrets().begin(), native_.told_secrets().end());
  if (faults_.set.has(Fault::half_names)) {
    all.insert(half_name());
  }
  std::string out;
  for (const std::string& one : all) {
    out += one + "\n";
  }
  return File{"text/plain;charset=utf-8", std::move(out)};
}

}  // namespace lobby::sim
