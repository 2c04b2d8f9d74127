// A profile that is wrong is one sentence with its place.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "daemon/app/site_reader.hpp"
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
