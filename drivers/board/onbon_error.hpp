#pragma once

#include <cstdint>
#include <string>

namespace lobby::board::onbon {

/// What a card's error number says, in the words of people; a number that nobody has written down is named.
/// Source: public code; 11 and above only of 6G cards.
std::string error_text(unsigned error);

/// The card has no such order.
constexpr bool is_unknown_order(unsigned error) {
  return error == 1 || error == 2;
}

}  // namespace lobby::board::onbon
