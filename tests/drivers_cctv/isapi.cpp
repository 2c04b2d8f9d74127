#include "drivers/cctv/isapi.hpp"

#include <doctest/doctest.h>

using namespace lobby::cctv;
using namespace std::chrono_literals;

TEST_CASE("ResponseStatus, in each of its name spaces") {
  for (const auto* space : {"", " xmlns=\"http://www.std-cgi.org/ver20/XMLSchema\"",
                            " xmlns=\"http://www.isapi.org/ver20/XMLSchema\"",
                            " xmlns=\"http://www.hikvision.com/ver20/XMLSchema\""}) {
    const auto status = isapi::parse_status(
        std::string("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ResponseStatus version=\"2.0\"") + space +
        "><requestURL>/ISAPI/x</requestURL>\n <statusCode>1</statusCode><statusString>OK</statusString>"
        "<subStatusCode>ok</subStatusCode></ResponseStatus>");
    REQUIRE(status);
    CHECK(status->is_ok());
    CHECK(isapi::fault_of(*status) == Fault::none);
  }
  const auto refused = [](const std::string& code, const std::string& sub) {
    const auto status =
        isapi::parse_status("<ResponseStatus><statusCode>" + code + "</statusCode><subStatusCode>" + sub +
                            "</subStatusCode></ResponseStatus>");
    REQUIRE(status);
    return isapi::fault_of(*status);
  };
  CHECK(refused("2", "deviceBusy") == Fault::busy);
  CHECK(refused("4", "methodNotAllowed") == Fault::unsupported);
  CHECK(refused("4", "notSupport") == Fault::unsupported);
  CHECK(refused("4", "invalidOperation") == Fault::refused);
  CHECK(refused("1", "badThing") == Fault::refused);
  CHECK(refused("3", "") == Fault::refused);
  const auto odd = isapi::parse_status(
      "<ResponseStatus><statusCode>4</statusCode><subStatusCode>a "
      "b\n&lt;c&gt;</subStatusCode></ResponseStatus>");
  REQUIRE(odd);
  CHECK(isapi::reason_of(*odd) == "the recorder says no: 4 abc");
  for (const auto* text : {"", "OK", "<a/>", "<ResponseStatus/>", "<html><body>login</body></html>"}) {
    CHECK_FALSE(isapi::parse_status(text));
  }
}

TEST_CASE("the live state of a channel and of the disks") {
  const std::string text =
      "{\"WorkingStatus\":{\"devStatus\":0,\"ChanStatus\":[{\"chanNo\":1,\"online\":1,\"record\":1,"
      "\"signal\":0,"
      "\"linkNum\":0,\"bitRate\":3145728},{\"chanNo\":2,\"online\":0,\"record\":0}],\n "
      "\"HDStatus\":[{\"hdNo\":2,\"status\":0,\"volume\":1907729,\"freeSpace\":596992},{\"hdNo\":3,"
      "\"status\":2}]}}";
  const auto one = isapi::parse_working(text, 1);
  REQUIRE(one);
  REQUIRE(one->channel);
  CHECK(one->channel->records);
  CHECK(one->channel->is_online);
  CHECK(one->channel->has_signal);
  CHECK(one->disks == 2);
  CHECK(one->good_disks == 1);
  const auto two = isapi::parse_working(text, 2);
  REQUIRE((two && two->channel));
  CHECK_FALSE(two->channel->records);
  CHECK_FALSE(two->channel->is_online);
  const auto three = isapi::parse_working(text, 3);
  REQUIRE(three);
  CHECK_FALSE(three->channel);
  for (const auto* wrong :
       {"", "{}", "{\"WorkingStatus\":{}}", "{\"WorkingStatus\":{\"ChanStatus\":[{\"chanNo\":1}]}}",
        "{\"WorkingStatus\":{\"ChanStatus\":[{\"chanNo\":1,\"record\":\"1\"}]}}"}) {
    CAPTURE(wrong);
    CHECK_FALSE(isapi::parse_working(wrong, 1));
  }
}

TEST_CASE("disks: a full one is no fault, a broken or read-only one is") {
  const auto disks = [](const std::string& status, const std::string& property) {
    return "<hdd><id>1</id><status>" + status +
           "</status><capacity>3815447</capacity><freeSpace>0</freeSpace><property>" + property +
           "</property></hdd>";
  };
  const auto good = [&](const std::string& list) {
    const auto storage = isapi::parse_storage("<Storage><hddList>" + list + "</hddList></Storage>");
    return storage ? storage->good_disks : -1;
  };
  for (const auto* status : {"ok", "idle", "sleeping"}) {
    CHECK(good(disks(status, "RW")) == 1);
  }
  for (const auto* status :
       {"unformatted", "unformated", "error", "smartFailed", "mismatch", "notexist", "offline", ""}) {
    CHECK(good(disks(status, "RW")) == 0);
  }
  CHECK(good(disks("ok", "RO")) == 0);
  CHECK(good(disks("ok", "RW") + disks("error", "RW")) == 1);
  CHECK(isapi::parse_storage("<storage><hddList>" + disks("ok", "RW") + "</hddList></storage>")->disks == 1);
  CHECK(isapi::parse_storage("<storage><hddList/></storage>")->disks == 0);
  CHECK_FALSE(isapi::parse_storage("<storage/>"));
}

TEST_CASE("a search as the guide has it, and its answer") {
  const UtcTime from{std::chrono::seconds(1'795'438'800)};
  CHECK(isapi::search_body({101, from, from + 1h, "UUID", 0}) ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<CMSearchDescription><searchID>UUID</searchID><trackIDList><trackID>101</trackID></trackIDList>"
        "<timeSpanList><timeSpan><startTime>2026-11-23T13:00:00Z</startTime><endTime>2026-11-23T14:00:00Z</"
        "endTime>"
        "</timeSpan></timeSpanList><maxResults>40</maxResults><searchResultPostion>0</searchResultPostion>"
        "<metadataList><metadataDescriptor>//recordType.meta.std-cgi.com</metadataDescriptor></metadataList>"
        "</CMSearchDescription>");
  const auto answer = [](const std::string& word, const std::string& items) {
    return "<CMSearchResult version=\"2.0\" "
           "xmlns=\"http://www.isapi.org/ver20/XMLSchema\"><searchID>{X}</searchID>"
           "<responseStatus>true</responseStatus><responseStatusStrg>" +
           word + "</responseStatusStrg><numOfMatches>1</numOfMatches><matchList>" + items +
           "</matchList></CMSearchResult>";
  };
  const auto item = [](const std::string& track, const std::string& begin, const std::string& end) {
    return "<searchMatchItem><sourceID>{0}</sourceID><trackID>" + track + "</trackID><timeSpan><startTime>" +
           begin + "</startTime><endTime>" + end +
           "</endTime></timeSpan><mediaSegmentDescriptor><playbackURI>rtsp://10.0.0.5/x</playbackURI>"
           "</mediaSegmentDescriptor></searchMatchItem>";
  };
  const auto found =
      isapi::parse_search(answer("MORE", item("101", "2026-11-23T13:00:00Z", "2026-11-23T13:30:00Z") +
                                             item("201", "2026-11-23T13:00:00Z", "2026-11-23T13:30:00Z")),
                          101);
  REQUIRE(found);
  CHECK_FALSE(found->is_complete);
  REQUIRE(found->segments.size() == 1);
  CHECK(found->segments[0].begin == from);
  CHECK(found->segments[0].end == from + 30min);
  CHECK(isapi::parse_search(answer("NO MATCHES", ""), 101)->segments.empty());
  CHECK_FALSE(isapi::parse_search(answer("FAILED", ""), 101));
  CHECK_FALSE(isapi::parse_search(answer("OK", item("101", "yesterday", "2026-11-23T13:30:00Z")), 101));
  CHECK_FALSE(
      isapi::parse_search(answer("OK", item("101", "2026-11-23T13:30:00Z", "2026-11-23T13:00:00Z")), 101));
  CHECK_FALSE(isapi::parse_search("<ResponseStatus/>", 101));
}

TEST_CASE("clock and version") {
  const auto time = isapi::parse_time(
      "<Time version=\"2.0\"><timeMode>NTP</timeMode><localTime>2026-11-23T21:00:00+08:00</localTime>"
      "<timeZone>CST-8:00:00</timeZone></Time>");
  REQUIRE((time && time->offset));
  CHECK(iso_time(time->shown - *time->offset) == "2026-11-23T13:00:00Z");
  const auto bare = isapi::parse_time(
      "<Time><localTime>2026-11-23T21:00:00</localTime><timeZone>CST-8:00:00</timeZone></Time>");
  REQUIRE((bare && bare->offset));
  CHECK(*bare->offset == 480min);
  CHECK_FALSE(isapi::parse_time("<Time/>"));
  CHECK(isapi::parse_version("<DeviceInfo><model>DS-7616</model><firmwareVersion>V4.30.005</firmwareVersion>"
                             "<firmwareReleasedDate>build 200515</firmwareReleasedDate></DeviceInfo>") ==
        "DS-7616 V4.30.005 build 200515");
  CHECK(isapi::parse_version("<DeviceInfo><model>a&#10;b</model></DeviceInfo>") == "");
  CHECK_FALSE(isapi::parse_version("<x/>"));
}
