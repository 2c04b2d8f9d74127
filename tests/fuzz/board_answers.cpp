// Whatever a board's card answers: the first byte says which protocol. Nothing crashes or grows beyond its
// bound, and a frame that was read gives the bytes that came when it is written again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "drivers/board/colorlight.hpp"
#include "drivers/board/gbt23828.hpp"
#include "drivers/board/huidu.hpp"
#include "drivers/board/onbon_error.hpp"
#include "drivers/board/onbon_frame.hpp"
#include "drivers/board/onbon_graphic.hpp"
#include "drivers/board/onbon_k.hpp"

namespace {

using namespace lobby::board;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void k_packet(ByteView packet) {
  if (const auto answer = onbon::parse_k_answer(packet)) {
    require(answer->data.size() < packet.size());
    require(!onbon::error_text(answer->error).empty());
  }
}

void graphic_packet(ByteView packet) {
  if (const auto answer = onbon::parse_graphic_answer(packet)) {
    require(answer->data.size() < packet.size());
    require(!onbon::error_text(answer->error).empty());
    static_cast<void>(onbon::parse_graphic_identity(*answer));
    static_cast<void>(onbon::parse_graphic_status(*answer));
  }
}

void onbon_stream(ByteView bytes, void (*read)(ByteView)) {
  onbon::FrameSplitter splitter;
  Bytes came;
  for (const auto byte : bytes) {
    came.push_back(byte);
    const auto packet = splitter.take(byte);
    if (!packet) {
      continue;
    }
    require(packet->size() <= onbon::FrameSplitter::longest);
    read(*packet);
    // Behind its head at least, as that may have been shorter than ours.
    const auto again = onbon::wrap(*packet);
    const auto behind_head = std::span(again).subspan(8);
    require(behind_head.size() < came.size() &&
            std::equal(behind_head.rbegin(), behind_head.rend(), came.rbegin()));
  }
}

void gbt_stream(ByteView bytes) {
  gbt23828::FrameSplitter splitter;
  for (const auto byte : bytes) {
    if (const auto body = splitter.take(byte)) {
      require(!body->empty() && body->size() <= gbt23828::FrameSplitter::longest);
      if (const auto answer = gbt23828::parse_answer({}, *body)) {
        require(!answer->data.empty());
      }
    }
  }
}

void huidu_stream(ByteView bytes) {
  huidu::PacketSplitter splitter;
  huidu::XmlParts parts;
  huidu::Settings settings;
  settings.index_counts_bytes = bytes.empty() || bytes[0] != 0;
  for (const auto byte : bytes) {
    const auto packet = splitter.take(byte);
    if (!packet) {
      continue;
    }
    require(packet->data.size() <= huidu::PacketSplitter::longest);
    require(!huidu::error_text(*packet).empty());
    if (const auto xml = parts.take(settings, *packet)) {
      require(xml->size() <= huidu::XmlParts::longest);
      static_cast<void>(huidu::parse_xml_answer(*xml));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const ByteView bytes(data + 1, size - 1);
  switch (data[0] % 7) {
    case 0:
      onbon_stream(bytes, k_packet);
      break;
    case 1:
      onbon_stream(bytes, graphic_packet);
      break;
    case 2:
      k_packet(bytes);
      graphic_packet(bytes);
      break;
    case 3:
      gbt_stream(bytes);
      break;
    case 4:
      huidu_stream(bytes);
      break;
    case 5:
      static_cast<void>(huidu::parse_xml_answer({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
      break;
    default:
      static_cast<void>(colorlight::parse_receiver(bytes));
      break;
  }
  return 0;
}
