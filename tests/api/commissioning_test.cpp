#include <doctest/doctest.h>

#include "tests/api/house.hpp"

using lobby::fakes::House;

TEST_CASE("a scan says who answers, as the description has it") {
  House house;
  house.backend.found_units = {{3, "window_unit", "1.0", "u3", 20, 20, 0},
                               {7, "unclear", "", "", 20, 0, 20, true}};
  const auto reply = house.call("POST", "/api/v1/buses/line-1/scan", "admin", R"({"from":1,"to":16})");
  CHECK(reply.status == 200);
  CHECK(
      reply.body ==
      R"([{"address":3,"kind":"window_unit","firmware":"1.0","device":"u3","asked":20,"answered":20,"corrupt":0,"may_be_two":false},)"
      R"({"address":7,"kind":"unclear","firmware":"","device":"","asked":20,"answered":0,"corrupt":20,"may_be_two":true}])");
  CHECK(house.call("POST", "/api/v1/buses/line-1/scan", "admin", "").status == 200);
  CHECK(house.backend.commissioned == std::vector<std::string>{"scan line-1 1 16", "scan line-1 1 247"});
}

TEST_CASE("what cannot be scanned is refused before it is begun") {
  House house;
  for (const auto* body : {R"({"from":0})", R"({"to":248})", R"({"from":9,"to":8})", R"({"form":1})", "[]"}) {
    CHECK(house.call("POST", "/api/v1/buses/line-1/scan", "admin", body).status == 400);
  }
  CHECK(house.backend.commissioned.empty());
  const auto reply = house.call("POST", "/api/v1/buses/line-9/scan", "admin", "");
  CHECK(reply.status == 404);
  CHECK(reply.code() == "unknown_device");
}

TEST_CASE("a new address, by name or by the key that is held, and why not") {
  House house;
  const auto moved = house.call("POST", "/api/v1/devices/u1/address", "admin", R"({"address":12})");
  CHECK(moved.status == 200);
  CHECK(moved.body.find("write address = 12 into the site file") != std::string::npos);
  CHECK(house.call("POST", "/api/v1/devices/u1/address", "admin", R"({"address":13,"claim":true})").status ==
        200);
  CHECK(house.call("POST", "/api/v1/devices/u1/address", "admin", R"({"claim":true})").status == 400);
  CHECK(house.backend.commissioned == std::vector<std::string>{"move u1 12", "claim u1 13"});
  const auto refused = house.call("POST", "/api/v1/devices/u1/address", "admin", R"({"address":9})");
  CHECK(refused.status == 409);
  CHECK(refused.code() == "wrong_state");
}

TEST_CASE("a self-test of a device, and of none") {
  House house;
  CHECK(house.call("POST", "/api/v1/devices/u1/self-test", "supervisor", "").body == R"({"device":"u1"})");
  CHECK(house.call("POST", "/api/v1/devices/u9/self-test", "supervisor", "").code() == "unknown_device");
}

TEST_CASE("a notice says what is missing, within bounds, and nothing of a person's numbers") {
  House house;
  const auto ask = [&](const std::string& body, const std::string& id = "1") {
    return house.call("POST", "/api/v1/tickets/" + id + "/notice", "clerk", body);
  };
  CHECK(house.call("POST", "/api/v1/tickets", "clerk", R"({"service":"social"})").status == 201);
  const auto printed = ask(R"({"missing":["身份证复印件","照片"],"printer":"p2"})");
  CHECK(printed.body == R"({"printer":"p2","print":"printed"})");
  CHECK(house.backend.missing_things == std::vector<std::string>{"身份证复印件", "照片"});
  std::string many = R"({"missing":[)";
  for (int i = 0; i < 21; ++i) {
    many += i == 0 ? R"("a")" : R"(,"a")";
  }
  house.backend.missing_things.clear();
  for (const auto& body :
       {std::string(), std::string(R"({"missing":[]})"), std::string(R"({"missing":[""]})"),
        std::string(R"({"missing":"a"})"), many + "]}", R"({"missing":[")" + std::string(101, 'a') + R"("]})",
        std::string(R"({"missing":["身份证 510682199003071234"]})"),
        std::string(R"({"missing":["a"],"copies":2})")}) {
    CHECK(ask(body).status == 400);
  }
  CHECK(house.backend.missing_things.empty());
  CHECK(ask(R"({"missing":["a"]})", "77").code() == "unknown_ticket");
  CHECK(ask(R"({"missing":["a"],"printer":"p9"})").status == 503);
}
