#include "display/ticket/paper_fields.hpp"

#include <array>
#include <charconv>
#include <variant>

namespace lobby::display {
namespace {

using Text = std::string TicketPaper::*;
using Count = std::optional<std::uint32_t> TicketPaper::*;
using Flag = bool TicketPaper::*;

struct Field {
  std::string_view name;
  std::variant<Text, Count, Flag> member;
};

constexpr Field fields[] = {
    {"hall", &TicketPaper::hall_name},
    {"hall_en", &TicketPaper::hall_name_en},
    {"zone", &TicketPaper::zone_name},
    {"zone_en", &TicketPaper::zone_name_en},
    {"number", &TicketPaper::number},
    {"service", &TicketPaper::service_name},
    {"service_en", &TicketPaper::service_name_en},
    {"lane", &TicketPaper::lane},
    {"lane_en", &TicketPaper::lane_en},
    {"appointment", &TicketPaper::appointment},
    {"ahead", &TicketPaper::ahead},
    {"estimate_min", &TicketPaper::estimate_min},
    {"windows", &TicketPaper::windows},
    {"windows_en", &TicketPaper::windows_en},
    {"issued_at", &TicketPaper::issued_at},
    {"expires_at", &TicketPaper::expires_at},
    {"complaint_phone", &TicketPaper::complaint_phone},
    {"hotline", &TicketPaper::hotline},
    {"serial", &TicketPaper::serial},
    {"link", &TicketPaper::link},
    {"no_show_void", &TicketPaper::no_show_void},
    {"no_show_to_head", &TicketPaper::no_show_to_head},
    {"no_show_to_tail", &TicketPaper::no_show_to_tail},
    {"no_show_to_place", &TicketPaper::no_show_to_place},
    {"reinstate_min", &TicketPaper::reinstate_min},
    {"reinstate_times", &TicketPaper::reinstate_times},
    {"copy", &TicketPaper::copy},
    {"copied_at", &TicketPaper::copied_at},
    {"copied_by", &TicketPaper::copied_by},
    {"notice_no", &TicketPaper::notice_no},
    {"notice_until", &TicketPaper::notice_until},
    {"missing", &TicketPaper::missing},
    {"session", &TicketPaper::session},
    {"room", &TicketPaper::room},
    {"record", &TicketPaper::record},
    {"head", &TicketPaper::head},
    {"signed_at", &TicketPaper::signed_at},
    {"printer", &TicketPaper::printer},
    {"model", &TicketPaper::model},
    {"firmware", &TicketPaper::firmware},
    {"fonts", &TicketPaper::fonts},
    {"proof", &TicketPaper::proof},
    {"paper_width", &TicketPaper::paper_width},
    {"wire", &TicketPaper::wire},
    {"state", &TicketPaper::state},
};

}  // namespace

std::optional<std::uint8_t> field_named(std::string_view name) {
  for (std::size_t i = 0; i < std::size(fields); ++i) {
    if (fields[i].name == name) {
      return static_cast<std::uint8_t>(i);
    }
  }
  return std::nullopt;
}

std::string field_names() {
  std::string all;
  for (const auto& field : fields) {
    all.append(all.empty() ? "" : ", ").append(field.name);
  }
  return all;
}

bool is_flag(std::uint8_t field) {
  return std::holds_alternative<Flag>(fields[field].member);
}

bool is_known(const TicketPaper& paper, std::uint8_t field) {
  const auto& member = fields[field].member;
  if (const auto* text = std::get_if<Text>(&member)) {
    return !(paper.*(*text)).empty();
  }
  if (const auto* count = std::get_if<Count>(&member)) {
    return (paper.*(*count)).has_value();
  }
  return paper.*std::get<Flag>(member);
}

bool append_field(std::string& out, const TicketPaper& paper, std::uint8_t field) {
  if (!is_known(paper, field)) {
    return false;
  }
  const auto& member = fields[field].member;
  if (const auto* text = std::get_if<Text>(&member)) {
    out += paper.*(*text);
  } else if (const auto* count = std::get_if<Count>(&member)) {
    std::array<char, 12> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), *(paper.*(*count))).ptr;
    out.append(digits.begin(), end);
  }
  return true;
}

}  // namespace lobby::display
