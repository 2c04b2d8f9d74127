#include <array>
#include <utility>

#include "drivers/board/boards.hpp"
#include "drivers/board/card_board.hpp"

namespace lobby::board {
namespace {

class HuiduTalk final : public CardTalk {
 public:
  HuiduTalk(HuiduSettings settings, std::optional<Size> site_size)
      : settings_(std::move(settings)), site_size_(site_size) {}

  void begin() override {
    splitter_.reset();
    parts_.reset();
    heartbeat_.reset();
    stage_ = Stage::version;
    card_size_.reset();
  }
  std::optional<Ask> greeting() override {
    switch (stage_) {
      case Stage::version:
        return Ask{huidu::version_ask(settings_.transport), true, version};
      case Stage::identity:
        return ask(identity, huidu::xml_interface_version(settings_.transport));
      case Stage::size:
        return ask(info, huidu::xml_device_info(guid_));
      case Stage::known:
        break;
    }
    return std::nullopt;
  }
  std::optional<Ask> poll() override { return ask(info, huidu::xml_device_info(guid_)); }

  std::vector<Ask> show(const View& view, TextLosses& /*losses*/) override {
    const auto size = card_size_ ? card_size_ : site_size_;
    if (!size) {
      return {};
    }
    auto screen = settings_.screen;
    screen.width = size->width;
    screen.height = size->height;
    static const std::vector<TextLine> nothing{{" ", {}}};
    return {ask(programme, huidu::xml_text(guid_, screen, view.lines.empty() ? nothing : view.lines))};
  }
  std::optional<Ask> power(bool on) override { return ask(on ? lit : dark, huidu::xml_power(guid_, on)); }
  std::optional<Ask> brightness(const Brightness& brightness, std::size_t half_hour) override {
    return ask(luminance, huidu::xml_brightness(guid_, brightness.percent[half_hour]));
  }
  std::optional<Ask> clock(const LocalTime& time) override {
    return ask(clock_time, huidu::xml_clock(guid_, time));
  }
  void asking(const Ask& ask) override { expects_ = ask.expects; }
  std::vector<Heard> hear(ByteView bytes) override {
    std::vector<Heard> out;
    for (const auto byte : bytes) {
      if (const auto packet = splitter_.take(byte)) {
        out.push_back(judged(*packet));
      }
    }
    return out;
  }
  std::optional<Size> size() const override { return card_size_; }

 private:
  enum class Stage : std::uint8_t { version, identity, size, known };
  enum Expected : int { version, identity, info, programme, lit, dark, luminance, clock_time };

  static std::string_view method_of(int expected) {
    constexpr std::array<std::string_view, 8> names{
        "",           "GetIFVersion", "GetDeviceInfo",    "AddProgram",
        "OpenScreen", "CloseScreen",  "SetLuminancePloy", "SetTimeInfo"};
    return names[static_cast<std::size_t>(expected)];
  }
  Ask ask(Expected expected, const std::string& xml) const {
    return {huidu::xml_ask(settings_.transport, xml), true, expected};
  }

  Heard judged(const huidu::Packet& packet) {
    switch (static_cast<huidu::Command>(packet.command)) {
      case huidu::Command::heartbeat:
      case huidu::Command::heartbeat_answer:
        return heartbeat(packet.command);
      case huidu::Command::error:
        return {Heard::Kind::no, huidu::error_text(packet)};
      case huidu::Command::version_answer:
        if (expects_ == version && stage_ == Stage::version) {
          stage_ = Stage::identity;
          return {Heard::Kind::yes, {}};
        }
        break;
      case huidu::Command::xml_answer:
        if (const auto xml = parts_.take(settings_.transport, packet)) {
          return judged_xml(*xml);
        }
        break;
      default:
        break;
    }
    return {Heard::Kind::unasked, {}};
  }

  /// We never begin: what a card sends first is its heartbeat, and the other code an answer to our reply.
  Heard heartbeat(std::uint16_t command) {
    if (!heartbeat_) {
      heartbeat_ = command;
    }
    return {Heard::Kind::unasked,
            {},
            heartbeat_ == command ? huidu::heartbeat_reply(settings_.transport) : Bytes()};
  }

  Heard judged_xml(const std::string& xml) {
    const auto answer = huidu::parse_xml_answer(xml);
    if (!answer || answer->method != method_of(expects_)) {
      return {Heard::Kind::unasked, {}};
    }
    if (expects_ == info) {
      // A card that does not tell its size can show something all the same.
      if (answer->is_success() && answer->width && answer->height) {
        card_size_ = Size{*answer->width, *answer->height};
      }
      stage_ = Stage::known;
      return {Heard::Kind::yes, {}};
    }
    if (!answer->is_success()) {
      const bool is_unknown = answer->result.find("Unsupport") != std::string::npos;
      return {is_unknown ? Heard::Kind::unknown : Heard::Kind::no,
              answer->result.empty() ? "refused" : answer->result};
    }
    if (expects_ == identity) {
      if (answer->guid.empty()) {
        return {Heard::Kind::no, "the card gives no guid"};
      }
      guid_ = answer->guid;
      stage_ = Stage::size;
    }
    return {Heard::Kind::yes, {}};
  }

  HuiduSettings settings_;
  std::optional<Size> site_size_, card_size_;
  huidu::PacketSplitter splitter_;
  huidu::XmlParts parts_;
  std::optional<std::uint16_t> heartbeat_;
  Stage stage_ = Stage::version;
  std::string guid_;
  int expects_ = version;
};

}  // namespace

std::unique_ptr<Board> make_huidu_board(link::Executor& executor, ByteDoor link, HuiduSettings settings,
                                        BoardOptions options, Board::Listener& listener) {
  auto talk = std::make_unique<HuiduTalk>(std::move(settings), options.size);
  return std::make_unique<CardBoard>(executor, std::move(link), std::move(talk), std::move(options),
                                     listener);
}

}  // namespace lobby::board
