#include "daemon/feed/mask.hpp"

#include <algorithm>
#include <iterator>

#include "daemon/feed/redact.hpp"
#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

using View = std::u32string_view;

constexpr std::size_t longest_name = 100;
constexpr std::size_t most_names = 3;
constexpr View sole_trader_mark = U"个体工商户";

constexpr View surnames[] = {U"欧阳", U"上官", U"司马", U"诸葛", U"夏侯", U"皇甫", U"尉迟", U"公孙", U"慕容",
                             U"令狐", U"宇文", U"长孙", U"司徒", U"司空", U"端木", U"南宫", U"东方", U"独孤",
                             U"拓跋", U"轩辕", U"呼延", U"百里", U"东郭", U"西门", U"澹台", U"赫连", U"申屠",
                             U"濮阳", U"淳于", U"单于", U"太史", U"公羊", U"公冶", U"宗政", U"钟离", U"闻人",
                             U"鲜于", U"闾丘", U"亓官", U"万俟", U"仲孙", U"太叔", U"歐陽", U"司馬", U"諸葛",
                             U"尉遲", U"東方", U"鍾離", U"聞人", U"鮮于", U"長孫", U"公孫", U"獨孤", U"軒轅",
                             U"東郭", U"西門", U"澹臺", U"赫連", U"濮陽"};

constexpr View organisation_words[] = {
    U"公司",     U"有限合伙", U"普通合伙", U"集团",   U"企业",   U"合作社", U"联合社", U"委员会", U"事务所",
    U"管理局",   U"中心",     U"大学",     U"学院",   U"学校",   U"中学",   U"小学",   U"幼儿园", U"医院",
    U"卫生院",   U"卫生室",   U"诊所",     U"门诊部", U"药房",   U"银行",   U"信用社", U"协会",   U"学会",
    U"商会",     U"基金会",   U"工会",     U"政府",   U"办事处", U"派出所", U"法院",   U"检察院", U"商行",
    U"商场",     U"超市",     U"工作室",   U"经营部", U"门市部", U"分公司", U"支行",   U"农场",   U"养殖场",
    U"家庭农场", U"厂",       U"店",       U"局",     U"部",     U"院",     U"所",     U"站",     U"馆",
    U"会",       U"社",       U"行",       U"场",     U"队",     U"Ltd",    U"Ltd.",   U"LLC",    U"Inc",
    U"Inc.",     U"GmbH"};

bool is_latin(char32_t c) {
  return (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z') || (c >= 0xFF21 && c <= 0xFF3A) ||
         (c >= 0xFF41 && c <= 0xFF5A) || (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) ||
         (c >= 0x1E00 && c <= 0x1EFF);
}

bool is_name_dot(char32_t c) {
  constexpr View dots = U"·•‧∙⋅・･․";
  return dots.find(c) != View::npos;
}

/// The name without what is not seen: what surnames and words are compared with.
std::u32string bare(View name) {
  std::u32string out;
  std::copy_if(name.begin(), name.end(), std::back_inserter(out),
               [](char32_t c) { return !is_variation_selector(c); });
  return out;
}

/// The first `count` characters, each with at most one variation selector.
std::u32string first_characters(View name, std::size_t count) {
  std::u32string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (is_variation_selector(name[i])) {
      if (!out.empty() && !is_variation_selector(out.back())) {
        out.push_back(name[i]);
      }
    } else if (count-- == 0) {
      break;
    } else {
      out.push_back(name[i]);
    }
  }
  return out;
}

bool has_compound_surname(View name, const MaskRules& rules) {
  const auto starts = [name](View surname) { return name.starts_with(surname); };
  return std::any_of(std::begin(surnames), std::end(surnames), starts) ||
         std::any_of(rules.compound_surnames.begin(), rules.compound_surnames.end(), starts);
}

std::u32string shown_of_person(View name, View plain, const MaskRules& rules) {
  if (is_latin(plain.front())) {
    return first_characters(name, 1) + rules.latin_rest;
  }
  const bool dotted = std::any_of(plain.begin(), plain.end(), is_name_dot);
  // Alone, the two characters may as well be a surname of one and a given name.
  const bool two = !dotted && plain.size() > 2 && has_compound_surname(plain, rules);
  return first_characters(name, two ? 2 : 1) + rules.person_rest;
}

/// The part before brackets is hidden too: other fields say `张三`, not `张三(个体工商户)`.
Masked mask_person(View name, const MaskRules& rules) {
  const std::u32string plain = bare(name);
  Masked masked{shown_of_person(name, plain, rules), false, {}};
  masked.hidden.push_back({plain, masked.shown});
  const std::size_t open = plain.find_first_of(U"(（");
  if (open != View::npos && open > 0) {
    masked.hidden.push_back({plain.substr(0, open), masked.shown});
  }
  return masked;
}

/// Could the part before an organisation word be a person's name that merely ends like one (`王小店`)?
bool is_long_enough(View before, View word, const MaskRules& rules) {
  if (word == U"公司" || word == U"分公司") {
    return !before.empty();
  }
  const std::size_t least = word.size() == 1 ? 3 : 2;
  return before.size() >= least + (has_compound_surname(before, rules) ? 1 : 0);
}

bool ends_like_organisation(View plain, const MaskRules& rules) {
  const auto fits = [&](View word) {
    return plain.ends_with(word) && is_long_enough(plain.substr(0, plain.size() - word.size()), word, rules);
  };
  return std::any_of(std::begin(organisation_words), std::end(organisation_words), fits) ||
         std::any_of(rules.organisation_words.begin(), rules.organisation_words.end(), fits);
}

bool is_organisation_word(View text) {
  return std::find(std::begin(organisation_words), std::end(organisation_words), text) !=
         std::end(organisation_words);
}

/// `某公司(什邡分店)`: the name and what stands in the closing brackets.
struct Bracketed {
  View name, inside;
};
Bracketed split_brackets(View name) {
  if (!name.ends_with(U')') && !name.ends_with(U'）')) {
    return {name, {}};
  }
  const std::size_t open = name.find_last_of(U"(（");
  if (open == View::npos || open == 0) {
    return {name, {}};
  }
  return {name.substr(0, open), name.substr(open + 1, name.size() - open - 2)};
}

Masked whole_organisation(View name) {
  return {redact(name), true, {}};
}

Masked mask_unknown(View name, const MaskRules& rules) {
  const std::u32string plain = bare(name);
  if (ends_like_organisation(plain, rules)) {
    return whole_organisation(name);
  }
  const Bracketed parts = split_brackets(plain);
  if (parts.inside.empty()) {
    return mask_person(name, rules);
  }
  if (ends_like_organisation(parts.name, rules)) {
    // The brackets may hold the owner: they stay only when they hold a word of organisations.
    const bool stay = is_organisation_word(parts.inside) || ends_like_organisation(parts.inside, rules);
    return whole_organisation(stay ? name : parts.name);
  }
  return mask_person(name, rules);
}

bool is_separator(char32_t c) {
  return View(U"、,，;；/|").find(c) != View::npos;
}

Masked mask_each(View names, const MaskRules& rules) {
  Masked all{{}, true, {}};
  std::size_t shown = 0;
  while (!names.empty()) {
    const auto end = std::find_if(names.begin(), names.end(), is_separator);
    const auto length = static_cast<std::size_t>(end - names.begin());
    const std::u32string one = tidy(names.substr(0, length), longest_name);
    names.remove_prefix(std::min(names.size(), length + 1));
    if (bare(one).empty()) {
      continue;
    }
    if (++shown > most_names) {
      all.shown += U"等";
      break;
    }
    Masked masked = mask_unknown(one, rules);
    all.shown += (shown > 1 ? U"、" : U"") + masked.shown;
    all.is_org = all.is_org && masked.is_org;
    std::move(masked.hidden.begin(), masked.hidden.end(), std::back_inserter(all.hidden));
  }
  return shown == 0 ? Masked{rules.nobody, false, {}} : all;
}

}  // namespace

Masked mask_name(std::u32string_view raw, Applicant type, const MaskRules& rules) {
  const std::u32string name = tidy(raw, longest_name);
  const std::u32string plain = bare(name);
  if (plain.empty()) {
    return {rules.nobody, false, {}};
  }
  const bool sole_trader = type == Applicant::sole_trader || plain.find(sole_trader_mark) != View::npos;
  if (type == Applicant::person || (sole_trader && !rules.sole_trader_in_full)) {
    return mask_person(name, rules);
  }
  if (type == Applicant::org || sole_trader) {
    return whole_organisation(name);
  }
  return mask_each(name, rules);
}

}  // namespace lobby::feed
