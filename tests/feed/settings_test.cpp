#include "daemon/feed/settings.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "daemon/feed/request.hpp"
#include "tests/feed/fixtures.hpp"

namespace lobby::feed {
namespace {

TEST_CASE("the line of settings is taken wholly or not at all") {
  const auto read = read_settings(
      R"({"feed":"approvals","url":"http://h:1/p","mapping":"/m","token_file":"","area_code":"51",)"
      R"("interval_s":30,"total_s":60,"cursor":"","ca_file":""})");
  REQUIRE(std::holds_alternative<Settings>(read));
  CHECK(std::get<Settings>(read).interval_s == 30);
  CHECK(std::get<Settings>(read).area_code == "51");
  for (const char* line :
       {"", "[]", "{}", R"({"url":"http://h"})", R"({"url":"ftp://h","mapping":"m"})",
        R"({"url":"http://h","mapping":"m","interval_s":0})",
        R"({"url":"http://h","mapping":"m","total_s":"60"})",
        R"({"url":"http://h","mapping":"m","colour":"red"})", R"({"url":"http://h","mapping":7})"}) {
    CAPTURE(line);
    CHECK(std::holds_alternative<std::string>(read_settings(line)));
  }
}

TEST_CASE("addresses") {
  REQUIRE(parse_url("http://127.0.0.1:18081/epoint/getProjectList?a=b"));
  CHECK(parse_url("http://127.0.0.1:18081/epoint/getProjectList?a=b")->origin == "http://127.0.0.1:18081");
  CHECK(parse_url("http://127.0.0.1:18081/epoint/getProjectList?a=b")->target ==
        "/epoint/getProjectList?a=b");
  CHECK(parse_url("https://host")->target == "/");
  CHECK(parse_url("https://host?x")->target == "/?x");
  for (const char* text : {"", "host", "http://", "http://:80/", "http://u:p@h/", "http://h/a b",
                           "http://h/\r\nX: y", "file:///etc/passwd", "http://h/#f", "http://h/十"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_url(text));
  }
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
  }
  for (const mode_t mode : {0640, 0604, 0644, 0660, 0700, 0666, 0777}) {
    put("s3cret", mode);
    const Token token = read_token(path);
    CHECK(token.text.empty());
    CHECK(token.fault.find("0600") != std::string::npos);
    CHECK(token.fault.find("s3cret") == std::string::npos);
  }
  for (const std::string& text :
       {std::string(), std::string(" \n"), std::string(5000, 'x'), std::string("a\nb")}) {
    put(text, 0600);
    CHECK(read_token(path).text.empty());
    CHECK_FALSE(read_token(path).fault.empty());
  }
  CHECK_FALSE(read_token(folder).fault.empty());
  CHECK_FALSE(read_token(folder + "/none").fault.empty());
  std::filesystem::remove_all(folder);
}

TEST_CASE("templates are filled") {
  const Filling filling{"to\"ken", "510682", "", 3, 50};
  const FilledRequest epoint_request = fill(epoint().request, "/getProjectList", filling);
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
  CHECK(fill(numbers.request, "/", filling).body.find("\"currentpage\":3,") != std::string::npos);
}

}  // namespace
}  // namespace lobby::feed
