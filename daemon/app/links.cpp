#include "daemon/app/links.hpp"

#include "drivers/board/colorlight.hpp"
#include "drivers/link/input_link.hpp"
#include "drivers/link/packet_link.hpp"
#include "drivers/link/serial_link.hpp"
#include "drivers/link/tcp_link.hpp"
#include "drivers/link/udp_link.hpp"
#include "drivers/link/usb_link.hpp"

namespace lobby::app {
namespace {

struct Links {
  std::unique_ptr<link::ByteLink> operator()(const devices::TcpAddress& tcp) const {
    return link::make_tcp_link(io, tcp.host, tcp.port);
  }
  std::unique_ptr<link::ByteLink> operator()(const devices::SerialPort& serial) const {
    return link::make_serial_link(io, serial.path, serial.baud, devices::link_parity(serial.parity));
  }
  std::unique_ptr<link::ByteLink> operator()(const devices::UsbNode& usb) const {
    return link::make_usb_link(io, usb.path);
  }
  std::unique_ptr<link::ByteLink> operator()(const devices::InputDevice& input) const {
    return link::make_input_link(io, input.path);
  }
  boost::asio::io_context& io;
};

}  // namespace

std::unique_ptr<link::ByteLink> link_to(boost::asio::io_context& io,
                                        const std::variant<devices::TcpAddress, devices::SerialPort>& where) {
  return std::visit(Links{io}, where);
}

std::unique_ptr<link::ByteLink> link_to(boost::asio::io_context& io, const devices::PrinterConfig& printer) {
  if (const auto* serial = std::get_if<devices::SerialPort>(&printer.link)) {
    return link::make_paced_serial_link(
        io, {serial->path, serial->baud, devices::link_parity(serial->parity)}, serial->flow);
  }
  return std::visit(Links{io}, printer.link);
}

std::unique_ptr<link::ByteLink> link_to(boost::asio::io_context& io, const devices::ReaderConfig& reader) {
  return std::visit(Links{io}, reader.link);
}

std::unique_ptr<link::ByteLink> link_to(boost::asio::io_context& io, const devices::BoardConfig& board) {
  if (const auto* serial = std::get_if<devices::SerialPort>(&board.link)) {
    return Links{io}(*serial);
  }
  return Links{io}(std::get<devices::TcpAddress>(board.link));
}

std::unique_ptr<link::DatagramLink> datagrams_to(boost::asio::io_context& io,
                                                 const devices::BoardConfig& board) {
  if (const auto* port = std::get_if<devices::EthernetPort>(&board.link)) {
    return link::make_packet_link(io, port->name, board::colorlight::answer_protocol);
  }
  const auto& udp = std::get<devices::UdpAddress>(board.link);
  return link::make_udp_link(io, udp.host, udp.port);
}

}  // namespace lobby::app
