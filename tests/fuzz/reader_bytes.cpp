// Whatever a reader sends: no line is longer than its bound, and a number that is taken has 18 characters.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "drivers/kiosk/id_number.hpp"
#include "drivers/kiosk/reader.hpp"
#include "tests/fakes/virtual_executor.hpp"

namespace {

void check(std::string_view line) {
  using namespace lobby::kiosk;
  if (line.empty() || line.size() > SecretLine::most || (is_id_number(line) && line.size() != 18)) {
    std::abort();
  }
  if (is_id_number(line)) {
    static_cast<void>(is_of_age(line, 60, "2026-03-16"));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lobby::fakes::VirtualExecutor executor;
  lobby::kiosk::SerialLines lines(executor, check);
  lobby::kiosk::WedgeKeys keys(executor, check);
  lines.received({data, size});
  keys.received({data, size});
  return 0;
}
