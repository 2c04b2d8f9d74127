#include "display/canvas/png.hpp"

#include <png.h>

#include <cstdint>
#include <vector>

namespace lobby::display {
namespace {

struct Format {
  int width = 0;
  int height = 0;
  int depth = 8;
  int colour_type = PNG_COLOR_TYPE_RGB;
};

void append(png_structp writer, png_bytep data, std::size_t size) {
  static_cast<std::string*>(png_get_io_ptr(writer))->append(reinterpret_cast<const char*>(data), size);
}

void flush(png_structp) {}

// libpng leaves by longjmp: nothing with a destructor may live in this frame.
bool write(const Format& format, const png_byte* const* rows, std::string* out) {
  png_structp writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  if (writer == nullptr) {
    return false;
  }
  png_infop info = png_create_info_struct(writer);
  if (info == nullptr || setjmp(png_jmpbuf(writer)) != 0) {
    png_destroy_write_struct(&writer, &info);
    return false;
  }
  png_set_write_fn(writer, out, append, flush);
  png_set_compression_level(writer, 3);
  png_set_IHDR(writer, info, static_cast<png_uint_32>(format.width), static_cast<png_uint_32>(format.height),
               format.depth, format.colour_type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_write_info(writer, info);
  for (int row = 0; row < format.height; ++row) {
    png_write_row(writer, rows[row]);
  }
  png_write_end(writer, info);
  png_destroy_write_struct(&writer, &info);
  return true;
}

std::string write_rows(const Format& format, const std::vector<std::uint8_t>& bytes, std::size_t stride) {
  if (format.width == 0 || format.height == 0) {
    return {};
  }
  std::vector<const png_byte*> rows;
  rows.reserve(static_cast<std::size_t>(format.height));
  for (int row = 0; row < format.height; ++row) {
    rows.push_back(bytes.data() + static_cast<std::size_t>(row) * stride);
  }
  std::string out;
  if (!write(format, rows.data(), &out)) {
    return {};
  }
  return out;
}

}  // namespace

std::string png(const Picture& picture) {
  return write_rows({picture.width(), picture.height(), 8, PNG_COLOR_TYPE_RGB}, picture.bytes(),
                    static_cast<std::size_t>(picture.width()) * 3);
}

std::string png(const Bitmap& bitmap) {
  const std::size_t stride = (static_cast<std::size_t>(bitmap.width()) + 7) / 8;
  std::vector<std::uint8_t> bytes(stride * static_cast<std::size_t>(bitmap.height()), 0xFF);
  for (int y = 0; y < bitmap.height(); ++y) {
    for (int x = 0; x < bitmap.width(); ++x) {
      if (bitmap.at(x, y)) {
        std::uint8_t& byte = bytes[static_cast<std::size_t>(y) * stride + static_cast<std::size_t>(x / 8)];
        byte = static_cast<std::uint8_t>(byte & ~(0x80U >> (x % 8)));
      }
    }
  }
  return write_rows({bitmap.width(), bitmap.height(), 1, PNG_COLOR_TYPE_GRAY}, bytes, stride);
}

}  // namespace lobby::display
