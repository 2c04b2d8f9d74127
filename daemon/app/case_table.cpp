#include "daemon/app/case_table.hpp"

#include <memory>
#include <utility>
#include <variant>

namespace lobby::app {

std::optional<hall::CaseRow> CaseTablePort::find(const hall::DeviceId& feed, std::string_view id) {
  return journal_.find_case_by_id(feed.value, id);
}

std::vector<std::string> CaseTablePort::ids(const hall::DeviceId& feed) {
  return journal_.case_ids(feed.value);
}

void CaseTablePort::write(hall::ReportApprovals report, std::vector<hall::CaseRow> rows,
                          std::vector<std::string> removed, std::string cursor,
                          std::function<void(bool)> done) {
  struct Rows {
    std::vector<hall::CaseRow> changed;
    std::vector<std::string> removed;
    std::string cursor;
  };
  auto travelling = std::make_shared<Rows>(Rows{std::move(rows), std::move(removed), std::move(cursor)});
  Registrar::Request request;
  request.by = report.feed.value;
  request.attach = [travelling, feed = report.feed.value](const std::vector<hall::Event>& events,
                                                          journal::Batch& batch) {
    batch.feed = feed;
    batch.cursor = std::move(travelling->cursor);
    const auto* moved = events.empty() ? nullptr : std::get_if<hall::ApprovalsAdvanced>(&events.front().body);
    if (moved == nullptr) {
      return;
    }
    // Only now is the version known: what waited for the same commit may have taken the one before.
    for (auto& row : travelling->changed) {
      row.version = moved->version;
    }
    batch.cases = std::move(travelling->changed);
    batch.removed_cases = std::move(travelling->removed);
  };
  request.done = [done =
                      std::move(done)](const std::variant<std::vector<hall::Event>, hall::Refusal>& result) {
    done(std::holds_alternative<std::vector<hall::Event>>(result));
  };
  request.command = std::move(report);
  registrar_.submit(std::move(request));
}

}  // namespace lobby::app
