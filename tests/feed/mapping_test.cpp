#include "daemon/feed/mapping.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

#include "daemon/feed/dates.hpp"
#include "tests/feed/fixtures.hpp"

namespace lobby::feed {
namespace {

/// The sentence about the shipped mapping with a part replaced, and the line where that part begins.
struct Complaint {
  std::string sentence;
  std::size_t line = 0;
};

Complaint complaint(const std::string& part, const std::string& replacement) {
  std::string text = epoint_text();
  const std::size_t at = text.find(part);
  REQUIRE_MESSAGE(at != std::string::npos, part);
  const auto line =
      static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<long>(at), '\n')) + 1;
  text.replace(at, part.size(), replacement);
  try {
    static_cast<void>(parse_mapping(text, "m.toml"));
  } catch (const std::runtime_error& error) {
    return {error.what(), line};
  }
  return {"", line};
}

/// Wrong in one line: the sentence names that line and says something about `word`.
void check_place(const std::string& part, const std::string& replacement, const std::string& word) {
  const Complaint found = complaint(part, replacement);
  CAPTURE(replacement);
  CAPTURE(found.sentence);
  CHECK(found.sentence.starts_with("m.toml:" + std::to_string(found.line) + ":"));
  CHECK(found.sentence.find(word) != std::string::npos);
  CHECK(found.sentence.find('\n') == std::string::npos);
}

TEST_CASE("the shipped mapping is whole") {
  CHECK(epoint().name == "epoint");
  CHECK(epoint_cases().paging.by_page);
  CHECK(epoint_cases().paging.base == 0);
  CHECK(epoint_cases().paging.size == 50);
  CHECK(epoint_cases().status.words.at("已受理") == "accepted");
}

TEST_CASE("anything unknown or of a wrong type is one sentence with its place") {
  check_place("schema = 1", "schema = 2", "schema");
  check_place("name = \"epoint\"", "name = 7", "name");
  check_place("utc_offset = \"+08:00\"", "utc_offset = \"8\"", "utc_offset");
  check_place("utc_offset = \"+08:00\"", "utc_ofset = \"+08:00\"", "utc_ofset");
  check_place("method = \"POST\"", "method = \"PUT\"", "POST, GET");
  check_place("numbers_as_strings = true", "numbers_as_strings = 1", "true or false");
  check_place("token = \"{token}\"", "token = \"{tokn}\"", "{tokn}");
  check_place("token = \"{token}\"", "token = \"{token\"", "placeholder");
  check_place("type = \"month\"", "type = 2026-01-01", "body");
  check_place("unwrap = [\"/custom\"]", "unwrap = [\"custom\"]", "JSON pointer");
  check_place("items = \"/custom/projectlist\"", "items = [\"/custom/projectlist\"]", "JSON pointer");
  check_place("  { at = \"/custom/code\", is = [\"1\"] },", "  { at = \"/custom/code\", is = [1] },", "is");
  check_place("  { at = \"/custom/code\", is = [\"1\"] },", "  { at = \"/custom/code\" },", "is");
  check_place("  { at = \"/custom/code\", is = [\"1\"] },", "  { at = \"/custom/code\", eq = [\"1\"] },",
              "is");
  check_place("style = \"page\"", "style = \"cursor\"", "page, none");
  CHECK(complaint("keyword = \"\"", "keyword = \"{cursor}\"").sentence.find("need each other") !=
        std::string::npos);
  check_place("# cursor = \"/custom/next\"", "cursor = \"/custom/next\"", "need each other");
  check_place("base = 0 ", "base = 2 ", "0 to 1");
  check_place("size = 50 ", "size = 0 ", "size");
  check_place("[field.query_code]", "[field.querycode]", "querycode");
  check_place("\"已受理\" = \"accepted\"", "\"已受理\" = \"acepted\"", "acepted");
  check_place("otherwise = \"unknown\"       #", "otherwise = \"other\"       #", "other");
  check_place("match = \"prefix\"", "match = \"regex\"", "prefix, equal");
  check_place("person_rest = \"**\"", "person_rest = \"\"", "1 to 4");
  check_place("sole_trader = \"mask\"", "sole_trader = \"show\"", "mask, full");
  check_place("compound_surnames = []", "compound_surnames = [\"第\"]", "2 characters");
  check_place("[paging]\nstyle", "[paging\nstyle", "TOML");
}

TEST_CASE("transforms are a closed list") {
  const std::string trim = "from = [\"/projectguid\"]\ntransforms = [\"trim\"]";
  const auto sentence = [&](const std::string& transforms) {
    return complaint(trim, "from = [\"/projectguid\"]\ntransforms = " + transforms).sentence;
  };
  CHECK(sentence("[\"lua\"]").find("unknown transform \"lua\"") != std::string::npos);
  CHECK(sentence("[{ regex = \"x\" }]").find("unknown transform") != std::string::npos);
  CHECK(sentence("[{ null = [], map = {} }]").find("unknown key") != std::string::npos);
  CHECK(sentence("[{ substring = [1] }]").find("substring") != std::string::npos);
  CHECK(sentence("[{ substring = [-1, 2] }]").find("substring") != std::string::npos);
  CHECK(sentence("[{ date = [\"yyyy-MM-DD\"] }]").find("unknown date format") != std::string::npos);
  CHECK(sentence("[{ map = { a = 1 } }]").find("text in quotes") != std::string::npos);
  CHECK(sentence("[3]").find("transforms") != std::string::npos);
  CHECK(sentence("\"trim\"").find("list") != std::string::npos);
  CHECK(sentence("[\"mask\"]").find("applicant_display") != std::string::npos);
}

TEST_CASE("a mapping cannot let a raw name through") {
  CHECK(complaint("{ null = [\"--\"] }, \"mask\"]", "{ null = [\"--\"] }]").sentence.find("mask") !=
        std::string::npos);
  CHECK(
      complaint("from = [\"/projectname\"]", "from = [\"/applyername\"]").sentence.find("applicant's name") !=
      std::string::npos);
  CHECK(complaint("from = [\"/projectname\"]", "from = [\"/x\", \"/applyername\"]")
            .sentence.find("matter_name") != std::string::npos);
}

TEST_CASE("what is needed must be there") {
  CHECK(complaint("[field.id]", "[field.light]").sentence.find("light") != std::string::npos);
  CHECK(complaint("name = \"epoint\"", "").sentence.find("`name` is missing") != std::string::npos);
  CHECK_THROWS_WITH(static_cast<void>(parse_mapping("", "m.toml")),
                    "m.toml:1:1: `schema` is missing: add `schema = 1`");
  CHECK_THROWS_WITH(static_cast<void>(read_mapping("/nonexistent/m.toml")),
                    "/nonexistent/m.toml:1:1: the mapping cannot be read: No such file or directory");
  CHECK(complaint("{ date = [\"yyyy-MM-dd\", \"yyyy-MM-dd HH:mm:ss\", \"yyyy-MM-dd HH:mm:ss.S\", "
                  "\"yyyy/MM/dd\", \"rfc3339\"] }",
                  "")
            .sentence.find("needs a transform { date") != std::string::npos);
}

TEST_CASE("a mapping may describe other lists, which inherit what they leave out") {
  const std::string text = R"(
schema = 1
name = "m"
[request]
method = "GET"
[request.query]
since = "{cursor}"
[request.headers]
X-App = "hall"
[answer]
items = "/data/items"
cursor = "/data/next"
has_more = "/data/more"
server_time = "/data/now"
[paging]
style = "none"
size = 200
[matters]
path = "/matters"
interval_s = 300
[matters.field.id]
from = ["/code"]
[calendar]
path = "/calendar/{year}"
[calendar.request]
query = {}
[calendar.answer]
items = "/days"
[calendar.field.id]
from = ["/date"]
)";
  const Mapping mapping = parse_mapping(text, "m.toml");
  CHECK(mapping.find(What::cases) == nullptr);
  CHECK(mapping.find(What::bids) == nullptr);
  REQUIRE(mapping.resources.size() == 2);
  const Resource& listed = *mapping.find(What::matters);
  CHECK(listed.path == "/matters");
  CHECK(listed.interval_s == 300);
  CHECK_FALSE(listed.request.post);
  CHECK(listed.request.query.at("since") == "{cursor}");
  CHECK(listed.request.headers.at("X-App") == "hall");
  CHECK(listed.answer.items == Pointer{"data", "items"});
  CHECK(listed.answer.cursor == Pointer{"data", "next"});
  CHECK(listed.paging.size == 200);
  // What is asked without a cursor needs no place for one.
  const Resource& calendar = *mapping.find(What::calendar);
  CHECK(calendar.request.query.empty());
  CHECK(calendar.answer.items == Pointer{"days"});
  CHECK_FALSE(calendar.answer.cursor);
  CHECK_FALSE(calendar.answer.has_more);
  CHECK(calendar.answer.server_time.has_value());
  CHECK(calendar.interval_s == 0);

  const auto refused = [](const std::string& whole) {
    try {
      static_cast<void>(parse_mapping(whole, "m.toml"));
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const std::string head = text.substr(0, text.find("[matters]"));
  CHECK(refused(head).find("[field] is missing") != std::string::npos);
  CHECK(refused(head + "[matters]\npath = \"matters\"\n").find("matters.path") != std::string::npos);
  CHECK(refused(head + "[matters]\npath = \"/{moon}\"\n").find("{moon}") != std::string::npos);
  CHECK(refused(head + "[matters]\ninterval_s = 0\n").find("1 to 86400") != std::string::npos);
  CHECK(refused(head + "[matters.field.id]\nfrom = [\"/a\"]\n[matters.field.case_no]\nfrom = [\"/b\"]\n")
            .find("matters.field.case_no") != std::string::npos);
  CHECK(refused(head + "[matters.field.name]\nfrom = [\"/a\"]\n").find("[matters.field.id] is missing") !=
        std::string::npos);
  CHECK(refused(text + "[windows.field.id]\nfrom = [\"/a\"]\n").find("windows") != std::string::npos);
  CHECK(refused("schema = 1\nname = \"m\"\n[matters.field.id]\nfrom = [\"/a\"]\n")
            .find("`matters.answer.items` is missing") != std::string::npos);
}

TEST_CASE("the fields of other lists keep their vocabularies") {
  const auto refused = [](const std::string& part) {
    const std::string text =
        "schema = 1\nname = \"m\"\n[answer]\nitems = \"\"\n[notices.field.id]\nfrom = [\"/id\"]\n";
    try {
      static_cast<void>(parse_mapping(text + part, "m.toml"));
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const auto says = [&refused](const std::string& part, const std::string& word) {
    CAPTURE(part);
    const std::string sentence = refused(part);
    CAPTURE(sentence);
    CHECK(sentence.find(word) != std::string::npos);
  };
  CHECK(refused("").empty());
  says("[notices.field.notice_type]\nfrom = [\"/t\"]\n", "map");
  says(
      "[notices.field.notice_type]\nfrom = [\"/t\"]\ntransforms = [{ map = { a = \"b\" }, otherwise = "
      "\"other\" }]\n",
      "\"b\"");
  says("[notices.field.status]\nfrom = [\"/t\"]\n", "[notices.status]");
  says("[notices.field.status]\nfrom = [\"/t\"]\n[notices.status.words]\n\"1\" = \"accepted\"\n", "accepted");
  says("[notices.field.publish_to]\nfrom = [\"/t\"]\n", "date");
  says("[notices.candidates]\nitems = [\"/c\"]\n[notices.candidates.field.name]\nfrom = [\"/n\"]\n", "mask");
  says("[notices.candidates]\nitems = [\"/c\"]\n[notices.candidates.field.rank]\nfrom = [\"/n\"]\n", "name");
  says("[notices.candidates.field.name]\nfrom = [\"/n\"]\ntransforms = [\"mask\"]\n", "items");
  says("[notices.stops]\nitems = [\"/c\"]\n", "stops");
  says("[staff.field.id]\nfrom = [\"/id\"]\n[staff.field.mobile]\nfrom = [\"/m\"]\n", "mobile");
  says("[bids.field.id]\nfrom = [\"/id\"]\n[bids.field.tenderer]\nfrom = [\"/t\"]\n", "mask");
  says("[matters.field.id]\nfrom = [\"/id\"]\n[matters.field.promised_limit]\nfrom = [\"/t\"]\n", "limit");
  says(
      "[matters.field.id]\nfrom = [\"/id\"]\n[matters.field.promised_limit]\nfrom = [\"/t\"]\n"
      "transforms = [{ limit = \"month\" }]\n",
      "month");
  says(
      "[matters.field.id]\nfrom = [\"/id\"]\n[matters.field.promised_limit]\nfrom = [\"/t\"]\n"
      "transforms = [{ limit = \"\", units = { \"1\" = \"week\" } }]\n",
      "week");
}

TEST_CASE("what names evaluation experts is not read") {
  const std::string experts = "experts are never read";
  const std::string from = "from = [\"/projectname\"]";
  for (const char* pointer :
       {"/experts", "/a/Expert/0", "/reviewEXPERTS", "/专家名单", "/评委", "/pingweiList", "/zhuanjia"}) {
    CAPTURE(pointer);
    CHECK(complaint(from, std::string("from = [\"") + pointer + "\"]").sentence.find(experts) !=
          std::string::npos);
  }
  CHECK(complaint("[field.query_code]", "[field.experts]").sentence.find(experts) != std::string::npos);
  CHECK(
      complaint("items = \"/custom/projectlist\"", "items = \"/custom/expertlist\"").sentence.find(experts) !=
      std::string::npos);
}

TEST_CASE("what hides names and numbers of applicants feeds no other field") {
  const auto also = [](const std::string& more) {
    return complaint("[field.query_code]", more + "[field.query_code]").sentence;
  };
  CHECK(also("[field.applicant_key]\nfrom = [\"/projectname\"]\n").find("applicant_key") !=
        std::string::npos);
  CHECK(also("[field.applicant_key]\nfrom = [\"/applyername\"]\n").find("applicant_key") !=
        std::string::npos);
  CHECK(also("[field.applicant_key]\nfrom = [\"/idcard\"]\n").empty());
  CHECK(complaint("schema = 1", "schema = 1\nhide = [\"/projectname\"]").sentence.find("hide") !=
        std::string::npos);
  CHECK(complaint("schema = 1", "schema = 1\nhide = [\"/contact\"]").sentence.empty());
  CHECK(complaint("# --- how names", "[suppress]\nwords = [\"殡\"]\n# --- how names")
            .sentence.find("2 characters") != std::string::npos);
  CHECK(complaint("# --- how names", "[suppress]\ncodes = [\"\"]\n# --- how names").sentence.find("codes") !=
        std::string::npos);
}

TEST_CASE("dates are dates of the calendar") {
  const auto read = [](std::string_view text, std::string_view format) {
    return read_date(text, format, "+08:00").value_or("-");
  };
  CHECK(read("2026-11-20", "yyyy-MM-dd") == "2026-11-20");
  CHECK(read("20261120", "yyyyMMdd") == "2026-11-20");
  CHECK(read("2026年11月20日", "yyyy年MM月dd日") == "2026-11-20");
  CHECK(read("2026-11-20 09:05:07", "yyyy-MM-dd HH:mm:ss") == "2026-11-20T09:05:07+08:00");
  CHECK(read("2026-11-20 09:05:07.0", "yyyy-MM-dd HH:mm:ss.S") == "2026-11-20T09:05:07+08:00");
  CHECK(read("2024-02-29", "yyyy-MM-dd") == "2024-02-29");
  CHECK(read("2026-11-20T09:05:07Z", "rfc3339") == "2026-11-20T09:05:07.000+00:00");
  CHECK(read("1795136400", "epoch_s") == "2026-11-20T09:00:00.000+08:00");
  for (const char* text : {"2026-02-29", "2026-13-01", "2026-00-10", "2026-11-31", "2026-1-2", "2026-11-20 ",
                           "--", "", "2026-11-20x", "0000-01-01", "２０２６-11-20"}) {
    CAPTURE(text);
    CHECK(read(text, "yyyy-MM-dd") == "-");
  }
  CHECK(read("2026-11-20 24:00:00", "yyyy-MM-dd HH:mm:ss") == "-");
  CHECK(read("99999999999999999999", "epoch_ms") == "-");
  CHECK_FALSE(is_date_format("yyyy-MM"));
  CHECK_FALSE(is_date_format("yyyy-mm-dd"));
  CHECK_FALSE(is_date_format(""));
}

TEST_CASE("an XML body is whole, alone, and not of a GET") {
  const auto told = [](const std::string& request) {
    try {
      static_cast<void>(parse_mapping("schema = 1\nname = \"m\"\n[request]\n" + request +
                                          "\n[answer]\nitems = \"/a\"\n[matters.field.id]\nfrom = [\"/a\"]\n"
                                          "[matters.field.name]\nfrom = [\"/b\"]\n",
                                      "m.toml"));
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  CHECK(told("xml = '<a b=\"{area}\"><c>{page}</c>&amp;</a>'") == "accepted");
  CHECK(told("xml = '<a><c>{page}</c>'").find("m.toml:4:7: `request.xml` must be a whole XML document") == 0);
  CHECK(told("xml = '<a>&</a><b/>'").find("whole XML document") != std::string::npos);
  CHECK(told("xml = '<!DOCTYPE a><a/>'").find("whole XML document") != std::string::npos);
  CHECK(told("xml = ''").find("whole XML document") != std::string::npos);
  CHECK(told("xml = '<a>{moon}</a>'").find("{moon}") != std::string::npos);
  CHECK(told("method = \"GET\"\nxml = '<a/>'").find("a GET has no body") != std::string::npos);
  CHECK(told("xml = '<a/>'\nbody = { a = \"b\" }").find("one body") != std::string::npos);
}

}  // namespace
}  // namespace lobby::feed
