#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/hall/time.hpp"

/// What other systems say and the hall shows: approval cases, and records of other kinds. Masked before they
/// reach the daemon, kept in tables of their own outside the fold.
namespace lobby::hall {

/// Kinds of things that a source has.
enum class What : std::uint8_t { cases, matters, staff, alerts, bids, notices, calendar, appointments };
inline constexpr std::array<std::string_view, 8> what_words{"cases", "matters", "staff",    "alerts",
                                                            "bids",  "notices", "calendar", "appointments"};
constexpr std::string_view word_of(What what) {
  return what_words[static_cast<std::size_t>(what)];
}
std::optional<What> what_of(std::string_view word);

/// A case as its source tells it. Texts; empty: unknown. Times are RFC 3339 or dates as given, limits as in
/// limits.hpp.
struct CaseRow {
  std::string id;  ///< upstream key
  std::string case_no;
  std::string query_code;  ///< never shown
  std::string region_code, matter_code, matter_name, dept_code, dept_name;
  std::string matter_kind;        ///< instant, promised, forward, joint, other
  std::string applicant_type;     ///< person, org, unknown
  std::string applicant_display;  ///< masked
  std::string applicant_key;      ///< keyed hash of this year; never shown
  std::string applied_at, accepted_at, due_promised, due_statutory, finished_at, updated_at;
  std::string promised_limit, statutory_limit, stage_name, stage_due;
  std::string status;  ///< canonical word: accepted, reviewing, finished …
  std::string status_raw;
  std::string light;       ///< green, yellow, red, grey
  std::string card;        ///< warning (预警), yellow (黄牌), red (红牌)
  std::string stops;       ///< `FROM/TO;FROM/`: when its clock stood still
  std::string stop_limit;  ///< how long the last of them may be
  std::string queue_ticket, window_no, upstream_version;
  std::uint32_t return_count = 0;
  bool suppressed = false;  ///< its matter is nobody's business: counted, never shown

  // --- ours ---
  std::string shown_status;  ///< what the public is told of the status; empty: nothing of the case
  std::string shown_light, shown_card, light_source;  ///< source: upstream, own
  std::string own_due;                                ///< of the promise, as we count it
  std::uint32_t overdue_days = 0;
  bool estimated = false;     ///< a year without calendar is crossed
  bool mismatch = false;      ///< ours differs from the upstream's: for staff
  std::int64_t judge_at = 0;  ///< utc_ms when the light may change by itself; 0: never
  std::uint64_t version = 0;  ///< of the write that last changed it
  friend bool operator==(const CaseRow&, const CaseRow&) = default;
};

/// Calls f(name, member) for every text of the source, in the order of its columns.
template <class Row, class F>
void each_text(Row& row, F&& f) {
  f("id", row.id), f("case_no", row.case_no), f("query_code", row.query_code);
  f("region_code", row.region_code), f("matter_code", row.matter_code), f("matter_name", row.matter_name);
  f("dept_code", row.dept_code), f("dept_name", row.dept_name), f("matter_kind", row.matter_kind);
  f("applicant_type", row.applicant_type), f("applicant_display", row.applicant_display);
  f("applicant_key", row.applicant_key), f("applied_at", row.applied_at), f("accepted_at", row.accepted_at);
  f("due_promised", row.due_promised), f("due_statutory", row.due_statutory);
  f("finished_at", row.finished_at), f("updated_at", row.updated_at);
  f("promised_limit", row.promised_limit), f("statutory_limit", row.statutory_limit);
  f("stage_name", row.stage_name), f("stage_due", row.stage_due), f("status", row.status);
  f("status_raw", row.status_raw), f("light", row.light), f("card", row.card), f("stops", row.stops);
  f("stop_limit", row.stop_limit), f("queue_ticket", row.queue_ticket), f("window_no", row.window_no);
  f("upstream_version", row.upstream_version);
}
/// And for every text of ours.
template <class Row, class F>
void each_own_text(Row& row, F&& f) {
  f("shown_status", row.shown_status), f("shown_light", row.shown_light), f("shown_card", row.shown_card);
  f("light_source", row.light_source);
  f("own_due", row.own_due);
}

/// Anything else that a source has: an object of its fields as canonical JSON, masked.
struct Record {
  std::string id;
  std::string json;
  std::uint64_t version = 0;
  friend bool operator==(const Record&, const Record&) = default;
};

/// Two rows with the same sum say the same; versions and what is ours do not count.
std::uint64_t meaning(const CaseRow& row);
std::uint64_t meaning(const Record& record);
/// What a row is known by where 200,000 of them must fit: its source, kind and id.
std::uint64_t key_of(std::string_view feed, What what, std::string_view id);

/// Rows of one kind of one source that become visible together.
struct SourceChange {
  std::string feed;
  What what = What::cases;
  std::vector<CaseRow> cases;  ///< added or changed
  /// The cases are rows of the table of which only what is ours was judged anew: each counts while the table
  /// still has its version, for what the source has said meanwhile goes first.
  bool judged = false;
  std::vector<Record> records;         ///< the same of the other kinds
  std::vector<std::uint64_t> removed;  ///< by key_of()
  std::optional<std::string> cursor;   ///< the place in the source's list; nullopt: as it was
};

/// One answer of a source as it arrives: a head, rows in slices, a tail with its place in the source's list.
struct AnswerHead {
  What what = What::cases;
  bool full = false;       ///< its rows are all there is
  std::uint32_t rows = 0;  ///< that follow
};
struct AnswerSlice {
  std::vector<CaseRow> cases;
  std::vector<Record> records;
  std::vector<std::string> removed;  ///< upstream ids
};

/// How old what is shown is: by the source's last proof of freshness.
enum class Freshness : std::uint8_t {
  fresh,
  labelled,  ///< older than its limit: shown with its time
  expired    ///< too old to be shown
};
std::string_view word_of(Freshness state);

struct Age {
  std::optional<Instant> as_of;  ///< nullopt: not since the start
  Freshness state = Freshness::expired;
  std::uint32_t valid_for_s = 0;  ///< from as_of on it is fresh; 0: no source has it
  bool stale() const { return state != Freshness::fresh; }
  bool has_source() const { return valid_for_s != 0; }
};
/// Of two kinds that are shown together: the older, as bad as the worse of both. What no source has does not
/// count.
Age older(const Age& one, const Age& other);

struct CaseQuery {
  std::optional<std::uint64_t> since;  ///< only rows of later versions
  std::string status, light;           ///< as they are shown; empty = any
  std::uint32_t limit = 200;
  bool everything = false;  ///< also what is not for the public: suppressed, void, refusals as such
};

/// Cases of everybody, those of suppressed matters too.
struct CaseTotals {
  std::uint32_t all = 0, accepted_today = 0, finished_today = 0, suppressed = 0;
};

struct CasePage {
  Age age;
  std::uint64_t version = 0;
  CaseTotals totals;
  std::vector<CaseRow> cases;
};

/// Cases of one applicant and matter that came back more than once: for supervisors.
struct ReturnedTwice {
  std::string applicant_key, matter_name;
  std::uint32_t returns = 0, cases = 0;
  std::string last_at;
};

}  // namespace lobby::hall
