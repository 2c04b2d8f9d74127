#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/journal/case_store.hpp"
#include "daemon/journal/db.hpp"

namespace lobby::journal {

/// The connection that reads approvals.db; what each call means: CaseStore.
class CaseReader {
 public:
  std::optional<std::string> open(const std::string& file, const char* vfs);

  std::optional<std::int64_t> each_known(std::string_view feed, hall::What what, std::int64_t place,
                                         const CaseStore::UseKnown& use);
  std::vector<std::uint64_t> oldest(std::string_view feed, hall::What what, std::size_t limit);
  std::string cursor(std::string_view feed, hall::What what);
  std::vector<CaseStore::DueCase> due(std::int64_t now_ms, std::size_t limit);
  std::uint64_t version();
  hall::CasePage cases(const hall::CaseQuery& query);
  std::optional<hall::CaseRow> find_case(std::string_view case_no);
  hall::CaseTotals totals(std::string_view today);
  std::vector<hall::CaseRow> mismatches(std::size_t limit);
  std::vector<hall::ReturnedTwice> returned_twice(std::size_t limit);
  std::vector<hall::Record> records(hall::What what, std::size_t limit);

 private:
  bool prepare();
  bool prepare_lists();
  std::uint32_t count(Statement& statement, std::string_view from, std::string_view to);
  std::vector<hall::CaseRow> rows(Query& query);

  Database db_;
  Statement known_cases_, known_records_, oldest_cases_, oldest_records_, cursor_, due_, version_;
  Statement cases_, cases_since_, all_cases_, all_since_, by_number_, mismatches_, returned_, records_;
  Statement count_all_, count_suppressed_, count_accepted_, count_finished_;
  hall::CaseTotals totals_;
  std::string totals_day_;
  std::uint64_t totals_version_ = 0;
};

}  // namespace lobby::journal
