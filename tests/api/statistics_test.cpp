// GET /statistics: what it asks for, what it shows, and what it withholds.
#include <doctest/doctest.h>

#include "tests/api/house.hpp"

using lobby::fakes::Client;
using lobby::fakes::House;
namespace hall = lobby::hall;
namespace api = lobby::api;

namespace {

constexpr const char* path = "/api/v1/statistics";

hall::VisitFigures row(const char* key, std::uint64_t served, hall::Ratings ratings = {}) {
  hall::VisitFigures figures;
  figures.key = key;
  figures.served = served;
  figures.no_show = 1;
  figures.wait = {served, served * 600 + 1, 300, 1200, 4500};
  figures.service = {served, served * 200, 180, 400, 900};
  figures.ratings = ratings;
  return figures;
}

hall::Statistics figures_of(std::vector<hall::VisitFigures> rows) {
  hall::Statistics statistics;
  statistics.seq = 77;
  for (const auto& one : rows) {
    statistics.total.served += one.served;
  }
  statistics.total.wait = {30, 30, 1, 1, 1};
  statistics.total.ratings = {3, 2, 1, 0, 0};
  statistics.rows = std::move(rows);
  return statistics;
}

std::string detail_of(House& house, const std::string& query) {
  const auto reply = house.get(path + query, "supervisor");
  CHECK(reply.status == 400);
  CHECK(reply.code() == "bad_request");
  return reply.status == 400 ? std::string(reply.json().at("detail").as_string()) : reply.body;
}

bool names(const std::string& text, const char* word) {
  return text.find(word) != std::string::npos;
}

}  // namespace

TEST_CASE("without parameters it is today by window; with them what they say") {
  House house;
  CHECK(house.get(path, "supervisor").status == 200);
  CHECK(house.get(std::string(path) + "?from=2025-12-31&to=2026-01-01&by=clerk", "supervisor").status == 200);
  CHECK(house.get(std::string(path) + "?from=2026-03-01", "supervisor").status == 200);
  CHECK(house.get(std::string(path) + "?to=2026-03-01", "supervisor").status == 200);
  CHECK(house.get(std::string(path) + "?from=2025-03-16&to=2026-03-16", "supervisor").status == 200);
  const auto asked = house.backend.asked_reports;
  const auto says = [&](std::size_t i, const char* from, const char* to, hall::StatisticsBy by) {
    CHECK(hall::to_text(asked.at(i).from) == from);
    CHECK(hall::to_text(asked.at(i).to) == to);
    CHECK(asked.at(i).by == by);
  };
  says(0, "2026-03-16", "2026-03-16", hall::StatisticsBy::window);
  says(1, "2025-12-31", "2026-01-01", hall::StatisticsBy::clerk);
  says(2, "2026-03-01", "2026-03-16", hall::StatisticsBy::window);
  says(3, "2026-03-01", "2026-03-01", hall::StatisticsBy::window);
  says(4, "2025-03-16", "2026-03-16", hall::StatisticsBy::window);
}

TEST_CASE("what cannot be a report is refused by its name, and nothing is counted for it") {
  House house;
  CHECK(names(detail_of(house, "?from=2026-02-30"), "`from`"));
  CHECK(names(detail_of(house, "?to=yesterday"), "`to`"));
  CHECK(names(detail_of(house, "?from="), "`from`"));
  CHECK(names(detail_of(house, "?from=2026-03-17&to=2026-03-16"), "later"));
  CHECK(names(detail_of(house, "?from=2026-03-17"), "later"));
  CHECK(names(detail_of(house, "?from=2025-03-15&to=2026-03-16"), "367 days"));
  CHECK(names(detail_of(house, "?from=0001-01-01&to=9999-12-31"), "366"));
  CHECK(names(detail_of(house, "?by=day"), "window, service, hour, clerk"));
  CHECK(names(detail_of(house, "?format=xml"), "json, csv"));
  CHECK(names(detail_of(house, "?published=1"), "`published`"));
  CHECK(names(detail_of(house, "?form=2026-03-16"), "`form`"));
  CHECK(names(detail_of(house, "?by=hour&by=clerk"), "twice"));
  CHECK(house.backend.asked_reports.empty());
}

TEST_CASE("rows come in the site's order with their names, what the site does not know last") {
  House house;
  house.backend.statistics = figures_of({row("", 9), row("gone", 8), row("w1", 7), row("w2", 6)});
  const auto report = house.get(path, "supervisor").json();
  CHECK(report.at("seq").as_int64() == 77);
  std::string keys;
  for (const auto& one : report.at("rows").as_array()) {
    keys += boost::json::serialize(one.at("key")) + boost::json::serialize(one.at("name")) + " ";
  }
  CHECK(keys == "\"w1\"\"窗口w1\" \"w2\"\"窗口w2\" nullnull \"gone\"null ");
  CHECK(report.at("rows").at(0).at("served").as_int64() == 7);
  CHECK(report.at("total").at("served").as_int64() == 30);
  CHECK(!report.at("total").as_object().contains("key"));
}

TEST_CASE("figures in words: means to a tenth, shares to a ten thousandth, null for what is not there") {
  House house;
  auto walk_ins = row("w2", 3);
  walk_ins.wait = {};
  house.backend.statistics = figures_of({row("w1", 10, {3, 2, 1, 0, 1}), walk_ins});
  const auto rows = house.get(path, "supervisor").json().at("rows");
  const auto of = [&](std::size_t i, const char* name) {
    return boost::json::serialize(rows.at(i).at(name));
  };
  CHECK(of(0, "wait_s") == R"({"mean":6.001E2,"p50":300,"p90":1200,"max":4500})");
  CHECK(of(0, "service_s") == R"({"mean":2E2,"p50":180,"p90":400,"max":900})");
  CHECK(
      of(0, "ratings") ==
      R"({"count":7,"very_good":3,"good":2,"fair":1,"poor":0,"very_poor":1,"satisfied":8.571E-1,"suppressed":false})");
  CHECK(of(1, "wait_s") == R"({"mean":null,"p50":null,"p90":null,"max":null})");
  CHECK(of(1, "served") == "3");
}

TEST_CASE("ratings of fewer than five are withheld, and of what is published whole rows") {
  House house;
  house.backend.statistics = figures_of(
      {row("w1", 4, {4, 0, 0, 0, 0}), row("w2", 50, {50, 0, 0, 0, 0}), row("w9", 70, {70, 0, 0, 0, 0})});
  const auto inside = house.get(path, "supervisor").json().at("rows");
  CHECK(inside.at(0).at("served").as_int64() == 4);
  CHECK(inside.at(0).at("suppressed").as_bool() == false);
  CHECK(inside.at(0).at("ratings").at("suppressed").as_bool());
  for (const char* figure : {"count", "very_good", "satisfied"}) {
    CHECK(inside.at(0).at("ratings").at(figure).is_null());
  }
  CHECK(inside.at(1).at("ratings").at("count").as_int64() == 50);

  const auto reply = house.get(std::string(path) + "?published=true", "supervisor");
  const auto outside = reply.json();
  CHECK(outside.at("published").as_bool());
  for (const std::size_t hidden : {0, 1}) {  // w2 would be the total without w9 and w1
    const auto& one = outside.at("rows").at(hidden);
    CHECK(one.at("suppressed").as_bool());
    for (const char* figure : {"served", "no_show"}) {
      CHECK(one.at(figure).is_null());
    }
    for (const char* figures : {"wait_s", "service_s"}) {
      CHECK(one.at(figures).at("max").is_null());
      CHECK(one.at(figures).at("mean").is_null());
    }
    CHECK(one.at("ratings").at("count").is_null());
  }
  CHECK(outside.at("rows").at(2).at("served").as_int64() == 70);
}

TEST_CASE("as CSV: a mark for Excel, CRLF, quotes, no formulas, nothing where something is withheld") {
  House house;
  house.backend.statistics = figures_of({row("=1+1", 5), row("@x,\"y\"", 6), row("w1", 7, {9, 0, 0, 0, 1}),
                                         row("＋86", 5), row("a\nb", 5), row("-3", 5)});
  auto reply = house.get(std::string(path) + "?format=csv&by=clerk&from=2026-03-01", "supervisor");
  CHECK(reply.status == 200);
  CHECK(reply.headers.at("content-type") == "text/csv; charset=utf-8; header=present");
  CHECK(reply.headers.at("content-disposition") ==
        "attachment; filename=\"statistics-2026-03-01-2026-03-16-clerk.csv\"");
  const std::string empty_ratings = ",,,,,,,ratings\r\n";
  CHECK(
      reply.body ==
      "\xEF\xBB\xBF"
      "by,key,name,served,no_show,wait_mean_s,wait_p50_s,wait_p90_s,wait_max_s,service_mean_s,service_p50_s,"
      "service_p90_s,service_max_s,ratings,very_good,good,fair,poor,very_poor,satisfied,suppressed\r\n"
      "clerk,'=1+1,,5,1,600.2,300,1200,4500,200.0,180,400,900,,,,,,,,ratings\r\n"
      "clerk,\"'@x,\"\"y\"\"\",,6,1,600.2,300,1200,4500,200.0,180,400,900,,,,,,,,ratings\r\n"
      "clerk,w1,,7,1,600.1,300,1200,4500,200.0,180,400,900,10,9,0,0,0,1,0.9000,\r\n"
      "clerk,'＋86,,5,1,600.2,300,1200,4500,200.0,180,400,900,,,,,,,,ratings\r\n"
      "clerk,\"a\nb\",,5,1,600.2,300,1200,4500,200.0,180,400,900,,,,,,,,ratings\r\n"
      "clerk,'-3,,5,1,600.2,300,1200,4500,200.0,180,400,900,,,,,,,,ratings\r\n"
      "total,,,33,0,1.0,1,1,1,,,,,6,3,2,1,0,0,1.0000,\r\n");
  house.backend.statistics = figures_of({row("w1", 2), row("w2", 50)});
  reply = house.get(std::string(path) + "?format=csv&published=true", "supervisor");
  CHECK(reply.body.find("\r\nwindow,w1,窗口w1,,,,,,,,,,,,,,,,,,row\r\n") != std::string::npos);
}

TEST_CASE("a report is for supervisor and admin; others get no word of it") {
  House house;
  for (const char* role : {"clerk", "kiosk", "screen", "evaluator"}) {
    CHECK(house.get(path, role).status == 403);
    CHECK(house.get(std::string(path) + "?from=nonsense", role).status == 403);
  }
  CHECK(house.get(path, "").status == 401);
  CHECK(house.get(path, "admin").status == 200);
}

TEST_CASE("when it cannot be made, the answer says so by name") {
  House house;
  house.backend.no_report =
      hall::Refusal{hall::Refused::storage_failed, "no figures: reports.db: the disk is full"};
  const auto refused = house.get(path, "supervisor");
  CHECK(refused.status == 503);
  CHECK(refused.code() == "storage_failed");
  CHECK(names(refused.body, "the disk is full"));
  house.backend.busy_with_reports = true;
  const auto busy = house.get(path, "supervisor");
  CHECK(busy.status == 429);
  CHECK(busy.code() == "rate_limited");
  CHECK(busy.headers.contains("retry-after"));
}

TEST_CASE("a report under way holds up nobody, and whoever goes meanwhile is not waited for") {
  House house;
  house.backend.hold_reports = true;
  house.backend.statistics = figures_of({row("w1", 7)});
  Client patient(house);
  patient.send(house.request("GET", path, "supervisor"));
  {
    Client gone(house);
    gone.send(house.request("GET", path, "supervisor"));
    REQUIRE(house.turn_until([&] { return house.backend.asked_reports.size() == 2; }));
  }
  house.settle();
  CHECK(house.get("/api/v1/hall", "clerk").status == 200);
  house.backend.release_reports();
  CHECK(patient.read().json().at("rows").at(0).at("served").as_int64() == 7);
}
