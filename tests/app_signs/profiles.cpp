// A profile that is wrong is one sentence with its place.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "daemon/app/site_reader.hpp"
#include "daemon/app/warnings.hpp"
#include "tests/app/site_cases.hpp"

namespace {

using namespace lobby;

const std::string good = R"(schema = 1
title = "x"
dialect = "x"
frame = ["AA", "address", "text", "sum8"]
)";

std::string refusal(const app::cases::Folder& folder, const std::string& text) {
  const auto path = folder.write("x.toml", text);
  try {
    static_cast<void>(app::read_sign_profile(path));
  } catch (const app::SiteError& error) {
    return std::string(error.what()).substr(path.size());
  }
  return "accepted";
}

/// A line of strip signs, on which nothing hangs yet.
constexpr const char* strip_line = R"(schema = 1
name = "x"
zone = [{id = "z", name = "z"}]
service = [{id = "s", name = "s", zone = "z", prefix = "A", hours = "h"}]
window = [{id = "w", number = 1, name = "w", zone = "z", services = ["s"]}]
bus = [{id = "strips", port = "/dev/strips", baud = 9600, dialect = "strip69"}]
[hours.h]
)";

}  // namespace

TEST_CASE("every shipped sign profile is read, and those of one dialect may share a line") {
  int read = 0;
  for (const auto& file : std::filesystem::directory_iterator(LOBBY_SOURCE_DIR "/config/profiles/signs")) {
    CAPTURE(file.path().string());
    const auto profile = app::read_sign_profile(file.path().string());
    CHECK(!profile.dialect.empty());
    CHECK((profile.dialect == "modbus" || file.path().stem().string().starts_with(profile.dialect)));
    ++read;
  }
  CHECK(read >= 15);
}

TEST_CASE("what is wrong in the profile of a Modbus display is said with its place") {
  const app::cases::Folder folder;
  const std::string display = R"(schema = 1
title = "x"
dialect = "modbus"
registers = "number"
digits = 4
)";
  REQUIRE(refusal(folder, display) == "accepted");
  struct Wrong {
    std::string from, to, place, word;
  };
  const Wrong all[] = {
      {"digits = 4", "digits = 5", ":5:10: ", "4 digits"},
      {"digits = 4", "columns = 4", ":4:13: ", "\"digits\""},
      {"\"number\"", "\"text\"", ":4:13: ", "\"columns\""},
      {"digits = 4", "digits = 4\npause_ms = 5", ":6:12: ", "\"pause_ms\""},
      {"\"modbus\"", "\"x\"", ":3:11: ", "\"modbus\""},
  };
  for (const auto& wrong : all) {
    CAPTURE(wrong.to);
    const auto sentence = refusal(folder, app::cases::replaced(display, wrong.from, wrong.to));
    CHECK_MESSAGE(sentence.starts_with(wrong.place), sentence);
    CHECK_MESSAGE(sentence.find(wrong.word) != std::string::npos, sentence);
  }
}

TEST_CASE("a line of strip signs that needs longer for its closing text than the site gives is said") {
  // 69 bytes at 9600 baud and 300 ms: 0.372 s each.
  for (const int signs : {13, 14}) {
    CAPTURE(signs);
    std::string text = strip_line;
    for (int n = 1; n <= signs; ++n) {
      text += "[[sign]]\nid = \"n" + std::to_string(n) +
              "\"\nprofile = \"strip69\"\nbus = \"strips\"\nwindow = \"w\"\naddress = " + std::to_string(n) +
              "\n";
    }
    const auto site = app::read_site_text(text, app::cases::name);
    const auto warnings = app::warnings_of(site, *hall::parse_date("2026-03-16"));
    const auto slow = std::count_if(warnings.begin(), warnings.end(), [](const std::string& each) {
      return each.find("\"strips\" needs 5.2 s") != std::string::npos;
    });
    CHECK(slow == (signs == 14 ? 1 : 0));
  }
}

TEST_CASE("boards on a line are closed page by page, and that is counted too") {
  for (const int boards : {6, 7}) {
    CAPTURE(boards);
    std::string text = strip_line;
    for (int n = 1; n <= boards; ++n) {
      text +=
          "[[board]]\nid = \"n" + std::to_string(n) +
          "\"\nprotocol = \"sign\"\nprofile = \"strip69\"\nbus = \"strips\"\naddress = " + std::to_string(n) +
          "\n";
    }
    const auto site = app::read_site_text(text, app::cases::name);
    const auto warnings = app::warnings_of(site, *hall::parse_date("2026-03-16"));
    const auto slow = std::count_if(warnings.begin(), warnings.end(), [](const std::string& each) {
      return each.find("\"strips\" needs 5.2 s to show the closing text on its 7 units") != std::string::npos;
    });
    CHECK(slow == (boards == 7 ? 1 : 0));
  }
}

TEST_CASE("what is wrong in a sign profile is said with its place") {
  const app::cases::Folder folder;
  REQUIRE(refusal(folder, good) == "accepted");
  struct Wrong {
    std::string from, to, place, word;
  };
  const Wrong all[] = {
      {"\"sum8\"", "\"sum9\"", ":4:35: ", "\"sum9\""},
      {"\"AA\"", "\"A\"", ":4:10: ", "\"A\""},
      {", \"text\"", "", ":4:9: ", "nothing to show"},
      {"dialect = \"x\"", "dialekt = \"x\"", ":3:1: ", "dialekt"},
      {"title = \"x\"", "title = \"x\"\ntext = \"wide\"", ":3:8: ", "\"wide\""},
      {"title = \"x\"", "title = \"x\"\ncolumns = 8\ndigits = 3", ":3:11: ", "digits"},
      {"title = \"x\"", "title = \"x\"\ntext_bytes = 8", ":3:14: ", "columns"},
      {"title = \"x\"", "title = \"x\"\nregisters = \"digits\"", ":3:13: ", "one of them"},
      {"title = \"x\"", "title = \"x\"\npages = 2", ":3:9: ", "page 0A"},
      {"title = \"x\"", "title = \"x\"\nbrightness = 3", ":3:14: ", "\"brightness\""},
      {"dialect = \"x\"", "dialect = \"modbus\"", ":3:11: ", "modbus"},
      {"frame = [\"AA\", \"address\", \"text\", \"sum8\"]", "", ":1:10: ", "\"frame\""},
      {"schema = 1", "schema = 2", ":1:10: ", "schema"},
  };
  for (const auto& wrong : all) {
    CAPTURE(wrong.to);
    const auto sentence = refusal(folder, app::cases::replaced(good, wrong.from, wrong.to));
    CHECK_MESSAGE(sentence.starts_with(wrong.place), sentence);
    CHECK_MESSAGE(sentence.find(wrong.word) != std::string::npos, sentence);
  }
}
