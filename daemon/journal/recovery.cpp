#include "daemon/journal/recovery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "daemon/journal/journal.hpp"

namespace lobby::journal {
namespace {

bool begin_from_snapshot(Reader& reader, Recovery& recovery) {
  reader.each_snapshot([&](std::uint64_t seq, std::string_view bytes) {
    auto state = hall::decode(bytes);
    if (!state || state->seq != seq) {
      return false;
    }
    recovery.state = std::move(*state);
    recovery.snapshot = seq;
    return true;
  });
  return recovery.snapshot != 0;
}

bool begin_from_day(Reader& reader, std::uint64_t young, Recovery& recovery) {
  const auto day = reader.last_day();
  const bool begins = day != 0 && reader.last_seq() > young;
  if (begins) {
    recovery.state.seq = day - 1;
  }
  return begins;
}

/// A fold that did not begin with the first event may know no version, or an older one than readers were
/// told. The rows alone do not tell it: those of the last version may have been removed.
void restore_version(Reader& reader, hall::State& state) {
  const auto event = from_json(reader.last_advance());
  const auto* advance = event ? std::get_if<hall::ApprovalsAdvanced>(&event->body) : nullptr;
  const std::uint64_t told = advance != nullptr ? advance->version : 0;
  state.approvals_version = std::max({state.approvals_version, told, reader.max_version()});
}

}  // namespace

Recovery recover(Reader& reader, std::uint64_t young) {
  Recovery recovery;
  const bool from_day = !begin_from_snapshot(reader, recovery) && begin_from_day(reader, young, recovery);
  if (!reader.fault().empty()) {
    recovery.fault = reader.fault();
    return recovery;
  }
  auto& state = recovery.state;
  reader.each_after(state.seq, [&](std::uint64_t seq, std::string_view json) {
    const auto event = from_json(json);
    if (seq != state.seq + 1) {
      recovery.fault = fmt::format("event {} is missing", state.seq + 1);
    } else if (!event || event->seq != seq) {
      recovery.fault = fmt::format("event {} cannot be read", seq);
    } else {
      hall::apply(state, *event);
    }
    return recovery.fault.empty();
  });
  if (recovery.fault.empty()) {
    // A snapshot, or the whole journal, knows; looking back through years of events is for the rest.
    if (from_day) {
      restore_version(reader, state);
    }
    recovery.fault = reader.fault();
  }
  return recovery;
}

}  // namespace lobby::journal
