#include "daemon/ctl/export_evidence.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ostream>
#include <string_view>

#include "daemon/ctl/client.hpp"
#include "daemon/ctl/refusal.hpp"

namespace lobby::ctl {
namespace {

bool write_whole(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = ::write(fd, text.data(), text.size());
    if (size < 0 && errno != EINTR) {
      return false;
    }
    text.remove_prefix(size > 0 ? static_cast<std::size_t>(size) : 0);
  }
  return ::fsync(fd) == 0;
}

}  // namespace

Exit export_evidence(const Arguments& given, const Settings& settings, Console& console) {
  const Client client(settings.server, settings.token);
  const Request request{"GET", "/api/v1/evaluations/" + encode(given.one("ID")) + "/evidence", {}};
  const auto outcome = client.send(request, {});
  if (const auto ended = refusal(outcome, settings, console)) {
    return *ended;
  }
  const auto& file = given.one("FILE");
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) {
    console.err << file << ": " << std::strerror(errno) << "\n";
    return Exit::usage;
  }
  const bool is_whole = write_whole(fd, std::get<Answer>(outcome).body);
  const int error = errno;
  ::close(fd);
  if (!is_whole) {
    ::unlink(file.c_str());
    console.err << file << ": " << std::strerror(error) << "\n";
    return Exit::usage;
  }
  return Exit::done;
}

}  // namespace lobby::ctl
