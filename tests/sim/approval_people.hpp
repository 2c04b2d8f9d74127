#pragma once

#include <string>
#include <vector>

#include "tests/sim/approval_dice.hpp"

namespace lobby::sim {

/// Who applies for something, as the provincial system keeps it: everything raw, everything made up.
struct Applicant {
  std::string type;    ///< person, org, sole_trader
  std::string name;    ///< in full
  std::string person;  ///< the natural person in the name; empty for an organisation
  std::string id_no;   ///< 18 digits with their check digit, or a code of an organisation
  std::string phone;   ///< 11 digits, all of the made-up block 1990000
};

/// A natural person of two to five characters, with a compound surname now and then, a `·`, Latin letters, a
/// character beyond the first plane, or a single character.
std::string make_person(ApprovalDice& dice);
std::string make_organisation(ApprovalDice& dice);
/// `for_organisations`: mostly organisations and sole traders apply; else mostly people.
Applicant make_applicant(ApprovalDice& dice, bool for_organisations);
std::string make_id_number(ApprovalDice& dice);
std::string make_phone(ApprovalDice& dice);

/// What of an applicant must never be seen: the person's name, the numbers. A name of one character is left
/// out: its masked form holds it too. Organisations may be named.
std::vector<std::string> secrets_of(const Applicant& applicant);

}  // namespace lobby::sim
