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

void begin_from_day(Reader& reader, std::uint64_t young, Recovery& recovery) {
  const auto day = reader.last_day();
  if (day != 0 && reader.last_seq() > young) {
    recovery.state.seq = day - 1;
  }
}

}  // namespace

Recovery recover(Reader& reader, std::uint64_t young) {
  Recovery recovery;
  if (!begin_from_snapshot(reader, recovery)) {
    begin_from_day(reader, young, recovery);
  }
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
    recovery.fault = reader.fault();
  }
  return recovery;
}

}  // namespace lobby::journal
