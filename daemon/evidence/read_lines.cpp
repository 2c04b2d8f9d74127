#include "daemon/evidence/read_lines.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "daemon/evidence/disk.hpp"

namespace lobby::evidence {

std::string read_lines(const std::string& file, std::size_t longest,
                       const std::function<bool(std::string_view)>& use) {
  constexpr std::size_t at_once = 1U << 18U;
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (opened.fd < 0) {
    fail(file);
  }
  std::string held;
  std::size_t used = 0;
  for (bool goes_on = true; goes_on && held.size() - used <= longest;) {
    held.erase(0, used);
    used = 0;
    const std::size_t kept = held.size();
    held.resize(kept + at_once);
    const auto got = ::read(opened.fd, held.data() + kept, at_once);
    if (got < 0) {
      fail(file);
    }
    held.resize(kept + static_cast<std::size_t>(got));
    if (got == 0) {
      break;
    }
    for (auto end = held.find('\n', kept); goes_on && end != held.npos; end = held.find('\n', used)) {
      goes_on = use(std::string_view(held).substr(used, end - used));
      used = end + 1;
    }
  }
  return held.substr(used);
}

}  // namespace lobby::evidence
