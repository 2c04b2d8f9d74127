// The sums were made by other programs, from the texts as the contract puts them together. BODY is the sum of
// the body (printf '' | openssl dgst -sha256 -r):
//   printf 'GET\n/api/v1/hall/cases\nlimit=200&since=2026%%2F11\n%s\n1795136400000\n0123456789abcdef' $BODY |
//     openssl dgst -sha256 -hmac s3cret-of-the-hall
// -sm3 in both places gives the other; the POST has an empty line where the query stands. The MD5 are
// Python's:
//   hashlib.md5('appId=hall-1&area=什邡 市&pageNo=1&…&key=s3cret-of-the-hall'.encode()).hexdigest()
#include <doctest/doctest.h>

#include <stdexcept>
#include <utility>
#include <vector>

#include "daemon/feed/auth_mapping.hpp"
#include "daemon/feed/auth_sign.hpp"
#include "daemon/feed/percent.hpp"

namespace lobby::feed {
namespace {

const Credentials hall_key{"hall-1", "s3cret-of-the-hall"};
const Moment noon{1795136400000, "0123456789abcdef", "acc3ss"};

Auth auth_of(Auth::Kind kind) {
  Auth auth;
  auth.kind = kind;
  return auth;
}

FilledRequest get(const std::string& target) {
  FilledRequest request;
  request.post = false;
  request.target = target;
  return request;
}

Auth read(const std::string& text) {
  const toml::table table = toml::parse(text);
  return read_auth(Section("m.toml", *table["auth"].as_table(), "auth"));
}

std::string fault_of(const std::string& text) {
  try {
    read(text);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

std::string signature(const FilledRequest& request) {
  const std::string& value = request.headers.at("Authorization");
  const std::size_t at = value.find(",sig=");
  return at == std::string::npos ? value : value.substr(at + 5);
}

TEST_CASE("HALL-HMAC over a GET: the query is sorted, the body empty") {
  FilledRequest request = get("/api/v1/hall/cases?since=2026%2F11&limit=200");
  REQUIRE(sign(auth_of(Auth::Kind::hmac_sha256), hall_key, noon, request).empty());
  CHECK(request.headers.at("Authorization")
            .starts_with("HALL-HMAC-SHA256 appId=hall-1,ts=1795136400000,nonce=0123456789abcdef,signed="));
  CHECK(signature(request) == "23500607e7be1ca5503b756cb920d24864b28c72a5a283331b4084ee18964949");
  CHECK(request.target == "/api/v1/hall/cases?since=2026%2F11&limit=200");
  request = get("/api/v1/hall/cases?since=2026%2F11&limit=200");
  REQUIRE(sign(auth_of(Auth::Kind::hmac_sm3), hall_key, noon, request).empty());
  CHECK(request.headers.at("Authorization").starts_with("HALL-HMAC-SM3 appId=hall-1,"));
  CHECK(signature(request) == "0f2dbd737058d45147d4b55cecd0b24b102de5caf25447ad9513942d1340f54d");
}

TEST_CASE("HALL-HMAC over a POST sums up its body") {
  FilledRequest request;
  request.target = "/api/v1/hall/queue-events";
  request.body = R"({"events":["取号"]})";
  REQUIRE(sign(auth_of(Auth::Kind::hmac_sha256), hall_key, noon, request).empty());
  CHECK(signature(request) == "0a89a0f03a47ca3483d3aa494130692b5320f2880ef344ccaff06c57c4f0a04d");
  const std::string before = signature(request);
  request.body += " ";
  REQUIRE(sign(auth_of(Auth::Kind::hmac_sha256), hall_key, noon, request).empty());
  CHECK(signature(request) != before);
}

TEST_CASE("sorted MD5: decoded values, added parameters, the secret last") {
  Auth auth = auth_of(Auth::Kind::sorted_md5);
  auth.query = {{"appId", "{app_id}"}, {"ts", "{ts}"}};
  FilledRequest request = get("/list?pageSize=50&area=%E4%BB%80%E9%82%A1+%E5%B8%82&pageNo=1&keyword=");
  REQUIRE(sign(auth, hall_key, noon, request).empty());
  CHECK(request.target ==
        "/list?pageSize=50&area=%E4%BB%80%E9%82%A1+%E5%B8%82&pageNo=1&keyword=&appId=hall-1&ts=1795136400000"
        "&sign=CBD3DB08187544C1DC8125DC49E53E9F");
  auth = auth_of(Auth::Kind::sorted_md5);
  auth.upper = false;
  auth.skip_empty = false;
  auth.key = "secret";
  auth.sign = "signature";
  request = get("/list?pageNo2=x&pageNo=1&empty&area=%e4%bb%80%e9%82%a1%20%e5%b8%82");
  REQUIRE(sign(auth, hall_key, noon, request).empty());
  CHECK(request.target.ends_with("&signature=1833d24db2a72ce6becbc3d49834d4d4"));
}

TEST_CASE("the secret and the login's token stand where the mapping puts them and nowhere else") {
  Auth auth = auth_of(Auth::Kind::header);
  auth.name = "X-Access-Token";
  auth.value = "{token}";
  FilledRequest request = get("/list");
  REQUIRE(sign(auth, hall_key, noon, request).empty());
  CHECK(request.headers.at("X-Access-Token") == "s3cret-of-the-hall");
  CHECK(token_for_templates(auth, hall_key, noon).empty());

  request = get("/list");
  REQUIRE(sign(auth_of(Auth::Kind::bearer), hall_key, noon, request).empty());
  CHECK(request.headers.at("Authorization") == "Bearer acc3ss");
  CHECK(token_for_templates(auth_of(Auth::Kind::bearer), hall_key, noon) == "acc3ss");

  CHECK(token_for_templates(auth_of(Auth::Kind::token), hall_key, noon) == "s3cret-of-the-hall");
  for (const auto kind : {Auth::Kind::none, Auth::Kind::hmac_sha256, Auth::Kind::sorted_md5}) {
    CHECK(token_for_templates(auth_of(kind), hall_key, noon).empty());
  }
  for (const auto kind : {Auth::Kind::hmac_sha256, Auth::Kind::hmac_sm3, Auth::Kind::sorted_md5}) {
    request = get("/list?a=b");
    REQUIRE(sign(auth_of(kind), hall_key, noon, request).empty());
    CHECK(request.target.find("s3cret") == std::string::npos);
    for (const auto& [name, value] : request.headers) {
      CHECK(value.find("s3cret") == std::string::npos);
    }
    CHECK_FALSE(sign(auth_of(kind), {"hall-1", ""}, noon, request).empty());
  }
}

TEST_CASE("a token file may name the app id before the secret") {
  const Auth hmac = auth_of(Auth::Kind::hmac_sha256);
  CHECK(credentials_of(hmac, "", "hall-1:s3cret").app_id == "hall-1");
  CHECK(credentials_of(hmac, "", "hall-1:s3cret").secret == "s3cret");
  CHECK(credentials_of(hmac, "hall-1", "hall-1:s3cret").secret == "s3cret");
  CHECK(credentials_of(hmac, "hall-1", "s3:cret").secret == "s3:cret");
  CHECK(credentials_of(hmac, "hall-1", "s3cret").app_id == "hall-1");
  CHECK(credentials_of(auth_of(Auth::Kind::token), "", "a:b").secret == "a:b");
}

TEST_CASE("a login is a form or JSON, and its answer is looked at with care") {
  Login login;
  login.path = "/oauth/token";
  login.fields = {
      {"client_id", "{app_id}"}, {"client_secret", "{token}"}, {"grant_type", "client_credentials"}};
  login.token = {"data", "access_token"};
  login.expires_in = {"data", "expires_in"};
  const Credentials odd{"hall-1", "s3&cret"};
  FilledRequest request = login_request(login, odd);
  CHECK(request.post);
  CHECK(request.target == "/oauth/token");
  CHECK(request.body == "client_id=hall-1&client_secret=s3%26cret&grant_type=client_credentials");
  CHECK(request.headers.at("Content-Type") == "application/x-www-form-urlencoded");
  login.form = false;
  request = login_request(login, odd);
  CHECK(request.body ==
        R"({"client_id":"hall-1","client_secret":"s3&cret","grant_type":"client_credentials"})");

  const auto good = read_login(login, R"({"data":{"access_token":"abc","expires_in":"7200"}})");
  REQUIRE(std::holds_alternative<AccessToken>(good));
  CHECK(std::get<AccessToken>(good).text == "abc");
  CHECK(std::get<AccessToken>(good).lifetime_s == 7200);
  const auto brief = read_login(login, R"({"data":{"access_token":"abc","expires_in":-1}})");
  CHECK(std::get<AccessToken>(brief).lifetime_s == 1800);
  for (const char* body :
       {"", "<html>s3cret</html>", "{}", R"({"data":{"access_token":""}})", R"({"data":{"access_token":7}})",
        R"({"data":{"access_token":"s3cret\r\nX: y"}})"}) {
    CAPTURE(body);
    const auto bad = read_login(login, body);
    REQUIRE(std::holds_alternative<std::string>(bad));
    CHECK(std::get<std::string>(bad).find("s3cret") == std::string::npos);
  }
}

TEST_CASE("a token is given up before it ends") {
  Session session;
  CHECK(session.token(0) == nullptr);
  session.keep({"abc", 7200}, 1000);
  REQUIRE(session.token(1000 + 7'139'999) != nullptr);
  CHECK(*session.token(1000) == "abc");
  CHECK(session.token(1000 + 7'140'000) == nullptr);
  session.keep({"abc", 100}, 0);
  CHECK(session.token(89'999) != nullptr);
  CHECK(session.token(90'000) == nullptr);
  session.keep({"abc", 100}, 0);
  session.forget();
  CHECK(session.token(1) == nullptr);
}

TEST_CASE("[auth] of a mapping") {
  CHECK(read("[auth]").kind == Auth::Kind::token);
  CHECK(read("[auth]\nkind = 'hmac-sm3'").kind == Auth::Kind::hmac_sm3);
  const Auth header = read("[auth]\nkind = 'header'\nname = 'X-Access-Token'\nvalue = '{token}'");
  CHECK(header.name == "X-Access-Token");
  CHECK(header.value == "{token}");
  const Auth bearer = read(
      "[auth]\nkind = 'bearer'\nname = ''\n[auth.login]\npath = '/oauth/token'\nsend = 'json'\n"
      "fields = { id = '{app_id}', pass = '{token}' }\ntoken = '/a/b'\nexpires_in = '/e'\nlifetime_s = 600");
  CHECK(bearer.name.empty());
  CHECK_FALSE(bearer.login.form);
  CHECK(bearer.login.token == std::vector<std::string>{"a", "b"});
  CHECK(bearer.login.lifetime_s == 600);
  const Auth md5 = read(
      "[auth]\nkind = 'sorted-md5'\nsign = 'sig'\ndigits = 'lower'\nskip_empty = false\n"
      "query = { timestamp = '{ts_s}', appId = '{app_id}' }");
  CHECK(md5.sign == "sig");
  CHECK_FALSE(md5.upper);
  CHECK_FALSE(md5.skip_empty);
  CHECK(md5.query.at("timestamp") == "{ts_s}");
  CHECK(uses_clock(md5));

  for (const auto& [text, part] : std::vector<std::pair<std::string, std::string>>{
           {"kind = 'basic'", "m.toml:2:"},
           {"colour = 'red'", "colour"},
           {"kind = 'none'\nname = 'X'", "name"},
           {"kind = 'header'\nname = \"X\\r\\nY\"", "auth.name"},
           {"kind = 'header'\nvalue = '{secret}'", "{secret}"},
           {"kind = 'header'\nvalue = \"a\\nb\"", "control"},
           {"kind = 'header'\nvalue = '{token'", "placeholder"},
           {"kind = 'bearer'", "auth.login"},
           {"kind = 'bearer'\n[auth.login]\npath = 'http://other/token'\ntoken = '/t'\nfields = { a = 'b' }",
            "auth.login.path"},
           {"kind = 'bearer'\n[auth.login]\npath = '/t'\ntoken = '/t'", "fields"},
           {"kind = 'bearer'\n[auth.login]\npath = '/t'\nfields = { a = 'b' }", "auth.login.token"},
           {"kind = 'sorted-md5'\nquery = { a = '{token}' }", "{token}"}}) {
    CAPTURE(text);
    CHECK(fault_of("[auth]\n" + text).find(part) != std::string::npos);
  }
}

TEST_CASE("escapes of addresses") {
  CHECK(percent_decoded("a%2fb%2Fc+d%") == "a/b/c d%");
  CHECK(percent_decoded("%zz%4") == "%zz%4");
  CHECK(percent_encoded("什 a~") == "%E4%BB%80%20a~");
  std::string target = "/p?";
  add_to_query(target, "a", "1");
  add_to_query(target, "b", "&");
  CHECK(target == "/p?a=1&b=%26");
  CHECK(query_of("/p") == "");
  CHECK(path_of("/p?a?b") == "/p");
  CHECK(query_of("/p?a?b") == "a?b");
}

}  // namespace
}  // namespace lobby::feed
