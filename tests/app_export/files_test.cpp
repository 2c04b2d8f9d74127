#include "daemon/app/export_files.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <boost/json/parse.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "tests/app/site_cases.hpp"

namespace {

using namespace lobby;
namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::int64_t minute_ms = 60'000;

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct House {
  /// As the API answers, with data that is so old.
  void cases(const std::string& number, const std::string& as_of, bool stale = false) {
    texts.approvals = R"({"as_of":"2026-03-16T)" + as_of + R"(:00.000+08:00","stale":)" +
                      (stale ? "true" : "false") + R"(,"freshness":"fresh","cases":[{"case_no":")" + number +
                      R"(","matter_name":"登记","status":"accepted"}]})";
  }
  std::string publish() { return files->publish(texts, now); }
  fs::path path(const std::string& name) const { return folder.path() / name; }
  json::object file(const std::string& name) const { return json::parse(slurp(path(name))).as_object(); }
  /// Tells one file from the next that takes its place.
  ino_t inode(const std::string& name) const {
    struct stat status {};
    REQUIRE(::stat(path(name).c_str(), &status) == 0);
    return status.st_ino;
  }
  std::set<std::string> names() const {
    std::set<std::string> out;
    for (const auto& entry : fs::directory_iterator(folder.path())) {
      out.insert(entry.path().filename().string());
    }
    return out;
  }
  void restart() { files = std::make_unique<app::ExportFiles>(folder.path().string()); }

  app::cases::Folder folder;
  app::PublicTexts texts{"测试大厅", "", R"({"as_of":null,"stale":true,"openings":[]})",
                         R"({"data_version":"x","groups":[]})"};
  hall::Instant now{1773622800000, 480};  ///< 2026-03-16T09:00:00+08:00
  std::unique_ptr<app::ExportFiles> files = std::make_unique<app::ExportFiles>(folder.path().string());
};

const std::set<std::string> all{"approvals.html", "approvals.json", "bids.html", "bids.json",
                                "catalogue.html", "catalogue.json", "index.html"};

TEST_CASE("three lists, each as data and as a page, and a page that leads to them") {
  House house;
  house.cases("A-1", "08:59");
  CHECK(house.publish().empty());
  CHECK(house.names() == all);
  const auto file = house.file("approvals.json");
  CHECK(file.at("published_at") == "2026-03-16T09:00:00.000+08:00");
  CHECK(file.at("as_of") == "2026-03-16T08:59:00.000+08:00");
  CHECK(file.at("data_version").as_string().size() == 16);
  CHECK(file.at("cases").as_array().size() == 1);
  CHECK(house.file("catalogue.json").at("data_version") != "x");  // one rule for all
  struct stat status {};
  REQUIRE(::stat(house.path("approvals.html").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0644);
  CHECK(slurp(house.path("index.html")).find("href=\"approvals.html\"") != std::string::npos);
  CHECK(slurp(house.path("bids.html")).find("时间不详") != std::string::npos);
}

TEST_CASE("what has not changed is not written, whatever the clock says") {
  House house;
  house.cases("A-1", "08:59");
  house.publish();
  const auto page = house.inode("approvals.html");
  const auto data = house.inode("approvals.json");
  const auto catalogue = house.inode("catalogue.html");
  for (int minute = 0; minute < 4; ++minute) {
    house.now.utc_ms += minute_ms;
    house.cases("A-1", "09:0" + std::to_string(minute));
    CHECK(house.publish().empty());
  }
  CHECK(house.inode("approvals.html") == page);
  CHECK(house.inode("approvals.json") == data);
  SUBCASE("after five minutes it is said that it is still so") {
    house.cases("A-1", "09:04");
    house.publish();
    CHECK(house.file("approvals.json").at("as_of") == "2026-03-16T09:04:00.000+08:00");
    CHECK(house.file("approvals.json").at("published_at") == "2026-03-16T09:00:00.000+08:00");
    CHECK(slurp(house.path("approvals.html")).find("数据时间：2026-03-16 09:04") != std::string::npos);
  }
  SUBCASE("a case that moves is written at once") {
    const auto version = house.file("approvals.json").at("data_version");
    house.cases("A-2", "09:03");
    house.publish();
    CHECK(house.file("approvals.json").at("data_version") != version);
    CHECK(house.file("approvals.json").at("published_at") == "2026-03-16T09:04:00.000+08:00");
    CHECK(house.file("approvals.json").at("as_of") == "2026-03-16T09:03:00.000+08:00");
    house.cases("A-1", "09:03");
    house.publish();
    CHECK(house.file("approvals.json").at("data_version") == version);
  }
  SUBCASE("and so is that it has grown old, without a new version") {
    const auto version = house.file("approvals.json").at("data_version");
    house.cases("A-1", "09:03", true);
    house.publish();
    CHECK(slurp(house.path("approvals.html")).find("截至 2026-03-16 09:03。") != std::string::npos);
    CHECK(house.file("approvals.json").at("stale") == true);
    CHECK(house.file("approvals.json").at("data_version") == version);
  }
  SUBCASE("a file that somebody took away comes back") {
    fs::remove(house.path("approvals.html"));
    house.publish();
    CHECK(house.names() == all);
  }
  CHECK(house.inode("catalogue.html") == catalogue);
}

TEST_CASE("a daemon that is started again goes on where it was") {
  House house;
  house.cases("A-1", "08:59");
  house.publish();
  const auto page = house.inode("approvals.html");
  house.restart();
  house.now.utc_ms += 60 * minute_ms;
  house.cases("A-1", "09:01");
  CHECK(house.publish().empty());
  CHECK(house.inode("approvals.html") == page);
  CHECK(house.file("approvals.json").at("published_at") == "2026-03-16T09:00:00.000+08:00");
}

TEST_CASE("a crash while a file was written leaves the old one, and nothing in the way") {
  House house;
  house.cases("A-1", "08:59");
  house.publish();
  const auto before = slurp(house.path("approvals.json"));
  house.folder.write(".approvals.json.new", "{\"half\":");
  CHECK(slurp(house.path("approvals.json")) == before);
  house.restart();
  house.cases("A-2", "08:59");
  CHECK(house.publish().empty());
  CHECK(house.file("approvals.json").at("cases").as_array()[0].at("case_no") == "A-2");
  CHECK(house.names() == all);
}

TEST_CASE("a damaged file of ours is replaced") {
  House house;
  house.cases("A-1", "08:59");
  house.publish();
  house.folder.write("approvals.json", "not JSON");
  house.folder.write("approvals.html", "<html>");
  house.restart();
  CHECK(house.publish().empty());
  CHECK(house.file("approvals.json").at("cases").as_array().size() == 1);
  CHECK(slurp(house.path("approvals.html")).ends_with("</html>\n"));
}

TEST_CASE("a full disk leaves every old file whole, and is told") {
  House house;
  house.cases("A-1", "08:59");
  house.publish();
  const auto before = slurp(house.path("approvals.json"));
  house.cases("A-" + std::string(50'000, '9'), "09:00");
  std::signal(SIGXFSZ, SIG_IGN);  // a write beyond the limit is an error, not our end
  rlimit old{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &old) == 0);
  const rlimit small{10'000, old.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto fault = house.publish();
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &old) == 0);
  CHECK(fault.starts_with(house.path("approvals.json").string() + ": "));
  CHECK(slurp(house.path("approvals.json")) == before);
  CHECK(house.names() == all);
  CHECK(house.publish().empty());
  CHECK(slurp(house.path("approvals.json")).size() > 50'000);
}

TEST_CASE("a folder that is not there, and what is no answer of the API") {
  House house;
  app::ExportFiles nowhere("/nowhere/public");
  CHECK(nowhere.publish(house.texts, house.now).find("No such file or directory") != std::string::npos);
  house.texts.approvals = "[1]";
  CHECK(house.publish().starts_with("approvals: "));
  CHECK(fs::exists(house.path("bids.html")));  // the others go on
  CHECK_FALSE(fs::exists(house.path("approvals.html")));
}

}  // namespace
