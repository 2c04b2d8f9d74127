#include <fmt/format.h>

#include <stdexcept>

#include "tests/bench/benches.hpp"
#include "tests/fakes/strip_line.hpp"

namespace lobby::bench {
namespace {

double seconds_of(link::Duration span) {
  return std::chrono::duration<double>(span).count();
}

}  // namespace

void strips() {
  constexpr int windows = 30;
  const auto figures = fakes::strip_figures(windows);
  if (figures.frames != std::size_t{windows} * 2) {
    throw std::runtime_error("strip signs were not told as often as they have pages");
  }
  fmt::print(
      "strips {} windows x 2 pages, 9600 Bd: all anew in {:.2f} s = {:.3f} x the {:.2f} s of wire and "
      "silences "
      "(aim 1.1); one window {:.2f} s (aim < 0.5; drivers that tell all of them 22 s); a call amid all that "
      "{:.2f} s\n",
      windows, seconds_of(figures.rewrite), seconds_of(figures.rewrite) / seconds_of(figures.least),
      seconds_of(figures.least), seconds_of(figures.changed), seconds_of(figures.called));
}

}  // namespace lobby::bench
