#include <utility>

#include "tests/printing_proof/proving.hpp"

namespace lobby::proof {
namespace {

using printer::Profile;
using Confirm = Profile::Confirm;
using PaperOut = Profile::PaperOut;
using Speaks = Traits::Speaks;
using Status = Profile::Status;

Variant variant(std::string name, Confirm confirm, Status status, PaperOut paper_out) {
  Variant made;
  made.name = std::move(name);
  made.profile.name = made.name;
  made.profile.cut = {0x1D, 0x56, 0x42, 0x00};
  made.profile.mm_per_s = 150;
  made.profile.cut_ms = 300;
  made.profile.confirm = confirm;
  made.profile.status = status;
  made.profile.paper_out = paper_out;
  made.traits.process_id = confirm == Confirm::process_id;
  made.traits.clears = paper_out == PaperOut::clear;
  if (status == Status::epson) {
    made.profile.status_on = {0x1D, 0x61, 0xFF};
    made.traits.speaks = Speaks::epson;
  } else if (status == Status::custom_full) {
    made.profile.status_ask = {0x10, 0x04, 0x14};
    made.traits.speaks = Speaks::custom;
  } else if (status == Status::none) {
    made.traits.speaks = Speaks::nothing;
  }
  return made;
}

Variant on_serial(Variant made, std::uint32_t bytes_per_s) {
  made.name += " serial";
  made.wire.bytes_per_s = bytes_per_s;
  made.wire.buffers = false;
  made.wire.sees_power = false;
  made.wire.flow_bytes = true;
  made.traits.keeps_id = true;
  return made;
}

Variant with_presenter(Variant made) {
  made.name += " presenter";
  made.profile.present = {0x1D, 0x65, 0x03, 0x0C};
  made.profile.retract = {0x1D, 0x65, 0x02};
  made.profile.presenter = Profile::Presenter::sensor;
  made.traits.presenter = true;
  return made;
}

/// A small buffer, and a line that holds the host off: the printer takes a job bit by bit, also over a power
/// cut.
Variant with_busy_line(Variant made) {
  made.name += ", busy line";
  made.traits.buffer = 64;
  made.traits.holds_when_off = true;
  made.wire.flow_bytes = false;
  return made;
}

Variant with_picture(Variant made) {
  made.name += ", symbol as dots";
  made.profile.qr = Profile::QrBy::raster;
  made.shipped_paper = true;
  return made;
}

Variant on_fast_line(Variant made) {
  made.wire.bytes_per_s = 1'000'000;
  return made;
}

}  // namespace

const std::vector<Variant>& variants() {
  static const std::vector<Variant> all = {
      variant("id, automatic status, clear", Confirm::process_id, Status::epson, PaperOut::clear),
      on_fast_line(variant("id, asked status, clear", Confirm::process_id, Status::dle_eot, PaperOut::clear)),
      variant("id, asked status, resume", Confirm::process_id, Status::dle_eot, PaperOut::resume),
      variant("id, automatic status, enq 2", Confirm::process_id, Status::epson, PaperOut::enq_2),
      on_serial(variant("id, clear", Confirm::process_id, Status::dle_eot, PaperOut::clear), 11'520),
      on_serial(variant("id, resume, slow", Confirm::process_id, Status::epson, PaperOut::resume), 960),
      variant("in order, resume", Confirm::in_order_status, Status::dle_eot, PaperOut::resume),
      on_serial(variant("in order, clear", Confirm::in_order_status, Status::epson, PaperOut::clear), 1'920),
      variant("esc v, resume", Confirm::esc_v, Status::dle_eot, PaperOut::resume),
      with_presenter(
          variant("in order, clear", Confirm::in_order_status, Status::custom_full, PaperOut::clear)),
      on_fast_line(variant("none, asked status", Confirm::none, Status::dle_eot, PaperOut::resume)),
      variant("none, silent", Confirm::none, Status::none, PaperOut::resume),
      with_presenter(variant("none", Confirm::none, Status::custom_full, PaperOut::resume)),
      with_busy_line(
          on_serial(variant("id, clear", Confirm::process_id, Status::dle_eot, PaperOut::clear), 1'920)),
      with_busy_line(on_serial(
          variant("in order, resume", Confirm::in_order_status, Status::dle_eot, PaperOut::resume), 1'920)),
      with_picture(variant("id, clear", Confirm::process_id, Status::epson, PaperOut::clear)),
      with_picture(on_serial(
          variant("in order, resume", Confirm::in_order_status, Status::dle_eot, PaperOut::resume), 11'520)),
  };
  return all;
}

// --- random stories ---
namespace {

using std::chrono::milliseconds;
using What = Act::What;

class Storyteller {
 public:
  explicit Storyteller(std::uint64_t seed) : random_(seed) {}

  Case tell(std::uint64_t seed) {
    Case one;
    one.name = "random:" + std::to_string(seed);
    one.seed = seed;
    one.variant = random_() % variants().size();
    one.outlives = chance(50);
    one.begins_line_again = chance(50);
    one.reprints = chance(40) ? 1 + static_cast<unsigned>(random_() % 2) : 0;
    one.commit = milliseconds(random_() % 4);
    const auto tickets = 1 + random_() % 3;
    for (std::uint64_t i = 0; i < tickets; ++i) {
      one.acts.push_back({What::press, ms(1000, chance(50) ? 1200 : 9000), 0, {}, pick(1, 2)});
    }
    const auto troubles = random_() % 4;
    for (std::uint64_t i = 0; i < troubles; ++i) {
      one.acts.push_back(trouble(tickets));
    }
    if (chance(10)) {
      one.acts.push_back({What::settle, ms(4000, 20'000), 0, {}, pick(0, 1)});
    }
    if (chance(50)) {
      one.mangling = mangling();
    }
    return one;
  }

 private:
  bool chance(unsigned percent) { return random_() % 100 < percent; }
  std::int64_t pick(std::int64_t from, std::int64_t to) {
    return from + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(to - from + 1));
  }
  Duration ms(std::int64_t from, std::int64_t to) { return milliseconds(pick(from, to)); }

  Act trouble(std::uint64_t tickets) {
    Act act;
    if (chance(60)) {
      act.byte = 1 + random_() % (tickets * 220);
      act.at = chance(70) ? Duration{} : ms(0, 1500);
    } else {
      act.at = ms(500, 9000);
    }
    constexpr What all[] = {What::kill,  What::kill,  What::power, What::lose, What::lose,
                            What::paper, What::paper, What::cover, What::jam,  What::freeze};
    act.what = all[random_() % std::size(all)];
    switch (act.what) {
      case What::kill:
        act.span = ms(50, 6000);
        break;
      case What::paper:
        act.n = pick(0, 1200);
        act.span = ms(3000, 25'000);
        break;
      case What::lose:
        act.span = ms(200, 8000);
        break;
      default:  // whatever a person has to mend takes him a while
        act.span = ms(2500, 12'000);
    }
    return act;
  }

  Mangling::Odds odds() {
    Mangling::Odds made;
    for (auto* each :
         {&made.drop, &made.delay, &made.duplicate, &made.reorder, &made.falsify, &made.invent}) {
      *each = chance(40) ? static_cast<unsigned>(random_() % 400) : 0;
    }
    return made;
  }

  Mangling mangling() {
    Mangling made;
    made.split = chance(50) ? 300 : 0;
    made.flow = chance(50) ? 300 : 0;
    made.status = chance(40) ? odds() : Mangling::Odds{};
    made.in_order = chance(40) ? odds() : Mangling::Odds{};
    made.id = chance(60) ? odds() : Mangling::Odds{};
    made.other = chance(20) ? odds() : Mangling::Odds{};
    return made;
  }

  Random random_;
};

}  // namespace

Case random_case(std::uint64_t seed) {
  return Storyteller(seed).tell(seed);
}

}  // namespace lobby::proof
