#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/approval_case.hpp"
#include "tests/sim/approval_http.hpp"
#include "tests/sim/approval_records.hpp"

namespace lobby::sim {

/// What a list request asks for.
struct ListAsk {
  std::size_t page = 0;  ///< from 0, whatever the shape counts from
  std::size_t size = 10;
  std::string keyword, area;
  int days = 36'500;         ///< how far back
  bool understood = true;    ///< else the shape's business error for it
  bool authorised = true;    ///< the shape's own credential was right, or none is wanted
  std::string params_shown;  ///< what describe() tells of it; never a secret
};

/// What a list answer holds.
struct ListPage {
  std::vector<ApprovalCase> rows;            ///< of the list of cases
  std::vector<boost::json::object> records;  ///< of another list, in the canonical snake_case
  std::size_t total = 0;
  ListAsk ask;
  std::uint64_t turn = 0;  ///< counts answers: some systems change their mind from one to the next
  std::int64_t now_ms = 0;
};

enum class Failing : std::uint8_t { credential, request, maintenance };
enum class Charset : std::uint8_t { utf8, utf8_bom, gb18030 };

/// A list of the shape's own form.
struct ShapeList {
  std::string_view at;                        ///< the path behind the feed's url
  std::optional<ApprovalRecords::Kind> kind;  ///< nullopt: the cases
  std::string (*page)(const ListPage& page) = nullptr;
};

/// One kind of provincial system: how it is asked and what it answers. Bodies are made in UTF-8 and leave in
/// the shape's charset. Every shape has the irregularities of a real system of its style. What a shape has no
/// list of its own for is there in the hall's own contract.
struct ApprovalShape {
  std::string_view name;
  std::string_view content_type;
  Charset charset = Charset::utf8;
  std::string_view name_key;  ///< of the applicant in a row: faults are put there
  bool repeats_last_page = false;
  std::size_t longest_page = 50;
  ListAsk (*ask)(const ApprovalRequest& request, const std::string& secret) = nullptr;
  std::string (*failure)(Failing why) = nullptr;
  std::vector<ShapeList> lists = {};
  /// Another form of an answer, for requests that want it; nullptr: there is none.
  ApprovalReply (*dress)(const ApprovalRequest& request, ApprovalReply reply) = nullptr;

  bool is_rest() const { return lists.empty(); }
};

/// By the name of the feed's mapping, or the shape that it begins with ("jeecg-county"); else Epoint.
const ApprovalShape& shape_of(std::string_view mapping);

const ApprovalShape& epoint_shape();
/// The hall's own contract; its lists are made by ApprovalNative, so here are only the errors.
const ApprovalShape& native_shape();
const ApprovalShape& kechuang_shape();
const ApprovalShape& jeecg_shape();
const ApprovalShape& trs_shape();
const ApprovalShape& ruoyi_shape();
/// XML within XML: "asmx" in UTF-8, "xml" in GB 18030.
const ApprovalShape& asmx_shape();
const ApprovalShape& xml_shape();

/// The text in a charset of GB 18030, for all that a text can hold.
std::string to_gb18030(const std::string& utf8);

// --- what shapes share ---
std::size_t parse_count(const std::string& text, std::size_t otherwise);
/// "2026-03-16T09:00:00+08:00" → "2026-03-16 09:00:00"; a day stays one; empty → `otherwise`.
std::string spaced(const std::string& time, const std::string& otherwise);
/// The day of a time; empty → `otherwise`.
std::string day_part(const std::string& time, const std::string& otherwise);
/// Milliseconds since 1970; 0: none.
std::int64_t epoch_ms(const std::string& time);
/// Page and size from the query, under the shape's names; pages counted from `base`.
ListAsk ask_by_query(const ApprovalRequest& request, const std::string& page, const std::string& size,
                     std::size_t base);
bool has_bearer(const ApprovalRequest& request, const std::string& secret);
/// A state in Epoint's words; one that is not ours stays as it is.
std::string epoint_status(std::string_view word);
/// Another portal's codes and their words: the same number means something else than with its neighbours. A
/// word that is not ours stays one, without a number.
struct PortalStatus {
  std::string number, word;
};
PortalStatus portal_status(std::string_view word);

}  // namespace lobby::sim
