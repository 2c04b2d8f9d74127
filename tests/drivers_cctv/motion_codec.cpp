// What motion 4.5.1 of Debian 12 answers, byte for byte.
#include <doctest/doctest.h>

#include "drivers/cctv/motion.hpp"

using namespace lobby::cctv;

TEST_CASE("motion's word about an order") {
  using motion::parse_action;
  using motion::Said;
  CHECK(parse_action("Start event for camera 1 \nDone\n", 1, true) == Said::done);
  CHECK(parse_action("End event for camera 1 \nDone \n", 1, false) == Said::done);
  CHECK(parse_action("Bad Request \nThe server did not understand your request. \n", 1, true) ==
        Said::not_understood);
  CHECK(parse_action("End event for camera 1 \nDone \n", 1, true) == Said::garbled);
  CHECK(parse_action("Start event for camera 12 \nDone\n", 1, true) == Said::garbled);
  CHECK(parse_action("Start event for camera 1 \n", 1, true) == Said::garbled);
  CHECK(parse_action("", 1, true) == Said::garbled);
  CHECK(parse_action("<html>login</html>", 1, true) == Said::garbled);
}

TEST_CASE("motion's word about its connection") {
  using motion::Connection;
  using motion::parse_connection;
  CHECK(parse_connection("Camera hall \nCamera 1 -- hall Connection OK \n", 1) == Connection::ok);
  CHECK(parse_connection("Camera hall \nCamera 1 -- hall Lost connection \n", 1) == Connection::lost);
  CHECK(parse_connection("Bad Request \nThe server did not understand your request. \n", 1) ==
        Connection::not_understood);
  CHECK(parse_connection("Camera hall \nCamera 12 -- hall Connection OK \n", 1) == Connection::garbled);
  CHECK(parse_connection("Connection OK", 1) == Connection::garbled);
}

TEST_CASE("motion's status") {
  const std::string text =
      "{\"camera_status\": [{\"id\": 1, \"name\": \"hall\", \"image_width\": 320, \"image_height\": 240, "
      "\"fps\": 10, \"missing_frame_counter\": 3, \"running\": 1, \"lost_connection\": 0, \"currenttime\": "
      "1795803316, \"currenttime_iso8601\": \"2026-11-27T18:15:16+0000\", \"lasttime\": 1795803316, "
      "\"lasttime_iso8601\": \"2026-11-27T18:15:16+0000\", \"lasttime_elapsed\": 0, \"eventtime\": "
      "1795803314, \"eventtime_iso8601\": \"2026-11-27T18:15:14+0000\", \"eventtime_elapsed\": 2, "
      "\"connectionlosttime\": 0, \"connectionlosttime_iso8601\": null, \"connectionlosttime_elapsed\": "
      "null}\n]}";
  const auto said = motion::parse_status(text, 1);
  REQUIRE(said.camera.has_value());
  CHECK(said.camera->width == 320);
  CHECK(said.camera->fps == 10);
  CHECK(said.camera->missing == 3);
  CHECK(said.camera->lost_connection == 0);
  CHECK(said.camera->current == 1795803316);
  CHECK(said.camera->event == 1795803314);

  CHECK(motion::parse_status(text, 2).is_understood);
  CHECK_FALSE(motion::parse_status(text, 2).camera);
  for (const std::string wrong :
       {"", "{}", "[]", "{\"camera_status\":{}}", "{\"camera_status\":[{\"id\":1}]}",
        "{\"camera_status\":[{\"id\":1,\"image_width\":1,\"fps\":1,\"missing_frame_counter\":0,"
        "\"lost_connection\":0,\"currenttime\":99999999999999,\"eventtime\":0}]}"}) {
    CAPTURE(wrong);
    CHECK_FALSE(motion::parse_status(wrong, 1).is_understood);
  }
  CHECK_FALSE(motion::parse_status(text.substr(0, text.size() - 2), 1).is_understood);
}
