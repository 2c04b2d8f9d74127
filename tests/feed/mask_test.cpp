#include "daemon/feed/mask.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

std::string masked(std::string_view name, Applicant type = Applicant::unknown, const MaskRules& rules = {}) {
  return encode(mask_name(decode(name), type, rules).shown);
}

constexpr auto a_person = Applicant::person;
constexpr auto an_org = Applicant::org;
constexpr auto a_sole_trader = Applicant::sole_trader;

TEST_CASE("a person keeps one character and says nothing of the name's length") {
  for (const auto type : {Applicant::unknown, Applicant::person}) {
    CHECK(masked("张", type) == "张**");
    CHECK(masked("张三", type) == "张**");
    CHECK(masked("张三丰", type) == "张**");
    CHECK(masked("张三李四", type) == "张**");
    CHECK(masked("张三李四王", type) == "张**");
    CHECK(masked("张张", type) == "张**");
    CHECK(masked("张张张", type) == "张**");
    CHECK(masked("张**", type) == "张**");
    CHECK(masked("张*", type) == "张**");
  }
}

TEST_CASE("the rules, one by one") {
  // Natural persons.
  CHECK(masked("王小明", a_person) == "王**");
  CHECK(masked("诸葛亮亮", a_person) == "诸葛**");
  // With a dot only the first character, also of a compound surname.
  CHECK(masked("欧阳·娜仁", a_person) == "欧**");
  CHECK(masked("阿卜杜拉·热合曼·买买提") == "阿**");
  // Latin names.
  CHECK(masked("John Smith", a_person) == "J***");
  CHECK(masked("Øyvind", a_person) == "Ø***");
  // Of unknown type: a person, unless it ends in a word of organisations.
  CHECK(masked("什邡老茶馆主") == "什**");
  for (const char* name : {"什邡某某公司", "什邡某某厂", "什邡某某便民店", "什邡某某中心", "什邡某某合作社",
                           "什邡市某某局", "某某业主委员会"}) {
    CAPTURE(name);
    CHECK(masked(name) == name);
  }
  // Organisations in full, nobody as a dash.
  CHECK(masked("四川某某建筑有限公司", an_org) == "四川某某建筑有限公司");
  CHECK(masked("") == "—");
  CHECK(masked(" \t") == "—");
  // A number of a person is no name.
  CHECK(masked("510682199001011234") == "—");
  CHECK(masked("13812345678", a_person) == "—");
}

TEST_CASE("the holes of routines that hide by length or by value are closed") {
  // Names of one and of five characters, a given name that repeats the surname, two of the same.
  CHECK(masked("张", a_person) == "张**");
  CHECK(masked("张三李四王", a_person) == "张**");
  CHECK(masked("张张", a_person) == "张**");
  CHECK(masked("张张、张张", a_person) == "张**");
  // Only as many as stand there could be counted: all have the same length.
  for (const char* name : {"王一", "王一二", "王一二三", "王一二三四五六七八九"}) {
    CHECK(masked(name, a_person) == "王**");
  }
  // The third to the fifth character of a company are not hidden.
  CHECK(masked("成都某某某科技有限公司", an_org) == "成都某某某科技有限公司");
}

TEST_CASE("a listed compound surname stays whole only before a given name") {
  CHECK(masked("欧阳修") == "欧阳**");
  CHECK(masked("司马相如") == "司马**");
  CHECK(masked("诸葛亮") == "诸葛**");
  CHECK(masked("上官婉儿") == "上官**");
  CHECK(masked("夏侯惇") == "夏侯**");
  CHECK(masked("欧阳") == "欧**");
  CHECK(masked("司马相如·某") == "司**");
  MaskRules rules;
  rules.compound_surnames.push_back(U"第五");
  CHECK(masked("第五伦") == "第**");
  CHECK(masked("第五伦", a_person, rules) == "第五**");
}

TEST_CASE("names with a dot, Latin names and nobody") {
  CHECK(masked("阿卜杜·热合曼") == "阿**");
  CHECK(masked("买买提•艾力") == "买**");
  CHECK(masked("Smith") == "S***");
  CHECK(masked("john smith", a_person) == "j***");
  CHECK(masked("Ａｎｎａ") == "Ａ***");
  CHECK(masked("É. Dupont", a_person) == "É***");
  CHECK(masked("") == "—");
  CHECK(masked("  　\t ") == "—");
  CHECK(masked("\u200b\ufeff") == "—");
  CHECK(masked("", an_org) == "—");
}

TEST_CASE("characters are code points with their variation selector") {
  CHECK(masked("𠮷田太郎") == "𠮷**");
  CHECK(masked("葛\U000E0100城某") == "葛\U000E0100**");
  CHECK(masked("葛\U000E0100\U000E0101某") == "葛\U000E0100**");
  CHECK(masked("欧\U000E0100阳修") == "欧\U000E0100阳**");
  CHECK(masked("㐂某某") == "㐂**");
  CHECK(masked("😀张三") == "😀**");
  CHECK(masked("\u202e张三") == "张**");
  CHECK(masked("　张　三　") == "张**");
  CHECK(masked("\xff\xfe张三").find("三") == std::string::npos);
}

TEST_CASE("an organisation is shown in full") {
  CHECK(masked("四川某某建筑有限公司") == "四川某某建筑有限公司");
  CHECK(masked("红白镇茶叶专业合作社") == "红白镇茶叶专业合作社");
  CHECK(masked("什邡市某某机械厂") == "什邡市某某机械厂");
  CHECK(masked("什邡市方亭老街坊面店") == "什邡市方亭老街坊面店");
  CHECK(masked("某某投资管理中心(有限合伙)") == "某某投资管理中心(有限合伙)");
  CHECK(masked("某某公司（什邡第一分公司）") == "某某公司（什邡第一分公司）");
  CHECK(masked("Acme Trading Ltd") == "Acme Trading Ltd");
  CHECK(masked("四川某某建筑有限公司", a_person) == "四**");
  MaskRules rules;
  rules.organisation_words.push_back(U"茶舍");
  CHECK(masked("什邡老茶舍") == "什**");
  CHECK(masked("什邡老茶舍", Applicant::unknown, rules) == "什邡老茶舍");
}

TEST_CASE("a name that merely ends like an organisation is a person's") {
  CHECK(masked("王店") == "王**");
  CHECK(masked("王小店") == "王**");
  for (const char* business : {"张三面馆", "张三丰面馆", "张三商行", "张三丰经营部", "张氏诊所"}) {
    CHECK_MESSAGE(masked(business) == "张**", business);
    CHECK_MESSAGE(masked(business, an_org) == "张**", business);  // most registers know two types only
  }
  CHECK(masked("欧阳小红面馆") == "欧阳**");
  CHECK(masked("张三丰祖传牛肉面馆") == "张**");
  CHECK(masked("什邡面馆") == "什邡面馆");
  CHECK(masked("李厂") == "李**");
  CHECK(masked("张中心") == "张**");
  CHECK(masked("刘大学") == "刘**");
  CHECK(masked("欧阳大学") == "欧阳**");
}

TEST_CASE("a small business may bear its owner's name, whatever a register calls it") {
  for (const auto type : {Applicant::unknown, Applicant::org}) {
    CAPTURE(static_cast<int>(type));
    for (const char* name :
         {"王建国理发店", "王建国祖传牛肉面馆", "王建国 理发店", "申请人:王建国理发店", "王建国豆腐坊",
          "王建国超市", "王建国便民服务部", "王中心理发店", "王建院副食店", "王镇国餐饮店"}) {
      CAPTURE(name);
      CHECK(masked(name, type).starts_with("王**"));
      CHECK(masked(name, type).find("建") == std::string::npos);
    }
    CHECK(masked("欧阳小红祖传牛肉面馆", type) == "欧阳**");
    for (const char* name :
         {"什邡市洛水镇张三", "什邡市洛水镇5组张三丰", "什邡市张三丰副食店", "什邡市方亭街道张三面馆"}) {
      CAPTURE(name);
      CHECK(masked(name, type).find("张三") == std::string::npos);
    }
    CHECK(masked("某某建材公司(王建国理发店)", type) == "某某建材公司");
    CHECK(masked("什邡市某公司法定代表人王建国理发店", type) == "什**");
    CHECK(masked("王建国理发店、四川某某有限公司", type) == "王**、四川某某有限公司");
    // No person's.
    for (const char* name :
         {"中国石油天然气股份有限公司", "王府井百货股份有限公司", "王府井百货股份有限公司第一门市部",
          "江油市人民武装部", "江油农商银行城关支行", "温江区文化馆", "高新区图书馆", "什邡市方亭老街坊面店",
          "成都市某某便民店", "什邡市马井镇人民政府", "方亭中学", "马井镇卫生院"}) {
      CAPTURE(name);
      CHECK(masked(name, type) == name);
    }
  }
  CHECK(masked("江西省财政厅", an_org) == "江西省财政厅");
  // Other fields of the row do not tell it either.
  for (const auto& [name, part] : std::vector<std::pair<const char*, std::u32string>>{
           {"王建国理发店", U"王建国"}, {"什邡市洛水镇张三", U"张三"}, {"什邡市李四光副食店", U"李四光"}}) {
    CAPTURE(name);
    const auto hidden = mask_name(decode(name), an_org, {}).hidden;
    CHECK(std::any_of(hidden.begin(), hidden.end(), [&](const Hidden& one) { return one.name == part; }));
  }
}

TEST_CASE("brackets and lists hide no second name") {
  CHECK(masked("张三(某某公司)") == "张**");
  CHECK(masked("某某建材公司(张三)") == "某某建材公司");
  CHECK(masked("某某建材公司（张三）") == "某某建材公司");
  CHECK(masked("张三、李四") == "张**、李**");
  CHECK(masked("张三，某某建材有限公司") == "张**、某某建材有限公司");
  CHECK(masked("李四；张三;王五/赵六、钱七") == "李**、张**、王**等");
  CHECK(masked("、，；") == "—");
  CHECK(masked("张三、李四", a_person) == "张**");
}

TEST_CASE("an organisation by type only that looks like a person is hidden like one") {
  for (const char* name : {"张三", "张三丰", "欧阳小红", "张三丰先生", "张三丰等3人", "申请人:张三丰"}) {
    CAPTURE(name);
    const std::string shown = masked(name, an_org);
    CHECK(shown == (std::string(name).starts_with("欧阳") ? "欧阳**" : "张**"));
    CHECK_FALSE(mask_name(decode(name), an_org, {}).is_org);
  }
  CHECK(masked("买买提·艾力", an_org) == "买**");
  CHECK(masked("张三丰 李四光", an_org) == "张** 李**");
  CHECK(masked("什邡老茶舍茶馆", an_org) == "什邡老茶舍茶馆");
  CHECK(masked("什邡某厂", an_org) == "什邡某厂");
  CHECK(masked("Acme", an_org) == "Acme");
}

TEST_CASE("what an organisation's name says of a person is not shown") {
  for (const auto type : {Applicant::unknown, Applicant::org}) {
    CHECK(masked("什邡市某公司(法定代表人:李四光,电话0838-8201234)", type) == "什邡市某公司");
    CHECK(masked("什邡市某公司（李四光）", type) == "什邡市某公司");
    CHECK(masked("什邡市某公司 法定代表人：李四光", type) == "什邡市某公司");
    CHECK(masked("什邡市某公司法定代表人李四光", type) == "什邡市某公司");
    CHECK(masked("什邡市李四光副食店(李四光)", type) == "什**");
    CHECK(masked("张三丰 什邡市某某店", type) == "张** 什邡市某某店");
    CHECK(masked("某某(成都)有限公司", type) == "某某(成都)有限公司");
    CHECK(masked("四川某某(集团)有限公司", type) == "四川某某(集团)有限公司");
    CHECK(masked("某某（李四光）有限公司", type) == "某某有限公司");
    CHECK(masked("什邡市某小区业主委员会", type) == "什邡市某小区业主委员会");
  }
  CHECK(masked("张三【某某公司") == "张**");
  CHECK(masked("申请人:什邡市某某店", an_org) == "什邡市某某店");
}

TEST_CASE("a person's name is found within what stands around it") {
  CHECK(masked("申请人:张三丰", a_person) == "张**");
  CHECK(masked("申请人张三丰", a_person) == "张**");
  CHECK(masked("王小明(代理人李四光)", a_person) == "王**");
  CHECK(masked("(张三丰)", a_person) == "张**");
  CHECK(masked("***", a_person) == "—");
}

TEST_CASE("a sole trader is hidden like a person unless the hall decides otherwise") {
  CHECK(masked("张三(个体工商户)") == "张**");
  CHECK(masked("个体工商户张三") == "个**");
  CHECK(masked("什邡市张三餐饮店（个体工商户）") == "什**");
  CHECK(masked("张三餐馆", a_sole_trader) == "张**");
  CHECK(masked("张三(个体工商户)", an_org) == "张**");
  MaskRules rules;
  rules.sole_trader_in_full = true;
  CHECK(masked("张三餐馆", a_sole_trader, rules) == "张三餐馆");
  CHECK(masked("张三餐馆", a_person, rules) == "张**");
}

TEST_CASE("numbers of persons do not hide in an organisation's name") {
  CHECK(masked("某某商行 13800001234 超市", an_org) == "某某商行 *** 超市");
  CHECK(masked("510682199001011234某某公司") == "***某某公司");
}

TEST_CASE("the rest is the hall's choice") {
  MaskRules rules;
  rules.person_rest = U"某";
  rules.latin_rest = U".";
  rules.nobody = U"无";
  CHECK(masked("张三丰", a_person, rules) == "张某");
  CHECK(masked("Anna", a_person, rules) == "A.");
  CHECK(masked("", a_person, rules) == "无");
}

}  // namespace
}  // namespace lobby::feed
