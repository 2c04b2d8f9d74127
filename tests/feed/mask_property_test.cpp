// No given name is readable anywhere in a line, whatever the script, the length and what stands around it.
#include <doctest/doctest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/feed/fold.hpp"
#include "daemon/feed/text.hpp"
#include "tests/feed/fixtures.hpp"

namespace lobby::feed {
namespace {

namespace json = boost::json;
using Text = std::u32string;

/// The same numbers on every machine.
class Dice {
 public:
  std::size_t below(std::size_t n) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>((state_ >> 33U) % n);
  }
  template <class List>
  const auto& one_of(const List& list) {
    return list[below(std::size(list))];
  }

 private:
  std::uint64_t state_ = 20261120;
};

struct Script {
  const char* name;
  Text first;    ///< letters that a name may begin with
  Text letters;  ///< of the rest; none of them stands in the texts around a name
  Text joints;   ///< what may stand between two of its words; empty: a name is one word
};

/// Ranges of rare letters: none of them stands in a word around a name.
Text range(char32_t from, std::size_t count) {
  Text out;
  for (char32_t c = from; out.size() < count; ++c) {
    out.push_back(c);
  }
  return out;
}

const std::vector<Script>& scripts() {
  static const std::vector<Script> all{
      {"Han", U"张王李赵欧司诸", U"鑫淼焱垚犇骉翀翯麒麟瑾瑜璇珺", {}},
      {"Han of four bytes", range(0x20000, 40), range(0x2A700, 300), {}},
      {"traditional Han", U"張陳劉趙", U"龍鳳學靜華麗瓊鵬", {}},
      {"Tibetan", U"བདརསལཉ", U"ཀཁགངཅཆཇཏཐནཔཕམཙཚཛཝཞཟའཡཤཧཨིེོུྐྱྲླ", U"་"},
      {"Uyghur", U"ئابپتجچ", U"خدرزژسشغفقكگڭلمنھوۇۆۈۋېىي", U" "},
      {"Mongolian", range(0x1820, 8), range(0x1828, 20), U"\u202F"},
      {"Latin with marks", U"ÁČĐŁÑŠŽ", U"xqzẽẵộữżžźřňķĝĵ", U" -'"},
      {"Cyrillic", U"АБВГ", U"йцукёнгшщзхъфывапролджэячсмитьбю", U" -"},
      {"Hangul", U"김박이최", range(0xAC10, 400), {}},
      {"mixed", U"张БÁ김", U"鑫淼焱xqzйцу훈현", U"·"},
  };
  return all;
}

Text a_name(Dice& dice, const Script& script, std::size_t length) {
  Text out(1, dice.one_of(script.first));
  while (out.size() < length) {
    const bool joint = !script.joints.empty() && out.size() > 2 && out.size() + 2 < length &&
                       dice.below(6) == 0 && is_letter(out.back());
    out.push_back(joint ? dice.one_of(script.joints) : dice.one_of(script.letters));
  }
  return out;
}

/// How the same name may stand in another field.
Text written_otherwise(Dice& dice, const Text& name) {
  const Text between[] = {U"", U"", U" ", U"·", U"\u200b", U"\u3000", U"-", U"\U000E0100", U"\ufe00"};
  const Text& gap = dice.one_of(between);
  Text out;
  for (const char32_t c : name) {
    out += (out.empty() ? U"" : gap) + Text(1, c);
  }
  return out;
}

Text as_applicant(Dice& dice, const Text& name) {
  const Text before[] = {U"", U"", U"", U"申请人:", U"申请人", U"（", U" ", U"\ufeff"};
  const Text after[] = {
      U"", U"", U"", U"先生", U"女士", U"等3人", U"(某某公司)", U"（法定代表人）", U" 13812345678", U"、"};
  const Text& opening = dice.one_of(before);
  return opening + name + (opening == U"（" ? U"）" : U"") + dice.one_of(after);
}

Text letters_of(std::string_view utf8) {
  return fold_letters(tidy(decode(utf8), utf8.size()));
}

/// The line of a row whose texts tell the name.
std::string line_of(Dice& dice, const Text& name, const char* type) {
  const std::string said = encode(U"关于" + written_otherwise(dice, name) + U"的申请");
  const std::string whole = encode(written_otherwise(dice, name));
  const json::object row{{"projectguid", "g-" + said},
                         {"flowsn", whole},
                         {"querycode", said},
                         {"projectname", said},
                         {"ouname", whole},
                         {"applyertype", type},
                         {"applyername", encode(as_applicant(dice, name))},
                         {"status", said}};
  const json::object body{{"status", {{"code", "1"}}},
                          {"custom", {{"code", "1"}, {"projectlist", json::array{row}}}}};
  const auto answer = read_answer(epoint(), epoint_cases(), {"", "key", "key"}, json::serialize(body));
  REQUIRE(std::get<Answer>(answer).rows.size() == 1);
  return std::get<Answer>(answer).rows.front().line;
}

void check_hidden(const std::string& line, const Text& name) {
  const Text letters = letters_of(encode(name));
  if (letters.size() < 2) {
    return;
  }
  // One letter may stand anywhere by chance.
  const Text given = letters.size() == 2 ? letters : letters.substr(1);
  const json::value parsed = json::parse(line);
  for (const auto& [key, value] : parsed.get_object()) {
    const auto* text = value.if_string();
    const bool sum = key == "id" && text->starts_with("x-");
    if (text == nullptr || sum) {
      continue;
    }
    CAPTURE(line);
    CAPTURE(encode(name));
    CAPTURE(std::string(key));
    CHECK(letters_of({text->data(), text->size()}).find(given) == Text::npos);
  }
}

TEST_CASE("no given name is readable anywhere in a line") {
  Dice dice;
  for (const Script& script : scripts()) {
    CAPTURE(script.name);
    for (std::size_t length = 1; length <= 40; ++length) {
      for (const char* type : {"1", "", "个体工商户"}) {
        for (int again = 0; again < 4; ++again) {
          const Text name = a_name(dice, script, length);
          check_hidden(line_of(dice, name, type), name);
        }
      }
    }
  }
}

TEST_CASE("several names of one field are all hidden in the others") {
  Dice dice;
  for (const Script& script : scripts()) {
    CAPTURE(script.name);
    for (int again = 0; again < 20; ++again) {
      const Text first = a_name(dice, script, 3 + dice.below(6));
      const Text second = a_name(dice, script, 3 + dice.below(6));
      const Text between[] = {U"、", U"，", U"；", U"/"};
      const std::string line = line_of(dice, first + dice.one_of(between) + second, "1");
      check_hidden(line, first);
      check_hidden(line, second);
    }
  }
}

TEST_CASE("how a name is written makes no difference") {
  struct Pair {
    const char *name, *text;
  };
  // In other case, with marks apart, taken apart, stretched, in the other kind of characters.
  for (const Pair& pair :
       {Pair{"Nguyễn Văn Tèo", "NGUYE\u0302\u0303N VA\u0306N TE\u0300O"},
        Pair{"Иванов Сергей", "ИВАНОВ СЕРГЕИ\u0306"}, Pair{"Артёмов", "Арте\u0308мов"},
        Pair{"김철수", "\u1100\u1175\u11b7\u110e\u1165\u11af\u1109\u116e"},
        Pair{"\u1100\u1175\u11b7\u110e\u1165\u11af\u1109\u116e", "김철수"}, Pair{"محمد علي", "محـــمد علي"},
        Pair{"張學龍", "张学龙"}, Pair{"Łukasz", "ŁUKASZ"}}) {
    CAPTURE(pair.text);
    const std::string body =
        R"({"status":{"code":1},"custom":{"code":"1","projectlist":[{"projectguid":"a","applyertype":"1","applyername":")" +
        std::string(pair.name) + R"(","projectname":"甲)" + pair.text + R"(乙"}]}})";
    const Answer answer = read_good(body);
    const std::string shown = case_of(answer.rows.front()).matter_name;
    CAPTURE(shown);
    CHECK(shown.ends_with("**乙"));
    CHECK(decode(shown).size() <= 2 + 1 + 3 + 1);
  }
}

}  // namespace
}  // namespace lobby::feed
