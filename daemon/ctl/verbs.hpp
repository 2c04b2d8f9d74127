#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What lobbyctl can be asked, as data: main.cpp makes the command line of it, run.cpp carries it out.
namespace lobby::ctl {

/// One word or option behind NOUN VERB. The name is the key in Arguments; as an option it is written
/// `--name`.
struct Argument {
  enum class Kind { positional, option, flag, list };
  std::string name;
  Kind kind = Kind::option;
  std::string help;
  bool required = false;
};

/// What was given: an option that was not given is not in the map; a flag is there with no values.
class Arguments {
 public:
  void set(const std::string& name, std::vector<std::string> values) { values_[name] = std::move(values); }
  bool has(const std::string& name) const { return values_.contains(name); }
  /// The first value, or empty.
  std::string one(const std::string& name) const;
  const std::vector<std::string>& all(const std::string& name) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

/// One call of the API.
struct Request {
  std::string method = "GET";
  std::string path;  ///< with its query, percent-encoded
  std::string body;  ///< JSON; empty: none
};

/// The arguments do not make a request: one sentence, exit status 2.
struct Misuse {
  std::string sentence;
};

using MakeRequest = std::variant<Request, Misuse> (*)(const Arguments&);

/// How an answer is shown to a person.
enum class Shape {
  ticket,
  tickets,
  window,
  windows,
  hall,
  devices,
  found_units,
  moved_unit,
  tested,
  slip,
  approval,
  approvals,
  review,
  bids,
  users,
  token,
  appointment,
  appointments,
  catalogue,
  service,
  block,
  statistics,
  boards,
  board_texts,
  board_text,
  draft,
  emergency,
  evaluation,
  evaluations,
  rooms,
  events,
  text
};

struct Call {
  MakeRequest make;
  Shape shape;
};

/// What needs more than one call of the API, or none.
enum class Act {
  follow_events,
  list_ports,
  scan_line,
  add_user,
  list_users,
  remove_user,
  check_site,
  test_mapping,
  verify_evidence,
  export_evidence
};

struct Verb {
  std::string noun, verb, help;
  std::vector<Argument> arguments;
  std::variant<Call, Act> deed;
};

/// Every verb, nouns together.
const std::vector<Verb>& verbs();
/// What a noun is, for the help.
std::string_view help_of_noun(std::string_view noun);

/// Percent-encoded for one step of a path or one value of a query.
std::string encode(std::string_view text);
/// Is this a ticket's id (and not its number)? A number has a prefix or leading zeros.
bool is_ticket_id(std::string_view text);
/// Events of the journal, by the arguments `after` and `limit`.
std::variant<Request, Misuse> journal_request(const Arguments& given);

/// With this flag run.cpp reads the number of a person's document from standard input, where no other user of
/// the machine can see it, and adds it to the arguments under the second name.
inline constexpr const char* applicant_flag = "applicant-stdin";
inline constexpr const char* applicant_read = "applicant";

/// The argument that names a ticket by id or number; run.cpp turns a number into the id before the request.
inline constexpr const char* ticket_argument = "TICKET";

}  // namespace lobby::ctl
