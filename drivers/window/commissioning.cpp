#include "drivers/window/commissioning.hpp"

#include <memory>
#include <set>
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
  Exchange exchange{address,        Exchange::Kind::read_input, wire::reg_magic, wire::identity_count, {},
                    bus::Turn::poll};
  exchange.is_probe = true;
  return exchange;
}

/// What two units of one make never have in common: when both answer they garble it, and one that is heard
/// alone tells its own.
Exchange which_life(BusAddress address) {
  Exchange exchange = who_are_you(address);
  exchange.start = wire::reg_boot_id;
  exchange.count = wire::status_count;
  return exchange;
}
Exchange how_long(BusAddress address) {
  Exchange exchange = who_are_you(address);
  exchange.start = wire::reg_uptime;
  exchange.count = 2;
  return exchange;
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
    const BusAddress whom{static_cast<std::uint8_t>(address)};
    const bool is_ours =
        unit.kind == FoundUnit::Kind::window_unit || unit.kind == FoundUnit::Kind::button_panel;
    question = !is_ours ? Question::who : unit.asked % 2 == 0 ? Question::how_long : Question::which_life;
    bus.exchange(question == Question::who          ? who_are_you(whom)
                 : question == Question::which_life ? which_life(whom)
                                                    : how_long(whom),
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
    boots.clear();
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
    if (question == Question::which_life && !reply.values.empty()) {
      const auto boot = reply.values.front();
      // One that restarts meanwhile does not go back to its former life.
      unit.is_two = unit.is_two || (boot != last_boot && boots.contains(boot));
      last_boot = boot;
      boots.insert(boot);
    }
    if (question != Question::who) {
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
  enum class Question : std::uint8_t { who, which_life, how_long } question = Question::who;
  std::set<std::uint16_t> boots;  ///< ids that were heard at this address
  std::uint16_t last_boot = 0;
  ScanReport report;
};

/// Is one of ours at this address? Asked again when the answer was lost.
void find(bus::Bus& bus, BusAddress address, std::function<void(Status)> done, int tries = 3) {
  bus.exchange(who_are_you(address), [&bus, address, done = std::move(done), tries](const Reply& reply) {
    if (tries > 1 && (reply.status == Status::timeout || reply.status == Status::corrupt)) {
      return find(bus, address, done, tries - 1);
    }
    const bool is_other = reply.status == Status::ok && kind_of(reply.values) == FoundUnit::Kind::other;
    done(is_other ? Status::refused : reply.status);
  });
}

/// `go`: two questions running were met with silence, of which one may be lost.
void if_nobody_is_at(bus::Bus& bus, BusAddress to, std::function<void(Status)> done, std::function<void()> go,
                     int silences = 0) {
  bus.exchange(who_are_you(to),
               [&bus, to, done = std::move(done), go = std::move(go), silences](const Reply& reply) {
                 if (reply.status != Status::timeout) {
                   done(reply.status == Status::gone ? Status::gone : Status::refused);
                 } else if (silences == 0) {
                   if_nobody_is_at(bus, to, done, go, 1);
                 } else {
                   go();
                 }
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
  if_nobody_is_at(bus, to, done, [&bus, from, to, done] { write_settings(bus, from, to, done); });
}

void claim_address(bus::Bus& bus, BusAddress to, std::function<void(Status)> done) {
  if_nobody_is_at(bus, to, done, [&bus, to, done] {
    bus.exchange({{}, Exchange::Kind::broadcast, wire::reg_claim, 0, {to.value}, bus::Turn::normal},
                 [&bus, to, done](const Reply& reply) {
                   if (reply.status != Status::ok) {
                     done(reply.status);
                   } else {
                     find(bus, to, done);
                   }
                 });
  });
}

}  // namespace lobby::window
