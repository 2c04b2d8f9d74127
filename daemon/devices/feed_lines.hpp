#pragma once

/// What lobby-feed and lobbyd say to each other: one JSON object a line.
///
/// lobbyd → lobby-feed, once, on standard input (so that no secret stands in the arguments):
///   {"feed":"approvals","url":"http://…","mapping":"/…/epoint.toml","token_file":"/…","area_code":"510682",
///    "interval_s":30,"total_s":60,"cursor":"…","ca_file":"/…"}
///   after each batch: {"taken":true} or {"taken":false}
///
/// lobby-feed → lobbyd, on standard output:
///   {"kind":"begin","full":true}                 a whole answer follows
///   {"kind":"case","id":…,"case_no":…,…}         one masked row: the text fields of hall::CaseRow by name
///   {"kind":"removed","id":"…"}
///   {"kind":"end","cursor":"…","rows":86,"skipped":0,"unknown_status":0,"bad_values":0}
///   {"kind":"fault","reason":"…","retry_s":4}    this pull failed; the process goes on by its own back-off
///   and is
///                                                silent for retry_s
///   {"kind":"fresh","rows":86,"skipped":0,"unknown_status":0,"bad_values":0}
///                                                the upstream answered: nothing has changed
/// A line is at most `max_line` bytes. What stands between begin and a missing end is dropped.
namespace lobby::devices::feed_lines {

inline constexpr unsigned max_line = 16 * 1024;
inline constexpr unsigned max_rows = 20'000;  ///< of one batch

}  // namespace lobby::devices::feed_lines
