#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "daemon/app/bid_reader.hpp"
#include "daemon/app/catalogue_reader.hpp"
#include "daemon/devices/feed_message.hpp"
#include "daemon/feed/rows.hpp"

namespace {

using namespace lobby;

constexpr std::int32_t china = 480;

}  // namespace

TEST_CASE("a record of an opening is read by its fields, and nothing else of it") {
  const auto opening = app::read_opening(
      {"o", R"({"project_no":"SF-7","project_name":"道路改造","open_at":"2026-03-16T09:30:00+08:00",)"
            R"("end_at":"2026-03-16","status":"opening","bidder_count":"3","experts":"张三","open_room":7})"},
      china);
  REQUIRE(opening);
  CHECK(opening->project_no == "SF-7");
  CHECK(hall::to_text(*opening->open_at) == "2026-03-16T09:30:00.000+08:00");
  CHECK(hall::to_text(*opening->end_at) == "2026-03-16T00:00:00.000+08:00");
  CHECK(opening->status == hall::BidStatus::opening);
  CHECK(opening->bidder_count == 3);
  CHECK(opening->open_room.empty());  // no text
}

TEST_CASE("what an opening does not tell, or tells in other words, is unknown") {
  const auto opening =
      app::read_opening({"o", R"({"status":"dreaming","open_at":"soon","bidder_count":"3 家"})"}, china);
  REQUIRE(opening);
  CHECK(opening->status == hall::BidStatus::unknown);
  CHECK_FALSE(opening->open_at);
  CHECK_FALSE(opening->bidder_count);
  CHECK_FALSE(app::read_opening({"o", "[1]"}, china));
  CHECK_FALSE(app::read_opening({"o", "{"}, china));
}

TEST_CASE("a notice has its candidates and the days of its period") {
  const auto notice = app::read_notice(
      {"n",
       R"({"notice_type":"candidates","title":"公示","publish_from":"2026-03-15T16:00:00Z","publish_to":"2026-03-19",)"
       R"("status":"candidates_published","candidates":[{"rank":"1","name":"某某公司","price":"1.5"},)"
       R"({"rank":"x","name":"乙公司"},"丙公司"]})"},
      china);
  REQUIRE(notice);
  CHECK(notice->type == hall::NoticeType::candidates);
  CHECK(hall::to_text(*notice->publish_from) == "2026-03-16");  // midnight here
  CHECK(hall::to_text(*notice->publish_to) == "2026-03-19");
  CHECK(notice->candidates == std::vector<hall::Candidate>{{1, "某某公司", "1.5"}, {0, "乙公司", ""}});
  CHECK(app::read_notice({"n", R"({"candidates":"none"})"}, china)->candidates.empty());
}

TEST_CASE("what the shipped mapping of a trading platform makes of its candidates is shown in its days") {
  const std::string root = LOBBY_SOURCE_DIR;
  std::ifstream file(root + "/tests/feed/fixtures/trs/notices.json");
  const std::string body{std::istreambuf_iterator<char>(file), {}};
  const auto mapping = feed::read_mapping(root + "/config/mappings/trs.toml");
  const auto answer = feed::read_answer(mapping, *mapping.find(hall::What::notices), {}, body);
  const auto& rows = std::get<feed::Answer>(answer).rows;
  REQUIRE(rows.at(0).id == "88001");
  const auto message = devices::feed_lines::parse(rows[0].line);
  REQUIRE(message);
  const auto notice = app::read_notice(std::get<devices::feed_lines::Record>(*message).record, china);
  REQUIRE(notice);
  CHECK(notice->status == hall::BidStatus::candidates_published);
  const auto on = [&notice](int day) {
    constexpr std::int64_t noon_ms = 1'763'438'400'000 + std::int64_t{365} * 86'400'000;  // 2026-11-18, 12:00
    return hall::shown(*notice, {noon_ms + (day - 18) * std::int64_t{86'400'000}, china});
  };
  CHECK_FALSE(on(17));
  REQUIRE(on(18));
  CHECK(on(18)->candidates.size() == 3);
  CHECK(on(20));
  CHECK_FALSE(on(21));
}

TEST_CASE("matters come by code, without those that are not done any more, limits as people read them") {
  const auto matters = app::read_matters({{"2", R"({"code":"B","name":"乙","promised_limit":"5 workday"})"},
                                          {"1", R"({"code":"A","name":"甲","statutory_limit":"immediate"})"},
                                          {"3", R"({"code":"C","name":"丙","enabled":"false"})"},
                                          {"4", R"({"code":"D"})"},
                                          {"5", "nonsense"}});
  REQUIRE(matters.size() == 2);
  CHECK(matters[0].code == "A");
  CHECK(matters[0].statutory_limit == "即办");
  CHECK(matters[1].promised_limit == "5个工作日");
}

TEST_CASE("who has booked a slot is a number, of today and later") {
  const auto slots = app::read_slots(
      {{"1",
        R"({"date":"2026-03-16","slot_start":"09:00","slot_end":"09:30","service":"s","state":"booked"})"},
       {"2",
        R"({"date":"2026-03-16","slot_start":"09:00","slot_end":"09:30","service":"s","state":"taken"})"},
       {"3",
        R"({"date":"2026-03-16","slot_start":"09:00","slot_end":"09:30","service":"s","state":"cancelled"})"},
       {"4",
        R"({"date":"2026-03-15","slot_start":"09:00","slot_end":"09:30","service":"s","state":"booked"})"},
       {"5",
        R"({"date":"2026-03-17","slot_start":"09:00","slot_end":"09:30","service":"s","state":"booked"})"}},
      "2026-03-16");
  REQUIRE(slots.size() == 2);
  CHECK(slots[0].booked == 2);
  CHECK(slots[1].date == "2026-03-17");
}

TEST_CASE("badges need a number") {
  const auto badges = app::read_badges(
      {{"1", R"({"staff_no":"007","name":"某人"})"}, {"2", R"({"name":"无号"})"}, {"3", "x"}});
  REQUIRE(badges.size() == 1);
  CHECK(badges[0].staff_no == "007");
}
