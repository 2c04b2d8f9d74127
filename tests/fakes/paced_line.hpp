#pragma once

#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <iterator>
#include <random>
#include <thread>

#include "drivers/bus/clock.hpp"
#include "firmware/wire/modbus.hpp"
#include "tests/fakes/pty.hpp"
#include "tests/fakes/virtual_wire.hpp"

namespace lobby::fakes {

/// The far end of a serial port in real time, on a thread of its own: host bytes arrive one after the other
/// though the pty hands them over at once, and answers leave at the line's pace. Who speaks into an answer
/// damages it.
class PacedLine {
 public:
  /// The answer to a request, which is whole at the units now. Called on the line's thread.
  using Units = VirtualWire::Units;

  PacedLine(std::filesystem::path path, bus::LineTiming timing, Units units)
      : timing_(timing), units_(std::move(units)), pty_(std::move(path)), thread_([this] { run(); }) {}
  ~PacedLine() {
    is_over_ = true;
    thread_.join();
  }
  PacedLine(const PacedLine&) = delete;
  PacedLine& operator=(const PacedLine&) = delete;
  std::uint64_t collisions() const { return collisions_; }

 private:
  using Bytes = std::vector<std::uint8_t>;
  static constexpr std::chrono::milliseconds tick{20};

  void run() {
    static_cast<void>(::prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL));
    while (!is_over_) {
      const auto now = bus::mono_now();
      auto next = now + tick;
      next = frame_.empty() ? next : std::min(next, frame_end_);
      next = answer_.empty() ? next : std::min(next, answer_end_);
      pollfd one{pty_.master(), POLLIN, 0};
      const auto wait = bus::to_timespec(std::max(next - now, link::Duration::zero()));
      if (::ppoll(&one, 1, &wait, nullptr) > 0) {
        hear();
      }
      speak();
    }
  }
  void hear() {
    std::array<std::uint8_t, 512> some{};
    const auto got = ::read(pty_.master(), some.data(), some.size());
    if (got <= 0) {
      return;
    }
    const auto now = bus::mono_now();
    if (!answer_.empty() && !is_answer_damaged_) {
      ++collisions_;
      is_answer_damaged_ = true;
    }
    if (now > frame_end_ + timing_.silence()) {
      frame_.clear();
    }
    frame_end_ = std::max(frame_end_, now) + timing_.wire(static_cast<std::size_t>(got));
    frame_.insert(frame_.end(), some.begin(), some.begin() + got);
  }
  void speak() {
    const auto now = bus::mono_now();
    if (!answer_.empty() && now >= answer_end_) {
      answer_.back() ^= is_answer_damaged_ ? 0x5A : 0;
      [[maybe_unused]] const auto sent = ::write(pty_.master(), answer_.data(), answer_.size());
      answer_.clear();
      is_answer_damaged_ = false;
    }
    if (frame_.empty() || now < frame_end_) {
      return;
    }
    if (const auto request = parse(frame_)) {
      const auto said = units_(*request);
      const bool is_heard = request->kind != bus::Exchange::Kind::broadcast;
      if (is_heard && said.reply.status != link::Status::timeout) {
        answer_ = encode(*request, said);
        answer_end_ = frame_end_ + said.thinks + timing_.wire(answer_.size());
      }
    }
    frame_.clear();
  }

  static std::uint16_t word(const Bytes& bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
  }
  static void seal(Bytes& frame) {
    const auto crc = wire::modbus::crc16(frame);
    frame.push_back(static_cast<std::uint8_t>(crc & 0xFF));
    frame.push_back(static_cast<std::uint8_t>(crc >> 8));
  }
  static std::optional<bus::Exchange> parse(const Bytes& frame) {
    using Kind = bus::Exchange::Kind;
    if (frame.size() < 8 || wire::modbus::crc16(frame) != 0) {
      return std::nullopt;
    }
    bus::Exchange out;
    out.address = {frame[0]};
    out.start = word(frame, 2);
    const auto values_from = [&](std::size_t at) {
      for (; at + 3 < frame.size(); at += 2) {
        out.values.push_back(word(frame, at));
      }
    };
    switch (frame[1]) {
      case 3:
      case 4:
        out.kind = frame[1] == 3 ? Kind::read_holding : Kind::read_input;
        out.count = word(frame, 4);
        break;
      case 6:
        out.kind = Kind::write_one;
        values_from(4);
        break;
      case 16:
        out.kind = frame[0] == 0 ? Kind::broadcast : Kind::write;
        values_from(7);
        break;
      case 23:
        out.kind = Kind::read_write;
        out.count = word(frame, 4);
        out.write_start = word(frame, 6);
        values_from(11);
        break;
      default:
        return std::nullopt;
    }
    return out;
  }
  Bytes encode(const bus::Exchange& request, const VirtualWire::Answer& said) {
    Bytes frame;
    frame.reserve(wire::modbus::longest_frame);
    if (said.bytes) {
      frame.resize(*said.bytes);
      std::generate(frame.begin(), frame.end(), [this] { return static_cast<std::uint8_t>(noise_()); });
      return frame;
    }
    const bool is_refusal = said.reply.status == link::Status::refused;
    frame.push_back(frame_[0]);
    frame.push_back(static_cast<std::uint8_t>(frame_[1] | (is_refusal ? wire::modbus::exception_bit : 0)));
    if (is_refusal) {
      frame.push_back(2);
    } else if (bus::reads(request)) {
      frame.push_back(static_cast<std::uint8_t>(2 * said.reply.values.size()));
      for (const auto value : said.reply.values) {
        frame.push_back(static_cast<std::uint8_t>(value >> 8));
        frame.push_back(static_cast<std::uint8_t>(value & 0xFF));
      }
    } else {
      std::copy(frame_.begin() + 2, frame_.begin() + 6, std::back_inserter(frame));
    }
    if (said.reply.status == link::Status::corrupt) {
      frame.resize(bus::reply_bytes(request) - 2);
    }
    seal(frame);
    frame.back() ^= said.reply.status == link::Status::corrupt ? 0x40 : 0;
    return frame;
  }

  const bus::LineTiming timing_;
  const Units units_;
  Pty pty_;
  Bytes frame_, answer_;
  link::MonoTime frame_end_, answer_end_;
  bool is_answer_damaged_ = false;
  std::minstd_rand noise_;
  std::atomic<std::uint64_t> collisions_ = 0;
  std::atomic<bool> is_over_ = false;
  std::thread thread_;
};

}  // namespace lobby::fakes
