#include "daemon/feed/push.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <map>
#include <set>
#include <tuple>

#include "daemon/feed/push_lines.hpp"

namespace lobby::feed {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

/// A supervision system: takes what it likes, answers as the test wishes, and remembers.
struct Target final : Poster {
  std::variant<PostAnswer, Failure> post(const std::string& body) override {
    ++posts;
    if (fails_at == posts) {
      return failure;
    }
    const auto items = json::parse(body).as_object().at("items").as_array();
    largest = std::max(largest, items.size());
    if (items.size() > limit || body.size() > bytes) {
      return PostAnswer{413, ""};
    }
    std::vector<std::string> ids;
    for (const auto& item : items) {
      ids.emplace_back(item.as_object().at("id").as_string().c_str());
    }
    const auto holds = [&](const std::set<std::string>& some) {
      return std::any_of(ids.begin(), ids.end(), [&](const auto& id) { return some.contains(id); });
    };
    if (holds(poison)) {
      return PostAnswer{poisoned, complaint};
    }
    if (conflicts && holds(stored)) {
      return PostAnswer{409, R"({"code":40900})"};
    }
    for (const auto& id : ids) {
      stored.insert(id);
      order.push_back(id);
    }
    return answer;
  }
  int posts = 0;
  int fails_at = 0;
  Failure failure{Failure::Kind::trouble, "the target cannot be reached", {}};
  std::size_t limit = 10'000, bytes = 10'000'000, largest = 0;
  std::set<std::string> poison, stored;
  int poisoned = 422;
  std::string complaint = R"({"code":42200,"message":"windowNo is missing, ask 13800001234"})";
  bool conflicts = false;
  std::vector<std::string> order;
  PostAnswer answer{200, R"({"code":0,"message":"ok"})"};
};

std::vector<PushItem> items(int count, int from = 1) {
  std::vector<PushItem> out;
  for (int i = from; i < from + count; ++i) {
    const auto id = "north-" + std::to_string(i);
    out.push_back({id, R"({"id":")" + id + R"(","seq":)" + std::to_string(i) + "}"});
  }
  return out;
}

struct Pushing {
  std::vector<Refused> send(const std::vector<PushItem>& batch) {
    auto outcome = push.send(batch);
    REQUIRE(std::holds_alternative<std::vector<Refused>>(outcome));
    return std::get<std::vector<Refused>>(outcome);
  }
  Failure fail(const std::vector<PushItem>& batch) {
    auto outcome = push.send(batch);
    REQUIRE(std::holds_alternative<Failure>(outcome));
    return std::get<Failure>(outcome);
  }
  Target target;
  int between = 0;
  Push push{target, [this] { ++between; }};
};

TEST_CASE("a batch goes in one body, in order") {
  Pushing hall;
  CHECK(hall.send(items(500)).empty());
  CHECK(hall.target.posts == 1);
  CHECK(hall.between == 0);
  REQUIRE(hall.target.order.size() == 500);
  CHECK(hall.target.order.front() == "north-1");
  CHECK(hall.target.order.back() == "north-500");
}

TEST_CASE("what counts as taken, and what does not") {
  struct Row {
    int status;
    std::string body;
    std::string reason;  ///< empty: taken
    Failure::Kind kind = Failure::Kind::trouble;
  };
  using Kind = Failure::Kind;
  for (const Row& row :
       std::vector<Row>{{200, R"({"code":0})", ""},
                        {200, R"({"code":"0","data":null})", ""},
                        {200, R"({"code":0,"data":{"rejected":[]}})", ""},
                        {200, "", ""},
                        {200, " \r\n", ""},
                        {201, "\xEF\xBB\xBF{\"code\":0}", ""},
                        {204, "", ""},
                        {200, R"({"code":50000,"message":"张三的手机 13800001234"})", "code 50000"},
                        {200, R"({"code":"X-张三"})", "the target reports a failure"},
                        {200, R"({"code":40101})", "code 40101", Kind::unauthorised},
                        {200, R"({"ok":true})", "lacks the code"},
                        {200, "<html>统一登录</html>", "a web page, not JSON"},
                        {200, "{\"code\":0", "JSON"},
                        {200, R"({"code":0,"data":{"rejected":"all"}})", "what was rejected"},
                        {200, R"({"code":0,"data":{"rejected":[{"reason":"?"}]}})", "what was rejected"}}) {
    CAPTURE(row.status);
    CAPTURE(row.body);
    Pushing hall;
    hall.target.answer = {row.status, row.body};
    const auto outcome = hall.push.send(items(3));
    if (row.reason.empty()) {
      CHECK(std::holds_alternative<std::vector<Refused>>(outcome));
      continue;
    }
    REQUIRE(std::holds_alternative<Failure>(outcome));
    const auto& failure = std::get<Failure>(outcome);
    CHECK(failure.reason.find(row.reason) != std::string::npos);
    CHECK(failure.kind == row.kind);
    CHECK(failure.reason.find("张三") == std::string::npos);
    CHECK(hall.target.posts == 1);
  }
}

TEST_CASE(
    "why an event is refused is told in the words of the target, short and without numbers of persons") {
  std::string long_text;
  std::string cut = "HTTP 422: ";
  for (int i = 0; i < 300; ++i) {
    long_text += "错";
    cut += i < 190 ? "错" : "";
  }
  for (const auto& [complaint, reason] : std::vector<std::pair<std::string, std::string>>{
           {R"({"detail":"未知窗口 w9","code":1})", "HTTP 422: 未知窗口 w9"},
           {R"({"code":42200,"message":"too old"})", "HTTP 422: too old"},
           {R"({"code":42200,"msg":"窗口号为空"})", "HTTP 422: 窗口号为空"},
           {R"({"detail":[{"loc":["items",0],"msg":"field required","input":{}}]})",
            "HTTP 422: field required"},
           {R"({"detail":"证件 510682199001010017, 卡 6222020200012345678, 电话 199 0000 0123"})",
            "HTTP 422: 证件 ***, 卡 ***, 电话 ***"},
           {R"({"detail":")" + std::string(185, 'x') + R"( 13800001234"})",
            "HTTP 422: " + std::string(185, 'x') + " ***"},
           {R"({"detail":")" + long_text + "\"}", cut},
           {R"({"detail":"one\nline\u0000"})", "HTTP 422: one line"},
           {"<html>张三</html>", "HTTP 422"},
           {R"({"error":"张三"})", "HTTP 422"},
           {"", "HTTP 422"}}) {
    CAPTURE(complaint);
    Pushing hall;
    hall.target.poison = {"north-1"};
    hall.target.complaint = complaint;
    const auto refused = hall.send(items(1));
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].reason == reason);
  }
}

TEST_CASE("a poisonous event in the middle of 500 is found by halves, and the others arrive in order") {
  Pushing hall;
  hall.target.poison = {"north-250"};
  const auto refused = hall.send(items(500));
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].id == "north-250");
  CHECK(refused[0].reason == "HTTP 422: windowNo is missing, ask ***");
  CHECK(hall.target.order.size() == 499);
  CHECK(std::is_sorted(hall.target.order.begin(), hall.target.order.end(), [](const auto& a, const auto& b) {
    return std::stoi(a.substr(6)) < std::stoi(b.substr(6));
  }));
  CHECK(hall.target.posts <= 20);
  CHECK(hall.between == hall.target.posts - 1);
  // One bad event says nothing of how much the target takes.
  hall.target.posts = 0;
  CHECK(hall.send(items(500, 501)).empty());
  CHECK(hall.target.posts == 1);
}

TEST_CASE("many poisonous events, and nothing else is lost with them") {
  Pushing hall;
  hall.target.poison = {"north-1", "north-2", "north-77", "north-500"};
  const auto refused = hall.send(items(500));
  CHECK(refused.size() == 4);
  CHECK(refused.front().id == "north-1");
  CHECK(refused.back().id == "north-500");
  CHECK(hall.target.order.size() == 496);
}

TEST_CASE("single events of a good batch can be refused, those that were in it") {
  Pushing hall;
  hall.target.answer.body =
      R"({"code":0,"data":{"rejected":[{"id":"north-9","reason":"未知窗口"},{"id":"north-3"},)"
      R"({"id":"north-9","reason":"twice"},{"id":"south-1","reason":"not ours"}]}})";
  const auto refused = hall.send(items(10));
  REQUIRE(refused.size() == 2);
  CHECK(refused[0].id == "north-3");
  CHECK(refused[0].reason.empty());
  CHECK(refused[1].id == "north-9");
  CHECK(refused[1].reason == "未知窗口");
}

TEST_CASE("a target that takes less at a time is given less, and more again later") {
  Pushing hall;
  hall.target.limit = 100;
  CHECK(hall.send(items(500)).empty());
  CHECK(hall.target.order.size() == 500);
  hall.target.posts = 0;
  hall.target.largest = 0;
  CHECK(hall.send(items(500, 501)).empty());
  CHECK(hall.target.largest <= 100);  // no more trials
  hall.target.limit = 10'000;
  for (int i = 2; i < 200; ++i) {
    hall.send(items(500, i * 500 + 1));
  }
  CHECK(hall.target.largest == 500);
  CHECK(hall.target.order.size() == 100'000);
}

TEST_CASE("a single event that is too long for the target is refused") {
  Pushing hall;
  auto batch = items(4);
  batch[2].json = R"({"id":"north-3","text":")" + std::string(2000, 'x') + "\"}";
  hall.target.bytes = 1000;
  const auto refused = hall.send(batch);
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].id == "north-3");
  CHECK(refused[0].reason == "HTTP 413");
  CHECK(hall.target.order == std::vector<std::string>{"north-1", "north-2", "north-4"});
}

TEST_CASE("409 is success for one event; of a batch only a part may be there already") {
  Pushing hall;
  hall.target.conflicts = true;
  CHECK(hall.send(items(300)).empty());
  // The confirmation was lost; meanwhile more has happened.
  CHECK(hall.send(items(310)).empty());
  CHECK(hall.target.order.size() == 310);
  CHECK(hall.target.stored.size() == 310);
}

TEST_CASE("a failure in the middle of a batch is one of the whole batch") {
  Pushing hall;
  hall.target.poison = {"north-2"};
  hall.target.fails_at = 4;
  CHECK(hall.fail(items(8)).reason == "the target cannot be reached");
  hall.target.conflicts = true;
  const auto refused = hall.send(items(8));
  REQUIRE(refused.size() == 1);
  CHECK(hall.target.stored.size() == 7);
}

TEST_CASE("one event to which the target says no for all is found, and the others get through") {
  for (const auto& [status, body, reason] : std::vector<std::tuple<int, std::string, std::string>>{
           {400, R"({"message":"字段错误"})", "HTTP 400: 字段错误"},
           {400, "", "HTTP 400"},
           {200, R"({"code":40001,"message":"字段错误, 13800001234"})", "code 40001: 字段错误, ***"},
           {200, R"({"code":-1,"msg":"字段错误"})", "code -1: 字段错误"}}) {
    CAPTURE(body);
    Pushing hall;
    hall.target.poison = {"north-77"};
    hall.target.poisoned = status;
    hall.target.complaint = body;
    for (int i = 0; i < 4; ++i) {
      CHECK(hall.fail(items(100)).kind == Failure::Kind::trouble);
    }
    CHECK(hall.target.posts == 4);
    CHECK(hall.target.stored.empty());
    const auto refused = hall.send(items(100));
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].id == "north-77");
    CHECK(refused[0].reason == reason);
    CHECK(hall.target.stored.size() == 99);
    CHECK(hall.between > 0);  // lobbyd hears of it meanwhile
    // The next one is as patient again.
    hall.target.poison = {"north-150"};
    hall.fail(items(100, 101));
  }
}

TEST_CASE("events are poisonous only where another one is taken: a broken target buries nothing") {
  Pushing hall;
  for (const auto& one : items(500)) {
    hall.target.poison.insert(one.id);
  }
  hall.target.poisoned = 400;
  for (int i = 0; i < 20; ++i) {
    const int before = hall.target.posts;
    const auto failure = hall.fail(items(500));
    CHECK(failure.kind == Failure::Kind::trouble);
    CHECK(hall.target.posts - before <= 40);
    CHECK(failure.reason ==
          (i < 4 ? "HTTP 400" : "the target refuses every event alike, nothing is given up: HTTP 400"));
  }
  hall.target.poison.clear();
  CHECK(hall.send(items(500)).empty());
  CHECK(hall.target.stored.size() == 500);
}

TEST_CASE("a lone event waits for another one to be judged by") {
  Pushing hall;
  hall.target.poison = {"north-1"};
  hall.target.poisoned = 400;
  for (int i = 0; i < 10; ++i) {
    hall.fail(items(1));
  }
  const auto refused = hall.send(items(2));
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].id == "north-1");
  CHECK(hall.target.order == std::vector<std::string>{"north-2"});
}

TEST_CASE("many poisonous events in front do not make a target look broken") {
  Pushing hall;
  for (const auto& one : items(60)) {
    hall.target.poison.insert(one.id);
  }
  hall.target.poisoned = 400;
  for (int i = 0; i < 4; ++i) {
    hall.fail(items(100));
  }
  CHECK(hall.send(items(100)).size() == 60);
  CHECK(hall.target.stored.size() == 40);
}

TEST_CASE("what is no fault of an event is waited for, however often it comes") {
  for (const char* body : {R"({"code":40101})", R"({"code":403})", R"({"code":42900})", R"({"code":50000})",
                           R"({"code":503})", "<html>", R"({"ok":true})"}) {
    CAPTURE(body);
    Pushing hall;
    hall.target.answer = {200, body};
    for (int i = 0; i < 20; ++i) {
      hall.fail(items(3));
    }
    CHECK(hall.target.posts == 20);
  }
}

// --- the lines ---

std::string post_line(std::uint64_t batch, const std::vector<PushItem>& some) {
  std::string line = R"({"kind":"post","batch":)" + std::to_string(batch) + R"(,"items":[)";
  for (const auto& item : some) {
    line += (&item == some.data() ? "" : ",") + item.json;
  }
  return line + "]}";
}

struct Talk {
  std::vector<std::string> say(const std::string& line) {
    lines.clear();
    CHECK(desk.on_line(line));
    return lines;
  }
  Target target;
  std::vector<std::string> lines;
  PushDesk desk{target, [this](std::string line) { lines.push_back(std::move(line)); }, [] { return 0.0; }};
};

TEST_CASE("a batch is answered by its number; what goes on for long is heard of") {
  Talk talk;
  CHECK(talk.say(post_line(7, items(3))) ==
        std::vector<std::string>{R"({"kind":"posted","batch":7,"rejected":[]})"});
  talk.target.poison = {"north-5"};
  const auto lines = talk.say(post_line(8, items(2, 4)));
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == R"({"kind":"posted","batch":8,"rejected":[],"more":true})");
  CHECK(lines[2] ==
        R"({"kind":"posted","batch":8,"rejected":[{"id":"north-5","reason":"HTTP 422: windowNo is )"
        R"(missing, ask ***"}]})");
}

TEST_CASE("500 refusals are told in lines of at most 16 KiB, the last of which says so") {
  Talk talk;
  std::string rejected;
  for (const auto& item : items(500)) {
    rejected += (rejected.empty() ? "" : ",") + std::string(R"({"id":")") + item.id + R"(","reason":")" + [] {
      std::string quotes;
      for (int i = 0; i < 300; ++i) {
        quotes += "\\\"";
      }
      return quotes;
    }() + "\"}";
  }
  talk.target.answer.body = R"({"code":0,"data":{"rejected":[)" + rejected + "]}}";
  const auto lines = talk.say(post_line(1, items(500)));
  std::size_t told = 0;
  for (const auto& line : lines) {
    CHECK(line.size() < 16 * 1024);
    const auto value = json::parse(line).as_object();
    told += value.at("rejected").as_array().size();
    CHECK(value.contains("more") == (&line != &lines.back()));
  }
  CHECK(told == 500);
}

TEST_CASE("a failure says when to come again: 1, 2, 4 s, and 1 s again after a success") {
  Talk talk;
  const Failure trouble{Failure::Kind::trouble, "HTTP 500", {}};
  const auto fail = [&](Failure failure) {
    talk.target.failure = std::move(failure);
    talk.target.fails_at = talk.target.posts + 1;
    return talk.say(post_line(1, items(1))).at(0);
  };
  CHECK(fail(trouble) == R"({"kind":"fault","what":"","reason":"HTTP 500","retry_s":1})");
  CHECK(fail(trouble).find("\"retry_s\":2}") != std::string::npos);
  CHECK(fail(trouble).find("\"retry_s\":4}") != std::string::npos);
  talk.say(post_line(1, items(1)));
  CHECK(fail({Failure::Kind::throttled, "later", seconds(120)}).find("\"retry_s\":120}") !=
        std::string::npos);
  CHECK(fail(trouble).find("\"retry_s\":1}") != std::string::npos);
}

TEST_CASE("items reach the target as they were given") {
  Talk talk;
  std::string seen;
  struct Mirror final : Poster {
    explicit Mirror(std::string& out) : body(out) {}
    std::variant<PostAnswer, Failure> post(const std::string& given) override {
      body = given;
      return PostAnswer{204, ""};
    }
    std::string& body;
  } mirror{seen};
  PushDesk desk(
      mirror, [](const std::string&) {}, [] { return 0.0; });
  REQUIRE(desk.on_line(
      R"({"kind":"post","batch":1,"items":[{"id":"a-1","type":"窗口","n":18446744073709551615}]})"));
  CHECK(seen == R"({"items":[{"id":"a-1","type":"窗口","n":18446744073709551615}]})");
}

TEST_CASE("whatever is no line of the protocol is posted to nobody") {
  Talk talk;
  for (const std::string& line :
       {std::string("hello"), std::string("{}"), std::string(R"({"kind":"post","batch":1,"items":[]})"),
        std::string(R"({"kind":"post","batch":-1,"items":[{"id":"a"}]})"),
        std::string(R"({"kind":"post","items":[{"id":"a"}]})"),
        std::string(R"({"kind":"post","batch":1,"items":[{"seq":1}]})"),
        std::string(R"({"kind":"post","batch":1,"items":[{"id":""}]})"),
        std::string(R"({"kind":"take","batch":1,"items":[{"id":"a"}]})"),
        post_line(1, items(1)) + std::string(1024 * 1024, ' ')}) {
    CAPTURE(line.substr(0, 60));
    CHECK_FALSE(talk.desk.on_line(line));
  }
  CHECK(talk.target.posts == 0);
}

}  // namespace
}  // namespace lobby::feed
