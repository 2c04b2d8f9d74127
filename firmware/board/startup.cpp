#include <cstdint>

// From reset to main. The symbols are the linker script's.

extern "C" {
extern std::uint32_t _stack_top;
extern std::uint32_t _data_load;
extern std::uint32_t _data_begin;
extern std::uint32_t _data_end;
extern std::uint32_t _bss_begin;
extern std::uint32_t _bss_end;
extern void (*_init_begin[])();
extern void (*_init_end[])();

int main();
void systick_handler();
void usart1_handler();

[[noreturn]] void reset_handler() {
  const std::uint32_t* from = &_data_load;
  for (std::uint32_t* to = &_data_begin; to < &_data_end; ++to) {
    *to = *from++;
  }
  for (std::uint32_t* to = &_bss_begin; to < &_bss_end; ++to) {
    *to = 0;
  }
  for (auto init = _init_begin; init < _init_end; ++init) {
    (*init)();
  }
  main();
  for (;;) {
  }
}

/// Stands still until the watchdog bites; its reset cause says that it did.
[[noreturn]] void fault_handler() {
  for (;;) {
  }
}
}

namespace {

using Handler = void (*)();

struct Vectors {
  std::uint32_t* stack;
  Handler core[15];
  Handler device[61];
};

constexpr int systick = 14;  // of `core`
constexpr int usart1 = 37;   // of `device`

constexpr Vectors make_vectors() {
  Vectors table{};
  table.stack = &_stack_top;
  for (auto& handler : table.core) {
    handler = fault_handler;
  }
  for (auto& handler : table.device) {
    handler = fault_handler;
  }
  table.core[0] = reset_handler;
  table.core[systick] = systick_handler;
  table.device[usart1] = usart1_handler;
  return table;
}

}  // namespace

extern "C" __attribute__((section(".vectors"), used)) constexpr Vectors vectors = make_vectors();
