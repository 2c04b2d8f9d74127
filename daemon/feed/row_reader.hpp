#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <string>
#include <string_view>

#include "daemon/feed/canonical.hpp"
#include "daemon/feed/guard.hpp"
#include "daemon/feed/mapping.hpp"
#include "daemon/feed/rows.hpp"

namespace lobby::feed {

/// What every row of an answer is read with.
struct Reading {
  const Mapping& mapping;
  const Resource& resource;
  const Scope& scope;
};

/// One row on its way: the names in it are known before any of its texts is read.
class RowReader {
 public:
  /// `out`: only its counts and findings are touched. All must outlive the reader.
  RowReader(const Reading& by, const boost::json::value& row, Answer& out);

  /// Empty when there is no id that may be used: counted as skipped. One that tells of a person is known by
  /// another name.
  std::string id();
  /// What may leave of a field; empty: no value.
  std::string value(const FieldRule& rule);
  /// Of the field with the kind `status`: the upstream's own word.
  std::string status_word(const FieldRule& rule);
  /// The type of a case's applicant: person, org, unknown.
  const std::string& applicant_type() const { return type_; }
  /// As the upstream has it, through its transforms: never to leave. Counts nothing.
  std::string raw(std::string_view name) const;
  std::string stops();
  /// Candidates as an array of objects with the fields that have a value; at most 20.
  boost::json::value candidates();

 private:
  using Fields = std::map<std::string, Field>;
  void gather_names();
  void gather_from(const boost::json::value& at, const Fields& fields, const FieldRule& rule);
  void hide_all(const boost::json::value& value, Applicant type);
  Applicant type_of(const FieldRule& rule) const;
  std::string read(const boost::json::value& at, const Fields& fields, std::string_view name);
  std::string value_at(const boost::json::value& at, const Fields& fields, const FieldRule& rule);
  std::string masked_at(const boost::json::value& at, const Fields& fields, const FieldRule& rule);
  std::string take(std::string_view name, Guard::Safe safe);
  std::string status(const std::string& raw);
  std::string closed(const FieldRule& rule, const std::string& raw);
  void count_bad(std::string_view name, std::uint32_t n = 1);
  void count_unknown(const std::string& raw);

  const Reading& by_;
  const boost::json::value& row_;
  Answer& out_;
  Guard guard_;
  Applicant applicant_ = Applicant::unknown;
  std::string type_ = "unknown";
};

}  // namespace lobby::feed
