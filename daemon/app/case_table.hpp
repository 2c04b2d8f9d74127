#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/app/registrar.hpp"
#include "daemon/flows/ports.hpp"
#include "daemon/journal/journal.hpp"

namespace lobby::app {

/// The approval cases in the journal; what is written goes through the registrar's door like everything else.
class CaseTablePort final : public flows::CaseTable {
 public:
  CaseTablePort(journal::Journal& journal, Registrar& registrar) : journal_(journal), registrar_(registrar) {}
  std::optional<hall::CaseRow> find(const hall::DeviceId& feed, std::string_view id) override;
  std::vector<std::string> ids(const hall::DeviceId& feed) override;
  void write(hall::ReportApprovals report, std::vector<hall::CaseRow> rows, std::vector<std::string> removed,
             std::string cursor, std::function<void(bool)> done) override;

 private:
  journal::Journal& journal_;
  Registrar& registrar_;
};

}  // namespace lobby::app
