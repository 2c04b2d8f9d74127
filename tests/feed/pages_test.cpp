#include "daemon/feed/page_walk.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

namespace lobby::feed {
namespace {

/// An upstream that lists the newest first and changes between two requests.
class Upstream {
 public:
  explicit Upstream(int count) {
    for (int i = count; i >= 1; --i) {
      ids.push_back(std::to_string(i));
    }
  }
  Answer page(std::uint32_t number, std::uint32_t size) const {
    Answer answer;
    const std::size_t from = std::min<std::size_t>(number * size, ids.size());
    const std::size_t to = std::min<std::size_t>(from + size, ids.size());
    for (std::size_t i = from; i < to; ++i) {
      hall::CaseRow row;
      row.id = ids[i];
      answer.rows.push_back(row);
    }
    answer.items = to - from;
    if (says_total) {
      answer.total = ids.size();
    }
    return answer;
  }
  std::vector<std::string> ids;
  bool says_total = true;
};

struct Walked {
  Pulled pulled;
  std::vector<std::uint32_t> pages;
};

Walked walk(Upstream& upstream, Paging paging, const std::function<void(std::size_t asked)>& meanwhile = {}) {
  PageWalk pages(paging);
  Walked out;
  while (const auto page = pages.next()) {
    out.pages.push_back(*page);
    REQUIRE(out.pages.size() < 1000);
    pages.take(upstream.page(*page - paging.base, paging.size));
    if (meanwhile) {
      meanwhile(out.pages.size());
    }
  }
  out.pulled = std::move(pages).result();
  return out;
}

std::vector<std::string> ids_of(const Pulled& pulled) {
  std::vector<std::string> ids;
  ids.reserve(pulled.rows.size());
  for (const auto& row : pulled.rows) {
    ids.push_back(row.id);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::vector<std::string> sorted(std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  return ids;
}

constexpr Paging tens{true, 0, 10, 400};

TEST_CASE("all pages are read once when the total is known") {
  Upstream upstream(35);
  const Walked out = walk(upstream, tens);
  CHECK(out.pages == std::vector<std::uint32_t>{0, 1, 2, 3});
  CHECK(ids_of(out.pulled) == sorted(upstream.ids));
  CHECK(out.pulled.full);
}

TEST_CASE("without a total the walk ends on a page without new rows") {
  Upstream upstream(30);
  upstream.says_total = false;
  const Walked out = walk(upstream, {true, 1, 10, 400});
  CHECK(out.pages == std::vector<std::uint32_t>{1, 2, 3, 4});
  CHECK(ids_of(out.pulled) == sorted(upstream.ids));
}

TEST_CASE("an upstream that repeats its last page for ever does not hold the walk") {
  PageWalk pages(tens);
  hall::CaseRow row;
  row.id = "1";
  int asked = 0;
  while (pages.next() && asked < 100) {
    ++asked;
    Answer answer;
    answer.rows.push_back(row);
    answer.total = 1000;
    pages.take(std::move(answer));
  }
  CHECK(asked == 2);
  CHECK(std::move(pages).result().rows.size() == 1);
}

TEST_CASE("rows that arrive meanwhile push others down: no row twice, none lost") {
  Upstream upstream(35);
  const auto before = upstream.ids;
  const Walked out = walk(upstream, tens, [&](std::size_t asked) {
    if (asked <= 2) {
      upstream.ids.insert(upstream.ids.begin(),
                          {"new-" + std::to_string(asked), "n-" + std::to_string(asked)});
    }
  });
  const auto ids = ids_of(out.pulled);
  CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
  const auto expected = sorted(before);
  CHECK(std::includes(ids.begin(), ids.end(), expected.begin(), expected.end()));
  CHECK(out.pulled.counts.repeated > 0);
}

TEST_CASE("rows that vanish meanwhile pull others up: the page before is read once more") {
  Upstream upstream(35);
  const Walked out = walk(upstream, tens, [&](std::size_t asked) {
    if (asked == 2) {
      upstream.ids.erase(upstream.ids.begin(), upstream.ids.begin() + 3);
    }
  });
  CHECK(out.pages == std::vector<std::uint32_t>{0, 1, 2, 1, 3});
  const auto ids = ids_of(out.pulled);
  const auto expected = sorted(upstream.ids);
  CHECK(std::includes(ids.begin(), ids.end(), expected.begin(), expected.end()));
}

TEST_CASE("a walk that is cut short is not the whole") {
  Upstream upstream(100);
  const Walked out = walk(upstream, {true, 0, 10, 3});
  CHECK(out.pages.size() == 3);
  CHECK(out.pulled.rows.size() == 30);
  CHECK_FALSE(out.pulled.full);
  Upstream huge(25'000);
  const Walked much = walk(huge, {true, 0, 5000, 400});
  CHECK(much.pulled.rows.size() == 20'000);
  CHECK_FALSE(much.pulled.full);
}

TEST_CASE("one answer holds everything when there are no pages") {
  Upstream upstream(7);
  const Walked out = walk(upstream, {false, 0, 50, 400});
  CHECK(out.pages.size() == 1);
  CHECK(out.pulled.rows.size() == 7);
}

}  // namespace
}  // namespace lobby::feed
