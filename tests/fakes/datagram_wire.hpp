#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/link/datagram_link.hpp"
#include "drivers/link/executor.hpp"

namespace lobby::fakes {

/// The far end of a datagram link, in a test's hand.
class DatagramWire : public std::enable_shared_from_this<DatagramWire> {
 public:
  using Bytes = std::vector<std::uint8_t>;
  struct Sent {
    link::MonoTime at;
    Bytes bytes;
    std::optional<link::DatagramLink::Group> group;
  };

  explicit DatagramWire(link::Executor& executor) : executor_(executor) {}

  std::vector<Sent> sent;
  /// What a send is answered with; nothing arrives unless it is ok.
  std::function<link::Status()> status;

  void up() {
    is_up_ = true;
    if (listener_ != nullptr) {
      listener_->link_up();
    }
  }
  void down(std::string_view reason) {
    is_up_ = false;
    if (listener_ != nullptr) {
      listener_->link_down(reason);
    }
  }
  void receive(const Bytes& bytes) {
    if (listener_ != nullptr && is_up_) {
      listener_->link_datagram(bytes);
    }
  }
  std::unique_ptr<link::DatagramLink> make_link();

 private:
  friend class FakeDatagrams;
  link::Status send(std::span<const std::uint8_t> bytes, const link::DatagramLink::Group* group) {
    const auto result = !is_up_ ? link::Status::gone : status ? status() : link::Status::ok;
    if (result == link::Status::ok) {
      sent.push_back({executor_.now(),
                      {bytes.begin(), bytes.end()},
                      group != nullptr ? std::optional(*group) : std::nullopt});
    }
    return result;
  }

  link::Executor& executor_;
  link::DatagramLink::Listener* listener_ = nullptr;
  bool is_up_ = false;
};

class FakeDatagrams final : public link::DatagramLink {
 public:
  explicit FakeDatagrams(std::shared_ptr<DatagramWire> wire) : wire_(std::move(wire)) {}
  ~FakeDatagrams() override { wire_->listener_ = nullptr; }
  void start(Listener& listener) override { wire_->listener_ = &listener; }
  link::Status send(std::span<const std::uint8_t> bytes, const Group* group) override {
    return wire_->send(bytes, group);
  }
  bool is_up() const override { return wire_->is_up_; }
  std::string describe() const override { return "datagrams"; }

 private:
  std::shared_ptr<DatagramWire> wire_;
};

inline std::unique_ptr<link::DatagramLink> DatagramWire::make_link() {
  return std::make_unique<FakeDatagrams>(shared_from_this());
}

}  // namespace lobby::fakes
