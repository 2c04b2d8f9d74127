#pragma once

#include <string>
#include <string_view>

/// When two writings are one name.
namespace lobby::feed {

/// One letter for all its writings: ASCII for full-width, lower case, Latin and Cyrillic without their marks,
/// simplified for the traditional characters that are frequent in names (a table of some 400; a rarer one
/// is equal only to itself).
char32_t fold(char32_t c);

/// White space, dots of names, hyphens and apostrophes: between two parts of one name, or two names.
bool is_gap(char32_t c);
/// What may stand inside a name without making it another one: gaps and what shows nothing.
bool is_between_letters(char32_t c);
/// What is written on a letter, or only stretches a word (U+0640).
bool is_mark(char32_t c);
/// `·` and what is typed for it.
bool is_name_dot(char32_t c);
bool is_latin(char32_t c);
/// A letter or ideograph: no digit, mark, bracket or symbol of any alphabet.
bool is_letter(char32_t c);

/// The letters of a text, folded; everything else is left out.
std::u32string fold_letters(std::u32string_view text);

}  // namespace lobby::feed
