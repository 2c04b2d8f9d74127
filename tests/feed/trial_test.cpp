#include "daemon/feed/trial.hpp"

#include <doctest/doctest.h>

#include "tests/feed/fixtures.hpp"
#include "tests/feed/upstream.hpp"

namespace lobby::feed {
namespace {

const char* const matters = R"(
[matters]
path = "/matters"
[matters.field.id]
from = ["/id"]
[matters.field.name]
from = ["/name"]
)";

struct TrialSite {
  Explained tried(std::vector<What> wanted = {}) {
    settings.url = "http://127.0.0.1/api";
    settings.resources = std::move(wanted);
    Source source(settings, mapping, upstream.connect(), upstream.around());
    return test_source(settings, mapping, source);
  }
  Settings settings;
  Mapping mapping = parse_mapping(plain_mapping(matters), "m.toml");
  FakeUpstream upstream;
};

TEST_CASE("a mapping is tried on what the system says now, over all its answers") {
  TrialSite site;
  site.upstream.say(ok(cases({"a=1", "b=9", "=1"}, "c1", true)));
  site.upstream.say(ok(cases({"c=1", "-d"}, "c2", false)));
  const Explained told = site.tried();
  CAPTURE(told.text);
  CHECK(told.readable);
  CHECK(told.text.starts_with("cases: 5 rows in the answer, 3 mapped, 1 removed, 1 skipped\n"));
  CHECK(told.text.find("  id                     3  a | b | c\n") != std::string::npos);
  CHECK(told.text.find("      1  9\n") != std::string::npos);
  CHECK(site.upstream.asked.size() == 2);
}

TEST_CASE("a system that does not answer is told with the reason") {
  TrialSite site;
  site.upstream.say(status(404));
  const Explained told = site.tried({What::matters});
  CHECK_FALSE(told.readable);
  CHECK(told.text ==
        "matters: not there: HTTP 404: the upstream does not know this address, check the url\n");
  TrialSite other;
  other.upstream.say(ok(R"(<html>login)"));
  CHECK(other.tried().text.starts_with("cases: trouble: the answer is a login page"));
  CHECK(other.tried({What::calendar}).text == "the mapping has no calendar\n");
}

TEST_CASE("a saved answer may be in GB 18030") {
  Settings settings;
  settings.answer_file = LOBBY_SOURCE_DIR "/tests/feed/fixtures/gb18030.json";
  const Explained told = test_file(settings, epoint());
  CAPTURE(told.text);
  CHECK(told.readable);
  CHECK(told.text.find("张**") != std::string::npos);
  CHECK(told.text.find("三丰") == std::string::npos);
}

}  // namespace
}  // namespace lobby::feed
