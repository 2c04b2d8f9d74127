#include "daemon/feed/hide.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "daemon/feed/escapes.hpp"
#include "daemon/feed/mask.hpp"
#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

constexpr auto person = Applicant::person;
constexpr auto unknown = Applicant::unknown;
constexpr auto org = Applicant::org;
constexpr auto sole_trader = Applicant::sole_trader;

/// `text` beside an applicant of that name.
std::string beside(std::string_view name, Applicant type, std::string_view text) {
  return encode(hide_names(decode(text), mask_name(decode(name), type, {}).hidden));
}
bool is_hidden_part(std::string_view name, Applicant type, std::string_view part) {
  return tells_name(decode(part), mask_name(decode(name), type, {}).hidden);
}

TEST_CASE("a hidden name is hidden in other texts too") {
  CHECK(beside("张三", person, "张三食品经营许可") == "张**食品经营许可");
  CHECK(beside("张三", person, "关于张 三的申请") == "关于张**的申请");
  CHECK(beside("张三", person, "关于张\u200b三的申请") == "关于张**的申请");
  CHECK(beside("张三", person, "张三张三") == "张**张**");
  CHECK(beside("张 三", person, "张三") == "张**");
  CHECK(beside("张三", person, "张开三角") == "张开三角");
  CHECK(beside("张", person, "张家") == "张家");
  CHECK(beside("欧阳小红", person, "欧阳小红与欧阳路") == "欧阳**与欧阳路");
}

TEST_CASE("every person of a name field is hidden, whatever stands around the names") {
  CHECK(beside("张三、李四", person, "张三与李四共有房产登记") == "张**与李**共有房产登记");
  CHECK(beside("张三丰等3人", person, "张三丰宅基地审批") == "张**宅基地审批");
  CHECK(beside("张三丰等三人", person, "张三丰宅基地，三人共有") == "张**宅基地，三人共有");
  CHECK(beside("张三丰先生", person, "张三丰的申请") == "张**的申请");
  CHECK(beside("申请人:张三丰", person, "张三丰的申请") == "张**的申请");
  CHECK(beside("申请人张三丰先生和李四", person, "李四、张三丰") == "李**、张**");
  CHECK(beside("王小明(代理人李四光)", person, "李四光代办") == "李**代办");
  CHECK(beside("王小明代李四光", person, "李四光、王小明") == "李**、王**");
  CHECK(beside("张三丰 李四光", unknown, "张三丰 低保") == "张** 低保");
  CHECK(beside("张三丰 李四光", unknown, "李四光低保") == "李**低保");
  CHECK(beside("张三丰/李四光", org, "李四光低保") == "李**低保");
  CHECK(beside("张三,13800001234", person, "张三补办") == "张**补办");
}

TEST_CASE("who owns a shop or speaks for a company is hidden, the place and the trade are not") {
  for (const auto type : {unknown, sole_trader, org}) {
    CHECK(beside("什邡市李四副食店(李四光)", type, "李四光食品经营许可") == "李**食品经营许可");
    CHECK(beside("什邡市李四副食店(李四光)", type, "什邡市市场监督管理局") == "什邡市市场监督管理局");
  }
  CHECK(beside("什邡市张三餐饮店", sole_trader, "张三食品经营许可") == "张**食品经营许可");
  CHECK(beside("什邡市某公司(法定代表人:李四光,王五一)", org, "李四光、王五一变更") == "李**、王**变更");
  CHECK(beside("什邡市某公司法定代表人李四光", org, "李四光变更") == "李**变更");
  CHECK(beside("什邡市某公司(什邡市)", org, "什邡市公安局") == "什邡市公安局");
  CHECK(beside("某某(成都)有限公司", org, "成都某某局") == "成都某某局");
  CHECK(beside("张三(某某公司)", unknown, "某某公司变更") == "某某公司变更");
}

TEST_CASE("other writings of a name are the same name") {
  CHECK(beside("Zhang San", person, "ZHANG SAN VISA") == "Z*** VISA");
  CHECK(beside("Zhang San", person, "ＺＨＡＮＧＳＡＮ visa") == "Z*** visa");
  CHECK(beside("Zhang San", person, "San, Zhang") == "Z***, Z***");
  CHECK(beside("Zhang San", person, "Santana") == "Santana");
  CHECK(beside("Lǐ Sìguāng", person, "li siguang") == "L***");
  CHECK(beside("买买提·艾力", person, "买买提•艾力低保") == "买**低保");
  CHECK(beside("买买提·艾力", person, "买买提艾力低保") == "买**低保");
  CHECK(beside("买买提·艾力", person, "艾力低保") == "买**低保");
  CHECK(beside("张三丰", person, "張三豐的申請") == "张**的申請");
  CHECK(beside("張三豐", person, "张三丰的申请") == "张**的申请");
  CHECK(beside("葛\U000E0100城某", person, "葛城某") == "葛**");
}

TEST_CASE("a word that tells nothing of anybody is not hidden") {
  for (const char* part : {"申请人", "先生", "三人", "什邡市", "个体工商户", "有限公司"}) {
    CAPTURE(part);
    CHECK_FALSE(is_hidden_part("申请人:张三丰先生等三人(什邡市)(个体工商户)(有限公司)", person, part));
  }
}

TEST_CASE("a field of more names than can be hidden says so") {
  std::string many;
  for (int i = 0; i < 200; ++i) {
    many += encode(std::u32string{static_cast<char32_t>(U'一' + i), static_cast<char32_t>(U'丁' + i)}) + "、";
  }
  CHECK_FALSE(mask_name(decode(many), person, {}).complete);
  CHECK(mask_name(decode("张三、李四"), person, {}).complete);
}

TEST_CASE("escapes are taken off, also one inside the other") {
  const auto plain = [](std::string_view text) { return encode(unescape(decode(text))); };
  CHECK(plain("&#19977;&#x4e30;&#X4E30;") == "三丰丰");
  CHECK(plain("&amp;#19977;") == "三");
  CHECK(plain(R"(\u5f20\u4e09\U4e30)") == "张三丰");
  CHECK(plain(R"({"name":"\\u5f20"})") == R"({"name":"\张"})");
  CHECK(plain(R"(\ud842\udfb7)") == "𠮷");
  CHECK(plain("&middot;&lt;&#39;") == "·<'");
  for (const char* text :
       {"A&B", "&;", "&#;", "&#x;", "&#99999999;", R"(\u12)", R"(\n)", "&nosuch;", "&", "\\"}) {
    CHECK(plain(text) == text);
  }
}

}  // namespace
}  // namespace lobby::feed
