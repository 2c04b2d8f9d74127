#include "drivers/window/modbus_display.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "drivers/link/gb18030.hpp"

namespace lobby::window {
namespace {

using Registers = std::vector<std::uint16_t>;
using bus::Exchange;

constexpr std::chrono::seconds look_after{10};
/// Failed exchanges in a row until it is said that the display is silent.
constexpr int silent_after = 3;

std::string digits_of(std::string_view text, int places) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
               [](char c) { return c >= '0' && c <= '9'; });
  return digits.substr(digits.size() - std::min(digits.size(), static_cast<std::size_t>(places)));
}

Registers text_registers(const DisplayMap& map, std::string_view text, std::size_t& lost) {
  const auto room = static_cast<std::size_t>(map.places);
  std::vector<std::uint8_t> bytes;
  for (const auto& character : link::to_gb(text, link::GbSet::gbk)) {
    if (bytes.size() + character.size > room) {
      break;
    }
    bytes.insert(bytes.end(), character.bytes.begin(), character.bytes.begin() + character.size);
    lost += character.lost ? 1 : 0;
  }
  bytes.resize(room + room % 2, ' ');
  Registers out;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    out.push_back(static_cast<std::uint16_t>(bytes[i] << 8U | bytes[i + 1]));
  }
  return out;
}

}  // namespace

std::vector<std::uint16_t> display_registers(const DisplayMap& map, std::string_view text,
                                             std::size_t& lost) {
  lost = 0;
  if (map.form == DisplayMap::Form::text) {
    return text_registers(map, text, lost);
  }
  auto digits = digits_of(text, map.places);
  if (map.form == DisplayMap::Form::digits) {
    digits.insert(0, static_cast<std::size_t>(map.places) - digits.size(), ' ');
    return {digits.begin(), digits.end()};
  }
  std::uint32_t number = 0;
  for (const char c : digits) {
    number = number * 10 + static_cast<std::uint32_t>(c - '0');
  }
  const auto low = static_cast<std::uint16_t>(number & 0xFFFFU);
  if (map.form == DisplayMap::Form::number) {
    return {low};
  }
  return {static_cast<std::uint16_t>(number >> 16U & 0xFFU), low};
}

ModbusDisplay::ModbusDisplay(link::Executor& executor, bus::Bus& bus, bus::BusAddress address, DisplayMap map,
                             Listener& listener)
    : bus_(bus), address_(address), map_(map), listener_(listener), alarm_(executor) {}

ModbusDisplay::~ModbusDisplay() = default;

std::size_t ModbusDisplay::want(std::string_view text, std::uint64_t tag, bus::Turn turn) {
  std::size_t lost = 0;
  registers_ = display_registers(map_, text, lost);
  tag_ = tag;
  ++version_;
  written_ = 0;
  turn_ = std::min(turn, turn_);
  is_shown_ = false;
  unlike_ = 0;
  if (failures_ == 0) {
    alarm_.cancel();  // a silent one is asked at the pace of silent ones
    go();
  }
  return lost;
}

ModbusDisplay::Step ModbusDisplay::step() const {
  if (map_.brightness_register && !is_bright_) {
    return Step::brightness;
  }
  return written_ < registers_.size() ? Step::write : Step::read;
}

Exchange ModbusDisplay::next_exchange() const {
  Exchange exchange;
  exchange.address = address_;
  exchange.turn = turn_;
  exchange.start = map_.start;
  switch (step()) {
    case Step::brightness:
      exchange.kind = Exchange::Kind::write_one;
      exchange.start = *map_.brightness_register;
      exchange.values = {map_.brightness};
      break;
    case Step::write:
      exchange.kind = map_.one_by_one ? Exchange::Kind::write_one : Exchange::Kind::write;
      exchange.start = static_cast<std::uint16_t>(map_.start + written_);
      exchange.values = map_.one_by_one ? Registers{registers_[written_]} : registers_;
      break;
    case Step::read:
      exchange.kind = Exchange::Kind::read_holding;
      exchange.count = static_cast<std::uint16_t>(registers_.size());
      break;
  }
  return exchange;
}

void ModbusDisplay::go() {
  if (is_asking_ || registers_.empty()) {
    return;
  }
  is_asking_ = true;
  bus_.exchange(next_exchange(), [this, alive = std::weak_ptr(is_alive_), asked = step(),
                                  version = version_](const bus::Reply& reply) {
    if (alive.expired()) {
      return;
    }
    is_asking_ = false;
    if (version != version_ && asked != Step::brightness && reply.status == link::Status::ok) {
      go();  // about something that nobody wants any more
    } else {
      heard(asked, reply);
    }
  });
}

void ModbusDisplay::heard(Step step, const bus::Reply& reply) {
  if (reply.status == link::Status::ok) {
    failures_ = 0;
    back_off_.reset();
    listener_.display_heard();
    worked(step, reply.values);
  } else {
    failed(step, reply.status);
  }
}

void ModbusDisplay::worked(Step step, const Registers& values) {
  if (step == Step::brightness) {
    is_bright_ = true;
    go();
    return;
  }
  if (step == Step::write) {
    written_ += map_.one_by_one ? 1 : registers_.size();
    if (written_ < registers_.size() || map_.is_readable) {
      go();
      return;
    }
  }
  if (step == Step::read && values != registers_) {
    constexpr int often = 3;
    is_shown_ = false;
    written_ = 0;
    if (++unlike_ >= often) {
      tell(link::Status::refused, "does not show what it is told");
    }
    alarm_.start(unlike_ >= often ? look_after : back_off_.next(), [this] { go(); });
    return;
  }
  unlike_ = 0;
  turn_ = bus::Turn::poll;
  tell(link::Status::ok, "");
  if (!std::exchange(is_shown_, true)) {
    listener_.text_shown(tag_);
  }
  alarm_.start(look_after, [this] {
    // What cannot be read is written again instead.
    written_ = map_.is_readable ? registers_.size() : 0;
    go();
  });
}

void ModbusDisplay::failed(Step step, link::Status status) {
  if (step == Step::brightness && status == link::Status::refused) {
    is_bright_ = true;  // then it stays as bright as it is
    go();
    return;
  }
  if (step == Step::read && status == link::Status::refused) {
    map_.is_readable = false;  // its answer to the write is all that there is
    worked(Step::write, {});
    return;
  }
  ++failures_;
  is_shown_ = false;
  written_ = 0;
  is_bright_ = is_bright_ && status != link::Status::timeout;
  if (status == link::Status::refused) {
    tell(status, "does not take what it is to show");
  } else if (status == link::Status::gone) {
    tell(status, "is away with its line");
  } else if (failures_ >= silent_after) {
    tell(status,
         status == link::Status::timeout ? "does not answer" : "answers, but what arrives is damaged");
  }
  alarm_.start(back_off_.next(), [this] { go(); });
}

void ModbusDisplay::tell(link::Status status, std::string_view reason) {
  if (told_ != status || told_reason_ != reason) {
    told_ = status;
    told_reason_ = reason;
    listener_.display_changed(status, reason);
  }
}

}  // namespace lobby::window
