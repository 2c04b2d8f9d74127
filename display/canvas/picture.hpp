#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "display/canvas/bitmap.hpp"
#include "display/canvas/rect.hpp"

namespace lobby::display {

struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  friend bool operator==(const Colour&, const Colour&) = default;
};

/// A picture in colour. The same edge rules as Bitmap: outside reads black, writing
/// there does nothing.
class Picture {
 public:
  Picture(int width, int height, Colour background = {});

  int width() const { return width_; }
  int height() const { return height_; }
  Colour at(int x, int y) const;
  void set(int x, int y, Colour colour);
  /// `cover` 0 leaves the dot, 255 replaces it.
  void blend(int x, int y, Colour colour, std::uint8_t cover);
  void fill(int x, int y, int width, int height, Colour colour);
  /// The lit dots of a bitmap in one colour.
  void draw(const Bitmap& bitmap, int x, int y, Colour colour);
  /// A filled round dot with a smooth edge; centre and radius in dots.
  void disc(double centre_x, double centre_y, double radius, Colour colour);
  /// Every dot as bright as `percent` of what it was; 100 and more leaves it.
  void dim(int percent);
  /// The smallest rectangle that holds every dot in which the two differ; all of this one when their sizes
  /// do.
  Rect difference(const Picture& other) const;

  /// Red, green, blue per dot, row by row.
  const std::vector<std::uint8_t>& bytes() const { return bytes_; }
  std::span<const std::uint8_t> rgb() const { return bytes_; }
  friend bool operator==(const Picture&, const Picture&) = default;

 private:
  std::size_t index(int x, int y) const;

  int width_ = 0;
  int height_ = 0;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace lobby::display
