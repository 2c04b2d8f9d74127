#pragma once

/// How eagerly the kernel gives a processor to the thread that calls, and to all that it starts later. No
/// right is needed. Safe between fork and exec.
namespace lobby::link {

/// Soon and briefly, whenever there is something to do: else a key waits milliseconds for the turn of
/// somebody's long computation to end. Kernels before 6.12 do not know of it and go on as they were.
void ask_for_short_turns();
/// Usual turns, and only what others leave.
void be_patient();

}  // namespace lobby::link
