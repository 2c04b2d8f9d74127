#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/api/problem.hpp"
#include "daemon/hall/ids.hpp"
#include "daemon/hall/time.hpp"
#include "daemon/hall/words.hpp"

/// Typed reading of what a client sent. Each read names a field; the first thing wrong is kept, and what no
/// read has named is refused by finish(). After a fault the values read are of no use.
namespace lobby::api {

enum class Need : std::uint8_t { optional, required };

/// Makes of a person's number what is kept instead of it.
using KeyOf = std::function<hall::ApplicantKey(std::string_view)>;

class Fields {
 public:
  /// The first fault, or the first unknown name.
  std::optional<Problem> finish();

 protected:
  explicit Fields(std::string_view what) : what_(what) {}
  ~Fields() = default;
  void fail(std::string detail);
  void missing(std::string_view name);
  /// "one of a, b, c".
  static std::string choices(std::span<const std::string_view> words);
  std::set<std::string, std::less<>> unread_;

 private:
  std::string_view what_;  ///< "field" or "query parameter"
  std::optional<Problem> fault_;
};

/// The JSON object of a request body; an empty body is an empty object.
class BodyFields : public Fields {
 public:
  explicit BodyFields(std::string_view body);
  bool has(std::string_view name) const { return object_.contains(name); }
  /// Without control characters and numbers of persons, at most `most` characters, and not empty when it is
  /// required.
  std::string text(std::string_view name, Need need, std::size_t most);
  /// A number of the hall's papers: 1 to 64 letters, digits, brackets and hyphens, no number of a person.
  std::string code(std::string_view name, Need need);
  /// Like text(), for what is kept as a hash only: it may be any number.
  std::string secret(std::string_view name, Need need, std::size_t most);
  std::optional<std::uint64_t> number(std::string_view name, Need need, std::uint64_t least,
                                      std::uint64_t most);
  std::optional<bool> flag(std::string_view name, Need need);
  std::optional<hall::Instant> time(std::string_view name, Need need);
  /// `2026-03-16`.
  std::optional<hall::Date> date(std::string_view name, Need need);
  /// `09:30`, as minutes since midnight.
  std::optional<int> minute(std::string_view name, Need need);
  /// Digits and Latin letters only, `least` to `most` of them.
  std::string plain_code(std::string_view name, std::size_t least, std::size_t most);
  /// The number of a person's document, which `key_of` sees and which is wiped then; letters count as large
  /// ones, spaces not at all. Nobody when it is not given.
  hall::ApplicantKey person(std::string_view name, Need need, const KeyOf& key_of);
  std::vector<std::string> texts(std::string_view name, std::size_t most_items, std::size_t most);
  template <hall::Word E>
  std::optional<E> word(std::string_view name, Need need) {
    const std::string given = text(name, need, 64);
    const auto parsed = hall::parse_word<E>(given);
    if (!parsed && has(name)) {
      fail("field `" + std::string(name) + "` " + choices(hall::Words<E>::text));
    }
    return parsed;
  }

 private:
  boost::json::value* take(std::string_view name, Need need);
  void refuse_personal(std::string_view name);
  boost::json::object object_;
};

/// The query of a target; a name may stand there once.
class QueryFields : public Fields {
 public:
  explicit QueryFields(const std::vector<std::pair<std::string, std::string>>& query);
  /// nullopt when it is not given.
  std::optional<std::string> text(std::string_view name);
  std::optional<std::uint64_t> number(std::string_view name, std::uint64_t least, std::uint64_t most);
  std::optional<hall::Date> date(std::string_view name);
  template <hall::Word E>
  std::optional<E> word(std::string_view name) {
    const auto given = choice(name, hall::Words<E>::text);
    return given ? hall::parse_word<E>(*given) : std::nullopt;
  }
  /// One of these words.
  std::optional<std::string> choice(std::string_view name, std::span<const std::string_view> words);

 private:
  const std::vector<std::pair<std::string, std::string>>& query_;
};

/// Digits only, no sign; nullopt for anything else and for what does not fit.
std::optional<std::uint64_t> parse_number(std::string_view text);

}  // namespace lobby::api
