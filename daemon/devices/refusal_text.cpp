#include "daemon/devices/refusal_text.hpp"

namespace lobby::devices {

std::string_view refusal_text(hall::Refused why) {
  using hall::Refused;
  switch (why) {
    case Refused::nothing_waiting:
      return "无人等候";
    case Refused::window_closed:
      return "窗口未开";
    case Refused::window_busy:
      return "请先办结";
    case Refused::no_ticket_at_window:
      return "无人在办";
    case Refused::recall_limit:
      return "次数已满";
    case Refused::recall_too_soon:
      return "请稍候";
    case Refused::already_rated:
      return "已经评价";
    case Refused::unknown_ticket:
      return "无此号码";
    case Refused::unknown_window:
    case Refused::unknown_service:
      return "无此窗口";
    case Refused::not_served_here:
    case Refused::joint_only:
      return "非本窗口";
    case Refused::service_closed:
      return "业务已停";
    case Refused::storage_failed:
      return "系统故障";
    default:
      return "不可操作";
  }
}

}  // namespace lobby::devices
