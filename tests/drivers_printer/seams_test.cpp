// Where a real-time question may stand, against a tokenizer that knows nothing of the encoder.
#include <doctest/doctest.h>

#include <random>
#include <set>
#include <string>

#include "drivers/printer/escpos.hpp"
#include "tests/sim/escpos_tokens.hpp"

namespace seams_tests {

namespace {

using namespace lobby;
using namespace lobby::printer;
using namespace lobby::printer::escpos;

/// Offsets behind each command and each character, and whatever acts in real time.
struct Tokens {
  std::set<std::size_t> ends{0};
  int real_time = 0;
  explicit Tokens(const Bytes& bytes) {
    sim::EscposTokens tokens;
    std::vector<sim::EscposToken> out;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      tokens.feed(bytes[i], out);
      for (const auto& token : out) {
        if (token.kind == sim::EscposToken::Kind::real_time) {
          ++real_time;
        }
        if (token.size > 0) {
          ends.insert(i + 1);
        }
      }
      out.clear();
    }
  }
};

int pairs(const Bytes& bytes) {
  int found = 0;
  for (std::size_t i = 1; i < bytes.size(); ++i) {
    const bool acts = bytes[i] == 0x04 || bytes[i] == 0x05 || bytes[i] == 0x14;
    found += bytes[i - 1] == 0x10 && acts ? 1 : 0;
  }
  return found;
}

using Random = std::mt19937;

Profile any_profile(Random& random) {
  Profile profile;
  profile.dots = random() % 2 == 0 ? 384 : 576;
  profile.columns = profile.dots / 12;
  profile.font = static_cast<Profile::Font>(random() % 4);
  profile.rare = static_cast<Profile::Rare>(random() % 2);
  profile.raster = static_cast<Profile::Raster>(random() % 2);
  profile.qr = static_cast<Profile::QrBy>(random() % 2);
  profile.qr_max_bytes = 1 + static_cast<int>(random() % 2000);
  profile.init = {0x1B, 0x63, 0x35, 0x01};
  profile.cut = {0x1D, 0x56, 0x42, 0x10};
  profile.present = {0x1D, 0x65, 0x05};
  return profile;
}

Item any_item(Random& random) {
  const std::string pieces[] = {"号", "A", "𠮷", "㐀", "\x10", "\x04", "镕", "政务", " ", "È"};
  const auto align = static_cast<Align>(random() % 3);
  switch (random() % 4) {
    case 0: {
      Picture picture{1 + static_cast<int>(random() % 700), 1 + static_cast<int>(random() % 200), {}, align};
      const auto size = static_cast<std::size_t>((picture.width_dots + 7) / 8 * picture.height);
      const Bytes worst{0x10, 0x04, 0x10, 0x14, 0x05};
      for (std::size_t i = 0; i < size; ++i) {
        picture.rows.push_back(worst[random() % worst.size()]);
      }
      return picture;
    }
    case 1: {
      Qr qr{"", 1 + static_cast<int>(random() % 8), align};
      const auto size = random() % 5 == 0 ? random() % 2400 : random() % 60;
      for (std::size_t i = 0; i < size; ++i) {
        qr.data += static_cast<char>(random() % 3 == 0 ? 0x10 : random() % 2 == 0 ? 0x04 : 'x');
      }
      return qr;
    }
    default: {
      TextLine line{"", align, 1 + static_cast<int>(random() % 4), random() % 2 == 0};
      for (auto i = random() % 60; i > 0; --i) {
        line.text += pieces[random() % std::size(pieces)];
      }
      return line;
    }
  }
}

}  // namespace

TEST_CASE("a seam is never inside a command, never far from the next, and nothing acts in real time") {
  Random random(20261126);
  const auto noisy = [&random](char32_t c, int) {
    Glyph glyph;
    for (auto& row : glyph.rows) {
      row = static_cast<std::uint32_t>(random() & random() & random());
    }
    glyph.rows[3] = glyph.rows[13] = 0xFFFFFF00;  // columns of 10 04 …
    return c == U'镕' ? std::nullopt : std::optional(glyph);
  };
  std::size_t seams = 0;
  for (int round = 0; round < 3000; ++round) {
    Job job;
    for (auto i = random() % 5; i > 0; --i) {
      job.items.push_back(any_item(random));
    }
    const auto encoded = encode(job, any_profile(random), noisy);
    const Tokens tokens(encoded.bytes);
    REQUIRE(tokens.real_time == 0);
    REQUIRE(pairs(encoded.bytes) == 0);
    std::size_t before = 0;
    for (const auto seam : encoded.seams) {
      REQUIRE(seam > before);
      REQUIRE(seam - before <= 1800);
      REQUIRE(tokens.ends.contains(seam));
      before = seam;
    }
    REQUIRE(before == encoded.bytes.size());
    seams += encoded.seams.size();
  }
  CHECK(seams > 30'000);
}

TEST_CASE("a question at any seam changes nothing of the paper") {
  Random random(7);
  const auto text_of = [](const Bytes& bytes) {
    sim::EscposTokens tokens;
    std::vector<sim::EscposToken> out;
    for (const auto byte : bytes) {
      tokens.feed(byte, out);
    }
    std::u32string text;
    Bytes commands;
    int asked = 0;
    for (const auto& token : out) {
      asked += token.kind == sim::EscposToken::Kind::real_time ? 1 : 0;
      if (token.kind == sim::EscposToken::Kind::character) {
        text.push_back(token.character);
      } else if (token.kind == sim::EscposToken::Kind::command) {
        commands.insert(commands.end(), token.bytes.begin(), token.bytes.end());
      }
    }
    return std::tuple(text, commands, asked);
  };
  for (int round = 0; round < 300; ++round) {
    Job job{{any_item(random), any_item(random)}};
    const auto encoded = encode(job, any_profile(random));
    const auto [text, commands, none] = text_of(encoded.bytes);
    Bytes asked;
    std::size_t from = 0;
    int questions = 0;
    for (const auto seam : encoded.seams) {
      asked.insert(asked.end(), encoded.bytes.begin() + static_cast<std::ptrdiff_t>(from),
                   encoded.bytes.begin() + seam);
      asked.insert(asked.end(), {0x10, 0x04, static_cast<std::uint8_t>(1 + questions++ % 4)});
      from = seam;
    }
    const auto [text_asked, commands_asked, answered] = text_of(asked);
    REQUIRE(none == 0);
    REQUIRE(answered == questions);
    REQUIRE(text_asked == text);
    REQUIRE(commands_asked == commands);
  }
}

}  // namespace seams_tests
