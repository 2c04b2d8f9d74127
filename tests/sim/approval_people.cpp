#include "tests/sim/approval_people.hpp"

#include <fmt/format.h>

#include <string_view>

namespace lobby::sim {
namespace {

constexpr std::string_view surnames[] = {"赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈",
                                         "褚", "卫", "蒋", "沈", "韩", "杨", "朱", "秦", "尤", "许",
                                         "何", "吕", "施", "张", "孔", "曹", "严", "华", "金", "魏"};
constexpr std::string_view compound_surnames[] = {"欧阳", "司马", "诸葛", "上官", "夏侯", "东方",
                                                  "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文"};
/// Nobody is called by a number: whoever reads such a name sees that it is made up.
constexpr std::string_view ordinals[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
constexpr std::string_view before[] = {"小", "大", "某", "老"};
constexpr std::string_view first_parts[] = {"阿依", "古丽", "买某", "示例"};
constexpr std::string_view stems[] = {"甲", "乙", "丙", "丁", "戊", "己", "庚", "辛"};
constexpr std::string_view latin_first[] = {"Anna", "Ben", "Carla", "Dora", "Zhang", "Li"};
constexpr std::string_view latin_last[] = {"Sample", "Example", "Specimen", "San", "Wu"};
constexpr std::string_view rare[] = {"𠮷", "𠀀", "㐀", "𡈽"};

constexpr std::string_view place_names[] = {"什邡", "什邡市", "德阳", "红白镇", "马祖镇", "四川"};
constexpr std::string_view trades[] = {"食品", "建筑工程", "物流", "机械", "茶叶", "商贸"};
constexpr std::string_view forms[] = {"有限公司", "有限责任公司",     "股份有限公司什邡分公司", "专业合作社",
                                      "厂",       "诊所（普通合伙）", "技术服务中心",           "便利店",
                                      "幼儿园",   "村民委员会服务站"};
constexpr std::string_view stalls[] = {"面馆", "便民小吃店", "百货商店", "理发店", "建材经营部"};

std::string given_name(ApprovalDice& dice) {
  std::string name;
  if (dice.below(3) == 0) {
    name += dice.one_of(before);
  }
  if (dice.below(4) == 0) {
    name += "十";
  }
  name += dice.one_of(ordinals);
  return name;
}

char check_digit(std::string_view seventeen) {
  constexpr int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < seventeen.size(); ++i) {
    sum += (seventeen[i] - '0') * weights[i];
  }
  return "10X98765432"[sum % 11];
}

}  // namespace

std::string make_person(ApprovalDice& dice) {
  const std::size_t kind = dice.below(100);
  const auto surname = [&] { return std::string(dice.one_of(surnames)); };
  if (kind < 12) {
    return std::string(dice.one_of(compound_surnames)) + given_name(dice);
  }
  if (kind < 18) {
    const std::string first(dice.one_of(first_parts));
    return first + "·" + std::string(dice.one_of(before)) + std::string(dice.one_of(stems));
  }
  if (kind < 24) {
    return fmt::format("{} {}", dice.one_of(latin_first), dice.one_of(latin_last));
  }
  if (kind < 26) {
    return surname();
  }
  if (kind < 31) {
    const std::string name = surname();
    return fmt::format("{}{}{}十{}", name, dice.one_of(before), dice.one_of(ordinals), dice.one_of(ordinals));
  }
  if (kind < 35) {
    const std::string name = surname();
    return name + std::string(dice.one_of(rare)) + std::string(dice.one_of(ordinals));
  }
  if (kind < 38) {
    const std::string name = surname();
    return name + name;
  }
  const std::string name = surname();
  return name + given_name(dice);
}

std::string make_organisation(ApprovalDice& dice) {
  const std::string_view place = dice.one_of(place_names);
  const std::string_view stem = dice.one_of(stems);
  const std::string_view trade = dice.one_of(trades);
  return fmt::format("{}示例{}{}{}", place, stem, trade, dice.one_of(forms));
}

std::string make_id_number(ApprovalDice& dice) {
  const auto year = 1950 + dice.below(55);
  const auto month = 1 + dice.below(12);
  const auto day = 1 + dice.below(28);
  std::string digits = fmt::format("510682{:04}{:02}{:02}{:03}", year, month, day, dice.below(1000));
  digits += check_digit(digits);
  return digits;
}

std::string make_phone(ApprovalDice& dice) {
  return fmt::format("1990000{:04}", dice.below(10'000));
}

Applicant make_applicant(ApprovalDice& dice, bool for_organisations) {
  const std::size_t kind = dice.below(10);
  Applicant one;
  one.phone = make_phone(dice);
  if (kind < (for_organisations ? 7U : 1U)) {
    one.type = "org";
    one.name = make_organisation(dice);
    one.id_no = fmt::format("91510682SIM{:07}", dice.below(10'000'000));
    return one;
  }
  one.id_no = make_id_number(dice);
  one.person = make_person(dice);
  if (kind < (for_organisations ? 9U : 2U)) {
    one.type = "sole_trader";
    const std::string_view stall = dice.one_of(stalls);
    one.name = dice.below(2) == 0 ? fmt::format("{}{}", one.person, stall)
                                  : fmt::format("什邡市某某{}（经营者：{}）", stall, one.person);
    return one;
  }
  one.type = "person";
  one.name = one.person;
  return one;
}

std::vector<std::string> secrets_of(const Applicant& applicant) {
  std::vector<std::string> out;
  // Characters, not bytes: whatever begins one is counted.
  std::size_t characters = 0;
  for (const char c : applicant.person) {
    characters += (static_cast<unsigned char>(c) & 0xC0U) == 0x80U ? 0 : 1;
  }
  if (characters > 1) {
    out.push_back(applicant.person);
  }
  for (const std::string& number : {applicant.id_no, applicant.phone}) {
    if (!number.empty()) {
      out.push_back(number);
    }
  }
  return out;
}

}  // namespace lobby::sim
