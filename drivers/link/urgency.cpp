#include "drivers/link/urgency.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace lobby::link {
namespace {

/// The kernel's struct sched_attr; its header cannot stand beside that of the C library.
struct Attributes {
  std::uint32_t size = 48;  ///< of the first form of this struct
  std::uint32_t policy = 0;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime_ns = 0;  ///< of the usual policy: the length of a turn; 0: the kernel's own
  std::uint64_t deadline_ns = 0;
  std::uint64_t period_ns = 0;
};

constexpr std::uint64_t shortest_ns = 100'000;  ///< the kernel takes no less
constexpr std::int32_t patient = 10;

}  // namespace

void ask_for_short_turns() {
  Attributes attributes;
  if (::syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) == 0) {
    attributes.runtime_ns = shortest_ns;
    ::syscall(SYS_sched_setattr, 0, &attributes, 0);
  }
}

void be_patient() {
  Attributes attributes;
  attributes.nice = patient;
  ::syscall(SYS_sched_setattr, 0, &attributes, 0);
}

}  // namespace lobby::link
