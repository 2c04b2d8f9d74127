#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <string>

#include "tests/sim_tests/approval_office.hpp"

using namespace lobby::sim;

namespace {

constexpr const char* list = "/api/case/public/list?pageNo=1&pageSize=50";

/// Everything that a plain socket gets for one GET, up to `most` bytes.
std::string raw_get(int port, const std::string& target, std::size_t most) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  REQUIRE(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  write_all(fd,
            "GET " + target + " HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n");
  std::string out;
  std::array<char, 65536> buffer{};
  while (out.size() < most) {
    const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (got <= 0) {
      break;
    }
    out.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(fd);
  return out;
}

std::string body_of(const std::string& answer) {
  const std::size_t at = answer.find("\r\n\r\n");
  REQUIRE(at != std::string::npos);
  return answer.substr(at + 4);
}

}  // namespace

TEST_CASE("frozen, it takes connections and says nothing, or half of an answer, until it is mended") {
  const Office office("native");
  office.http->set_read_timeout(0, 300'000);
  for (const std::string inside : {"false", "true"}) {
    CAPTURE(inside);
    office.fault(R"({"kind":"freeze","inside":)" + inside + "}");
    std::string got;
    const auto result = office.http->Get("/api/cases", [&got](const char* bytes, std::size_t size) {
      got.append(bytes, size);
      return true;
    });
    REQUIRE_FALSE(result);
    CHECK(result.error() == httplib::Error::Read);  // not of connecting
    CHECK(got.empty() == (inside == "false"));
    CHECK(got.find("]}") == std::string::npos);
    office.mend();
    office.http->stop();
    CHECK(office.json("/api/cases").at("code") == 0);
  }
}

TEST_CASE("empty is a success without rows, until it is cleared") {
  const Office office("jeecg");
  office.fault(R"({"kind":"empty"})");
  CHECK(office.json(list).at("result").at("total") == 0);
  CHECK(office.json(list).at("result").at("records").get_array().empty());
  CHECK(office.json("/api/cases").at("data").at("items").get_array().empty());
  // Whoever has a cursor keeps it, whatever it looks like.
  CHECK(office.json("/api/cases?since=a%22b").at("data").at("nextCursor") == "a\"b");
  office.mend();
  CHECK(office.json(list).at("result").at("total") == 48);
}

TEST_CASE("a fault may be limited to one resource") {
  const Office office("native");
  office.fault(R"({"kind":"empty","only":"/bids"})");
  CHECK(office.json("/api/bids").at("data").at("items").get_array().empty());
  CHECK(office.json("/api/cases").at("data").at("items").get_array().size() == 48);
}

TEST_CASE("a login page is HTML with the status 200; error_inside is a code in the shape's own envelope") {
  const Office office("jeecg");
  office.fault(R"({"kind":"login_page"})");
  const httplib::Result page = office.get(list);
  CHECK(page->status == 200);
  CHECK(page->body.starts_with("<!DOCTYPE html>"));
  office.mend();
  office.fault(R"({"kind":"error_inside"})");
  CHECK(office.json(list).at("code") == 500);
  const Office native("native");
  native.fault(R"({"kind":"error_inside"})");
  CHECK(native.json("/api/cases").at("code") == 50300);
}

TEST_CASE("shifting moves rows between pages: some come twice, some not at all, the total stays") {
  const Office office("jeecg");
  office.fault(R"({"kind":"shifting","rows":3})");
  std::multiset<std::string> seen;
  std::set<std::int64_t> totals;
  for (int number = 1; number <= 5; ++number) {
    const boost::json::value page =
        office.json("/api/case/public/list?pageSize=10&pageNo=" + std::to_string(number)).at("result");
    totals.insert(page.at("total").to_number<std::int64_t>());
    for (const boost::json::value& row : page.at("records").get_array()) {
      seen.emplace(row.at("caseNo").get_string());
    }
  }
  CHECK(seen.size() == 48);
  CHECK(std::set<std::string>(seen.begin(), seen.end()).size() == 48 - 4 * 3);
  CHECK(totals.size() == 1);
}

TEST_CASE("nan, half names and depth are in the text, not in anybody's JSON library") {
  const std::pair<const char*, const char*> lists[] = {{"epoint", "/api"},
                                                       {"native", "/api/cases"},
                                                       {"jeecg", list},
                                                       {"kechuang", "/api/case/list?pageNo=1&pageSize=5"},
                                                       {"ruoyi", "/api/case/list?pageNum=1&pageSize=5"},
                                                       {"trs", "/api/openings?page=0&size=5"},
                                                       {"asmx", "/api/GetCaseList?pageIndex=1&pageSize=5"}};
  for (const auto& [shape, target] : lists) {
    CAPTURE(std::string(shape));
    const Office office(shape);
    const bool is_post = target == std::string("/api");
    const bool is_xml = shape == std::string("asmx");
    // Three times: some wrap their content every second or third time.
    const auto find = [&](const std::string& wanted) {
      int found = 0;
      for (int i = 0; i < 3; ++i) {
        const httplib::Result answer =
            is_post ? office.http->Post("/api", R"({"params":{}})", "application/json") : office.get(target);
        found += answer->body.find(wanted) == std::string::npos ? 0 : 1;
      }
      return found;
    };
    office.fault(R"({"kind":"nan"})");
    CHECK(find(is_xml ? "&amp;fee;" : ":NaN,") == 3);
    office.mend();
    office.fault(R"({"kind":"half_names"})");
    CHECK(find(is_xml ? "&amp;#xD842;" : "\\ud842") == 3);
    CHECK(office.names().find("半某名\n") != std::string::npos);
    office.mend();
    office.fault(R"({"kind":"deep","depth":10000})");
    std::string deep;
    for (int i = 0; i < 10'000; ++i) {
      deep += is_xml ? "<a>" : "[";
    }
    CHECK(find(deep) == 3);
    office.mend();
    CHECK(find(deep) == 0);
  }
}

TEST_CASE("an XML system can send a bomb of entities") {
  const Office office("xml");
  office.fault(R"({"kind":"deep","entities":true})");
  const std::string body = office.get("/api/GetCaseList")->body;
  CHECK(body.size() < 2000);
  CHECK(body.find("<!ENTITY e9 \"&e8;&e8;") != std::string::npos);
}

TEST_CASE("drip gives the whole answer, a little at a time") {
  const Office office("jeecg");
  office.fault(R"({"kind":"drip","ms":300})");
  const std::string answer = raw_get(office.port, list, 100'000'000);
  CHECK(boost::json::parse(body_of(answer)).at("code") == 200);
}

TEST_CASE("endless and the header bomb take the port over, count what was asked, and give it back") {
  const Office office("jeecg");
  office.fault(R"({"kind":"endless","mb":0})");
  const std::string endless = raw_get(office.port, list, 3'000'000);
  CHECK(endless.find("Transfer-Encoding: chunked\r\n") != std::string::npos);
  CHECK(endless.size() >= 3'000'000);
  CHECK(office.system->describe().at("requests").at("/api/case/public/list") == 1);
  office.mend();
  office.fault(R"({"kind":"header_bomb","mb":8})");
  const std::string bomb = raw_get(office.port, list, 100'000'000);
  CHECK(bomb.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(bomb.size() > 8U * 1024 * 1024);
  CHECK(body_of(bomb) == "{}");
  CHECK(office.system->describe().at("raw_bytes").to_number<std::uint64_t>() >= 8U * 1024 * 1024);
  office.mend();
  CHECK(office.json(list).at("code") == 200);
  CHECK(office.system->describe().at("requests").at("/api/case/public/list") == 3);
}

TEST_CASE("a reader of the endless body is cut off when the fault is over") {
  const Office office("jeecg");
  office.fault(R"({"kind":"endless","mb":0})");
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(office.port));
  REQUIRE(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  write_all(fd, "GET / HTTP/1.1\r\n\r\n");
  std::array<char, 65536> buffer{};
  REQUIRE(::recv(fd, buffer.data(), buffer.size(), 0) > 0);
  office.mend();
  while (::recv(fd, buffer.data(), buffer.size(), 0) > 0) {
  }
  ::close(fd);
  CHECK(office.json(list).at("code") == 200);
}

TEST_CASE("a gzip bomb is a thousandth of what it becomes, and sound to its last byte") {
  const Office office("jeecg");
  office.fault(R"({"kind":"gzip_bomb","mb":64})");
  const std::string answer = raw_get(office.port, list, 100'000'000);
  CHECK(answer.find("Content-Encoding: gzip\r\n") != std::string::npos);
  std::string body = body_of(answer);
  CHECK(body.size() < 200'000);
  z_stream stream{};
  REQUIRE(::inflateInit2(&stream, 16 + MAX_WBITS) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(body.data());
  stream.avail_in = static_cast<uInt>(body.size());
  std::array<Bytef, 65536> out{};
  int state = Z_OK;
  while (state == Z_OK) {
    stream.next_out = out.data();
    stream.avail_out = out.size();
    state = ::inflate(&stream, Z_NO_FLUSH);
  }
  CHECK(state == Z_STREAM_END);
  CHECK(stream.total_out == 64U * 1024 * 1024);
  ::inflateEnd(&stream);
}

TEST_CASE("unauthorised, too_many and redirect are statuses of HTTP with what belongs to them") {
  const Office office("jeecg");
  office.fault(R"({"kind":"unauthorised"})");
  CHECK(office.get(list)->status == 401);
  office.mend();
  office.fault(R"({"kind":"too_many"})");
  CHECK(office.get(list)->status == 429);
  CHECK(office.get(list)->get_header_value("Retry-After") == "7");
  office.fault(R"({"kind":"too_many","retry_after_s":90,"as_date":true})");
  CHECK(office.get(list)->get_header_value("Retry-After").starts_with("Mon, 16 Mar 2026 01:01:"));
  office.mend();
  office.fault(R"({"kind":"redirect"})");
  const httplib::Result moved = office.get(list);
  CHECK(moved->status == 302);
  CHECK(moved->get_header_value("Location") ==
        "http://localhost:" + std::to_string(office.port) + "/elsewhere");
  // Whoever goes there is seen.
  CHECK(office.get("/elsewhere")->status == 404);
  CHECK(office.system->describe().at("requests").at("/elsewhere") == 1);
}

TEST_CASE("wrong_charset: the bytes are of another charset than the header says") {
  const Office office("jeecg");
  office.put("case", R"({"case_no":"SF-1","applicant_name":"诸葛二"})");
  office.fault(R"({"kind":"wrong_charset"})");
  const httplib::Result page = office.get(list);
  CHECK(page->get_header_value("Content-Type") == "application/json;charset=UTF-8");
  CHECK(page->body.find("\xD6\xEE\xB8\xF0\xB6\xFE") != std::string::npos);
  const Office gb("trs");
  gb.put("bid", R"({"project_no":"T","project_name":"诸葛二"})");
  gb.fault(R"({"kind":"wrong_charset"})");
  CHECK(gb.get("/api/openings?page=0&size=50")->body.find("诸葛二") != std::string::npos);
}

TEST_CASE("what a fault is told wrongly is said, and every request can be counted") {
  const Office office("native");
  for (const char* const body : {R"({"kind":"drip","ms":-1})", R"({"kind":"clock","offset_s":"x"})",
                                 R"({"kind":"endless","mb":5000})", R"({"kind":"deep","depth":0})"}) {
    const boost::json::object told = boost::json::parse(body).as_object();
    const Fault fault = *parse_fault(std::string(told.at("kind").get_string()));
    CHECK_MESSAGE(office.system->set_details(fault, told) != "", body);
  }
  CHECK_FALSE(office.system->can_have(Fault::paper_out));
  office.get("/api/cases");
  office.get("/api/cases?since=");
  office.get("/api/bids");
  const boost::json::object about = office.system->describe();
  CHECK(about.at("requests").at("/api/cases") == 2);
  CHECK(about.at("request_count") == 3);
  CHECK(about.at("last_requests").at(2).at("path") == "/api/bids");
  CHECK(about.at("last_requests").at(0).at("ms").to_number<std::int64_t>() <=
        about.at("last_requests").at(2).at("ms").to_number<std::int64_t>());
}
