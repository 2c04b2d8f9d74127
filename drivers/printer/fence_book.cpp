#include "drivers/printer/fence_book.hpp"

#include <algorithm>

namespace lobby::printer {

FenceBook::FenceBook(Profile::Confirm confirm, std::uint32_t first_id)
    : confirm_(confirm),
      names_itself_(confirm == Profile::Confirm::process_id),
      next_id_(first_id % escpos::fence_ids) {}

bool FenceBook::is_alike(Profile::Confirm confirm) {
  return confirm == Profile::Confirm::in_order_status || confirm == Profile::Confirm::esc_v;
}

escpos::Bytes FenceBook::ask(Fence fence) {
  if (confirm_ == Profile::Confirm::none) {
    return {};
  }
  const auto id = escpos::fence_id(next_id_);
  next_id_ = (next_id_ + 1) % escpos::fence_ids;
  if (owed_.size() == most_owed) {
    owed_.pop_front();
  }
  owed_.push_back({fence, id});
  return escpos::fence(confirm_, id);
}

std::optional<FenceBook::Fence> FenceBook::take(const escpos::ProcessId& answer) {
  const auto found =
      std::find_if(owed_.begin(), owed_.end(), [&](const Owed& owed) { return owed.id == answer.id; });
  if (!names_itself_ || found == owed_.end()) {
    return std::nullopt;
  }
  return answered(static_cast<std::size_t>(found - owed_.begin()));
}

std::optional<FenceBook::Fence> FenceBook::take(const escpos::InOrder& answer) {
  constexpr std::uint8_t paper_end = 0x0C;
  if (names_itself_ || owed_.empty() || (answer.bits & paper_end) != 0) {
    return std::nullopt;
  }
  return answered(0);
}

void FenceBook::spoil() {
  for (auto& owed : owed_) {
    owed.fence.proves = owed.fence.proves && names_itself_;
  }
}

std::optional<FenceBook::Fence> FenceBook::answered(std::size_t index) {
  auto fence = owed_[index].fence;
  const auto end = owed_.begin() + static_cast<std::ptrdiff_t>(index);
  fence.skipped =
      std::any_of(owed_.begin(), end, [&](const Owed& owed) { return owed.fence.run == fence.run; });
  owed_.erase(owed_.begin(), owed_.begin() + static_cast<std::ptrdiff_t>(index) + 1);
  return fence;
}

}  // namespace lobby::printer
