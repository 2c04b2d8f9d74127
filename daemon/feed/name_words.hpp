#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "daemon/feed/mask.hpp"

/// The words by which names of persons and of organisations are told apart.
namespace lobby::feed {

bool has_compound_surname(std::u32string_view plain, const MaskRules& rules);
/// Of the surname that a name begins with: 2 compound, 1 frequent, 0 none known.
std::size_t surname_length(std::u32string_view plain, const MaskRules& rules);
bool is_compound_surname(std::u32string_view plain, const MaskRules& rules);

/// Ends in an organisation word that something long enough to be no personal name stands before.
bool ends_like_organisation(std::u32string_view plain, const MaskRules& rules);
/// A small business whose name may begin with its owner's (`张三面馆`, `王建国理发店`, `张三丰祖传牛肉面馆`):
/// a frequent surname in front, what one person's business is called at the end, no organisation in between.
/// Behind a place (`什邡市李四光副食店`) also, when no more than a given name and a trade stand in between.
bool may_bear_an_owner(std::u32string_view plain, const MaskRules& rules);
/// Whatever the ending of one character says (`张三砖厂`): no more than a given name stands before it.
bool is_short_business(std::u32string_view plain, const MaskRules& rules);
/// A person behind a place: `什邡市洛水镇张三`.
bool is_person_of_place(std::u32string_view plain, const MaskRules& rules);
/// Is nothing but an organisation word.
bool is_organisation_word(std::u32string_view text);

/// Two or three ideographs after a frequent surname, or one or two after a compound one; no place.
bool looks_like_person(std::u32string_view plain, const MaskRules& rules);

/// The words around a name that are none (申请人, 先生, 等三人 …): what the text is cut at. `length` 0: none
/// in it.
struct WordAt {
  std::size_t at = 0, length = 0;
};
WordAt find_side_word(std::u32string_view text);
/// The word that says who follows (法定代表人, 经营者 …).
WordAt find_role(std::u32string_view text);
/// Characters that join two names but may also stand in one (和, 与, 代 …).
bool is_weak_joint(char32_t c);

/// Tells nothing of anybody: a side word, an organisation word, `三人`, `本人`, a big place.
bool is_nobody(std::u32string_view text);
/// Ends like a place (`红白镇`); names of persons may do so too.
bool is_place(std::u32string_view text);

}  // namespace lobby::feed
