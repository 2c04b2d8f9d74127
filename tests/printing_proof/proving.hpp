#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "drivers/printer/profile.hpp"
#include "tests/printing_proof/cable.hpp"
#include "tests/printing_proof/paper_printer.hpp"

/// One story of a printer, its daemon and what befalls them, and what must be true at its end.
namespace lobby::proof {

/// A printer on its wire, and the profile that the site has for it.
struct Variant {
  std::string name;
  printer::Profile profile;
  Traits traits;
  WireKind wire;
  bool shipped_paper = false;  ///< the ticket that config/tickets ships, with its symbol; else a plain one
};
const std::vector<Variant>& variants();

/// Something that happens, once.
struct Act {
  enum class What : std::uint8_t {
    press,   ///< somebody takes a ticket at kiosk k1 or k2 (`n`)
    kill,    ///< kill -9; the next life begins `span` later
    power,   ///< off and on
    lose,    ///< the wire, for `span`
    paper,   ///< the roll ends `n` dots from here; new paper `span` after it did
    cover,   ///< open for `span`
    jam,     ///< the next cut; freed `span` later
    freeze,  ///< the printer hangs for `span`
    settle   ///< staff says that every unknown ticket came out (`n`: 1) or did not
  } what = What::press;
  Duration at{};           ///< from the beginning; with `byte`: from that byte on
  std::uint64_t byte = 0;  ///< when so many bytes of jobs have arrived; 0: at a time
  Duration span{};
  std::int64_t n = 0;
};

struct Case {
  std::string name;  ///< from which it can be made again
  std::size_t variant = 0;
  std::uint64_t seed = 0;
  Mangling mangling;
  std::vector<Act> acts;
  bool outlives = false;  ///< what the kernel had leaves after a kill
  bool begins_line_again = false;
  unsigned reprints = 0;  ///< copies that staff asks for of each unknown ticket, at most
  Duration commit = std::chrono::milliseconds(1);
};

/// What was true of a case, and what came of its tickets.
struct Verdict {
  std::vector<std::string> broken;  ///< promises, a sentence each
  std::vector<std::string> weak;    ///< what no printer of this kind could have told, with such answers
  unsigned issued = 0, printed = 0, sent = 0, failed = 0, unknown = 0, proven_late = 0, copies = 0,
           doubled = 0;
  unsigned lives = 0, pieces = 0;
  std::uint64_t job_bytes = 0, answers = 0;
  std::int64_t dots = 0;
  std::string trace;
};

Verdict run(const Case& one, bool traced = false);

/// The random case of this seed.
Case random_case(std::uint64_t seed);

}  // namespace lobby::proof
