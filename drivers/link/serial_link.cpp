#include "drivers/link/serial_link.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include "drivers/link/reopening_link.hpp"

namespace lobby::link {
namespace {

using Stream = boost::asio::posix::stream_descriptor;

class SerialLink final : public ReopeningLink<Stream> {
 public:
  SerialLink(boost::asio::io_context& io, SerialSettings settings)
      : ReopeningLink(io), settings_(std::move(settings)) {}

 private:
  void open() override {
    auto port = open_serial(settings_);
    if (!port.descriptor) {
      failed(std::move(port.fault));
      return;
    }
    opened(Stream(io(), port.descriptor.release()));
  }
  void stop_opening() override {}

  SerialSettings settings_;
};

}  // namespace

std::unique_ptr<ByteLink> make_serial_link(boost::asio::io_context& io, std::string path, std::uint32_t baud,
                                           Parity parity) {
  SerialSettings settings{std::move(path), baud, parity};
  std::string description = "serial " + to_text(settings);
  const auto rate = bytes_per_s(settings);
  return std::make_unique<LinkHandle<SerialLink>>(std::make_shared<SerialLink>(io, std::move(settings)),
                                                  std::move(description), rate);
}

}  // namespace lobby::link
