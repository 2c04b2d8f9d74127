#include "drivers/printer/requests.hpp"

namespace lobby::printer::escpos {

FenceId fence_id(std::uint32_t n) {
  n %= fence_ids;
  FenceId id{};
  for (std::size_t i = id.size(); i-- > 0; n /= 94) {
    id[i] = static_cast<std::uint8_t>(0x21 + n % 94);
  }
  return id;
}

Bytes fence(Profile::Confirm confirm, const FenceId& id) {
  switch (confirm) {
    case Profile::Confirm::process_id:
      return {0x1D, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, id[0], id[1], id[2], id[3]};
    case Profile::Confirm::in_order_status:
      return {0x1D, 0x72, 0x01};
    case Profile::Confirm::esc_v:
      return {0x1B, 0x76};
    default:
      return {};
  }
}

Bytes ask_status(int n) {
  return {0x10, 0x04, static_cast<std::uint8_t>(n)};
}

Bytes clear_buffers() {
  return {0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08};
}

Bytes recover_by_clearing() {
  return {0x10, 0x05, 0x02};
}

Bytes ask_identity(int n) {
  return {0x1D, 0x49, static_cast<std::uint8_t>(n)};
}

}  // namespace lobby::printer::escpos
