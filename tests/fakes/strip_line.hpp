#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/devices/boards.hpp"
#include "daemon/devices/signs.hpp"
#include "tests/fakes/scripted_link.hpp"
#include "tests/fakes/virtual_executor.hpp"

namespace lobby::fakes {

/// The 69-byte frame as the facts have it: stored, page by page.
inline window::FrameDialect strip_dialect(int pages = 2) {
  window::FrameDialect dialect;
  for (const auto* part :
       {"address_inverted", "03", "page 0A", "00", "count", "0C 0C", "blink E0 E1", "text", "sum8"}) {
    dialect.frame.push_back(*window::parse_frame_part(part));
  }
  dialect.form = window::FrameDialect::Form::attributed;
  dialect.text_bytes = 60;
  dialect.columns = 16;
  dialect.fill_columns = true;
  dialect.checksum_from = 1;
  dialect.pages = pages;
  dialect.pause = std::chrono::milliseconds(300);
  return dialect;
}

inline devices::BoardConfig strip_board(const std::string& id, std::uint8_t address, int pages = 2,
                                        int rows = 1) {
  devices::SignRows sign;
  sign.driver = "strip69";
  sign.protocol = strip_dialect(pages);
  sign.line = {"line-1"};
  sign.address = address;
  sign.rows = rows;
  devices::BoardConfig config;
  config.id = {id};
  config.kind = devices::BoardConfig::Kind::sign;
  config.link = sign;
  auto& playlist = config.playlist;
  playlist.width = 128;
  playlist.height = 16 * rows;
  playlist.style.depth = display::Depth::single;
  playlist.style.scroll_speed = 0;
  playlist.style.blink = playlist.style.flash;
  playlist.zones.push_back({{0, 0, playlist.width, playlist.height}, {{"calls", {}}, {"notices", {}}}});
  return config;
}

inline devices::SignConfig strip_sign(const std::string& id, std::uint8_t address,
                                      const std::string& window) {
  devices::SignConfig config;
  config.id = {id};
  config.driver = "strip69";
  config.protocol = strip_dialect();
  config.window = {window};
  config.line = {"line-1"};
  config.address = address;
  return config;
}

/// Strip signs as boards, and above windows, on one line of 9600 baud, in virtual time.
class StripLine {
 public:
  /// 2026-11-23 09:30:00 in China.
  static constexpr std::int64_t begins_ms = 1'795'397'400'000;
  static constexpr link::Duration on_wire = std::chrono::microseconds(71'875);  ///< 69 bytes

  struct Frame {
    link::MonoTime began;
    Bytes bytes;
    link::MonoTime ended() const { return began + on_wire; }
    unsigned address() const { return 255U - bytes.at(0); }
    unsigned page() const { return bytes.at(2) - 10U; }
    bool blinks() const { return bytes.at(7) == 0xE1; }
  };

  explicit StripLine(std::vector<devices::BoardConfig> all_boards,
                     std::vector<devices::SignConfig> all_signs = {})
      : boards_given_(std::move(all_boards)), signs_given_(std::move(all_signs)) {
    wire->otherwise = [this](const Bytes& bytes) {
      frames.push_back({executor.now(), bytes});
      if (heard) {
        heard(bytes);
      }
    };
    start();
  }

  void start() {
    roster = std::make_unique<devices::Roster>([this] { return now(); }, [](const auto&) {});
    lines = std::make_unique<devices::DialectLines>(
        executor,
        std::vector<devices::DialectLineConfig>{
            {{"line-1"}, "strip69", devices::SerialPort{"/dev/x", 9600}, true}},
        [this](const auto&) { return wire->make_link(); }, *roster);
    signs = std::make_unique<devices::Signs>(
        executor, signs_given_, *lines, [](const hall::DeviceId&) -> bus::Bus& { std::abort(); }, *roster,
        [](const hall::WindowId&, std::uint64_t, const hall::DeviceId&) {});
    boards = std::make_unique<devices::Boards>(
        executor, boards_given_, devices::Boards::Ports{{}, {}, [this] { return now(); }, lines.get(), {}},
        *roster);
    lines->start();
  }
  /// The daemon is no more, and said nothing.
  void kill() {
    boards.reset();
    signs.reset();
    lines.reset();
  }

  hall::Instant now() const {
    const auto since =
        std::chrono::duration_cast<std::chrono::milliseconds>(executor.now().time_since_epoch());
    return {begins_ms + since.count(), 8 * 60};
  }
  void run(link::Duration span) { executor.run_for(span); }
  /// One text to a page.
  static display::BoardViews saying(const std::vector<std::string>& texts) {
    display::NoticeView notices;
    notices.title.clear();
    for (const auto& text : texts) {
      notices.entries.push_back({"", text});
    }
    display::BoardViews views;
    views.pages.emplace("notices", std::move(notices));
    return views;
  }
  void say(const std::string& board, const std::vector<std::string>& texts) {
    boards->show({board}, saying(texts), false);
  }
  /// Somebody is called now, beside what these texts say.
  void call(const std::string& board, const std::string& ticket, const std::string& window,
            const std::vector<std::string>& texts) {
    auto views = saying(texts);
    display::CallsView calls;
    calls.calls.push_back({ticket, window, {}, std::chrono::milliseconds(now().utc_ms)});
    views.pages.emplace("calls", std::move(calls));
    boards->show({board}, std::move(views), true);
  }
  hall::BoardState state(const std::string& id) const {
    for (auto& state : boards->states()) {
      if (state.id.value == id) {
        return state;
      }
    }
    return {};
  }
  const hall::DeviceView& device(const std::string& id) const { return *roster->find({id}); }

  VirtualExecutor executor;
  std::shared_ptr<Wire> wire = std::make_shared<Wire>(executor);
  std::function<void(const Bytes&)> heard;
  std::vector<Frame> frames;
  std::unique_ptr<devices::Roster> roster;
  std::unique_ptr<devices::DialectLines> lines;
  std::unique_ptr<devices::Signs> signs;
  std::unique_ptr<devices::Boards> boards;

 private:
  std::vector<devices::BoardConfig> boards_given_;
  std::vector<devices::SignConfig> signs_given_;
};

/// What a line with `signs` strips of two pages each needs.
struct StripFigures {
  std::size_t frames = 0;
  link::Duration rewrite{};  ///< all of them say something else, until the silence behind the last frame
  link::Duration least{};    ///< these frames on the wire, and the dialect's silences
  link::Duration changed{};  ///< one of them says something else, on an idle line: to the last byte
  link::Duration called{};   ///< somebody is called while all the others are rewritten: to the first text
};
inline StripFigures strip_figures(int signs) {
  using namespace std::chrono_literals;
  const auto name = [](int n) { return "s" + std::to_string(n); };
  std::vector<devices::BoardConfig> boards;
  for (int n = 1; n <= signs; ++n) {
    boards.push_back(strip_board(name(n), static_cast<std::uint8_t>(n)));
  }
  StripLine line(std::move(boards));
  line.wire->up();
  const auto say_all = [&](const std::string& word) {
    for (int n = 1; n <= signs; ++n) {
      line.say(name(n), {word + std::to_string(n), "办理时间"});
    }
  };
  const auto until_told = [&] {
    while (line.state(name(1)).confirmed == hall::BoardProof::no ||
           line.state(name(signs)).confirmed == hall::BoardProof::no) {
      line.run(1ms);
    }
  };
  say_all("一");
  line.run(55s);  // and nobody is told again for a minute
  line.frames.clear();
  StripFigures figures;
  auto begun = line.executor.now();
  for (int n = 1; n <= signs; ++n) {
    line.say(name(n), {"二" + std::to_string(n), "下班时间"});
  }
  line.run(static_cast<std::int64_t>(signs) * 2 * 400ms);
  figures.frames = line.frames.size();
  constexpr auto silence = 300ms;
  figures.rewrite = line.frames.back().ended() + silence - begun;
  figures.least = static_cast<std::int64_t>(signs) * 2 * (StripLine::on_wire + silence);
  until_told();

  line.frames.clear();
  begun = line.executor.now();
  line.say(name(signs / 2), {"三", "另一页"});
  line.run(2s);
  figures.changed = line.frames.back().ended() - begun;

  say_all("四");
  line.run(1s);
  line.frames.clear();
  begun = line.executor.now();
  line.call(name(signs), "A012", "1号窗口", {"四", "办理时间"});
  line.run(3s);
  for (const auto& frame : line.frames) {
    if (frame.address() == static_cast<unsigned>(signs)) {
      figures.called = frame.ended() - begun;
      break;
    }
  }
  return figures;
}

}  // namespace lobby::fakes
