#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace lobby::display {

/// A rectangle of dots that are on or off. (0, 0) is the upper left one. Reading outside gives off, writing
/// outside does nothing: callers draw what they have and the edge cuts it.
class Bitmap {
 public:
  Bitmap() = default;
  /// Negative sizes count as 0.
  Bitmap(int width, int height);

  int width() const { return width_; }
  int height() const { return height_; }
  bool at(int x, int y) const;
  void set(int x, int y, bool on = true);
  void fill(int x, int y, int width, int height, bool on = true);
  /// Inverts the dots of a rectangle: white on black.
  void invert(int x, int y, int width, int height);
  /// Adds the lit dots of `other` with its upper left corner at (x, y); dark ones change nothing.
  void draw(const Bitmap& other, int x, int y);
  /// Adds rows below, dark; a smaller height cuts.
  void resize_height(int height);

  /// One picture from text: `#` is a lit dot, any other character a dark one, lines end with \n.
  static Bitmap from_text(std::string_view art);

  friend bool operator==(const Bitmap&, const Bitmap&) = default;

 private:
  std::size_t index(int x, int y) const;

  int width_ = 0;
  int height_ = 0;
  std::vector<bool> dots_;
};

}  // namespace lobby::display
