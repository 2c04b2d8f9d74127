#include "display/page/board_style.hpp"

namespace lobby::display {
namespace {

Colour dual_colour(Ink ink) {
  constexpr Colour red{255, 0, 0};
  constexpr Colour green{0, 255, 0};
  constexpr Colour yellow{255, 255, 0};
  switch (ink) {
    case Ink::title:
    case Ink::bad:
      return red;
    case Ink::head:
    case Ink::good:
    case Ink::number:
      return green;
    case Ink::text:
    case Ink::warn:
    case Ink::dim:
      break;
  }
  return yellow;
}

Colour full_colour(Ink ink) {
  switch (ink) {
    case Ink::title:
      return {255, 170, 60};
    case Ink::head:
      return {80, 190, 255};
    case Ink::number:
      return {255, 255, 90};
    case Ink::good:
      return {40, 230, 80};
    case Ink::warn:
      return {255, 210, 0};
    case Ink::bad:
      return {255, 50, 40};
    case Ink::dim:
      return {160, 160, 160};
    case Ink::text:
      break;
  }
  return {255, 255, 255};
}

}  // namespace

Colour colour_of(Ink ink, const BoardStyle& style) {
  switch (style.depth) {
    case Depth::single:
      return style.single;
    case Depth::dual:
      return dual_colour(ink);
    case Depth::full:
      break;
  }
  return full_colour(ink);
}

}  // namespace lobby::display
