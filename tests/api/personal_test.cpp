// Numbers of persons: nothing that holds one is taken, wherever it stands.
#include <doctest/doctest.h>

#include "daemon/api/personal.hpp"
#include "tests/api/house.hpp"

using lobby::api::Digits;
using lobby::api::holds_personal_number;
using lobby::fakes::House;

TEST_CASE("numbers of persons are found in text") {
  for (const char* text : {"510682199001011234",
                           "51068219900101123X",
                           "51068219900101123x",
                           "张三 510682199001011234",
                           "身份证510682199001011234号",
                           "510682 19900101 1234",
                           "510682-1990-0101-1234",
                           "510682 19900101 123X",
                           "510682900101123",
                           "13800001111",
                           "电话13800001111",
                           "138 0000 1111",
                           "138-0000-1111",
                           "138.0000.1111",
                           "138 - 0000 - 1111",
                           "1 3 8 0 0 0 0 1 1 1 1",
                           "+8613800001111",
                           "+86 138 0000 1111",
                           "+86138 0000 1111",
                           "008613800001111",
                           "013800001111",
                           "A001 13800001111",
                           "13800001111 A001",
                           "13800001111X",
                           "1 13800001111",
                           "１３８００００１１１１",
                           "138\u200b0000\u200b1111",
                           "19912345678，李四",
                           "1234567890123456789012"}) {
    CHECK_MESSAGE(holds_personal_number(text), text);
  }
}

TEST_CASE("what is no number of a person is not taken for one") {
  for (const char* text :
       {"", "x", "三次未应答", "请稍候", "13:30", "2026-03-16 13.30", "2026-03-16T13:00:00.000+08:00",
        "2026.03.16-2026.03.17", "咨询电话 0838-8203456", "12345", "A017", "窗口 15 16 17 18", "110",
        "12800001111", "1380000111", "60701", "clerk-1", "川府发〔2011〕35号"}) {
    CHECK_MESSAGE(!holds_personal_number(text), text);
  }
}

TEST_CASE("a case number may be long, unless it is an ID number") {
  for (const char* code : {"510682202603161001", "51068220260316000123", "SF2026-0001", "(2026)510682-000123",
                           "1", "999999199001011234", "2026-1501-2345678", "510682-20260316-1380001",
                           "12345678901234567890123456789012345678901234567890123456789012345"}) {
    CHECK_MESSAGE(!holds_personal_number(code, Digits::are_a_code), code);
  }
  for (const char* code : {"510682199001011234", "11010519491231002X", "SF-510682199001011234",
                           "51068219900101123x", "510682-19900101-1234", "510682900101123", "13800001111",
                           "138-0000-1111", "SF13800001111", "13800001111-A"}) {
    CHECK_MESSAGE(holds_personal_number(code, Digits::are_a_code), code);
  }
}

TEST_CASE("no field of a request takes a number of a person") {
  House house;
  const auto recorded = house.backend.journal().size();
  const auto refused = [&](const char* target, const std::string& body, const std::string& headers = "") {
    const auto reply = house.post(target, "admin", body, headers);
    INFO(target << " " << body);
    CHECK(reply.status == 400);
    CHECK(reply.code() == "bad_request");
    CHECK(reply.body.find("13800001111") == std::string::npos);
    CHECK(reply.body.find("510682199001011234") == std::string::npos);
  };
  refused("/api/v1/windows/w1/finish",
          R"({"case_no":"张三 510682199001011234","notice_slip_no":"13800001111"})");
  refused("/api/v1/windows/w1/finish", R"({"case_no":"510682199001011234"})");
  refused("/api/v1/windows/w1/finish", R"({"notice_slip_no":"13800001111"})");
  refused("/api/v1/windows/w1/no-show", R"({"reason":"13800001111 不接"})");
  refused("/api/v1/windows/w1/pause", R"({"reason":"138 0000 1111"})");
  refused("/api/v1/windows/w1/pause", R"({"reason":"午休","message":"请拨13800001111"})");
  refused("/api/v1/windows/w1/open", R"({"clerk":"510682199001011234"})");
  refused("/api/v1/tickets", R"({"service":"social","language":"13800001111"})");
  refused("/api/v1/tickets",
          R"({"service":"social","lane":"green","green_type":1,"granted_by":"13800001111"})");
  refused("/api/v1/tickets", R"({"service":"social"})", "Idempotency-Key: 13800001111\r\n");
  refused("/api/v1/users", R"({"name":"13800001111","role":"clerk"})");
  CHECK(house.backend.journal().size() == recorded);
  CHECK(house.backend.kept.empty());
  // A secret may be any number: only a hash of it is kept.
  CHECK(house.post("/api/v1/users", "admin", R"({"name":"li","role":"clerk","password":"13800001111"})")
            .status == 201);
}

TEST_CASE("numbers of the hall's papers have their own characters") {
  House house;
  house.backend.happen(lobby::hall::IssueTicket{{"social"}, {}, {}, {}});
  house.post("/api/v1/windows/w1/open", "clerk", R"({"clerk":"li"})");
  house.post("/api/v1/windows/w1/call-next", "clerk");
  const auto finish = [&](const std::string& number) {
    return house.post("/api/v1/windows/w1/finish", "clerk", "{\"case_no\":\"" + number + "\"}").status;
  };
  for (const std::string& bad : {std::string(), std::string("张三"), std::string("SF 1"), std::string("a/b"),
                                 std::string("a_b"), std::string(65, '1')}) {
    CHECK_MESSAGE(finish(bad) == 400, bad);
  }
  CHECK(finish("(2026)510682202603161001-x") == 200);
}
