# Makes the table of built-in glyphs: cmake -DFONT=unifont.hex -DOUT=glyph_table.cpp -P glyphs.cmake
# The wide ones in the order of wire/glyphs.hpp, by their Unicode code points (a test holds the two together).
set(wide 529E 4E0D 64CD 7A97 7B49 5730 670D 53F7 5019 547C 56DE 7ED3 5F00 53EF 53E3 9886 8BF7 4EBA 7A0D 505C 672A 65E0
         52A1 6682 8BC1 5740 91CD 4F5C)
set(narrow "")
foreach(code RANGE 32 126)
  math(EXPR hex "${code}" OUTPUT_FORMAT HEXADECIMAL)
  string(SUBSTRING "${hex}" 2 2 digits)
  string(TOUPPER "00${digits}" digits)
  list(APPEND narrow ${digits})
endforeach()
list(JOIN wide "|" any_wide)
list(JOIN narrow "|" any_narrow)
file(STRINGS ${FONT} lines REGEX "^(${any_wide}|${any_narrow}):")
foreach(line ${lines})
  string(REGEX MATCH "^([0-9A-F]+):([0-9A-F]+)" _ "${line}")
  set(dots_${CMAKE_MATCH_1} ${CMAKE_MATCH_2})
endforeach()

# CODE, hex digits per row: "{0x…, …}"
function(rows_of code digits result)
  math(EXPR all "16 * ${digits}")
  string(LENGTH "${dots_${code}}" length)
  if(NOT length EQUAL all)
    message(FATAL_ERROR "${FONT} has no glyph of ${digits} digits a row for U+${code}")
  endif()
  set(rows "")
  foreach(row RANGE 15)
    math(EXPR at "${row} * ${digits}")
    string(SUBSTRING "${dots_${code}}" ${at} ${digits} word)
    list(APPEND rows "0x${word}")
  endforeach()
  list(JOIN rows ", " text)
  set(${result} "{${text}}" PARENT_SCOPE)
endfunction()

set(narrow_rows "")
foreach(code ${narrow})
  rows_of(${code} 2 text)
  string(APPEND narrow_rows "    ${text},\n")
endforeach()
set(wide_rows "")
foreach(code ${wide})
  rows_of(${code} 4 text)
  string(APPEND wide_rows "    ${text},\n")
endforeach()
file(WRITE ${OUT} "#include \"firmware/core/glyph_table.hpp\"

namespace lobby::firmware::glyph_table {

using Narrow = std::array<std::uint8_t, 16>;
using Wide = std::array<std::uint16_t, 16>;
const std::array<Narrow, wire::glyphs::last_ascii - wire::glyphs::first_ascii + 1> narrow{{
${narrow_rows}}};
const std::array<Wide, wire::glyphs::gb2312.size()> wide{{
${wide_rows}}};

}  // namespace lobby::firmware::glyph_table
")
