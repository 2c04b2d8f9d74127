#include <utility>

#include "drivers/board/boards.hpp"
#include "drivers/board/pixel_board.hpp"

namespace lobby::board {
namespace {

/// What WLED and its like wait for before they show something else: 2.5 s.
constexpr link::Duration pixel_refresh = std::chrono::milliseconds(900);

std::vector<Datagram> datagrams_of(std::vector<Bytes> packets) {
  std::vector<Datagram> out;
  out.reserve(packets.size());
  for (auto& packet : packets) {
    out.push_back({std::move(packet), std::nullopt});
  }
  return out;
}

class DdpTalk final : public PixelTalk {
 public:
  explicit DdpTalk(ddp::Settings settings) : settings_(settings) {}
  PixelFrame frame(const ImageView& image, int percent) override {
    PixelFrame out{datagrams_of(ddp::packets(settings_, dimmed(image.rgb, percent), sequence_)), {}};
    out.show.push_back(std::move(out.lead.back()));
    out.lead.pop_back();
    return out;
  }
  link::Duration refresh_every() const override { return pixel_refresh; }

 private:
  ddp::Settings settings_;
  std::uint8_t sequence_ = 0;
};

class E131Talk final : public PixelTalk {
 public:
  explicit E131Talk(E131Settings settings) : settings_(std::move(settings)) {}
  PixelFrame frame(const ImageView& image, int percent) override {
    PixelFrame out;
    // A receiver that remembers an earlier life of ours passes over the twenty numbers up to its last one: of
    // two that are far apart it takes at least one.
    if (++frames_ == 2) {
      sequence_ = byte_of(sequence_ + far_apart);
      sync_sequence_ = byte_of(sync_sequence_ + far_apart);
    }
    auto packets = datagrams_of(e131::packets(settings_.source, dimmed(image.rgb, percent), ++sequence_));
    if (settings_.source.sync_universe == 0) {
      out.show = std::move(packets);
    } else {
      out.lead = std::move(packets);
      out.show.push_back(datagram_of(e131::sync_packet(settings_.source, ++sync_sequence_)));
    }
    return out;
  }
  std::vector<Datagram> ending(const Size& size) override {
    constexpr int times = 3;
    const auto pixels = static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
    std::vector<Datagram> out;
    for (int i = 0; i < times; ++i) {
      auto round = datagrams_of(e131::terminated(settings_.source, e131::universes_of(pixels), ++sequence_));
      std::move(round.begin(), round.end(), std::back_inserter(out));
    }
    return out;
  }
  link::Duration refresh_every() const override { return pixel_refresh; }

 private:
  Datagram datagram_of(e131::Packet packet) const {
    return {std::move(packet.bytes),
            settings_.multicast ? std::optional(e131::multicast_group(packet.universe)) : std::nullopt};
  }
  std::vector<Datagram> datagrams_of(std::vector<e131::Packet> packets) const {
    std::vector<Datagram> out;
    out.reserve(packets.size());
    for (auto& packet : packets) {
      out.push_back(datagram_of(std::move(packet)));
    }
    return out;
  }

  static constexpr unsigned far_apart = 127;
  E131Settings settings_;
  std::uint64_t frames_ = 0;
  std::uint8_t sequence_ = 0, sync_sequence_ = 0;
};

class ColorlightTalk final : public PixelTalk {
 public:
  explicit ColorlightTalk(colorlight::Settings settings) : settings_(settings) {}
  PixelFrame frame(const ImageView& image, int percent) override {
    auto settings = settings_;
    settings.brightness = byte_of(static_cast<unsigned>(settings_.brightness * percent + 50) / 100U);
    PixelFrame out;
    out.lead.push_back({colorlight::brightness_frame(settings), std::nullopt});
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; x += static_cast<int>(colorlight::row_pixels)) {
        const auto rest = image.row(y).subspan(static_cast<std::size_t>(x) * 3);
        out.lead.push_back({colorlight::row_frame(settings, y, x, rest), std::nullopt});
      }
    }
    for (int i = 0; i < (settings_.shows_twice ? 2 : 1); ++i) {
      out.show.push_back({colorlight::show_frame(settings), std::nullopt});
    }
    return out;
  }
  std::optional<Datagram> question() override {
    return Datagram{colorlight::discover_frame(0), std::nullopt};
  }
  bool hear(ByteView datagram) override { return colorlight::parse_receiver(datagram).has_value(); }
  link::Duration refresh_every() const override { return pixel_refresh; }

 private:
  colorlight::Settings settings_;
};

}  // namespace

std::unique_ptr<Board> make_ddp_board(link::Executor& executor, DatagramDoor link, ddp::Settings settings,
                                      BoardOptions options, Board::Listener& listener) {
  return std::make_unique<PixelBoard>(executor, std::move(link), std::make_unique<DdpTalk>(settings),
                                      std::move(options), listener);
}

std::unique_ptr<Board> make_e131_board(link::Executor& executor, DatagramDoor link, E131Settings settings,
                                       BoardOptions options, Board::Listener& listener) {
  return std::make_unique<PixelBoard>(executor, std::move(link),
                                      std::make_unique<E131Talk>(std::move(settings)), std::move(options),
                                      listener);
}

std::unique_ptr<Board> make_colorlight_board(link::Executor& executor, DatagramDoor link,
                                             colorlight::Settings settings, BoardOptions options,
                                             Board::Listener& listener) {
  return std::make_unique<PixelBoard>(executor, std::move(link), std::make_unique<ColorlightTalk>(settings),
                                      std::move(options), listener);
}

}  // namespace lobby::board
