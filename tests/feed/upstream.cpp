#include "tests/feed/upstream.hpp"

#include <doctest/doctest.h>

namespace lobby::feed {

void FakeUpstream::say(Answering answering) {
  if (said_last_) {
    replies_.pop_front();
    said_last_ = false;
  }
  replies_.push_back(std::move(answering));
}

Connect FakeUpstream::connect() {
  class Line final : public Wire {
   public:
    explicit Line(FakeUpstream& upstream) : upstream_(upstream) {}
    std::variant<Reply, Failure> exchange(const FilledRequest& request) override {
      upstream_.asked.push_back(request);
      REQUIRE_FALSE(upstream_.replies_.empty());
      const Answering answering = upstream_.replies_.front();
      upstream_.said_last_ = upstream_.replies_.size() == 1;
      if (!upstream_.said_last_) {
        upstream_.replies_.pop_front();
      }
      return answering(request);
    }

   private:
    FakeUpstream& upstream_;
  };
  return [this](Deadline) -> std::variant<std::unique_ptr<Wire>, Failure> {
    ++connections;
    return std::make_unique<Line>(*this);
  };
}

Surroundings FakeUpstream::around() {
  return {[this] { return wall_ms; }, [this] { return steady_ms; },
          [this] { return "nonce-" + std::to_string(++nonces_); }};
}

Reply ok(std::string body) {
  Reply reply;
  reply.status = 200;
  reply.content_type = "application/json";
  reply.body = std::move(body);
  return reply;
}

Reply status(int code) {
  Reply reply;
  reply.status = code;
  return reply;
}

std::string plain_mapping(const std::string& more) {
  return R"(
schema = 1
name = "plain"
[request]
method = "GET"
[request.query]
since = "{cursor}"
[answer]
success = [{ at = "/code", is = ["0"] }]
message = ["/message"]
auth_failed = ["no such token"]
items = "/items"
cursor = "/next"
has_more = "/more"
server_time = "/time"
deleted = "/deleted"
[field.id]
from = ["/id"]
[field.case_no]
from = ["/no"]
[field.status]
from = ["/s"]
[status.words]
"1" = "accepted"
"2" = "finished"
)" + more;
}

std::string cases(const std::vector<std::string>& rows, const std::string& next, bool more) {
  std::string items;
  for (const std::string& row : rows) {
    items += items.empty() ? "" : ",";
    const std::size_t equals = row.find('=');
    items += row.starts_with('-') ? R"({"id":")" + row.substr(1) + R"(","deleted":true})"
                                  : R"({"id":")" + row.substr(0, equals) + R"(","no":"N)" +
                                        row.substr(0, equals) + R"(","s":")" + row.substr(equals + 1) + "\"}";
  }
  return R"({"code":0,"items":[)" + items + "]" + (next.empty() ? "" : R"(,"next":")" + next + '"') +
         (more ? R"(,"more":true})" : "}");
}

}  // namespace lobby::feed
