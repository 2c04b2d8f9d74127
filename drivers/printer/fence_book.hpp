#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "drivers/printer/answers.hpp"
#include "drivers/printer/profile.hpp"
#include "drivers/printer/requests.hpp"

namespace lobby::printer {

/// The fences that a printer was asked for and has not answered, and whose answer an answer is.
///
/// A fence belongs to a run: one job from its first byte until the printer is free of it. Process ids name
/// themselves, so a run's id says that all before it was processed, whatever was answered or not. Answers to
/// GS r and ESC v look all alike and come in order: each is taken for the oldest that is owed, which claims
/// too little when one was lost, and never too much. Only what a run before left owed could be taken for the
/// answer to the present one: while is_muddled(), no job may begin.
class FenceBook {
 public:
  /// `first_id`: ids of two lives of the daemon must not meet.
  FenceBook(Profile::Confirm confirm, std::uint32_t first_id);

  /// Its answers do not say which fence they are of.
  static bool is_alike(Profile::Confirm confirm);

  struct Fence {
    std::uint64_t run = 0;
    bool proves = false;   ///< it stood behind the whole job; not: behind what was left of it
    bool skipped = false;  ///< in an answer: one of the same run before it was never answered
  };
  /// The bytes of one more fence for `run`; runs ascend. Empty when the printer cannot confirm.
  escpos::Bytes ask(Fence fence);
  /// The fence that was answered, nullopt when nobody asked for that. Everything sent before it was
  /// processed, unless bytes or a printer's memory were lost since.
  std::optional<Fence> take(const escpos::ProcessId& answer);
  std::optional<Fence> take(const escpos::InOrder& answer);

  bool is_muddled() const { return !names_itself_ && !owed_.empty(); }
  /// What is owed will not come any more.
  void forget() { owed_.clear(); }
  /// Bytes may have been lost: of answers that look alike nobody knows any more which one an answer is.
  void spoil();

 private:
  struct Owed {
    Fence fence;
    escpos::FenceId id{};
  };
  static constexpr std::size_t most_owed = 32;
  std::optional<Fence> answered(std::size_t index);

  Profile::Confirm confirm_;
  bool names_itself_;
  std::uint32_t next_id_;
  std::deque<Owed> owed_;
};

}  // namespace lobby::printer
