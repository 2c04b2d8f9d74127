#include "daemon/feed/mask.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/feed/fold.hpp"
#include "daemon/feed/name_parts.hpp"
#include "daemon/feed/name_words.hpp"
#include "daemon/feed/redact.hpp"
#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

using View = std::u32string_view;

constexpr std::size_t longest_raw = 1000;
constexpr std::size_t longest_shown = 100;
constexpr std::size_t most_names = 3;
constexpr View sole_trader_mark = U"个体工商户";

/// The name without what is not seen: what surnames and words are compared with.
std::u32string bare(View name) {
  std::u32string out;
  std::copy_if(name.begin(), name.end(), std::back_inserter(out),
               [](char32_t c) { return !is_variation_selector(c); });
  return tidy(out, out.size());
}

/// A small business that may bear its owner's name, wherever in the text its own begins. A gap or a mark
/// between an owner and his business tells them apart already.
bool is_owners_business(View outer, const MaskRules& rules) {
  const auto fits = [&rules](const std::u32string& segment) {
    const View text(segment);
    const auto gap = std::find_if(text.begin(), text.end(), is_gap);
    const View first = text.substr(0, static_cast<std::size_t>(gap - text.begin()));
    const bool apart = first.size() != text.size() && looks_like_person(fold_letters(first), rules);
    const WordAt role = find_role(text);
    return !apart &&
           (may_bear_an_owner(fold_letters(text), rules) ||
            (role.length != 0 && may_bear_an_owner(fold_letters(text.substr(role.at + role.length)), rules)));
  };
  const auto segments = split_segments(outer);
  return std::any_of(segments.begin(), segments.end(), fits);
}

bool is_of_place(View outer, const MaskRules& rules) {
  const auto segments = split_segments(outer);
  return std::any_of(segments.begin(), segments.end(), [&rules](const std::u32string& segment) {
    return is_person_of_place(fold_letters(segment), rules);
  });
}

/// Something that a register calls an organisation and that nevertheless looks like a person.
bool is_person_after_all(View outer, const MaskRules& rules) {
  constexpr std::size_t longest = 4;
  if (ends_like_organisation(bare(outer), rules)) {
    return false;
  }
  if (is_of_place(outer, rules)) {
    return true;
  }
  std::u32string core;
  for (const std::u32string& segment : split_segments(outer)) {
    core = core.empty() ? core_of(segment) : core;
  }
  if (core.size() < 2 || is_latin(core.front()) || is_organisation_word(core)) {
    return false;
  }
  const bool dotted = std::any_of(outer.begin(), outer.end(), is_name_dot);
  return dotted || core.size() <= longest;
}

/// `什邡市某公司法定代表人:李四光`: what the role parts.
struct AtRole {
  View before, after;
  bool found = false;
};
AtRole split_at_role(View outer, const MaskRules& rules) {
  const WordAt role = find_role(outer);
  if (role.length == 0) {
    return {outer, {}, false};
  }
  const View after = outer.substr(role.at + role.length);
  const std::u32string rest = fold_letters(after);
  // 业主委员会 and 某某代理人事务所 are names of organisations.
  const bool of_the_name =
      role.at != 0 && (rest.empty() || is_organisation_word(rest) || ends_like_organisation(rest, rules));
  return of_the_name ? AtRole{outer, {}, false} : AtRole{outer.substr(0, role.at), after, true};
}

bool is_of_organisation(View inside, const MaskRules& rules) {
  const std::u32string plain = bare(inside);
  return is_organisation_word(plain) ||
         (ends_like_organisation(plain, rules) && !is_owners_business(inside, rules));
}

/// Brackets within the name (某某(成都)有限公司) stay unless they may hold a person; at its end they stay
/// only when they hold a word of organisations.
bool stays(const NamedItem::Piece& inside, bool last, const MaskRules& rules) {
  if (is_of_organisation(inside.text, rules)) {
    return true;
  }
  const auto segments = split_segments(inside.text);
  return !last && segments.size() == 1 && find_role(inside.text).length == 0 &&
         !looks_like_person(fold_letters(inside.text), rules);
}

std::u32string shown_of_organisation(const NamedItem& item, const MaskRules& rules) {
  std::u32string out;
  for (std::size_t i = 0; i < item.pieces.size(); ++i) {
    const NamedItem::Piece& piece = item.pieces[i];
    if (!piece.bracketed) {
      const AtRole parts = split_at_role(piece.text, rules);
      // A role in front belongs to nobody else: 申请人:什邡市某公司.
      const bool in_front = parts.found && out.empty() && fold_letters(parts.before).empty();
      out += in_front ? parts.after : parts.before;
    } else if (stays(piece, i + 1 == item.pieces.size(), rules)) {
      const bool wide = item.is_wide;
      out += (wide ? U"（" : U"(") + piece.text + (wide ? U"）" : U")");
    }
  }
  const auto begins = [](char32_t c) {
    return is_letter(c) || digit_value(c) >= 0 || c == U'(' || c == U'（';
  };
  out.erase(out.begin(), std::find_if(out.begin(), out.end(), begins));
  return out;
}

class Masker {
 public:
  Masker(Applicant type, bool sole_trader, const MaskRules& rules)
      : type_(type), sole_trader_(sole_trader), rules_(rules), parts_(rules) {}

  Masked mask(const std::vector<NamedItem>& items) {
    gather(items);
    const bool one = is_person_type();
    Masked out{{}, !one, {}, !parts_.overflown()};
    short_surname_ = parts_.has_bare_surname();
    out.hidden = std::move(parts_).hidden();
    std::size_t count = 0;
    for (const NamedItem& item : items) {
      if (count == (one ? 1 : most_names)) {
        out.shown += one ? U"" : U"等";
        break;
      }
      const bool org = is_organisation(item);
      out.is_org = out.is_org && org;
      out.shown += (count++ > 0 ? U"、" : U"") + shown(item, org, out.hidden);
    }
    return out;
  }

 private:
  bool is_person_type() const {
    return type_ == Applicant::person || (sole_trader_ && !rules_.sole_trader_in_full);
  }

  bool is_called_one(std::u32string_view plain) const {
    return ends_like_organisation(plain, rules_) && !is_short_business(plain, rules_);
  }

  /// Hides a person who is only a part of what the name says.
  bool bears_owner(const NamedItem& item) const {
    return sole_trader_ ? is_person_type()
                        : !is_organisation(item) &&
                              (is_owners_business(item.outer, rules_) || is_of_place(item.outer, rules_));
  }

  bool is_organisation(const NamedItem& item) const {
    if (is_person_type()) {
      return false;
    }
    if (!sole_trader_ && is_owners_business(item.outer, rules_)) {
      return false;
    }
    if (type_ == Applicant::org) {
      return !is_person_after_all(item.outer, rules_);
    }
    const AtRole parts = split_at_role(item.outer, rules_);
    return sole_trader_ || is_called_one(bare(item.outer)) || is_called_one(bare(parts.before));
  }

  void gather(const std::vector<NamedItem>& items) {
    for (const NamedItem& item : items) {
      if (is_organisation(item)) {
        const AtRole parts = split_at_role(item.outer, rules_);
        parts_.add_organisation(parts.before);
        parts_.add_inside(parts.after);
      } else {
        parts_.add_person(item.outer);
      }
      if (bears_owner(item)) {
        parts_.add_owner(item.outer);
      }
      for (const NamedItem::Piece& piece : item.pieces) {
        if (piece.bracketed) {
          parts_.add_inside(piece.text);
        }
      }
    }
  }

  std::u32string shown(const NamedItem& item, bool org, const std::vector<Hidden>& hidden) const {
    if (!org) {
      return shown_of_first(item);
    }
    const std::u32string full = redact(tidy(shown_of_organisation(item, rules_), longest_raw));
    const std::u32string safe = tidy(hide_names(full, hidden), longest_shown);
    return safe.empty() || tells_name(safe, hidden) ? rules_.nobody : safe;
  }

  std::u32string shown_of_first(const NamedItem& item) const {
    for (const View text :
         {View(item.outer), View(item.pieces.front().text), View(item.pieces.back().text)}) {
      for (const std::u32string& segment : split_segments(text)) {
        const WordAt role = find_role(segment);
        const View name = View(segment).substr(role.at == 0 ? role.length : 0);
        const auto first = std::find_if(name.begin(), name.end(), is_letter);
        if (first != name.end()) {
          const auto skipped = static_cast<std::size_t>(first - name.begin());
          return shown_of_person(name.substr(skipped), rules_, short_surname_);
        }
      }
    }
    return rules_.nobody;
  }

  Applicant type_;
  bool sole_trader_;
  const MaskRules& rules_;
  NameParts parts_;
  bool short_surname_ = false;
};

}  // namespace

Masked mask_name(View raw, Applicant type, const MaskRules& rules) {
  const std::u32string name = tidy(raw, longest_raw);
  const auto items = split_items(name);
  if (items.empty()) {
    return {rules.nobody, false, {}, true};
  }
  const bool sole_trader = type == Applicant::sole_trader || bare(name).find(sole_trader_mark) != View::npos;
  Masked masked = Masker(type, sole_trader, rules).mask(items);
  masked.complete = masked.complete && name.size() < longest_raw;
  return masked;
}

}  // namespace lobby::feed
