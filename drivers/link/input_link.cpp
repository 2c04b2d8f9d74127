#include "drivers/link/input_link.hpp"

#include <fcntl.h>
#include <linux/input.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

#include "drivers/link/descriptor.hpp"
#include "drivers/link/reopening_link.hpp"

namespace lobby::link {
namespace {

using InputStream = boost::asio::posix::stream_descriptor;

class InputLink final : public ReopeningLink<InputStream> {
 public:
  InputLink(boost::asio::io_context& io, std::string path) : ReopeningLink(io), path_(std::move(path)) {}

 private:
  void open() override {
    Descriptor device(::open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    struct stat status {};
    if (!device || ::fstat(device.get(), &status) != 0) {
      failed(std::string("cannot open: ") + std::strerror(errno));
    } else if (S_ISCHR(status.st_mode) && ::ioctl(device.get(), EVIOCGRAB, 1) != 0) {
      failed(errno == EBUSY ? "somebody else has grabbed it"
                            : std::string("is no input device: ") + std::strerror(errno));
    } else {
      opened(InputStream(this->io(), device.release()));
    }
  }
  void stop_opening() override {}

  std::string path_;
};

}  // namespace

std::unique_ptr<ByteLink> make_input_link(boost::asio::io_context& io, std::string path) {
  std::string description = "input " + path;
  return std::make_unique<LinkHandle<InputLink>>(std::make_shared<InputLink>(io, std::move(path)),
                                                 std::move(description));
}

}  // namespace lobby::link
