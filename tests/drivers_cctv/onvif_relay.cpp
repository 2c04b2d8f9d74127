// A lamp at an ONVIF device's relay, against a simulated device.
#include "drivers/cctv/onvif_relay.hpp"

#include <doctest/doctest.h>

#include "drivers/cctv/onvif.hpp"
#include "tests/drivers_cctv/ends.hpp"
#include "tests/sim/recorder_onvif.hpp"

using namespace lobby;
using namespace lobby::cctv;
using namespace std::chrono_literals;

namespace {

struct LampBench : Bench {
  sim::OnvifRecorder model{[this] { return now(); }, {.user = "ctl"}};
  std::shared_ptr<fakes::HttpPeer> peer = peer_of(*this, model), events = peer_of(*this, model);
  std::unique_ptr<Output> lamp;
  int changes = 0;

  void make(bool with_events = true) {
    OnvifRelaySettings settings;
    settings.relay = "RelayOutputToken_1";
    lamp = make_onvif_relay(
        loop, {client(peer), with_events ? client(events) : nullptr, login}, settings,
        [this] { return now(); }, [this] { ++changes; });
  }
  bool contact() const { return model.relays().at("RelayOutputToken_1").is_moved; }
};

}  // namespace

TEST_CASE("relay calls are those of the specification, and the answers that were seen are understood") {
  const auto call = onvif::set_relay_state("RelayOutputToken_0", true);
  CHECK(call.action == "http://www.onvif.org/ver10/deviceio/wsdl/SetRelayOutputState");
  CHECK(
      call.body ==
      "<tmd:SetRelayOutputState xmlns:tmd=\"http://www.onvif.org/ver10/deviceIO/wsdl\"><tmd:RelayOutputToken>"
      "RelayOutputToken_0</tmd:RelayOutputToken><tmd:LogicalState>active</tmd:LogicalState>"
      "</tmd:SetRelayOutputState>");
  const auto message = [](const std::string& item, const std::string& value) {
    return "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body><PullMessagesResponse>"
           "<NotificationMessage><Topic>tns1:Device/Trigger/Relay</Topic><Message><Message "
           "PropertyOperation=\"Initialized\"><Source><SimpleItem Name=\"RelayToken\" Value=\"R1\"/></Source>"
           "<Data><SimpleItem Name=\"" +
           item + "\" Value=\"" + value +
           "\"/></Data></Message></Message></NotificationMessage></PullMessagesResponse></e:Body>"
           "</e:Envelope>";
  };
  for (const char* on : {"active", "true", "1"}) {
    CHECK(onvif::parse_relay_messages(message("LogicalState", on), "R1")->is_active == true);
    CHECK(onvif::parse_relay_messages(message("State", on), "R1")->is_active == true);
  }
  for (const char* off : {"inactive", "false", "0"}) {
    CHECK(onvif::parse_relay_messages(message("LogicalState", off), "R1")->is_active == false);
  }
  CHECK_FALSE(onvif::parse_relay_messages(message("LogicalState", "on"), "R1")->is_active);
  CHECK_FALSE(onvif::parse_relay_messages(message("LogicalState", "active"), "R2")->is_active);
  CHECK_FALSE(onvif::parse_relay_messages("<html/>", "R1"));
}

TEST_CASE("a lamp is lit, seen by the device's events, and follows the newest") {
  for (const bool wants_token : {false, true}) {
    CAPTURE(wants_token);
    LampBench bench;
    bench.model.settings.wants_token = wants_token;
    bench.make();
    bench.loop.run_for(2s);
    CHECK(bench.lamp->state().fault == Fault::none);
    CHECK(bench.lamp->state().is_on == false);
    bench.lamp->want(true);
    bench.loop.run_for(3s);
    CHECK(bench.contact());
    CHECK(bench.lamp->state().is_on == true);
    CHECK(bench.lamp->state().is_contact);
    CHECK(bench.lamp->state().fault == Fault::none);
    bench.lamp->want(false);
    bench.lamp->want(true);
    bench.lamp->want(false);
    bench.loop.run_for(3s);
    CHECK_FALSE(bench.contact());
    CHECK(bench.lamp->state().is_on == false);
    CHECK(bench.lamp->state().fault == Fault::none);
    CHECK(bench.model.wrong_tokens() == 0);
  }
}

TEST_CASE("without events what was told is all that is known of a lamp") {
  LampBench bench;
  bench.make(false);
  CHECK(bench.lamp->describe().find('\n') != std::string::npos);
  bench.lamp->want(true);
  bench.loop.run_for(2s);
  CHECK(bench.contact());
  CHECK(bench.lamp->state().is_on == true);
  CHECK_FALSE(bench.lamp->state().is_contact);
  bench.model.inject(sim::Fault::power_cycle);
  CHECK_FALSE(bench.contact());
  bench.loop.run_for(40s);
  CHECK(bench.contact());
}

TEST_CASE("a lamp that does not light is no secret") {
  LampBench bench;
  bench.make();
  bench.loop.run_for(2s);
  SUBCASE("a contact that sticks") {
    bench.model.inject(sim::Fault::contact);
    bench.lamp->want(true);
    bench.loop.run_for(6s);
    CHECK(bench.lamp->state().fault == Fault::refused);
    CHECK(bench.lamp->state().is_on == false);
    // It is told again, and lights once it can.
    bench.model.mend_all();
    bench.loop.run_for(20s);
    CHECK(bench.lamp->state().fault == Fault::none);
    CHECK(bench.contact());
  }
  SUBCASE("yes, and nothing moves") {
    bench.model.inject(sim::Fault::lie);
    bench.lamp->want(true);
    bench.loop.run_for(6s);
    CHECK(bench.lamp->state().fault == Fault::refused);
  }
  SUBCASE("status 200 with a refusal inside") {
    bench.model.inject(sim::Fault::error_inside);
    bench.lamp->want(true);
    bench.loop.run_for(2s);
    CHECK(bench.lamp->state().fault == Fault::refused);
    CHECK(bench.lamp->state().reason == "the recorder says no: InvalidArgVal");
  }
  SUBCASE("another hand") {
    bench.lamp->want(true);
    bench.loop.run_for(6s);
    CHECK(bench.contact());
    bench.model.set_relay("RelayOutputToken_1", false);
    bench.loop.run_for(4s);
    CHECK(bench.contact());
  }
  SUBCASE("events that end") {
    bench.lamp->want(true);
    bench.loop.run_for(6s);
    bench.model.drop_subscriptions();
    bench.model.inject(sim::Fault::no_events);
    bench.loop.run_for(4s);
    CHECK(bench.lamp->state().fault == Fault::capacity);
    CHECK_FALSE(bench.lamp->state().is_on);
    bench.model.mend_all();
    bench.loop.run_for(20s);
    CHECK(bench.lamp->state().fault == Fault::none);
    CHECK(bench.lamp->state().is_on == true);
  }
  SUBCASE("a device that is gone") {
    for (auto& one : {bench.peer, bench.events}) {
      one->hang_up();
      one->opens = http::Fault::refused;
    }
    bench.lamp->want(true);
    bench.loop.run_for(6s);
    CHECK(bench.lamp->state().fault == Fault::unreachable);
    for (auto& one : {bench.peer, bench.events}) {
      one->opens = http::Fault::none;
    }
    bench.loop.run_for(40s);
    CHECK(bench.contact());
    CHECK(bench.lamp->state().fault == Fault::none);
  }
}
