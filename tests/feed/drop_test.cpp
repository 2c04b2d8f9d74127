#include "daemon/feed/drop.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "daemon/feed/drop_loop.hpp"
#include "tests/feed/lobbyd.hpp"
#include "tests/feed/upstream.hpp"

namespace lobby::feed {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t noon_s = 1795136400;  // 2026-11-20T09:00:00+08:00

struct Folder {
  Folder() { REQUIRE(::mkdtemp(path.data()) != nullptr); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  /// Written `age_s` before noon.
  void put(const std::string& name, const std::string& text, std::int64_t age_s = 0) const {
    std::ofstream(path + "/" + name, std::ios::binary) << text;
    const timespec when{static_cast<time_t>(noon_s - age_s), 0};
    const timespec both[] = {when, when};
    REQUIRE(::utimensat(AT_FDCWD, (path + "/" + name).c_str(), both, 0) == 0);
  }
  bool has(const std::string& name) const { return fs::exists(path + "/" + name); }
  std::size_t files(const std::string& folder) const {
    std::error_code none;
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path + "/" + folder, none), fs::directory_iterator()));
  }
  std::string path = fs::temp_directory_path() / "lobby-drop-XXXXXX";
};

TEST_CASE("a file is taken when it has not changed since the last look, the oldest first") {
  const Folder folder;
  DropFolder drop(folder.path, {What::cases, What::bids});
  folder.put("cases-2.json", "two", 10);
  folder.put("cases-1.json", "one", 20);
  folder.put("bids_1.xml", "bids", 15);
  CHECK_FALSE(drop.look().file);
  for (const char* body : {"one", "bids", "two"}) {
    const auto look = drop.look();
    REQUIRE(look.file);
    CHECK(look.file->body == body);
    CHECK(drop.done(*look.file).empty());
  }
  CHECK_FALSE(drop.look().file);
  CHECK(folder.files("done") == 3);
  folder.put("cases-3.json", "half", 5);
  CHECK_FALSE(drop.look().file);
  folder.put("cases-3.json", "half and half", 4);
  CHECK_FALSE(drop.look().file);
  folder.put("cases-3.json", "half and dim?", 3);  // as long, but written again
  CHECK_FALSE(drop.look().file);
  const auto look = drop.look();
  REQUIRE(look.file);
  CHECK(look.file->body == "half and dim?");
  CHECK(look.file->written_ms == (noon_s - 3) * 1000);
}

TEST_CASE("what is not a whole file is left alone") {
  const Folder folder;
  DropFolder drop(folder.path, {What::cases});
  for (const char* name :
       {".cases-1.json", "cases-1.json.part", "cases-1.json.tmp", "cases-1.csv", "cases"}) {
    folder.put(name, "x");
  }
  fs::create_directory(folder.path + "/cases-9.json");
  fs::create_symlink("/etc/passwd", folder.path + "/cases-8.json");
  ::mkfifo((folder.path + "/cases-7.json").c_str(), 0600);
  drop.look();
  const auto look = drop.look();
  CHECK_FALSE(look.file);
  CHECK(look.fault.empty());
  CHECK(folder.files("failed") == 0);
}

TEST_CASE("the word of a name says what it is, and delta that it is not all") {
  const Folder folder;
  DropFolder drop(folder.path, {What::cases});
  for (const auto& [name, full] : std::vector<std::pair<std::string, bool>>{{"cases.json", true},
                                                                            {"cases-delta-1.json", false},
                                                                            {"cases_delta.xml", false},
                                                                            {"cases-deltas.json", true}}) {
    CAPTURE(name);
    folder.put(name, "x");
    drop.look();
    const auto look = drop.look();
    REQUIRE(look.file);
    CHECK(look.file->full == full);
    drop.done(*look.file);
  }
}

TEST_CASE("a file that nobody can use goes to failed, and is told without its name") {
  const Folder folder;
  DropFolder drop(folder.path, {What::cases});
  folder.put("bids-1.json", "x");
  folder.put("caseload-1.json", "x");
  folder.put("cases-1.json", std::string(8 * 1024 * 1024 + 1, 'x'));
  drop.look();
  for (int i = 0; i < 3; ++i) {
    const auto look = drop.look();
    CHECK_FALSE(look.file);
    CHECK_FALSE(look.fault.empty());
    CHECK(look.fault.find("bids-") == std::string::npos);
    CHECK(look.fault.find("caseload") == std::string::npos);
  }
  CHECK(folder.files("failed") == 3);
  CHECK(drop.look().fault.empty());
}

TEST_CASE("the newest twenty stay in done") {
  const Folder folder;
  DropFolder drop(folder.path, {What::cases});
  for (int i = 0; i < 25; ++i) {
    const std::string name = "cases-" + std::to_string(i) + ".json";
    folder.put(name, "x", 100 - i);
    drop.look();
    const auto look = drop.look();
    REQUIRE(look.file);
    drop.done(*look.file);
  }
  CHECK(folder.files("done") == 20);
  CHECK_FALSE(folder.has("done/cases-4.json"));
  CHECK(folder.has("done/cases-24.json"));
  REQUIRE(drop.latest_done(What::cases));
  CHECK(drop.latest_done(What::cases)->name == "cases-24.json");
  CHECK_FALSE(drop.latest_done(What::bids));
}

TEST_CASE("a folder that is not there is told, and may come later") {
  const Folder folder;
  DropFolder drop(folder.path + "/later", {What::cases});
  CHECK(drop.look().fault.find("cannot be read") != std::string::npos);
  fs::create_directory(folder.path + "/later");
  CHECK(drop.look().fault.empty());
}

// --- the loop ---

struct DropSite {
  DropSite() {
    settings.drop_dir = folder.path;
    settings.interval_s = 30;
  }
  DropLoop& loop() {
    if (!loop_) {
      loop_ = std::make_unique<DropLoop>(
          settings, mapping, lobbyd.desk(),
          DropLoop::Clocks{[this] { return wall_ms; }, [this] { return wall_ms + trial_ms; }});
    }
    return *loop_;
  }
  /// Looks for so long; what it said.
  std::vector<std::string> pass(std::int64_t ms) {
    lobbyd.lines.clear();
    for (std::int64_t gone = 0; gone < ms;) {
      const auto pause = loop().step();
      REQUIRE(pause);
      gone += pause->count();
      wall_ms += pause->count();
    }
    return lobbyd.lines;
  }
  Folder folder;
  Settings settings;
  Mapping mapping = parse_mapping(plain_mapping(), "m.toml");
  Lobbyd lobbyd;
  std::int64_t wall_ms = noon_s * 1000;
  static constexpr std::int64_t trial_ms = std::int64_t{300} * 86'400'000;  ///< dates no file

 private:
  std::unique_ptr<DropLoop> loop_;
};

std::size_t count(const std::vector<std::string>& lines, const std::string& part) {
  return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [&part](const std::string& line) {
    return line.find(part) != std::string::npos;
  }));
}

TEST_CASE("a file is delivered with its own age, and goes to done") {
  DropSite site;
  site.folder.put("cases-1.json", cases({"a=1", "b=1"}), 60);
  const auto lines = site.pass(6'000);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0] == R"({"kind":"begin","what":"cases","full":true,"rows":2,"removed":0})");
  CHECK(lines[3].find(R"("age_ms":62000,)") != std::string::npos);
  CHECK(site.folder.has("done/cases-1.json"));
  // Nothing new: it grows older, and lobbyd hears so.
  const auto later = site.pass(60'000);
  CHECK(count(later, R"("kind":"fresh","what":"cases")") == 2);
  CHECK(count(later, R"("kind":"begin")") == 0);
  // The same again is fresh.
  site.folder.put("cases-2.json", cases({"b=1", "a=1"}), -50);
  CHECK(count(site.pass(6'000), R"("kind":"begin")") == 0);
  CHECK(site.folder.has("done/cases-2.json"));
}

TEST_CASE("what moved is told as a part; GB 18030 and deleted rows are read") {
  DropSite site;
  site.folder.put("cases-delta-1.json", R"({"code":0,"items":[{"id":"a","no":")"
                                        "\xd5\xc5"
                                        R"(","s":"1"},{"id":"b","deleted":true}]})");
  const auto lines = site.pass(4'000);
  CHECK(count(lines, R"({"kind":"begin","what":"cases","full":false,"rows":1,"removed":1})") == 1);
  CHECK(count(lines, "张") == 1);
  site.folder.put("cases-2.json", cases({"a=1"}, "next", true));
  CHECK(count(site.pass(4'000), R"("full":false)") == 1);
}

TEST_CASE("a file that cannot be read goes to failed and is told until a good one comes") {
  DropSite site;
  site.folder.put("cases-1.json", "<html>");
  const auto lines = site.pass(62'000);
  CHECK(count(lines, R"({"kind":"fault","what":"cases","reason":"the answer is)") == 3);
  CHECK(site.folder.has("failed/cases-1.json"));
  site.folder.put("cases-2.json", cases({"a=1"}));
  CHECK(count(site.pass(62'000), "fault") == 0);
}

TEST_CASE("after a bad file nobody says that the good one before is all well") {
  DropSite site;
  site.folder.put("cases-1.json", cases({"a=1"}), 60);
  site.pass(6'000);
  site.folder.put("cases-2.json", "<html>");
  const auto lines = site.pass(90'000);
  CHECK(count(lines, R"("kind":"fresh")") == 0);
  CHECK(count(lines, R"({"kind":"fault","what":"cases")") == 4);
}

TEST_CASE("while no file has come, lobbyd hears that") {
  DropSite site;
  const auto lines = site.pass(60'000);
  CHECK(
      count(
          lines,
          R"({"kind":"fault","what":"","reason":"no file has come into the drop folder yet","retry_s":30})") ==
      2);
  CHECK(lines.size() == 2);
}

TEST_CASE("what is held back stays, is offered again, and gives way to a newer one") {
  DropSite site;
  site.folder.put("cases-1.json", cases({"a=1"}), 60);
  site.lobbyd.answers = {false, false};
  CHECK(count(site.pass(50'000), R"("kind":"begin")") == 2);
  CHECK(site.folder.has("cases-1.json"));
  site.folder.put("cases-2.json", cases({"a=1", "b=1"}), 30);
  CHECK(count(site.pass(8'000), R"("kind":"begin")") == 1);
  CHECK(site.folder.has("done/cases-1.json"));
  CHECK(site.folder.has("done/cases-2.json"));
}

TEST_CASE("a new process tells again what was taken last") {
  const auto lines = [] {
    DropSite site;
    fs::create_directory(site.folder.path + "/done");
    site.folder.put("done/cases-1.json", cases({"a=1"}), 900);
    site.folder.put("done/cases-2.json", cases({"a=2"}), 600);
    auto said = site.pass(4'000);
    CHECK(site.folder.has("done/cases-2.json"));
    return said;
  }();
  CHECK(count(lines, R"("kind":"begin")") == 1);
  CHECK(count(lines, R"("age_ms":600000,)") == 1);
}

}  // namespace
}  // namespace lobby::feed
