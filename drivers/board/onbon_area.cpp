#include "drivers/board/onbon_area.hpp"

#include <algorithm>

#include "drivers/board/checksums.hpp"
#include "drivers/board/onbon_frame.hpp"

namespace lobby::board::onbon {
namespace {

constexpr std::size_t longest_data = 0xFFFF;
constexpr std::size_t area_head_bytes = 16;
constexpr std::size_t info_g6 = 63;       ///< of an area with one page, without its bitmap
constexpr std::size_t page_g6 = 0x1A;     ///< of a page, without its length
constexpr std::size_t before_info = 6;    ///< count and length, in front of it
constexpr std::size_t info_g5 = 12 + 10;  ///< head and geometry
constexpr std::size_t page_g5 = 13;
constexpr std::uint8_t picture_area = 0x10;

struct Part {
  std::uint8_t number;
  std::uint16_t y;
  std::uint8_t play;
  ImageView image;
};

void put_head(Bytes& out, std::uint16_t type, std::size_t body_bytes) {
  put_le(out, any_card, 2);
  put_le(out, host_address, 2);
  out.push_back(0xF0);
  out.push_back(0);
  put_le(out, type, 2);
  put_zeros(out, 4);
  put_le(out, body_bytes, 4);
}

Bytes sealed(Bytes packet) {
  put_le(packet, crc16_arc(packet), 2);
  return wrap(packet);
}

void put_area(Bytes& out, const GraphicArea& area, const Part& part) {
  out.push_back(part.number);
  out.push_back(static_cast<std::uint8_t>(area.run_mode));
  put_le(out, area.timeout.count(), 2);
  out.push_back(area.with_all_programmes ? 1 : 0);
  put_zeros(out, 2);  // and with none by its number
  out.push_back(part.play);
  put_zeros(out, 4);
  out.push_back(picture_area);
  put_le(out, area.x, 2);
  put_le(out, part.y, 2);
  put_le(out, static_cast<unsigned>(part.image.width), 2);
  put_le(out, static_cast<unsigned>(part.image.height), 2);
  out.push_back(0);  // no frame around it
}

/// `clear`: how the page before goes.
void put_page(Bytes& out, const GraphicArea& area, std::uint8_t clear, int width) {
  out.push_back(0);
  out.push_back(area.move);
  out.push_back(clear);
  out.push_back(area.speed);
  put_le(out, area.stay.count(), 2);
  out.push_back(1);  // time
  put_le(out, static_cast<unsigned>(width), 2);
}

std::size_t bitmap_bytes(const GraphicArea& area, const ImageView& image) {
  const BitmapForm form{area.generation, area.planes, area.threshold};
  return bitmap_row_bytes(form, area.x, image.width) * static_cast<std::size_t>(image.height) *
         static_cast<std::size_t>(area.planes);
}

/// What stands behind the two bytes that give its length.
std::size_t data_bytes(const GraphicArea& area, std::size_t bitmap) {
  return bitmap + (area.generation == Generation::g6 ? before_info + info_g6 : 4 + info_g5 + 2 + 4 + page_g5);
}

Bytes area_frame(const GraphicArea& area, const Part& part) {
  const auto bitmap = bitmap_bytes(area, part.image);
  const auto data = data_bytes(area, bitmap);
  Bytes out;
  out.reserve(area_head_bytes + 5 + data + 2);
  put_head(out, area.type, 5 + data);
  put(out, Bytes{1, 0xA7, 0x00});
  put_le(out, data, 2);
  if (area.generation == Generation::g6) {
    put_le(out, 1, 2);  // area
    put_le(out, info_g6, 4);
    put_area(out, area, part);
    put_zeros(out, 9);
    put_le(out, 1, 2);  // page
    put_le(out, page_g6, 4);
    put_page(out, area, 1, part.image.width);
    put_zeros(out, 9);
    put_le(out, 0, 4);  // where the bitmap begins
    put_le(out, bitmap, 4);
  } else {
    put_le(out, data - 4, 4);
    put_area(out, area, part);
    put_le(out, 1, 2);  // page
    put_le(out, page_g5 + bitmap, 4);
    put_page(out, area, 0, part.image.width);
    put_zeros(out, 4);
  }
  put_bitmap(out, {area.generation, area.planes, area.threshold}, area.x, part.image);
  return sealed(std::move(out));
}

}  // namespace

std::vector<Bytes> area_frames(const GraphicArea& area, const ImageView& image) {
  const ImageView one_row{image.width, 1, image.row(0)};
  const auto rows_of_one =
      static_cast<int>((longest_data - data_bytes(area, 0)) / bitmap_bytes(area, one_row));
  const bool is_whole = rows_of_one >= image.height;
  std::vector<Bytes> frames;
  for (int y = 0; y < image.height && rows_of_one > 0; y += rows_of_one) {
    const auto rows = std::min(rows_of_one, image.height - y);
    const auto pixels =
        image.rgb.subspan(static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) * 3,
                          static_cast<std::size_t>(rows) * static_cast<std::size_t>(image.width) * 3);
    frames.push_back(area_frame(area, {byte_of(area.number + frames.size()),
                                       static_cast<std::uint16_t>(area.y + y),
                                       is_whole ? area.play : area.play_of_many,
                                       {image.width, rows, pixels}}));
  }
  return frames;
}

Bytes delete_area_frame(std::uint16_t type, ByteView numbers) {
  Bytes data{numbers.empty() ? every_area : byte_of(numbers.size())};
  put(data, numbers);
  Bytes out;
  put_head(out, type, 5 + data.size());
  put(out, Bytes{1, 0xA7, 0x01});
  put_le(out, data.size(), 2);
  put(out, data);
  return sealed(std::move(out));
}

}  // namespace lobby::board::onbon
