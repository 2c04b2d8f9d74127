#include "drivers/window/commissioning.hpp"

#include <memory>
#include <utility>

#include "firmware/wire/button_panel.hpp"
#include "firmware/wire/window_unit.hpp"

namespace lobby::window {
namespace {

namespace wire = lobby::wire::window_unit;
using bus::BusAddress;
using bus::Exchange;
using bus::Reply;
using link::Status;

constexpr unsigned burst = 20;

Exchange who_are_you(BusAddress address) {
  return {address, Exchange::Kind::read_input, wire::reg_magic, wire::identity_count, {}, bus::Turn::poll};
}

FoundUnit::Kind kind_of(const std::vector<std::uint16_t>& words) {
  if (words.size() != wire::identity_count || words[wire::reg_magic] != wire::magic) {
    return FoundUnit::Kind::other;
  }
  switch (words[wire::reg_model]) {
    case wire::model:
      return FoundUnit::Kind::window_unit;
    case lobby::wire::button_panel::model:
      return FoundUnit::Kind::button_panel;
    default:
      return FoundUnit::Kind::other;
  }
}

/// One walk over the addresses of a line.
struct Walk : std::enable_shared_from_this<Walk> {
  Walk(bus::Bus& line, std::uint8_t first, std::uint8_t last, std::function<void(ScanReport)> tell)
      : bus(line), address(first), to(last), done(std::move(tell)) {}

  void ask() {
    bus.exchange(who_are_you({static_cast<std::uint8_t>(address)}),
                 [self = shared_from_this()](const Reply& reply) { self->hear(reply); });
  }

  void hear(const Reply& reply) {
    if (reply.status == Status::gone) {
      report.status = Status::gone;
      done(std::move(report));
      return;
    }
    ++unit.asked;
    if (reply.status == Status::ok || reply.status == Status::refused) {
      understand(reply);
    }
    unit.corrupt += reply.status == Status::corrupt ? 1 : 0;
    const bool is_there = unit.answered + unit.corrupt > 0;
    if (is_there && unit.asked < burst) {
      ask();
      return;
    }
    if (is_there) {
      unit.address = static_cast<std::uint8_t>(address);
      report.units.push_back(unit);
    }
    unit = {};
    if (++address <= to) {
      ask();
    } else {
      done(std::move(report));
    }
  }

  void understand(const Reply& reply) {
    ++unit.answered;
    if (reply.status == Status::refused) {
      unit.kind = unit.kind == FoundUnit::Kind::unclear ? FoundUnit::Kind::other : unit.kind;
      return;
    }
    unit.kind = kind_of(reply.values);
    if (unit.kind != FoundUnit::Kind::other) {
      unit.map_version = reply.values[wire::reg_map_version];
      unit.firmware = reply.values[wire::reg_firmware];
    }
  }

  bus::Bus& bus;
  unsigned address;
  unsigned to;
  std::function<void(ScanReport)> done;
  FoundUnit unit;
  ScanReport report;
};

/// Is one of ours at this address?
void find(bus::Bus& bus, BusAddress address, std::function<void(Status)> done) {
  bus.exchange(who_are_you(address), [done = std::move(done)](const Reply& reply) {
    const bool is_other = reply.status == Status::ok && kind_of(reply.values) == FoundUnit::Kind::other;
    done(is_other ? Status::refused : reply.status);
  });
}

void write_settings(bus::Bus& bus, BusAddress from, BusAddress to, std::function<void(Status)> done) {
  // Speed and parity stay: they are written together with the address.
  bus.exchange(
      {from, Exchange::Kind::read_input, wire::reg_own_address, wire::settings_in_force_count, {}},
      [&bus, from, to, done = std::move(done)](const Reply& reply) {
        if (reply.status != Status::ok) {
          done(reply.status);
          return;
        }
        std::vector<std::uint16_t> words{to.value, reply.values[1], reply.values[2], wire::save_word};
        bus.exchange({from, Exchange::Kind::write, wire::reg_address, 0, std::move(words)},
                     [&bus, to, done](const Reply& written) {
                       // A lost answer is no proof that nothing was written: look where it should be now.
                       if (written.status == Status::refused || written.status == Status::gone) {
                         done(written.status);
                       } else {
                         find(bus, to, done);
                       }
                     });
      });
}

}  // namespace

void scan(bus::Bus& bus, std::uint8_t from, std::uint8_t to, std::function<void(ScanReport)> done) {
  std::make_shared<Walk>(bus, from, to, std::move(done))->ask();
}

void move_unit(bus::Bus& bus, BusAddress from, BusAddress to, std::function<void(Status)> done) {
  bus.exchange(who_are_you(to), [&bus, from, to, done = std::move(done)](const Reply& reply) {
    if (reply.status == Status::timeout) {
      write_settings(bus, from, to, done);
    } else {
      done(reply.status == Status::gone ? Status::gone : Status::refused);  // somebody is there
    }
  });
}

void claim_address(bus::Bus& bus, BusAddress to, std::function<void(Status)> done) {
  bus.exchange({{}, Exchange::Kind::broadcast, wire::reg_claim, 0, {to.value}, bus::Turn::normal},
               [&bus, to, done = std::move(done)](const Reply& reply) {
                 if (reply.status != Status::ok) {
                   done(reply.status);
                 } else {
                   find(bus, to, done);
                 }
               });
}

}  // namespace lobby::window
