#include "drivers/link/serial_link.hpp"

#include <sys/ioctl.h>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "drivers/link/reopening_link.hpp"

namespace lobby::link {
namespace {

using Stream = boost::asio::posix::stream_descriptor;

std::size_t count_of(Stream& stream, unsigned long what) {
  int count = 0;
  return ::ioctl(stream.native_handle(), what, &count) == 0 && count > 0 ? static_cast<std::size_t>(count)
                                                                         : 0;
}

class SerialLink final : public ReopeningLink<Stream> {
 public:
  SerialLink(boost::asio::io_context& io, SerialSettings settings, Sender::Manner manner,
             OpenLines open_lines)
      : ReopeningLink(io, manner),
        settings_(std::move(settings)),
        is_paced_(manner.pace.bytes_per_s != 0),
        open_lines_(std::move(open_lines)) {}

 private:
  void open() override {
    auto port = open_serial(settings_);
    if (!port.descriptor) {
      failed(std::move(port.fault));
      return;
    }
    OpenedLines lines;
    if (open_lines_) {
      lines = open_lines_(io(), port.descriptor.get());
      if (!lines.lines) {
        failed(std::move(lines.fault));
        return;
      }
    }
    opened(Stream(io(), port.descriptor.release()), std::move(lines.lines));
  }
  void stop_opening() override {}
  std::size_t kernel_holds(Stream& stream) override { return is_paced_ ? count_of(stream, TIOCOUTQ) : 0; }
  bool kernel_has_input(Stream& stream) override { return count_of(stream, FIONREAD) > 0; }

  SerialSettings settings_;
  bool is_paced_;
  OpenLines open_lines_;  ///< null: the flow is not told by lines
};

}  // namespace

std::unique_ptr<ByteLink> make_serial_link(boost::asio::io_context& io, std::string path, std::uint32_t baud,
                                           Parity parity) {
  SerialSettings settings{std::move(path), baud, parity};
  std::string description = "serial " + to_text(settings);
  const auto rate = bytes_per_s(settings);
  return std::make_unique<LinkHandle<SerialLink>>(
      std::make_shared<SerialLink>(io, std::move(settings), Sender::Manner{}, nullptr),
      std::move(description), rate);
}

std::unique_ptr<ByteLink> make_paced_serial_link(boost::asio::io_context& io, SerialSettings settings,
                                                 Flow flow, OpenLines open_lines) {
  std::string description = "serial " + to_text(settings);
  if (flow != Flow::none) {
    description += " ";
    description += to_text(flow);
  }
  const auto rate = bytes_per_s(settings);
  Sender::Manner manner;
  manner.pace = flow == Flow::none ? unstopped_pace(rate) : serial_pace(rate);
  manner.flow = flow;
  const bool has_lines = flow == Flow::rts_cts || flow == Flow::dtr_dsr;
  return std::make_unique<LinkHandle<SerialLink>>(
      std::make_shared<SerialLink>(io, std::move(settings), manner,
                                   has_lines ? std::move(open_lines) : nullptr),
      std::move(description), rate);
}

}  // namespace lobby::link
