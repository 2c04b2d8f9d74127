#include "daemon/feed/trial.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "daemon/feed/charset.hpp"
#include "daemon/feed/strict_json.hpp"

namespace lobby::feed {
namespace {

/// For the examples; the counts are of all.
constexpr std::size_t most_rows = 2'000;

std::variant<std::string, Explained> body_of(const std::string& path) {
  constexpr std::size_t largest = JsonBounds{}.body;
  std::ifstream file(path, std::ios::binary);
  std::string body(largest + 1, '\0');
  if (!file || !(file.read(body.data(), static_cast<std::streamsize>(body.size())) || file.eof())) {
    return Explained{false, fmt::format("{} cannot be read: {}\n", path, std::strerror(errno))};
  }
  body.resize(static_cast<std::size_t>(file.gcount()));
  auto text = file_to_utf8(std::move(body));
  if (const auto* failure = std::get_if<Failure>(&text)) {
    return Explained{false, fmt::format("{}: {}\n", path, failure->reason)};
  }
  return std::get<std::string>(std::move(text));
}

std::vector<What> wanted(const Settings& settings, const Mapping& mapping) {
  if (!settings.resources.empty()) {
    return settings.resources;
  }
  return {mapping.find(What::cases) != nullptr ? What::cases : mapping.resources.front().what};
}

std::string_view kind_of(Failure::Kind kind) {
  switch (kind) {
    case Failure::Kind::unauthorised:
      return "refused";
    case Failure::Kind::missing:
      return "not there";
    case Failure::Kind::throttled:
      return "asked to wait";
    case Failure::Kind::outdated:
      return "outdated cursor";
    default:
      return "trouble";
  }
}

Overview overview_of(Pulled& pulled) {
  Overview out;
  const Counts& counts = pulled.proof.counts;
  out.mapped = pulled.collected != nullptr ? pulled.collected->rows() : 0;
  out.removed = pulled.collected != nullptr ? pulled.collected->removals() : 0;
  out.outside = counts.outside_area;
  out.skipped = counts.skipped;
  out.items = out.mapped + out.removed + out.outside + out.skipped;
  out.partial = !pulled.full;
  out.findings = std::move(pulled.findings);
  if (pulled.collected != nullptr) {
    pulled.collected->each([&out](std::string_view line) {
      if (!line.starts_with(R"({"kind":"removed")")) {
        out.rows.push_back({{}, std::string(line)});
      }
      return out.rows.size() < most_rows;
    });
  }
  return out;
}

Explained test_one(const Mapping& mapping, What what, Source& source) {
  const Resource* resource = mapping.find(what);
  if (resource == nullptr) {
    return {false, fmt::format("the mapping has no {}\n", hall::word_of(what))};
  }
  auto outcome = source.pull(*resource);
  if (const auto* failure = std::get_if<Failure>(&outcome)) {
    return {false, explain(what, kind_of(failure->kind), failure->reason)};
  }
  return {true, explain(*resource, overview_of(std::get<Pulled>(outcome)))};
}

template <class Test>
Explained test_each(const Settings& settings, const Mapping& mapping, Test test) {
  Explained out{true, {}};
  for (const What what : wanted(settings, mapping)) {
    const Explained one = test(what);
    out.readable = out.readable && one.readable;
    out.text += (out.text.empty() ? "" : "\n") + one.text;
  }
  return out;
}

}  // namespace

Explained test_file(const Settings& settings, const Mapping& mapping) {
  auto body = body_of(settings.answer_file);
  if (auto* fault = std::get_if<Explained>(&body)) {
    return std::move(*fault);
  }
  // Nothing of this test is kept: any key shows whether there would be a sum or a pseudonym.
  const Scope scope{settings.area_code, "test", "test"};
  return test_each(settings, mapping,
                   [&](What what) { return explain(mapping, what, scope, std::get<std::string>(body)); });
}

Explained test_source(const Settings& settings, const Mapping& mapping, Source& source) {
  return test_each(settings, mapping, [&](What what) { return test_one(mapping, what, source); });
}

}  // namespace lobby::feed
