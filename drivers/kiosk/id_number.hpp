#pragma once

#include <string_view>

namespace lobby::kiosk {

/// Is it the number of a resident identity card: 17 digits with a day of birth in them, and the check
/// character of GB 11643-1999 (ISO 7064 MOD 11-2)?
bool is_id_number(std::string_view text);

/// Whether who has this number, which is one, is `years` old on a day, `2026-11-23`.
bool is_of_age(std::string_view id_number, int years, std::string_view day);

}  // namespace lobby::kiosk
