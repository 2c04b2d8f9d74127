#include "display/page/room_monitor.hpp"

#include <algorithm>

#include "display/canvas/canvas.hpp"
#include "display/canvas/columns.hpp"
#include "display/canvas/fit.hpp"

namespace lobby::display {
namespace {

constexpr Colour ground{12, 16, 24};
constexpr Colour plate{30, 38, 52};
constexpr Colour white{255, 255, 255};
constexpr Colour soft{170, 182, 200};
constexpr Colour good{0, 132, 72};
constexpr Colour bright_good{60, 220, 130};
constexpr Colour waiting{176, 112, 0};
constexpr Colour bright_waiting{255, 190, 60};
constexpr Colour bad{196, 16, 24};
constexpr Colour bright_bad{255, 84, 84};
constexpr Colour idle{70, 80, 96};
constexpr int smallest_letters = 16, largest = 255;

/// What is so at this moment, of all that was said at an earlier one.
struct Present {
  struct Camera {
    std::string_view id;
    RoomMonitor::Recording recording = RoomMonitor::Recording::unknown;
    bool is_triggered = false;
    std::optional<std::int64_t> age_s;
  };
  bool is_lost = false;  ///< the server is silent
  bool all_recorded = true;
  std::vector<Camera> cameras;
  Instant next_change = Instant::max();
};

Present present_of(const RoomMonitor& monitor, Instant asked, Instant now) {
  const Instant since = std::max(now - asked, Instant(0));
  Present present;
  present.is_lost = since >= server_holds;
  present.next_change = present.is_lost ? Instant::max() : asked + server_holds;
  if (!monitor.session) {
    return present;
  }
  constexpr Instant second = std::chrono::seconds(1);
  for (const auto& camera : monitor.session->cameras) {
    Present::Camera one{camera.id, camera.recording, camera.is_triggered && !present.is_lost, {}};
    if (camera.proof_age) {
      const Instant age = *camera.proof_age + since;
      one.age_s = age / second;
      present.next_change = std::min(present.next_change, now + second - age % second);
      // Just at the limit it is old: what is shown until the next second never is.
      one.recording = one.recording == RoomMonitor::Recording::rec && age >= proof_holds
                          ? RoomMonitor::Recording::unknown
                          : one.recording;
    } else if (one.recording == RoomMonitor::Recording::rec) {
      one.recording = RoomMonitor::Recording::unknown;
    }
    if (present.is_lost && one.recording != RoomMonitor::Recording::rec) {
      one.recording = RoomMonitor::Recording::unknown;
    }
    present.all_recorded = present.all_recorded && one.recording == RoomMonitor::Recording::rec;
    present.cameras.push_back(one);
  }
  present.all_recorded = present.all_recorded && !present.cameras.empty();
  return present;
}

struct Band {
  std::string_view text;
  std::string_view advice;
  Colour colour;
};

Band band_of(const RoomMonitor& monitor, const Present& present) {
  if (present.is_lost) {
    return {"与主机失去联系", "录像状态未知，请立即报告", bad};
  }
  if (!monitor.session) {
    return {"空闲", monitor.alarms.empty() ? "" : "有报警未确认", monitor.alarms.empty() ? idle : bad};
  }
  switch (monitor.session->stage) {
    case RoomMonitor::Stage::opening:
      return {"正在启动录像", "请勿入室", waiting};
    case RoomMonitor::Stage::closing:
      return {"活动结束", "录像机正在恢复原来的模式", waiting};
    case RoomMonitor::Stage::unwitnessed:
      return present.all_recorded ? Band{"未经核实开始", "已获授权，现在各路录像均已核实", waiting}
                                  : Band{"录像未经核实", "已获授权继续", bad};
    case RoomMonitor::Stage::witnessed:
      return present.all_recorded ? Band{"正在录像", "各路录像均已核实", good}
                                  : Band{"录像未证实", "请暂停活动并立即报告", bad};
    case RoomMonitor::Stage::interrupted:
      return {"录像中断", "请暂停活动并立即报告", bad};
  }
  return {"录像状态未知", "请立即报告", bad};
}

/// Lettering that is as large as asked for, or as the width allows.
Lettering lettering_for(std::string_view text, int size, int width) {
  const int columns = std::max(1, size_of(text).columns);
  return {std::clamp(std::min(size, 2 * width / columns), smallest_letters, largest), true};
}

void centred(Canvas& canvas, int y, std::string_view text, int size, Colour colour) {
  const Lettering lettering = lettering_for(text, size, canvas.width());
  const int x = std::max(0, (canvas.width() - text_width(text, lettering)) / 2);
  canvas.text(x, y + (size - lettering.size) / 2, text, lettering, colour);
}

std::string_view word_of(RoomMonitor::Recording recording) {
  switch (recording) {
    case RoomMonitor::Recording::rec:
      return "录像已核实";
    case RoomMonitor::Recording::not_recording:
      return "未录像";
    case RoomMonitor::Recording::unknown:
      return "状态不明";
    case RoomMonitor::Recording::off:
      return "未启动";
  }
  return "状态不明";
}

void draw_camera(Canvas canvas, const Present::Camera& camera) {
  const bool is_recorded = camera.recording == RoomMonitor::Recording::rec;
  const bool is_off = camera.recording == RoomMonitor::Recording::off;
  const bool is_triggered = camera.recording == RoomMonitor::Recording::unknown && camera.is_triggered;
  const Colour colour = is_recorded    ? bright_good
                        : is_off       ? soft
                        : is_triggered ? bright_waiting
                                       : bright_bad;
  const int height = canvas.height();
  const int edge = std::max(2, height / 12);
  canvas.fill({0, 0, canvas.width(), height}, plate);
  canvas.fill({0, 0, std::max(2, edge / 2), height}, colour);
  const int size = std::clamp(height / 4, smallest_letters, largest);
  const int left = 2 * edge;
  const int wide = canvas.width() - left - edge;
  Canvas inner = canvas.part({left, 0, wide, height});
  const std::string name = fitted_end(camera.id, std::max(2, 2 * wide / size));
  inner.text(0, edge, name, {size, true}, white);
  const int lamp = size * 3 / 4;
  inner.lamp(0, height / 2 - size / 2 + (size - lamp) / 2, lamp, colour);
  const auto word = is_triggered ? "已触发，未核实" : word_of(camera.recording);
  inner.text(lamp + edge, height / 2 - size / 2, word, lettering_for(word, size, wide - lamp - edge), colour);
  if (camera.age_s && !is_off) {
    constexpr std::int64_t minute_s = 60, longest_s = 2 * minute_s;
    const std::string age = *camera.age_s < longest_s
                                ? "核实于 " + std::to_string(*camera.age_s) + " 秒前"
                                : "核实于 " + std::to_string(*camera.age_s / minute_s) + " 分前";
    const Lettering small = lettering_for(age, size * 3 / 4, wide);
    inner.text(0, height - edge - size * 3 / 4, age, small, soft);
  }
}

void draw_cameras(Canvas& canvas, Rect area, const std::vector<Present::Camera>& cameras) {
  if (cameras.empty() || area.empty()) {
    return;
  }
  const int count = static_cast<int>(cameras.size());
  const int gap = std::max(2, area.height / 40);
  const auto plate_of = [&](int columns) {
    const int rows = (count + columns - 1) / columns;
    const int wide = (area.width - gap * (columns - 1)) / columns;
    return Rect{0, 0, wide, std::min((area.height - gap * (rows - 1)) / rows, wide * 3 / 5)};
  };
  int columns = 1;  // as many as make the plates highest
  for (int other = 2; other <= count; ++other) {
    columns = plate_of(other).height > plate_of(columns).height ? other : columns;
  }
  const auto [x, y, wide, high] = plate_of(columns);
  for (int i = 0; i < count; ++i) {
    const Rect place{area.x + (i % columns) * (wide + gap), area.y + (i / columns) * (high + gap), wide,
                     high};
    draw_camera(canvas.part(place), cameras[static_cast<std::size_t>(i)]);
  }
}

std::string said(const RoomMonitor::Alarm& alarm) {
  const std::string_view what = alarm.kind == "recording"   ? "录像未证实"
                                : alarm.kind == "preflight" ? "录像机未就绪"
                                : alarm.kind == "clock"     ? "录像机时钟不准"
                                : alarm.kind == "evidence"  ? "证据无法写入"
                                : alarm.kind == "release"   ? "录像机未恢复原来的模式"
                                                            : "报警";
  return alarm.at + (alarm.at.empty() ? "" : " ") + std::string(what) +
         (alarm.camera.empty() ? "" : "（" + alarm.camera + "）");
}

void draw_alarms(Canvas& canvas, Rect area, const std::vector<RoomMonitor::Alarm>& alarms) {
  if (alarms.empty()) {
    return;
  }
  std::string text = "未确认报警 " + std::to_string(alarms.size()) + "：" + said(alarms.front());
  canvas.fill(area, bad);
  const int edge = area.height / 4;
  Canvas inner = canvas.part({area.x + edge, area.y, area.width - 2 * edge, area.height});
  const int size = std::clamp(area.height * 3 / 5, smallest_letters, largest);
  text = fitted(text, std::max(2, 2 * inner.width() / size));
  inner.text(0, (area.height - size) / 2, text, {size, true}, white);
}

std::string project_line(const RoomMonitor::Session& session) {
  std::string line = session.is_opening ? "开标　" : "评标　";
  line += session.project_no;
  if (!session.section.empty()) {
    line += "　标段 " + session.section;
  }
  return line;
}

void draw_project(Canvas& canvas, Rect area, const RoomMonitor& monitor) {
  Canvas inner = canvas.part(area);
  const int size = std::clamp(area.height * 2 / 5, smallest_letters, largest);
  const int small = std::clamp(area.height * 3 / 10, smallest_letters, largest);
  const auto name = [&](const std::string& text) {
    inner.text(0, 0, fitted(text, std::max(2, 2 * area.width / size)), {size, true}, white);
  };
  const auto below = [&](const std::string& text) {
    inner.text(0, size + area.height / 10, fitted(text, std::max(2, 2 * area.width / small)), {small, true},
               soft);
  };
  if (monitor.session) {
    name(monitor.session->project_name);
    below(project_line(*monitor.session));
  } else if (monitor.next) {
    name(monitor.next->project_name);
    below("下一场" + std::string(monitor.next->is_opening ? "开标　" : "评标　") + monitor.next->at);
  }
}

}  // namespace

Instant draw_room_monitor(Picture& picture, Glyphs& glyphs, const RoomMonitor& monitor, Instant asked,
                          Instant now) {
  const Present present = present_of(monitor, asked, now);
  const int width = picture.width();
  const int height = picture.height();
  MissingGlyphs missing;
  Canvas canvas(picture, glyphs, missing, {0, 0, width, height});
  canvas.fill({0, 0, width, height}, ground);
  const int edge = height / 36;
  const int inside = width - 2 * edge;
  const int head = std::clamp(height / 14, smallest_letters, largest);
  canvas.text(edge, edge, fitted(monitor.room, std::max(2, 2 * inside / head)), {head, true}, soft);

  const Band band = band_of(monitor, present);
  const Rect strip{0, head + 2 * edge, width, height / 4};
  canvas.fill(strip, band.colour);
  Canvas words = canvas.part({edge, strip.y, inside, strip.height});
  const bool has_advice = !band.advice.empty();
  const int large = strip.height * (has_advice ? 10 : 12) / 20;
  centred(words, has_advice ? strip.height / 10 : (strip.height - large) / 2, band.text, large, white);
  if (has_advice) {
    centred(words, strip.height * 27 / 40, band.advice, strip.height / 4, white);
  }

  const Rect project{edge, strip.bottom() + edge, inside, height / 7};
  draw_project(canvas, project, monitor);
  const int bar = monitor.alarms.empty() ? 0 : height / 11;
  const int top = project.bottom() + edge;
  draw_cameras(canvas, {edge, top, inside, height - bar - edge - top}, present.cameras);
  draw_alarms(canvas, {0, height - bar, width, bar}, monitor.alarms);
  return present.next_change;
}

}  // namespace lobby::display
