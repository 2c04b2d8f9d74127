#include "tests/sim/hotline.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <ctime>
#include <map>
#include <set>

using namespace lobby::sim;
using namespace std::chrono_literals;

namespace {

/// The daemon's book of one day: a slot every half hour from 09:00, of six places.
struct Book {
  std::map<std::string, std::string> codes;  ///< code: time of the slot
  std::set<std::string> people, days;
  std::vector<std::string> asked;
  std::string refusal;

  HallClient::Answer day(const std::string& path) {
    asked.push_back(path);
    const std::string date = path.substr(path.find('=') + 1);
    std::string slots;
    for (int minute = 540; minute < 690; minute += 30) {
      slots += (slots.empty() ? "" : ",") + std::string(R"({"time":")") + clock(minute) +
               R"(","capacity":6,"booked":0})";
    }
    return {200, boost::json::parse(R"({"date":")" + date + R"(","services":[{"service":"s1","slots":[)" +
                                    slots + "]}]}")};
  }
  static std::string clock(int minute) {
    const auto two = [](int n) { return std::string(n < 10 ? "0" : "") + std::to_string(n); };
    return two(minute / 60) + ":" + two(minute % 60);
  }
  HallClient::Answer book(const boost::json::object& body) {
    if (!refusal.empty()) {
      return {409, boost::json::object{{"code", refusal}}};
    }
    const std::string code = "1000" + std::to_string(codes.size());
    codes[code] = body.at("time").as_string().c_str();
    people.insert(body.at("applicant_id").as_string().c_str());
    days.insert(body.at("date").as_string().c_str());
    return {201, boost::json::object{{"code", code}}};
  }
};

/// Where this test runs, as the hotline sees it.
WallClock::Wall local(int hour, int minute) {
  std::tm time{};
  time.tm_year = 126;
  time.tm_mon = 2;
  time.tm_mday = 16;
  time.tm_hour = hour;
  time.tm_min = minute;
  time.tm_isdst = -1;
  return std::chrono::system_clock::from_time_t(std::mktime(&time));
}

struct Phone {
  Book book;
  CrowdCounts counts;
  WallClock::Wall wall = local(8, 55);
  TimePoint now{1h};
  Hotline line{[this](const std::string& path) { return book.day(path); },
               [this](const std::string&, const auto& body) { return book.book(body); }, counts, 20, 3};
  std::uint64_t count(const char* what) { return counts.describe().at(what).to_number<std::uint64_t>(); }
};

}  // namespace

TEST_CASE("booked citizens come around their slot with the code they were given, some never") {
  Phone phone;
  phone.line.book_before(phone.wall, phone.now);
  REQUIRE(phone.book.codes.size() > 8);
  CHECK(phone.count("booked") == phone.book.codes.size());
  CHECK(phone.book.people.size() == phone.book.codes.size());
  CHECK(phone.book.days == std::set<std::string>{"2026-03-16"});
  std::set<std::string> came;
  int late = 0;
  for (int minute = 535; minute < 900; ++minute) {
    const TimePoint at = phone.now + std::chrono::minutes(minute - 535);
    while (const auto visit = phone.line.arrived(at)) {
      REQUIRE(phone.book.codes.contains(visit->appointment));
      CHECK(came.insert(visit->appointment).second);
      CHECK(visit->service == "s1");
      const std::string slot = phone.book.codes[visit->appointment];
      const int begins = std::stoi(slot.substr(0, 2)) * 60 + std::stoi(slot.substr(3));
      CHECK(minute - begins >= -26);
      late += minute - begins > 1 ? 1 : 0;
    }
  }
  CHECK(came.size() + phone.count("unused") == phone.book.codes.size());
  CHECK(came.size() > phone.book.codes.size() / 2);
  CHECK(late < static_cast<int>(came.size()) / 2);
}

TEST_CASE("in the day the telephone rings now and then, for today and for tomorrow") {
  Phone phone;
  for (int i = 0; i < 4 * 3600; ++i) {
    phone.line.ring(phone.wall, phone.now += 250ms);
  }
  // An hour at speed 20 is twenty of the people's, at ten callers each.
  CHECK(phone.count("booked") > 100);
  CHECK(phone.count("booked") < 320);
  CHECK(phone.book.days == std::set<std::string>{"2026-03-16", "2026-03-17"});
}

TEST_CASE("a slot that is full is the caller's bad luck, counted, and nobody comes for it") {
  Phone phone;
  phone.book.refusal = "quota_reached";
  phone.line.book_before(phone.wall, phone.now);
  CHECK(phone.count("booked") == 0);
  CHECK(phone.counts.describe().at("clerk_refused").at("quota_reached").to_number<int>() > 8);
  CHECK_FALSE(phone.line.arrived(phone.now + 24h));
}

TEST_CASE("an answer that is no list of slots is none") {
  for (const char* text :
       {"null", "[]", "{}", R"({"services":3})", R"({"services":[3,{"slots":[{}]}]})",
        R"({"date":"d","services":[{"service":"s","slots":[{"time":"x"},{"time":"9"}]}]})"}) {
    CHECK_MESSAGE(slots_of(boost::json::parse(text)).empty(), text);
  }
}
