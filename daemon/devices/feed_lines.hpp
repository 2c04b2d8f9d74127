#pragma once

/// What lobby-feed and lobbyd say to each other: one JSON object a line.
///
/// lobbyd → lobby-feed, once, on standard input (so that no secret stands in the arguments): the settings,
/// see daemon/feed/settings.hpp. Then an answer to each begin, more and end: {"taken":true} or
/// {"taken":false}.
///
/// lobby-feed → lobbyd, on standard output:
///   {"kind":"begin","what":"cases","full":true,"rows":86,"removed":0}
///                                  a whole answer follows; false: it is held back, nothing of it may follow
///   {"kind":"case","id":…}         one masked row: every text of hall::each_text() by name, return_count and
///                                  suppressed
///   {"kind":"record","id":…,"row":{…}}           a row of any other kind
///   {"kind":"removed","id":"…"}
///   {"kind":"more"}                after each slice_rows of them but the last
///   {"kind":"end","what":"cases","cursor":"…","age_ms":120,"rows":86,"skipped":0,"unknown_status":0,
///    "bad_values":0,"clock_off_s":0}             true: all of it is kept
///                                  with "whole":false the upstream has more that was not read: the rows and
///                                  the cursor count, but nothing is proved to be fresh; a fault follows that
///                                  says why and how long nothing will be heard
///   {"kind":"fresh","what":"cases","age_ms":12,"rows":86,…}
///                                  the upstream answered: nothing has changed
///   {"kind":"fault","what":"cases","reason":"…","retry_s":4}
///                                  this pull failed; the process goes on by its own back-off and is silent
///                                  for retry_s. what is empty where all of the source is meant
/// age_ms: since the first request of this pull was sent. clock_off_s: the upstream's clock less ours, when
/// that is more than a minute. A line is at most `max_line` bytes.
namespace lobby::devices::feed_lines {

inline constexpr unsigned max_line = 16 * 1024;
inline constexpr unsigned max_rows = 250'000;  ///< of one answer
inline constexpr unsigned slice_rows = 250;
inline constexpr long long oldest_ms =
    366LL * 24 * 3600 * 1000;  ///< an age at most; a dropped file may be old

}  // namespace lobby::devices::feed_lines
