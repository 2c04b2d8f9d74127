#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "drivers/cctv/dahua.hpp"
#include "drivers/cctv/hikvision.hpp"
#include "drivers/cctv/motion.hpp"
#include "drivers/cctv/onvif_recorder.hpp"
#include "tests/drivers_cctv/ends.hpp"
#include "tests/sim/recorder_dahua.hpp"
#include "tests/sim/recorder_front.hpp"
#include "tests/sim/recorder_isapi.hpp"
#include "tests/sim/recorder_motion.hpp"
#include "tests/sim/recorder_onvif.hpp"

namespace lobby::cctv {

enum class Kind : std::uint8_t { isapi, dahua, onvif, onvif_token, motion };
inline constexpr Kind all_kinds[] = {Kind::isapi, Kind::dahua, Kind::onvif, Kind::onvif_token, Kind::motion};
inline std::string name_of(Kind kind) {
  constexpr const char* words[] = {"isapi", "dahua", "onvif", "onvif with tokens", "motion"};
  return words[static_cast<std::size_t>(kind)];
}

/// A real driver against a whole simulated recorder, its gate included, in virtual time.
struct FrontBench : Bench {
  explicit FrontBench(Kind in) : kind(in) {
    const sim::RecorderModel::Now clock = [this] { return now(); };
    std::unique_ptr<sim::RecorderModel> model;
    if (kind == Kind::isapi) {
      model = std::make_unique<sim::IsapiRecorder>(clock);
    } else if (kind == Kind::dahua) {
      model = std::make_unique<sim::DahuaRecorder>(clock);
    } else if (kind == Kind::motion) {
      model = std::make_unique<sim::MotionRecorder>(clock);
    } else {
      model = std::make_unique<sim::OnvifRecorder>(
          clock, sim::OnvifRecorder::Settings{.wants_token = kind == Kind::onvif_token, .user = "ctl"});
    }
    sim::DigestGate::Settings gate;
    gate.user = "ctl";
    gate.password = "secret";
    gate.is_sha256 = kind == Kind::onvif;
    front = std::make_unique<sim::RecorderFront>(std::move(model), std::move(gate), clock);
    make();
  }

  std::unique_ptr<http::Client> door(int number) {
    auto peer = std::make_shared<fakes::HttpPeer>(loop);
    peer->answer = [this, number](const fakes::HttpAsked& asked) {
      const auto& faults = front->model().faults();
      if (faults.has(sim::Fault::freeze) || faults.has(sim::Fault::gone)) {
        return fakes::HttpSaid{};
      }
      const auto reply = front->answer(ask_of(asked, number));
      return reply ? said_of(*reply) : fakes::HttpSaid{};
    };
    return client(peer);
  }

  struct Shelf final : MovieShelf {
    explicit Shelf(FrontBench& in) : bench(in), timer(in.loop) {}
    void look(link::Duration, std::function<void(Look)> done) override {
      timer.start(std::chrono::milliseconds(1), [this, done] {
        const auto movie = dynamic_cast<sim::MotionRecorder&>(bench.front->model()).movie();
        done({{}, movie.name, movie.size, movie.free});
      });
    }
    FrontBench& bench;
    link::Timer timer;
  };

  void make() {
    if (kind == Kind::isapi) {
      recorder = make_hikvision(loop, door(0), {}, options());
    } else if (kind == Kind::dahua) {
      recorder = make_dahua(loop, door(0), {}, options());
    } else if (kind == Kind::motion) {
      recorder = make_motion(loop, door(0), door(1), std::make_unique<Shelf>(*this), {}, options());
    } else {
      OnvifSettings its;
      its.recording = "R1";
      its.profile = "P1";
      recorder = make_onvif(loop, door(0), door(0), login, its, options());
    }
  }

  bool truth() const { return front->model().is_recording(); }
  void inject(sim::Fault fault) { front->inject(fault, std::chrono::milliseconds(500)); }

  Kind kind;
  std::unique_ptr<sim::RecorderFront> front;
};

}  // namespace lobby::cctv
