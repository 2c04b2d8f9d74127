#include "daemon/ctl/test_mapping.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <ostream>
#include <string_view>
#include <system_error>

#include "daemon/ctl/sibling.hpp"

namespace lobby::ctl {
namespace {

namespace json = boost::json;

constexpr std::string_view lists = "cases matters staff alerts bids notices calendar appointments";

bool is_list(std::string_view word) {
  const std::string whole = " " + std::string(lists) + " ";
  return !word.empty() && word.find(' ') == std::string_view::npos &&
         whole.find(" " + std::string(word) + " ") != std::string::npos;
}

/// The line that lobby-feed reads its settings from; without line feed.
std::string settings_line(const Arguments& given) {
  const std::string source = given.one("SOURCE");
  const bool is_url = source.starts_with("http://") || source.starts_with("https://");
  json::object line{{"mode", "test"}, {"mapping", absolute_path(given.one("MAPPING"))}};
  line[is_url ? "url" : "answer_file"] = is_url ? source : absolute_path(source);
  if (given.has("what")) {
    line["resources"] = json::array{json::string(given.one("what"))};
  }
  if (given.has("area")) {
    line["area_code"] = given.one("area");
  }
  if (given.has("app-id")) {
    line["app_id"] = given.one("app-id");
  }
  for (const auto& [option, key] : {std::pair{"token-file", "token_file"}, std::pair{"ca-file", "ca_file"}}) {
    if (given.has(option)) {
      line[key] = absolute_path(given.one(option));
    }
  }
  if (given.has("allow-insecure")) {
    line["allow_insecure"] = true;
  }
  return json::serialize(line);
}

/// The child's standard input. It stays open while the child lives, which ends when it is closed.
struct Pipe {
  int ends[2] = {-1, -1};
  Pipe() { static_cast<void>(::pipe2(ends, O_CLOEXEC)); }
  ~Pipe() {
    for (const int end : ends) {
      if (end >= 0) {
        ::close(end);
      }
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  /// One line fits into a pipe: it does not wait for the reader, and as this program reads too, none is lost.
  bool say(const std::string& line) const {
    return ::write(ends[1], line.data(), line.size()) == static_cast<ssize_t>(line.size());
  }
};

Exit exit_of(int status, const std::string& program, Console& console) {
  if (!WIFEXITED(status)) {
    console.err << program << " ended by a signal\n";
    return Exit::refused;
  }
  return WEXITSTATUS(status) == 0 ? Exit::done : WEXITSTATUS(status) == 2 ? Exit::usage : Exit::refused;
}

}  // namespace

Exit test_mapping(const Arguments& given, const Settings&, Console& console) {
  constexpr std::size_t longest_line = 16 * 1024;
  if (given.has("what") && !is_list(given.one("what"))) {
    console.err << "--what takes one of: " << lists << "\n";
    return Exit::usage;
  }
  std::string program = sibling_path("lobby-feed");
  const std::string line = settings_line(given) + "\n";
  const Pipe input;
  if (line.size() > longest_line || input.ends[0] < 0 || !input.say(line)) {
    console.err << "cannot give " << program << " its settings\n";
    return Exit::usage;
  }
  console.out << std::flush;
  char* arguments[] = {program.data(), nullptr};
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_adddup2(&files, input.ends[0], STDIN_FILENO);
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, program.c_str(), &files, nullptr, arguments, environ);
  ::posix_spawn_file_actions_destroy(&files);
  if (failed != 0) {
    console.err << "cannot run " << program << ": " << std::system_category().message(failed) << "\n";
    return Exit::refused;
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return exit_of(status, program, console);
}

}  // namespace lobby::ctl
