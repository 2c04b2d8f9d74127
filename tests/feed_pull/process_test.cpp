// The whole process, as lobbyd starts it: lines over a socket, an upstream on the loopback.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <httplib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>

#include "tests/feed_pull/servers.hpp"

namespace lobby::feed {
namespace {

namespace fs = std::filesystem;

class Feed {
 public:
  explicit Feed(const std::string& settings) {
    std::array<int, 2> pair{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) == 0);
    socket_ = pair[0];
    // A line that does not come is a fault, not a test that hangs.
    const timeval patience{30, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    pid_ = ::fork();
    if (pid_ == 0) {
      become(pair[1]);
    }
    ::close(pair[1]);
    say(socket_, settings + "\n");
  }
  ~Feed() {
    ::close(socket_);
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  /// The next line; empty when it has gone.
  std::string line() {
    for (;;) {
      const std::size_t end = got_.find('\n', at_);
      if (end != std::string::npos) {
        std::string line = got_.substr(at_, end - at_);
        at_ = end + 1;
        return line;
      }
      got_.erase(0, at_);
      at_ = 0;
      std::array<char, 64 * 1024> bytes{};
      const ssize_t size = ::recv(socket_, bytes.data(), bytes.size(), 0);
      if (size <= 0) {
        return {};
      }
      got_.append(bytes.data(), static_cast<std::size_t>(size));
    }
  }
  void taken(bool yes) const { say(socket_, yes ? "{\"taken\":true}\n" : "{\"taken\":false}\n"); }
  void stop_talking() const { ::shutdown(socket_, SHUT_WR); }
  /// How it ended: its status, or minus the signal.
  int end() {
    int status = 0;
    REQUIRE(::waitpid(pid_, &status, 0) == pid_);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  std::string proc(const std::string& file) const {
    std::ifstream in("/proc/" + std::to_string(pid_) + "/" + file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  /// Peak resident memory in MiB.
  long peak_mb() const {
    const std::string status = proc("status");
    const auto at = status.find("VmHWM:");
    return at == std::string::npos ? 0 : std::stol(status.substr(at + 6)) / 1024;
  }

 private:
  [[noreturn]] static void become(int socket) {
    ::dup2(socket, STDIN_FILENO);
    ::dup2(socket, STDOUT_FILENO);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    const rlimit memory{128U << 20U, 128U << 20U};  // as lobbyd gives it
    ::setrlimit(RLIMIT_AS, &memory);
#endif
    ::execl(LOBBY_BIN_DIR "/lobby-feed", "lobby-feed", nullptr);
    ::_exit(127);
  }
  int socket_ = -1;
  pid_t pid_ = -1;
  std::string got_;
  std::size_t at_ = 0;
};

struct Folder {
  Folder() { REQUIRE(::mkdtemp(path.data()) != nullptr); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string put(const std::string& name, const std::string& text) const {
    std::ofstream(path + "/" + name) << text;
    return path + "/" + name;
  }
  std::string path = fs::temp_directory_path() / "lobby-process-XXXXXX";
};

const char* const mapping = R"(
schema = 1
name = "plain"
[request]
method = "GET"
[request.query]
page = "{page}"
[answer]
items = "/items"
total = "/total"
[paging]
style = "page"
base = 0
size = 2000
max_pages = 1000
[field.id]
from = ["/id"]
[field.case_no]
from = ["/no"]
[field.matter_name]
from = ["/matter"]
[field.dept_name]
from = ["/dept"]
[field.applicant_display]
from = ["/name"]
transforms = ["mask"]
[field.accepted_at]
from = ["/at"]
transforms = [{ date = ["yyyy-MM-dd HH:mm:ss"] }]
[field.status]
from = ["/s"]
[status.words]
"1" = "accepted"
)";

constexpr std::size_t page_size = 2000;

std::string page(std::size_t number, std::size_t total) {
  std::string out = "{\"total\":" + std::to_string(total) + ",\"items\":[";
  const std::size_t from = number * page_size;
  for (std::size_t i = from; i < std::min(total, from + page_size); ++i) {
    out += i == from ? "" : ",";
    out +=
        R"({"id":"g)" + std::to_string(i) + R"(","no":"51068220261120)" + std::to_string(i) +
        R"(","matter":"食品经营许可（新办）","dept":"市场监督管理局","name":"张三丰","at":"2026-11-20 08:30:00","s":"1"})";
  }
  return out + "]}";
}

std::unique_ptr<httplib::Server> pages(std::size_t total) {
  auto http = std::make_unique<httplib::Server>();
  http->Get("/list", [total](const httplib::Request& request, httplib::Response& response) {
    response.set_content(page(std::stoul(request.get_param_value("page")), total), "application/json");
  });
  http->set_keep_alive_max_count(1'000'000);
  return http;
}

std::string settings(const Folder& folder, const std::string& more) {
  return R"({"mapping":")" + folder.put("m.toml", mapping) + R"(","spool_dir":")" + folder.path + "\"," +
         more + "}";
}

std::size_t count(const std::string& text, const std::string& part) {
  return text.find(part) == std::string::npos ? 0 : 1;
}

/// Everything between begin and end; says yes to all.
std::size_t take_all(Feed& feed) {
  std::size_t rows = 0;
  for (;;) {
    const std::string line = feed.line();
    REQUIRE_FALSE(line.empty());
    rows += count(line, R"({"kind":"case")");
    if (line.starts_with(R"({"kind":"begin")") || line == R"({"kind":"more"})") {
      feed.taken(true);
    } else if (line.starts_with(R"({"kind":"end")")) {
      feed.taken(true);
      return rows;
    } else {
      REQUIRE_MESSAGE(line.starts_with(R"({"kind":"case")"), line);
    }
  }
}

/// That many pass, and the process needs so little.
void pass(std::size_t rows, [[maybe_unused]] long most_mb) {
  const LibraryServer server(pages(rows));
  const Folder folder;
  Feed feed(settings(folder, R"("total_s":300,"interval_s":3600,"url":")" + server.url("/list") + '"'));
  CHECK(take_all(feed) == rows);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  MESSAGE("peak " << feed.peak_mb() << " MiB");
  CHECK(feed.peak_mb() < most_mb);
#endif
}

TEST_CASE("6,000 cases, of which most are spooled, pass through a process of 48 MiB") {
  pass(6'000, 48);
}

TEST_CASE("200,000 cases pass through a process of 64 MiB" *
          doctest::skip(std::getenv("LOBBY_LONG") == nullptr)) {
  pass(200'000, 64);
}

TEST_CASE("nothing of the settings is where others can read it; the end of its input ends it") {
  const LibraryServer server(pages(10));
  const Folder folder;
  Feed feed(
      settings(folder, R"("applicant_key":"s3cret","interval_s":3600,"url":")" + server.url("/list") + '"'));
  CHECK(take_all(feed) == 10);
  CHECK(feed.proc("cmdline").find("s3cret") == std::string::npos);
  CHECK(feed.proc("environ").find("s3cret") == std::string::npos);
  CHECK(feed.proc("limits").find("Max core file size        0 ") != std::string::npos);
  feed.stop_talking();
  CHECK(feed.end() == 0);
}

TEST_CASE("a test of a mapping ends by itself") {
  const LibraryServer server(pages(10));
  const Folder folder;
  Feed feed(settings(folder, R"("mode":"test","url":")" + server.url("/list") + '"'));
  CHECK(feed.line().starts_with("cases: 10 rows"));
  CHECK(feed.end() == 0);
}

/// What a process asks for by the date, and whether it finds the upstream's clock to be wrong.
struct ByDate {
  std::string asked, told;
};
ByDate ask_by_date(const std::string& more) {
  std::mutex mutex;
  ByDate out;
  auto http = std::make_unique<httplib::Server>();
  http->Get("/list", [&](const httplib::Request& request, httplib::Response& response) {
    const std::lock_guard lock(mutex);
    out.asked = request.get_param_value("day");
    response.set_header("Date", "Tue, 16 Mar 2027 01:00:00 GMT");
    response.set_content(page(0, 1), "application/json");
  });
  const LibraryServer server(std::move(http));
  const Folder folder;
  std::string dated = mapping;
  dated.replace(dated.find("page = \"{page}\""), 15, "page = \"{page}\"\nday = \"{date}\"");
  Feed feed(R"({"mapping":")" + folder.put("dated.toml", dated) + R"(","interval_s":3600,"url":")" +
            server.url("/list") + '"' + more + "}");
  for (std::string line = feed.line(); !line.empty(); line = feed.line()) {
    feed.taken(true);
    if (line.starts_with(R"({"kind":"end")")) {
      out.told = line;
      break;
    }
  }
  const std::lock_guard lock(mutex);
  return out;
}

TEST_CASE("in a trial the time is the hall's, else the machine's") {
  // 2027-03-16T09:00:00+08:00, as the upstream has it.
  constexpr std::int64_t trial_ms = 1805158800000;
  const std::int64_t steady_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                                     std::chrono::steady_clock::now().time_since_epoch())
                                     .count();
  const ByDate trial = ask_by_date(R"(,"trial_clock_ms":)" + std::to_string(trial_ms - steady_ms));
  CHECK(trial.asked == "2027-03-16");
  CHECK(trial.told.find(R"("clock_off_s":0)") != std::string::npos);
  const ByDate usual = ask_by_date("");
  CHECK(usual.asked != "2027-03-16");
  CHECK(usual.told.find(R"("clock_off_s":0)") == std::string::npos);
}

TEST_CASE("files of a folder") {
  const Folder folder;
  const Folder drop;
  drop.put("cases-1.json", page(0, 300));
  Feed feed(settings(folder, R"("interval_s":3,"drop_dir":")" + drop.path + '"'));
  CHECK(take_all(feed) == 300);
  CHECK(feed.line().starts_with(R"({"kind":"fresh","what":"cases",)"));
  CHECK(fs::exists(drop.path + "/done/cases-1.json"));
}

TEST_CASE("what it cannot work with is told, and ends it") {
  const Folder folder;
  for (const std::string more : {R"("url":"http://127.0.0.1/","resources":["bids"])", R"("url":"nowhere")",
                                 R"("url":"http://127.0.0.1/","colour":1)"}) {
    CAPTURE(more);
    Feed feed(settings(folder, more));
    CHECK(feed.line().starts_with(R"({"kind":"fault","what":"","reason":)"));
    CHECK(feed.end() == 2);
  }
}

}  // namespace
}  // namespace lobby::feed
