#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/feed/mask.hpp"

namespace lobby::feed {

/// What may leave of the texts of one row. Every name is told to it first; afterwards no text tells one.
class Guard {
 public:
  static constexpr std::size_t longest_text = 300;   ///< code points
  static constexpr std::size_t longest_number = 64;  ///< code points

  explicit Guard(const MaskRules& rules) : rules_(rules) {}

  /// A name as the upstream gives it (it may be escaped). What may be shown of it.
  Masked hide(std::string_view raw, Applicant type);
  /// A name is there that cannot be read: texts may tell it.
  void distrust() { complete_ = false; }
  /// False: there are names that cannot be read, or more than can be hidden. Further ones need not be told.
  bool is_complete() const { return complete_; }

  /// `bad`: something had to be left out that the row is poorer without.
  struct Safe {
    std::string text;
    bool bad = false;
  };
  /// Free text without names and numbers of persons. When names are there that cannot be read: withheld.
  Safe text(std::string_view raw) const;
  /// The same, and without what looks like a name.
  Safe remark(std::string_view raw) const;
  /// The same; landlines stay.
  Safe contact(std::string_view raw) const;
  /// A number by nature: what it holds of persons goes, all of it when it is nothing else.
  Safe number(std::string_view raw) const;
  /// A name that was masked for itself, held against the other names of the row.
  Safe shown(const Masked& masked) const;

  /// Does it tell a number of a person or a name that is hidden, or may it tell one that cannot be read?
  bool is_telling(std::u32string_view text) const;

 private:
  Safe free_text(std::string_view raw, std::u32string (*clean)(std::u32string_view),
                 bool look_for_names) const;
  void add(std::vector<Hidden> more);
  /// Where names are unknown, every letter beyond ASCII may be of one.
  bool may_tell_name(std::u32string_view text) const;

  const MaskRules& rules_;
  std::vector<Hidden> hidden_;
  bool complete_ = true;
};

}  // namespace lobby::feed
