#include "tests/sim/approvals.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <fstream>
#include <thread>
#include <utility>

namespace lobby::sim {
namespace {

constexpr milliseconds longest_silence{120'000};
constexpr std::size_t longest_page = 50;
constexpr const char* json_type = "application/json;charset=utf-8";

constexpr const char* login_page =
    "<!DOCTYPE html><html><head><title>统一身份认证平台</title></head><body><form action=\"/sso/login\" "
    "method=\"post\"><input name=\"username\"/><input name=\"password\" "
    "type=\"password\"/></form></body></html>\n";

/// Numbers travel as texts here, but a number is understood too.
std::string text_or_number(const boost::json::object& from, std::string_view key) {
  const boost::json::value* const value = from.if_contains(key);
  if (value == nullptr) {
    return {};
  }
  return value->is_string() ? std::string(value->get_string()) : boost::json::serialize(*value);
}

std::size_t number(const boost::json::object& from, std::string_view key, std::size_t otherwise) {
  const std::string given = text_or_number(from, key);
  std::size_t value = otherwise;
  std::from_chars(given.data(), given.data() + given.size(), value);
  return value;
}

boost::json::object row(const ApprovalCase& one) {
  return {{"projectguid", one.guid},      {"projectname", one.matter},
          {"flowsn", one.case_no},        {"ouname", one.dept},
          {"applyername", one.applicant}, {"applyertype", one.organisation ? "2" : "1"},
          {"status", one.status},         {"receivedate", one.received},
          {"querycode", one.query_code},  {"areacode", one.area}};
}

boost::json::object failure(std::string_view sentence) {
  return {{"code", "0"}, {"text", sentence}};
}

}  // namespace

struct Approvals::Server {
  httplib::Server http;
  std::thread thread;

  ~Server() {
    http.stop();
    if (thread.joinable()) {
      thread.join();
    }
  }
};

Approvals::Approvals(FeedEnd end, const WallClock& clock, std::uint64_t seed)
    : end_(std::move(end)), clock_(clock), started_(clock.now()), book_(clock.now(), end_.area_code, seed) {}

Approvals::~Approvals() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  const std::lock_guard lock(server_mutex_);
  server_.reset();
}

std::string Approvals::start() {
  fit_server();
  const std::lock_guard lock(server_mutex_);
  return server_ != nullptr ? std::string()
                            : fmt::format("{}:{} is taken.", end_.listen.host, end_.listen.port);
}

std::string Approvals::token() const {
  std::ifstream file(end_.token_file);
  std::string token;
  std::getline(file, token);
  while (!token.empty() && (token.back() == '\r' || token.back() == ' ')) {
    token.pop_back();
  }
  return token;
}

std::string Approvals::first_day(std::string_view type) const {
  const int days = type == "day"     ? 0
                   : type == "week"  ? 7
                   : type == "month" ? 31
                   : type == "year"  ? 366
                                     : 36'500;
  return local_date(clock_.now() - std::chrono::hours(24 * days));
}

boost::json::object Approvals::page(const boost::json::object& params) {
  book_.advance(std::chrono::duration_cast<CaseBook::Seconds>(clock_.now() - started_));
  const auto found = book_.select(text_or_number(params, "keyword"), text_or_number(params, "areacode"),
                                  first_day(text_or_number(params, "type")));
  const std::size_t size = std::clamp<std::size_t>(number(params, "pagesize", 10), 1, longest_page);
  const std::size_t start = std::min(number(params, "currentpage", 0), found.size()) * size;
  boost::json::array rows;
  for (std::size_t i = start; i < std::min(start + size, found.size()); ++i) {
    rows.push_back(row(*found[i]));
  }
  return {{"code", "1"},
          {"text", "获取成功"},
          {"totalcount", std::to_string(found.size())},
          {"projectlist", std::move(rows)}};
}

std::string Approvals::answer(const std::string& body) {
  boost::json::error_code error;
  const boost::json::value request = boost::json::parse(body, error);
  const std::string expected = end_.token_file.empty() ? std::string() : token();
  const std::lock_guard lock(mutex_);
  ++requests_;
  boost::json::object custom;
  if (error || !request.is_object()) {
    custom = failure("参数格式错误");
  } else if (faults_.has(Fault::refuse)) {
    custom = failure("系统维护中，请稍后再试");
  } else if (!expected.empty() && text_or_number(request.get_object(), "token") != expected) {
    custom = failure("身份验证失败");
  } else {
    const boost::json::value* const params = request.get_object().if_contains("params");
    last_params_ = params == nullptr ? std::string() : boost::json::serialize(*params);
    custom = page(params != nullptr && params->is_object() ? params->get_object() : boost::json::object());
  }
  refused_ += custom.at("code") == "0" ? 1 : 0;
  boost::json::object whole{{"status", {{"code", 200}, {"text", "操作成功"}, {"url", ""}}}};
  // Every third answer wraps its content as a text, as this system does now and then.
  if (++answers_ % 3 == 0) {
    whole["custom"] = boost::json::serialize(custom);
  } else {
    whole["custom"] = std::move(custom);
  }
  return boost::json::serialize(whole);
}

bool Approvals::wait_for(milliseconds time) {
  std::unique_lock lock(mutex_);
  const bool silent = faults_.has(Fault::silent) || faults_.has(Fault::freeze);
  const milliseconds wait = silent ? longest_silence : time;
  changed_.wait_for(lock, wait, [&] {
    const bool speaks = !faults_.has(Fault::silent) && !faults_.has(Fault::freeze);
    return ending_ || faults_.has(Fault::gone) || (silent && speaks);
  });
  return !ending_ && !faults_.has(Fault::gone);
}

void Approvals::fit_server() {
  bool wanted = false;
  {
    const std::lock_guard lock(mutex_);
    wanted = !faults_.has(Fault::gone) && !ending_;
  }
  const std::lock_guard lock(server_mutex_);
  if (!wanted) {
    server_.reset();
    return;
  }
  if (server_ != nullptr) {
    return;
  }
  auto server = std::make_unique<Server>();
  httplib::Server& http = server->http;
  http.set_tcp_nodelay(true);
  http.set_keep_alive_max_count(100);
  http.set_keep_alive_timeout(2);
  http.set_payload_max_length(64 * 1024);
  http.new_task_queue = [] { return new httplib::ThreadPool(4); };
  http.Post(end_.path, [this](const httplib::Request& in, httplib::Response& out) {
    FaultSet faults;
    {
      const std::lock_guard state(mutex_);
      faults = faults_;
    }
    if (!wait_for(faults.slow_by())) {
      out.status = 503;
      return;
    }
    if (faults.has(Fault::garbage)) {
      out.set_content(login_page, "text/html;charset=utf-8");
      return;
    }
    std::string body = answer(in.body);
    if (faults.has(Fault::corrupt)) {
      body.resize(body.size() / 2);
    }
    out.set_content(body, json_type);
  });
  if (!http.bind_to_port(end_.listen.host, end_.listen.port)) {
    return;
  }
  server->thread = std::thread([&http] { http.listen_after_bind(); });
  while (!http.is_running()) {
    std::this_thread::yield();
  }
  server_ = std::move(server);
}

std::string Approvals::put_case(const boost::json::object& body) {
  const std::lock_guard lock(mutex_);
  return book_.upsert(body);
}

boost::json::object Approvals::describe() {
  const std::lock_guard lock(mutex_);
  boost::json::object by_status;
  for (const ApprovalCase& one : book_.cases()) {
    boost::json::value& count = by_status[one.status];
    count = count.is_null() ? 1 : count.as_int64() + 1;
  }
  return {{"id", end_.id},
          {"kind", kind()},
          {"at", fmt::format("http://{}:{}{}", end_.listen.host, end_.listen.port, end_.path)},
          {"cases", book_.size()},
          {"by_status", std::move(by_status)},
          {"requests", requests_},
          {"refused", refused_},
          {"last_params", last_params_},
          {"faults", faults_.words()}};
}

bool Approvals::can_have(Fault fault) const {
  switch (fault) {
    case Fault::gone:
    case Fault::silent:
    case Fault::freeze:
    case Fault::slow:
    case Fault::garbage:
    case Fault::corrupt:
    case Fault::refuse:
      return true;
    default:
      return false;
  }
}

void Approvals::inject(Fault fault, milliseconds slow_by) {
  {
    const std::lock_guard lock(mutex_);
    faults_.add(fault, slow_by);
  }
  changed_.notify_all();
  fit_server();
}

void Approvals::clear(std::optional<Fault> fault) {
  {
    const std::lock_guard lock(mutex_);
    if (fault) {
      faults_.remove(*fault);
    } else {
      faults_.clear();
    }
  }
  changed_.notify_all();
  fit_server();
}

}  // namespace lobby::sim
