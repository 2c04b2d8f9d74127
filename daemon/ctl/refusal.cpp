#include "daemon/ctl/refusal.hpp"

#include <boost/json.hpp>
#include <ostream>

#include "daemon/ctl/show.hpp"
#include "daemon/ctl/table.hpp"
#include "daemon/ctl/tell.hpp"

namespace lobby::ctl {

std::optional<Exit> refusal(const Outcome& outcome, const Settings& settings, Console& console) {
  if (const auto* silence = std::get_if<NoAnswer>(&outcome)) {
    console.err << printable(silence->sentence);
    if (silence->sent && !settings.key.empty()) {
      console.err << "; it may have been done: repeat with --idempotency-key " << settings.key;
    }
    console.err << "\n";
    return Exit::no_connection;
  }
  const Answer& answer = std::get<Answer>(outcome);
  if (answer.status >= 200 && answer.status < 300) {
    return std::nullopt;
  }
  boost::system::error_code error;
  const auto problem = boost::json::parse(answer.body, error);
  std::string detail;
  if (!error && problem.is_object()) {
    detail = plain(problem.get_object().if_contains("detail"));
    detail = detail.empty() ? plain(problem.get_object().if_contains("title")) : detail;
  }
  console.err << (detail.empty() ? "the server answered " + std::to_string(answer.status) : printable(detail))
              << "\n";
  if (settings.json) {
    console.out << show(Shape::text, answer.body);
  }
  return Exit::refused;
}

}  // namespace lobby::ctl
