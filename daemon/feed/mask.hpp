#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/feed/hide.hpp"

/// What may be shown of an applicant's name.
namespace lobby::feed {

enum class Applicant : std::uint8_t { unknown, person, org, sole_trader };

/// The parts of the rules that a hall may choose. The lists are added to the built-in ones.
struct MaskRules {
  std::u32string person_rest = U"**";  ///< after the surname; its length says nothing of the name's
  std::u32string latin_rest = U"***";
  std::u32string nobody = U"—";
  std::u32string withheld = U"—";  ///< for a text that may tell a name which could not be read
  bool sole_trader_in_full = false;
  std::vector<std::u32string> organisation_words;
  std::vector<std::u32string> compound_surnames;
};

struct Masked {
  std::u32string shown;
  bool is_org = false;         ///< an organisation, shown in full
  std::vector<Hidden> hidden;  ///< every part of a person's name: other fields of the row must not tell it
  bool complete = true;        ///< false: `hidden` does not hold all of them
};

/// A person: first character (two of a listed compound surname that a given name follows; with `·` always
/// one) and a rest of fixed length; a Latin name: first letter and a longer rest. An organisation: in full,
/// without numbers of persons, without brackets and additions that name one.
///
/// Unknown: person, unless the name ends in a listed organisation word that something long enough to be no
/// personal name stands before, and is not that of a small business that may begin with its owner's; several
/// names (、，；/) one by one. Organisation by type: in full, but for such a business (many systems know no
/// third type), for what has two to four ideographs, or a dot, and no organisation word, and for what looks
/// like a person behind a place. A sole trader (by type, or 个体工商户 in
/// the name): person, unless the rules say otherwise. A character is a code point with the variation selector
/// that follows it.
Masked mask_name(std::u32string_view raw, Applicant type, const MaskRules& rules);

}  // namespace lobby::feed
