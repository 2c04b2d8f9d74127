#include "daemon/feed/name_parts.hpp"

#include <algorithm>
#include <iterator>

#include "daemon/feed/fold.hpp"
#include "daemon/feed/name_words.hpp"
#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

using View = std::u32string_view;

constexpr std::size_t most_parts = 64;
constexpr unsigned deepest = 4;

bool is_separator(char32_t c) {
  return View(U"、,，;；/／|｜\\＼&＆+＋").find(c) != View::npos;
}
bool is_open(char32_t c) {
  return View(U"(（[［【〔{｛<＜《〈「『").find(c) != View::npos;
}
bool is_close(char32_t c) {
  return View(U")）]］】〕}｝>＞》〉」』").find(c) != View::npos;
}

/// The first `count` characters, each with at most one variation selector.
std::u32string first_characters(View name, std::size_t count) {
  std::u32string out;
  for (const char32_t c : name) {
    if (is_variation_selector(c)) {
      if (!out.empty() && !is_variation_selector(out.back())) {
        out.push_back(c);
      }
    } else if (count-- == 0) {
      break;
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::vector<std::u32string> split_at_gaps(View segment) {
  std::vector<std::u32string> out(1);
  for (const char32_t c : segment) {
    if (!is_gap(c)) {
      out.back().push_back(c);
    } else if (!out.back().empty()) {
      out.emplace_back();
    }
  }
  return out;
}

class ItemSplitter {
 public:
  void take(char32_t c) {
    if (is_open(c)) {
      item_.is_wide = c == U'（';
      if (depth_++ == 0) {
        put_piece(false);
      }
    } else if (is_close(c) && depth_ > 0) {
      if (--depth_ == 0) {
        put_piece(true);
      }
    } else if (depth_ == 0 && is_separator(c)) {
      put_item();
    } else {
      text_.push_back(c);
    }
  }
  std::vector<NamedItem> finish() {
    put_item();
    return std::move(items_);
  }

 private:
  void put_piece(bool bracketed) {
    if (!text_.empty()) {
      item_.outer += bracketed ? U"" : text_;
      item_.pieces.push_back({bracketed, std::exchange(text_, {})});
    }
  }
  void put_item() {
    put_piece(depth_ > 0);
    const auto tells = [](const NamedItem::Piece& piece) { return !fold_letters(piece.text).empty(); };
    if (std::any_of(item_.pieces.begin(), item_.pieces.end(), tells)) {
      items_.push_back(std::move(item_));
    }
    item_ = {};
  }

  std::vector<NamedItem> items_;
  NamedItem item_;
  std::u32string text_;
  int depth_ = 0;
};

}  // namespace

std::vector<NamedItem> split_items(View names) {
  ItemSplitter splitter;
  std::for_each(names.begin(), names.end(), [&](char32_t c) { splitter.take(c); });
  return splitter.finish();
}

std::vector<std::u32string> split_segments(View text) {
  std::vector<std::u32string> out;
  std::u32string one;
  const auto put = [&] {
    if (!fold_letters(one).empty()) {
      out.push_back(one);
    }
    one.clear();
  };
  for (const char32_t c : text) {
    if (is_letter(c) || (is_between_letters(c) && !one.empty())) {
      one.push_back(c);
    } else if (!is_between_letters(c)) {
      put();
    }
  }
  put();
  return out;
}

std::u32string core_of(View segment) {
  std::u32string letters = fold_letters(segment);
  for (WordAt word = find_side_word(letters); word.length != 0 && !letters.empty();
       word = find_side_word(letters)) {
    letters = word.at == 0 ? letters.substr(word.length) : letters.substr(0, word.at);
  }
  return letters;
}

void NameParts::add_person(View text) {
  add_segments(text, false);
}

void NameParts::add_inside(View text) {
  add_segments(text, true);
}

void NameParts::add_segments(View text, bool inside) {
  for (const std::u32string& segment : split_segments(text)) {
    const std::u32string joined = fold_letters(segment);
    const bool dotted = std::any_of(segment.begin(), segment.end(), is_name_dot);
    // The parts of a Latin or dotted name are all of one person; other gaps stand between two.
    const bool one_person = dotted || is_latin(joined.front());
    const Origin origin{one_person ? View(segment) : View(), joined.size(), inside};
    explode(joined, origin, deepest);
    for (const std::u32string& piece : split_at_gaps(segment)) {
      explode(fold_letters(piece), origin, deepest);
    }
  }
}

void NameParts::add_owner(View text) {
  constexpr std::size_t longest_place = 8;
  const std::u32string letters = core_of(text);
  const std::size_t place = View(letters).substr(0, longest_place).find_last_of(U"市县区镇乡村");
  View name = View(letters).substr(place == View::npos ? 0 : place + 1);
  const std::size_t surname = surname_length(name, rules_);
  if (surname == 0) {
    return;
  }
  for (const std::size_t given : {1U, 2U}) {
    if (name.size() >= surname + given) {
      add(name.substr(0, surname + given), {{}, letters.size(), false});
    }
  }
}

void NameParts::add_organisation(View text) {
  for (const std::u32string& segment : split_segments(text)) {
    const auto pieces = split_at_gaps(segment);
    for (const std::u32string& piece : pieces) {
      const std::u32string letters = fold_letters(piece);
      if (pieces.size() > 1 && looks_like_person(letters, rules_)) {
        explode(letters, {{}, letters.size(), false}, deepest);
      }
    }
  }
}

void NameParts::add_text(View text) {
  for (const std::u32string& segment : split_segments(text)) {
    const WordAt role = find_role(segment);
    const bool before = role.length != 0 && role.at + role.length < segment.size();
    const std::u32string after = before ? segment.substr(role.at + role.length) : segment;
    // 申请人张三丰的办件: what follows is no name.
    const std::u32string named = before ? after.substr(0, after.find(U'的')) : after;
    std::vector<std::u32string> pieces = split_at_gaps(named);
    pieces.push_back(named);  // 李 四
    for (const std::u32string& piece : pieces) {
      const std::u32string letters = fold_letters(piece);
      if (looks_like_person(letters, rules_) || (before && !ends_like_organisation(letters, rules_))) {
        explode(letters, {{}, letters.size(), false}, deepest);
      }
    }
  }
}

void NameParts::explode(View letters, const Origin& origin, unsigned depth) {
  if (letters.size() < 2 || overflown_) {
    return;
  }
  add(letters, origin);
  if (depth == 0) {
    return;
  }
  if (const WordAt word = find_side_word(letters); word.length != 0) {
    explode(letters.substr(0, word.at), origin, depth - 1);
    explode(letters.substr(word.at + word.length), origin, depth - 1);
  }
  for (std::size_t at = 0; at < letters.size(); ++at) {
    if (is_weak_joint(letters[at])) {
      explode(letters.substr(0, at), origin, depth - 1);
      explode(letters.substr(at + 1), origin, depth - 1);
    }
  }
}

void NameParts::add(View letters, const Origin& origin) {
  const bool known = std::any_of(parts_.begin(), parts_.end(),
                                 [letters](const Part& part) { return part.letters == letters; });
  // `欧阳` of `欧阳 小红` is what is shown of her.
  const bool surname = letters.size() < origin.whole && is_compound_surname(letters, rules_);
  const bool elsewhere = origin.inside && (is_place(letters) || ends_like_organisation(letters, rules_));
  if (known || surname || elsewhere || is_nobody(letters)) {
    return;
  }
  if (parts_.size() == most_parts) {
    overflown_ = true;
    return;
  }
  parts_.push_back(
      {std::u32string(letters), std::u32string(origin.shown_as.empty() ? letters : origin.shown_as)});
}

bool NameParts::has_bare_surname() const {
  return std::any_of(parts_.begin(), parts_.end(),
                     [this](const Part& part) { return is_compound_surname(part.letters, rules_); });
}

std::vector<Hidden> NameParts::hidden() && {
  const bool short_surname = has_bare_surname();
  std::stable_sort(parts_.begin(), parts_.end(),
                   [](const Part& a, const Part& b) { return a.letters.size() > b.letters.size(); });
  std::vector<Hidden> out;
  out.reserve(parts_.size());
  for (Part& part : parts_) {
    out.push_back({std::move(part.letters), shown_of_person(part.shown_as, rules_, short_surname)});
  }
  return out;
}

std::u32string shown_of_person(View name, const MaskRules& rules, bool short_surname) {
  const std::u32string first = first_characters(name, 1);
  if (is_latin(first.front())) {
    return first + rules.latin_rest;
  }
  std::u32string plain;
  std::copy_if(name.begin(), name.end(), std::back_inserter(plain),
               [](char32_t c) { return !is_variation_selector(c); });
  const bool dotted = std::any_of(plain.begin(), plain.end(), is_name_dot);
  // Alone, the two characters may as well be a surname of one and a given name.
  const bool two = !short_surname && !dotted && plain.size() > 2 && has_compound_surname(plain, rules);
  return first_characters(name, two ? 2 : 1) + rules.person_rest;
}

}  // namespace lobby::feed
