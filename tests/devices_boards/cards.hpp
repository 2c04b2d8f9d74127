#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/devices/boards.hpp"
#include "display/canvas/dot_font.hpp"
#include "display/canvas/picture.hpp"
#include "tests/fakes/datagram_wire.hpp"
#include "tests/fakes/scripted_link.hpp"
#include "tests/fakes/virtual_executor.hpp"
#include "tests/sim/led_board.hpp"
#include "tests/support/glass.hpp"

/// The daemon's LED boards with cards at the far ends of their wires, in virtual time. The cards were written
/// apart from the drivers, from the same facts.
namespace lobby::tests {

using Kind = devices::BoardConfig::Kind;

/// One board's card and the wire to it.
class FarEnd {
 public:
  FarEnd(fakes::VirtualExecutor& executor, const devices::BoardConfig& config,
         link::Duration processing = std::chrono::milliseconds(5))
      : executor_(executor), card_(sim::card_of(end_of(config), ms(processing), dot_font())) {
    is_datagrams_ = config.kind == Kind::ddp || config.kind == Kind::e131 || config.kind == Kind::colorlight;
    connect();
  }

  /// Whoever was at the near end is gone, and its wire with it.
  void connect() {
    if (is_datagrams_) {
      datagrams_ = std::make_shared<fakes::DatagramWire>(executor_);
      return;
    }
    stream_ = std::make_shared<fakes::Wire>(executor_);
    stream_->otherwise = [this](const board::Bytes& bytes) { arrive(bytes); };
  }
  board::ByteDoor bytes() { return stream_->make_link(); }
  board::DatagramDoor datagrams() { return datagrams_->make_link(); }

  void plug_in() {
    is_cut_ = false;
    stream_ ? stream_->up() : datagrams_->up();
  }
  void pull_out() {
    is_cut_ = true;
    card_->hang_up();
    stream_ ? stream_->down("connection lost") : datagrams_->down("connection lost");
  }
  /// The link stands, nothing comes through.
  void fall_silent(bool is_silent) { is_silent_ = is_silent; }
  /// What is sent is so long on its way, and so is the answer.
  void set_delay(link::Duration delay) { delay_ = delay; }
  void power_cycle() {
    card_->hang_up();
    card_->power_cycle(time());
  }

  display::Picture glass() { return card_->pixels(time()); }
  const sim::BoardCard::Counts& counts() const { return card_->counts(); }
  /// Whether the card itself is switched on, where it can be switched.
  std::optional<bool> is_on() {
    boost::json::object about;
    card_->describe(about, time());
    const auto* on = about.if_contains("on");
    on = on == nullptr ? about.if_contains("open") : on;
    return on == nullptr ? std::nullopt : std::optional(on->as_bool());
  }

  /// What lies on the wire of datagrams arrives, and the card's time passes.
  void pump() {
    if (datagrams_) {
      for (auto& each : std::exchange(datagrams_->sent, {})) {
        arrive(each.bytes);
      }
    }
    if (const auto next = card_->next(); next && *next <= time()) {
      reply(card_->advance(time()));
    }
  }

 private:
  static sim::milliseconds ms(link::Duration span) {
    return std::chrono::duration_cast<sim::milliseconds>(span);
  }
  static sim::BoardEnd end_of(const devices::BoardConfig& config) {
    sim::BoardEnd end;
    end.id = config.id.value;
    end.protocol = config.driver();
    end.width = config.playlist.width;
    end.height = config.playlist.height;
    end.colour = config.playlist.style.depth == display::Depth::full ? "full" : "dual";
    end.address = config.address;
    end.universe = config.universe;
    end.is_bgr = config.is_bgr;
    return end;
  }
  sim::TimePoint time() const { return sim::TimePoint(executor_.now().time_since_epoch()); }
  void arrive(const board::Bytes& bytes) {
    if (delay_ == link::Duration::zero()) {
      take(bytes);
    } else {
      executor_.after(delay_, [this, bytes] { take(bytes); });
    }
  }
  void take(const board::Bytes& bytes) {
    if (!is_cut_ && !is_silent_) {
      reply(card_->feed(bytes, time()));
    }
  }
  void reply(const std::vector<sim::Bytes>& answers) {
    for (const auto& answer : answers) {
      executor_.after(std::chrono::milliseconds(1) + delay_, [this, answer] {
        if (!is_cut_ && !is_silent_) {
          stream_ ? stream_->receive(answer) : datagrams_->receive(answer);
        }
      });
    }
  }

  fakes::VirtualExecutor& executor_;
  std::unique_ptr<sim::BoardCard> card_;
  std::shared_ptr<fakes::Wire> stream_;
  std::shared_ptr<fakes::DatagramWire> datagrams_;
  bool is_datagrams_ = false, is_cut_ = true, is_silent_ = false;
  link::Duration delay_{};
};

/// What its card turned away, and why; not what it lacks, which its driver cannot know before it asks.
inline std::string refusals(const FarEnd& end) {
  std::string out;
  for (const auto& [reason, count] : end.counts().refused) {
    out += reason == "kUnsupportMethod" ? "" : reason + " x" + std::to_string(count) + " ";
  }
  return out;
}

/// A daemon's boards and all their far ends.
class Cards {
 public:
  /// 2026-11-23 09:30:00 in China.
  static constexpr std::int64_t begins_ms = 1'795'397'400'000;

  /// `step`: how often the far ends are looked after.
  explicit Cards(std::vector<devices::BoardConfig> configs,
                 link::Duration step = std::chrono::milliseconds(1))
      : configs_(std::move(configs)), step_(step) {
    for (const auto& config : configs_) {
      if (config.kind != Kind::screen) {
        ends_.emplace(config.id.value, std::make_unique<FarEnd>(executor, config));
      }
    }
    pump();
  }

  /// The daemon begins, and its links come up.
  void start() {
    for (const auto& [id, end] : ends_) {
      end->connect();
    }
    roster_ = std::make_unique<devices::Roster>([this] { return now(); }, [](const auto&) {});
    boards_ = std::make_unique<devices::Boards>(
        executor, configs_,
        devices::Boards::Ports{[this](const auto& config) { return end(config.id.value).bytes(); },
                               [this](const auto& config) { return end(config.id.value).datagrams(); },
                               [this] { return now(); }},
        *roster_);
    for (const auto& [id, end] : ends_) {
      end->plug_in();
    }
  }
  /// It is no more, and said nothing.
  void kill() {
    for (const auto& [id, end] : ends_) {
      end->fall_silent(true);
    }
    boards_.reset();
    executor.run_for(std::chrono::milliseconds(2));
    for (const auto& [id, end] : ends_) {
      end->fall_silent(false);
    }
  }

  devices::Boards& boards() { return *boards_; }
  bool is_running() const { return boards_ != nullptr; }
  FarEnd& end(const std::string& id) { return *ends_.at(id); }
  const std::vector<devices::BoardConfig>& configs() const { return configs_; }
  const hall::DeviceView& device(const std::string& id) const { return *roster_->find(hall::DeviceId{id}); }
  hall::BoardState state(const std::string& id) const {
    for (auto& state : boards_->states()) {
      if (state.id.value == id) {
        return state;
      }
    }
    return {};
  }
  void run(link::Duration span) { executor.run_for(span); }
  hall::Instant now() const {
    const auto since =
        std::chrono::duration_cast<std::chrono::milliseconds>(executor.now().time_since_epoch());
    return {begins_ms + since.count() + clock_is_off_by.count(), 8 * 60};
  }

  fakes::VirtualExecutor executor;
  std::chrono::milliseconds clock_is_off_by{};

 private:
  void pump() {
    for (const auto& [id, end] : ends_) {
      end->pump();
    }
    executor.after(step_, [this] { pump(); });
  }

  std::vector<devices::BoardConfig> configs_;
  const link::Duration step_;
  std::map<std::string, std::unique_ptr<FarEnd>> ends_;
  std::unique_ptr<devices::Roster> roster_;
  std::unique_ptr<devices::Boards> boards_;
};

inline devices::BoardConfig board_of(const std::string& id, Kind kind, board::Size size = {256, 64}) {
  devices::BoardConfig config;
  config.id.value = id;
  config.kind = kind;
  auto& playlist = config.playlist;
  playlist.width = size.width;
  playlist.height = size.height;
  const bool is_dual = kind == Kind::onbon_k || kind == Kind::onbon_5e || kind == Kind::onbon_6e;
  playlist.style.depth = is_dual ? display::Depth::dual : display::Depth::full;
  playlist.style.size = 16;
  playlist.zones.push_back({{0, 0, size.width, size.height}, {{"cases", {}}}});
  return config;
}

}  // namespace lobby::tests
