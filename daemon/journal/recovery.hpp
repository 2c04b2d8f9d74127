#pragma once

#include <cstdint>
#include <string>

#include "daemon/hall/state.hpp"
#include "daemon/journal/reader.hpp"

namespace lobby::journal {

struct Recovery {
  hall::State state;           ///< the fold of everything that could be read
  std::uint64_t snapshot = 0;  ///< seq of the snapshot it began from; 0: none
  std::string fault;           ///< empty: the state is whole
};

/// Newest readable snapshot, then the tail. Without one: every event while the journal is young (at most
/// `young` events), else the events from the last DayOpened on.
Recovery recover(Reader& reader, std::uint64_t young);

}  // namespace lobby::journal
