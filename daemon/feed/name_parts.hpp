#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/feed/mask.hpp"

/// A name field taken apart: whom it names.
namespace lobby::feed {

/// One of the names of a field (张三、李四) with what stands in brackets.
struct NamedItem {
  struct Piece {
    bool bracketed = false;
    std::u32string text;  ///< without the brackets
  };
  std::vector<Piece> pieces;
  std::u32string outer;  ///< what stands outside of brackets
  bool is_wide = false;  ///< its brackets are full-width
};

/// Split at 、，；/ and their like, outside of brackets. A bracket that is not closed ends with the field.
std::vector<NamedItem> split_items(std::u32string_view names);

/// The runs of letters and gaps; digits, colons and other marks end one.
std::vector<std::u32string> split_segments(std::u32string_view text);

/// The folded letters of a name without what merely stands around it (申请人张三丰等3人).
std::u32string core_of(std::u32string_view name);

/// Gathers the parts of names that other fields must not tell: each of two letters or more.
class NameParts {
 public:
  explicit NameParts(const MaskRules& rules) : rules_(rules) {}

  /// A person: the whole, what gaps part, and what is left without 申请人, 先生, 等三人, 和 ….
  void add_person(std::u32string_view text);
  /// The person whose name a small business bears (什邡市张三餐饮店).
  void add_owner(std::u32string_view text);
  /// An organisation's name: what follows 法定代表人 and its like, and what a gap parts from the rest and
  /// looks like a person.
  void add_organisation(std::u32string_view text);
  /// Free text: who follows 负责人 and its like, and what marks or gaps part from the rest and looks like a
  /// person.
  void add_text(std::u32string_view text);
  /// What stands in brackets: every person, but no organisation and no place.
  void add_inside(std::u32string_view text);

  /// Too many to be kept: what the field tells cannot be hidden.
  bool overflown() const { return overflown_; }
  /// A compound surname is itself a part: then nobody's is shown whole.
  bool has_bare_surname() const;
  /// The longest first.
  std::vector<Hidden> hidden() &&;

 private:
  struct Part {
    std::u32string letters;
    std::u32string shown_as;  ///< the name whose beginning is shown
  };
  struct Origin {
    std::u32string_view shown_as;  ///< empty: the part itself
    std::size_t whole = 0;         ///< letters of what it is a part of
    bool inside = false;
  };
  void add_segments(std::u32string_view text, bool inside);
  void explode(std::u32string_view letters, const Origin& origin, unsigned depth);
  void add(std::u32string_view letters, const Origin& origin);

  const MaskRules& rules_;
  std::vector<Part> parts_;
  bool overflown_ = false;
};

/// What is shown of a person's name: the first character, two of a compound surname unless `short_surname`.
std::u32string shown_of_person(std::u32string_view name, const MaskRules& rules, bool short_surname);

}  // namespace lobby::feed
