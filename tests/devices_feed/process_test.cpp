// The real lobby-feed, started by the real spawner, against a real server on the loopback.
#include "daemon/devices/feed_process.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "drivers/link/asio_executor.hpp"
#include "tests/devices_feed/upstream.hpp"

namespace lobby::devices {
namespace {

using Mood = Upstream::Mood;
using std::chrono::seconds;

/// The children of this process, by /proc.
std::vector<pid_t> children() {
  std::vector<pid_t> found;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream file(task.path() / "children");
    for (pid_t pid = 0; file >> pid;) {
      found.push_back(pid);
    }
  }
  return found;
}

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Peak resident memory of a process in MiB; sanitizers make it say nothing.
[[maybe_unused]] long peak_mb(pid_t pid) {
  const std::string status = slurp("/proc/" + std::to_string(pid) + "/status");
  const auto at = status.find("VmHWM:");
  return at == std::string::npos ? 0 : std::stol(status.substr(at + 6)) / 1024;
}

std::string settings_of(const FeedConfig& feed) {
  return boost::json::serialize(boost::json::object{{"mode", "pull"},
                                                    {"feed", feed.id.value},
                                                    {"url", feed.url},
                                                    {"mapping", feed.mapping_file},
                                                    {"token_file", feed.token_file},
                                                    {"spool_dir", "/tmp"},
                                                    {"interval_s", feed.interval_s},
                                                    {"total_s", feed.total_s}});
}

struct Site {
  explicit Site(Mood mood, std::uint32_t total_s = 10,
                const std::string& program = LOBBY_BIN_DIR "/lobby-feed") {
    upstream.be(mood);
    token_file = (std::filesystem::temp_directory_path() / "lobby-feed-token-XXXXXX").string();
    const int file = ::mkstemp(token_file.data());
    REQUIRE(file >= 0);
    REQUIRE(::write(file, "s3cret-token", 12) == 12);
    ::close(file);
    FeedConfig config;
    config.id.value = "approvals";
    config.driver = "epoint";
    config.mapping_file = LOBBY_SOURCE_DIR "/config/mappings/epoint.toml";
    config.url = upstream.url();
    config.token_file = token_file;
    config.interval_s = 1;
    config.total_s = total_s;
    config.resources = {hall::What::cases};
    configs = {config};
    Feeds::Sink sink;
    sink.begin = [this](const hall::DeviceId&, const hall::AnswerHead& head, const Feeds::Taken& taken) {
      arriving = {head.full, {}};
      executor.post([taken] { taken(true, ""); });
    };
    sink.slice = [this](const hall::DeviceId&, hall::AnswerSlice rows, const Feeds::Taken& taken) {
      for (auto& row : rows.cases) {
        arriving.cases.push_back(std::move(row));
      }
      executor.post([taken] { taken(true, ""); });
    };
    sink.end = [this](const hall::DeviceId&, const std::string&, const Feeds::Taken& taken) {
      batches.push_back(std::move(arriving));
      executor.post([taken] { taken(true, ""); });
    };
    sink.broken = [](const hall::DeviceId&) {};
    feeds = std::make_unique<Feeds>(
        executor, configs,
        Feeds::Ports{feed_spawner(io, program), [](const FeedConfig& feed) { return settings_of(feed); },
                     [] {
                       return hall::Instant{1, 480};
                     },
                     std::move(sink)},
        roster);
  }
  ~Site() {
    feeds.reset();
    // Reaped on the loop: nothing of it may be left.
    CHECK(until([] { return children().empty(); }));
    ::unlink(token_file.c_str());
  }
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  template <class Condition>
  bool until(Condition condition, std::chrono::milliseconds limit = seconds(20)) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!condition() && std::chrono::steady_clock::now() < end) {
      io.restart();
      io.run_one_for(std::chrono::milliseconds(20));
    }
    return condition();
  }
  const hall::DeviceView& device() const { return *roster.find(configs[0].id); }
  bool says(hall::DeviceState state, const std::string& words = "") const {
    return device().state == state && device().reason.find(words) != std::string::npos;
  }

  Upstream upstream;
  boost::asio::io_context io;
  link::AsioExecutor executor{io};
  std::string token_file;
  std::vector<FeedConfig> configs;
  Roster roster{[] { return hall::Instant{1, 480}; }, [](const hall::ReportDevice&) {}};
  struct Batch {
    bool full = false;
    std::vector<hall::CaseRow> cases;
  };
  Batch arriving;
  std::vector<Batch> batches;
  std::unique_ptr<Feeds> feeds;
};

TEST_CASE("rows of two pages come masked; then only what changes comes again") {
  Site site(Mood::kind);
  REQUIRE(site.until([&] { return !site.batches.empty(); }));
  CHECK(site.batches[0].full);
  REQUIRE(site.batches[0].cases.size() == 60);
  CHECK(site.batches[0].cases[59].applicant_display == "张**");
  CHECK(site.batches[0].cases[59].status == "accepted");
  CHECK(site.until([&] { return site.says(hall::DeviceState::ok); }));
  CHECK(site.upstream.last_body().find("\"token\":\"s3cret-token\"") != std::string::npos);
  // The secret is in no place that others can read.
  const auto pids = children();
  REQUIRE(pids.size() == 1);
  const std::string proc = "/proc/" + std::to_string(pids[0]);
  CHECK(slurp(proc + "/cmdline").find("s3cret") == std::string::npos);
  CHECK(slurp(proc + "/environ").find("s3cret") == std::string::npos);
  // A pull without news, then one with.
  const int seen = site.upstream.pulls();
  REQUIRE(site.until([&] { return site.upstream.pulls() > seen; }));
  CHECK(site.batches.size() == 1);
  site.upstream.change_rows();
  REQUIRE(site.until([&] { return site.batches.size() == 2; }));
  CHECK(site.batches[1].cases[0].status == "finished");
}

TEST_CASE("the child is its own group, with limits, and holds nothing of ours") {
  const int ours = ::open("/dev/null", O_RDONLY);  // not close-on-exec
  Site site(Mood::kind);
  REQUIRE(site.until([&] { return !site.batches.empty(); }));
  const pid_t pid = children().at(0);
  CHECK(::getpgid(pid) == pid);
  const std::string limits = slurp("/proc/" + std::to_string(pid) + "/limits");
  CHECK(limits.find("Max core file size        0 ") != std::string::npos);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(limits.find("Max address space         134217728 ") != std::string::npos);
#endif
  std::error_code none;
  CHECK_FALSE(std::filesystem::exists("/proc/" + std::to_string(pid) + "/fd/" + std::to_string(ours), none));
  ::close(ours);
}

TEST_CASE("an answer that drips ends at the deadline") {
  Site site(Mood::drip, 1);
  const auto start = std::chrono::steady_clock::now();
  REQUIRE(site.until([&] { return site.says(hall::DeviceState::degraded, "no whole answer within 1 s"); }));
  CHECK(std::chrono::steady_clock::now() - start < seconds(4));
  CHECK(site.batches.empty());
  site.upstream.be(Mood::kind);
  CHECK(site.until([&] { return site.says(hall::DeviceState::ok); }));
}

TEST_CASE("200 MB are not kept: the transfer is broken off") {
  Site site(Mood::flood);
  REQUIRE(site.until([&] { return site.says(hall::DeviceState::degraded, "longer than 8 MiB"); }));
  // What the kernel holds for both ends, tens of MB on newer ones, comes to the 8 MiB that are read, and the
  // next pull's beginning on a slow machine; it is never all sent.
  CHECK(site.upstream.sent() < 200U * 1024 * 1024);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(peak_mb(children().at(0)) < 48);
#endif
  CHECK(site.batches.empty());
}

TEST_CASE("a page for people is told by its kind only") {
  Site site(Mood::web_page);
  REQUIRE(site.until(
      [&] { return site.says(hall::DeviceState::degraded, "the answer is a login page, not JSON"); }));
  CHECK(site.device().reason.find("统一") == std::string::npos);
}

TEST_CASE("a refused token is tried twice, not in a loop") {
  Site site(Mood::refuses);
  REQUIRE(site.until([&] { return site.upstream.pulls() == 2; }));
  CHECK(site.says(hall::DeviceState::degraded, "身份验证失败"));
  // The third try would have come long ago by any shorter pause.
  site.until([&] { return site.upstream.pulls() > 2; }, seconds(2));
  CHECK(site.upstream.pulls() == 2);
}

TEST_CASE("a token file that others may read is not used") {
  Site site(Mood::kind);
  REQUIRE(::chmod(site.token_file.c_str(), 0644) == 0);
  const bool refused = site.until([&] { return site.says(hall::DeviceState::degraded, "chmod 600"); });
  CHECK(refused);
}

TEST_CASE("a killed child comes back") {
  Site site(Mood::kind);
  REQUIRE(site.until([&] { return site.batches.size() == 1; }));
  const pid_t first = children().at(0);
  REQUIRE(::kill(first, SIGKILL) == 0);
  REQUIRE(site.until([&] { return site.says(hall::DeviceState::gone, "SIGKILL"); }));
  REQUIRE(site.until([&] { return site.batches.size() == 2; }));
  CHECK(site.until([&] { return site.says(hall::DeviceState::ok); }));
  CHECK(children().at(0) != first);
}

TEST_CASE("SIGTERM ends it at once, even inside a pull") {
  Site site(Mood::drip, 10);
  REQUIRE(site.until([&] { return site.upstream.pulls() == 1; }));
  REQUIRE(::kill(children().at(0), SIGTERM) == 0);
  CHECK(site.until([&] { return site.says(hall::DeviceState::gone, "status 0"); }, seconds(2)));
}

TEST_CASE("a program that is not there, and one that says nothing sensible") {
  SUBCASE("not there") {
    Site site(Mood::kind, 10, "/nonexistent/lobby-feed");
    CHECK(site.until([&] { return site.says(hall::DeviceState::gone, "could not be started"); }));
  }
  SUBCASE("ends by itself") {
    Site site(Mood::kind, 10, "/bin/true");
    CHECK(site.until([&] { return site.says(hall::DeviceState::gone, "status 0"); }));
  }
  SUBCASE("says our own settings back") {
    Site site(Mood::kind, 10, "/bin/cat");
    CHECK(site.until([&] { return site.says(hall::DeviceState::gone, "no line of a feed"); }));
  }
  SUBCASE("talks nonsense without end") {
    Site site(Mood::kind, 10, "/usr/bin/yes");
    CHECK(site.until([&] { return site.says(hall::DeviceState::gone, "no line of a feed"); }));
  }
}

}  // namespace
}  // namespace lobby::devices
