#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/ctl/verbs.hpp"

/// How the verbs' arguments become requests, and the parts of the table that stand in files of their own.
namespace lobby::ctl {

namespace json = boost::json;
using Made = std::variant<Request, Misuse>;

/// Digits only; nullopt for anything else.
std::optional<std::uint64_t> number_of(std::string_view text);
/// A path with those of the named options that were given as its query.
std::string with_query(std::string path, const Arguments& given, std::initializer_list<const char*> names);
/// A body with those of the named options that were given. `-` in an option is `_` in a body.
json::object body_of(const Arguments& given, std::initializer_list<const char*> names);
/// The same body with the person's number, when run.cpp read one from standard input.
json::object with_applicant(const Arguments& given, json::object body);

Made post(std::string path, const json::object& body = {});
std::string window_path(const Arguments& given, const char* act);
std::string ticket_path(const Arguments& given, const char* act = "");

/// The flag of a verb that may be about a person.
extern const Argument applicant_argument;

std::vector<Verb> appointment_verbs();
std::vector<Verb> people_verbs();
std::vector<Verb> approval_verbs();
std::vector<Verb> statistics_verbs();
std::vector<Verb> device_verbs();
std::vector<Verb> board_verbs();
std::vector<Verb> evaluation_verbs();
std::vector<Verb> evidence_verbs();

}  // namespace lobby::ctl
