#include "daemon/feed/settings.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "daemon/feed/request.hpp"
#include "daemon/feed/secrets.hpp"
#include "daemon/feed/url.hpp"
#include "tests/feed/fixtures.hpp"

namespace lobby::feed {
namespace {

Settings good(const std::string& line) {
  auto read = read_settings(line);
  if (const auto* fault = std::get_if<std::string>(&read)) {
    FAIL(*fault);
  }
  return std::get<Settings>(std::move(read));
}

/// Of a line that is right but for these keys.
std::string fault_with(const std::string& keys) {
  const auto read = read_settings(R"({"url":"https://h/p","mapping":"/m",)" + keys + "}");
  const auto* fault = std::get_if<std::string>(&read);
  return fault != nullptr ? *fault : "";
}

TEST_CASE("the line of settings") {
  const Settings plain = good(R"({"url":"http://h:1/p","mapping":"/m"})");
  CHECK(plain.mode == Settings::Mode::pull);
  CHECK(plain.interval_s == 30);
  CHECK(plain.resources.empty());
  CHECK_FALSE(plain.trial_clock_ms);
  CHECK(good(R"({"url":"http://h:1/p","mapping":"/m","trial_clock_ms":1795136400000})").trial_clock_ms ==
        1795136400000);
  const Settings full = good(
      R"({"mode":"test","feed":"approvals","url":"https://h/p","mapping":"/m","token_file":"/t","app_id":"hall-1",)"
      R"("area_code":"51","interval_s":60,"total_s":90,"max_age_s":900,"days":3,"ca_file":"/ca","bind":"eth0.7",)"
      R"("client_cert_file":"/c","client_key_file":"/k","proxy":"10.0.0.1:3128","proxy_file":"/p",)"
      R"("allow_insecure":true,"spool_dir":"/var/tmp","resources":["bids","cases"],"applicant_key":"k",)"
      R"("cursors":{"cases":"c1","matters":""}})");
  CHECK(full.mode == Settings::Mode::test);
  CHECK(full.interval_s == 60);
  CHECK(full.total_s == 90);
  CHECK(full.max_age_s == 900);
  CHECK(full.days == 3);
  CHECK(full.resources == std::vector<What>{What::bids, What::cases});
  CHECK(full.cursors.at(What::cases) == "c1");
  CHECK(full.allow_insecure);
  CHECK(full.bind == "eth0.7");
  CHECK(good(R"({"mode":"push","url":"https://h/p"})").mode == Settings::Mode::push);
  CHECK(good(R"({"drop_dir":"/d","mapping":"/m"})").drop_dir == "/d");
}

TEST_CASE("settings that are wrong are refused, and nothing of them is repeated") {
  for (const char* line :
       {"", "[]", "{}", R"({"url":"http://h"})", R"({"url":"ftp://h","mapping":"m"})", R"({"mapping":"m"})",
        R"({"url":"http://h","drop_dir":"/d","mapping":"m"})", R"({"mode":"push","drop_dir":"/d"})",
        R"({"mode":"test","drop_dir":"/d","mapping":"m"})", R"({"url":"http://h","mapping":7})"}) {
    CAPTURE(line);
    CHECK(std::holds_alternative<std::string>(read_settings(line)));
  }
  for (const std::string key : {R"("interval_s":0)",
                                R"("interval_s":86401)",
                                R"("total_s":"60")",
                                R"("max_age_s":-1)",
                                R"("days":0)",
                                R"("trial_clock_ms":"now")",
                                R"("trial_clock_ms":1000000000000000)",
                                R"("colour":"S3CRET")",
                                R"("mode":"S3CRET")",
                                R"("allow_insecure":1)",
                                R"("bind":"S3CRET;eth0")",
                                R"("app_id":"S3CRET,sig=1")",
                                R"("app_id":"S3CRET:1")",
                                R"("proxy":"S3CRET")",
                                R"("proxy":"u:S3CRET@h:1")",
                                R"("proxy_file":"/S3CRET")",
                                R"("client_cert_file":"/S3CRET")",
                                R"("client_key_file":"/S3CRET")",
                                R"("resources":["S3CRET"])",
                                R"("resources":["cases","cases"])",
                                R"("resources":"cases")",
                                R"("cursors":{"S3CRET":""})",
                                R"("cursors":{"cases":7})",
                                R"("cursors":"S3CRET")",
                                R"("token_file":"/S3CRET\n")"}) {
    CAPTURE(key);
    const std::string fault = fault_with(key);
    CHECK_FALSE(fault.empty());
    CHECK(fault.find("S3CRET") == std::string::npos);
  }
  CHECK(fault_with(R"("cursors":{"cases":")" + std::string(513, 'x') + "\"}").find("cursors") !=
        std::string::npos);
  CHECK(fault_with(R"("applicant_key":")" + std::string(257, 'x') + '"').find("applicant_key") !=
        std::string::npos);
}

TEST_CASE("a secret goes over a plain line only to this machine, or where somebody answers for it") {
  const auto fault = [](const std::string& url, const std::string& more) {
    const auto read = read_settings(R"({"mapping":"/m","token_file":"/t","url":")" + url + '"' + more + "}");
    const auto* text = std::get_if<std::string>(&read);
    return text != nullptr ? *text : "";
  };
  CHECK(fault("http://10.1.2.3/p", "").find("allow_insecure") != std::string::npos);
  CHECK(fault("http://127.0.0.1.example.com/p", "").find("allow_insecure") != std::string::npos);
  CHECK(fault("http://10.1.2.3/p", R"(,"allow_insecure":true)").empty());
  CHECK(fault("https://10.1.2.3/p", "").empty());
  for (const char* url : {"http://127.0.0.1:18081/p", "http://localhost/p", "http://[::1]:80/p"}) {
    CHECK(fault(url, "").empty());
  }
  CHECK_FALSE(fault("http://127.0.0.1/p", R"(,"client_cert_file":"/c","client_key_file":"/k")").empty());
}

TEST_CASE("addresses") {
  REQUIRE(parse_url("http://127.0.0.1:18081/epoint/getProjectList?a=b"));
  CHECK(parse_url("http://127.0.0.1:18081/epoint/getProjectList?a=b")->origin == "http://127.0.0.1:18081");
  CHECK(parse_url("http://127.0.0.1:18081/epoint/getProjectList?a=b")->target ==
        "/epoint/getProjectList?a=b");
  CHECK(parse_url("http://127.0.0.1:18081")->port == 18081);
  CHECK(parse_url("https://host")->target == "/");
  CHECK(parse_url("https://host")->port == 443);
  CHECK(parse_url("http://host")->port == 80);
  CHECK(parse_url("https://host?x")->target == "/?x");
  CHECK(parse_url("http://[fe80::1]:8080/p")->host == "fe80::1");
  for (const char* text :
       {"", "host", "http://", "http://:80/", "http://u:p@h/", "http://h/a b", "http://h/\r\nX: y",
        "file:///etc/passwd", "http://h/#f", "http://h/十", "http://h:/", "http://h:0/", "http://h:65536/",
        "http://h:8x/", "http://[::1/", "http://h[1]/", "http://a,b/"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_url(text));
  }
  CHECK(parse_host_port("proxy.gov:3128")->port == 3128);
  CHECK_FALSE(parse_host_port("proxy.gov"));
  CHECK_FALSE(parse_host_port("http://proxy.gov:3128"));
}

TEST_CASE("a token comes only out of a file that nobody else may read") {
  std::string folder = std::filesystem::temp_directory_path() / "lobby-token-XXXXXX";
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  const std::string path = folder + "/token";
  const auto put = [&](const std::string& text, mode_t mode) {
    ::unlink(path.c_str());
    std::ofstream(path) << text;
    REQUIRE(::chmod(path.c_str(), mode) == 0);
  };
  for (const mode_t mode : {0600, 0400}) {
    put("  s3cret\r\n", mode);
    CHECK(read_token(path).text == "s3cret");
    CHECK(read_token(path).fault.empty());
    CHECK(fault_of_key_file(path).empty());
  }
  for (const mode_t mode : {0640, 0604, 0644, 0660, 0700, 0666, 0777}) {
    put("s3cret", mode);
    const Token token = read_token(path);
    CHECK(token.text.empty());
    CHECK(token.fault.find("0600") != std::string::npos);
    CHECK(token.fault.find("s3cret") == std::string::npos);
    CHECK(fault_of_key_file(path).find("0600") != std::string::npos);
  }
  for (const std::string& text :
       {std::string(), std::string(" \n"), std::string(5000, 'x'), std::string("a\nb")}) {
    put(text, 0600);
    CHECK(read_token(path).text.empty());
    CHECK_FALSE(read_token(path).fault.empty());
  }
  CHECK_FALSE(read_token(folder).fault.empty());
  CHECK_FALSE(fault_of_key_file(folder).empty());
  CHECK_FALSE(fault_of_key_file(folder + "/none").empty());
  CHECK_FALSE(read_token(folder + "/none").fault.empty());
  std::filesystem::remove_all(folder);
}

TEST_CASE("templates are filled") {
  const Filling filling{"to\"ken", "510682", "", 3, 50, "2026-11-20", 2026, 7};
  const FilledRequest epoint_request = fill(epoint_cases().request, "/getProjectList", filling);
  CHECK(epoint_request.post);
  CHECK(epoint_request.target == "/getProjectList");
  CHECK(
      epoint_request.body ==
      R"({"params":{"areacode":"510682","currentpage":"3","keyword":"","pagesize":"50","type":"month"},"token":"to\"ken"})");
  Request get;
  get.post = false;
  get.query = {{"page", "{page}"}, {"区", "a b&{area}"}};
  get.headers = {{"Authorization", "Bearer {token}"}};
  const FilledRequest filled = fill(get, "/cases?x=1", filling);
  CHECK(filled.target == "/cases?x=1&page=3&%E5%8C%BA=a%20b%26510682");
  CHECK(filled.headers.at("Authorization") == "Bearer to\"ken");
  const Mapping numbers = epoint_with("numbers_as_strings = true", "numbers_as_strings = false");
  CHECK(fill(numbers.resources.front().request, "/", filling).body.find("\"currentpage\":3,") !=
        std::string::npos);
}

TEST_CASE("an XML body is the mapping's, and what fills it cannot end an element") {
  const Mapping soap = read_mapping(LOBBY_SOURCE_DIR "/config/mappings/asmx-soap.toml");
  const Filling filling{
      "t<&\"o'k>\x01"
      "en",
      "510682",
      "",
      3,
      50,
      "2026-11-20",
      2026,
      7};
  const FilledRequest filled = fill(soap.resources.front().request, "/CaseService.asmx", filling);
  CHECK(filled.post);
  CHECK(filled.body == fixture("asmx-soap/request.xml"));
  CHECK(filled.headers.at("Content-Type") == "text/xml; charset=utf-8");
  CHECK(filled.headers.at("SOAPAction") == "\"http://tempuri.org/GetCaseList\"");
  Request plain;
  plain.xml = "<a><b>{cursor}</b></a>";
  CHECK(fill(plain, "/", filling).headers.at("Content-Type") == "text/xml; charset=utf-8");
  CHECK(fill(plain, "/", filling).body == "<a><b></b></a>");
  plain.headers = {{"content-type", "application/soap+xml; charset=utf-8; action=\"urn:list\""}};
  CHECK(fill(plain, "/", filling).headers.at("Content-Type") ==
        "application/soap+xml; charset=utf-8; action=\"urn:list\"");
}

TEST_CASE("days and years of a request, and the path of a list") {
  const Filling filling{"", "51 06", "c/1", 0, 50, "2026-11-20", 2026, 7};
  Request get;
  get.post = false;
  get.query = {{"date", "{date}"}, {"days", "{days}"}};
  CHECK(fill(get, "/bids", filling).target == "/bids?date=2026-11-20&days=7");
  CHECK(target_of("/api/v1/hall", "/calendar/{year}", filling) == "/api/v1/hall/calendar/2026");
  CHECK(target_of("/api/", "/cases", filling) == "/api/cases");
  CHECK(target_of("/list?app=1", "", filling) == "/list?app=1");
  CHECK(target_of("/list?app=1", "/{area}/{cursor}", filling) == "/list/51%2006/c%2F1?app=1");
  CHECK(target_of("/list?app=1", "/m?a=b", filling) == "/list/m?a=b&app=1");
  CHECK(target_of("/", "/cases", filling) == "/cases");
}

TEST_CASE("a body is a form where the mapping says so") {
  const Filling filling{"", "", "", 3, 50, "", 0, 0};
  Request post;
  post.body = boost::json::value{{"page", "{page}"}, {"区", "a b"}, {"size", 20}, {"deep", {{"a", "b"}}}};
  post.headers = {{"content-type", "application/x-www-form-urlencoded; charset=UTF-8"}};
  const FilledRequest filled = fill(post, "/p", filling);
  CHECK(filled.body == "page=3&%E5%8C%BA=a%20b&size=20");
  CHECK(filled.headers.at("Content-Type") == "application/x-www-form-urlencoded; charset=UTF-8");
  CHECK(filled.headers.size() == 1);
  post.headers.clear();
  CHECK(fill(post, "/p", filling).headers.at("Content-Type") == "application/json; charset=utf-8");
}

}  // namespace
}  // namespace lobby::feed
