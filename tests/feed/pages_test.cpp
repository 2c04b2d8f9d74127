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
      answer.rows.push_back({ids[i], ids[i]});
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
  std::vector<std::uint32_t> pages;
  std::vector<std::string> ids;  ///< sorted
  bool full = true;
  std::string missing;
  Counts counts;
};

Resource paged(const Paging& paging) {
  Resource resource;
  resource.paging = paging;
  return resource;
}

std::vector<std::string> lines_of(Collected& collected) {
  std::vector<std::string> out;
  REQUIRE(collected.each([&out](std::string_view line) {
    out.emplace_back(line);
    return true;
  }));
  return out;
}

Walked walk(Upstream& upstream, Paging paging, const std::function<void(std::size_t asked)>& meanwhile = {}) {
  const Resource resource = paged(paging);
  Collected collected("/tmp");
  PageWalk pages(resource, "", collected);
  Walked out;
  while (const auto ask = pages.next()) {
    out.pages.push_back(ask->page);
    REQUIRE(out.pages.size() < 1000);
    CHECK(pages.take(upstream.page(ask->page - paging.base, paging.size)).empty());
    if (meanwhile) {
      meanwhile(out.pages.size());
    }
  }
  out.ids = lines_of(collected);
  std::sort(out.ids.begin(), out.ids.end());
  out.full = pages.full();
  out.missing = pages.missing();
  out.counts = pages.counts();
  return out;
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
  CHECK(out.ids == sorted(upstream.ids));
  CHECK(out.full);
}

TEST_CASE("without a total the walk ends on a page without new rows") {
  Upstream upstream(30);
  upstream.says_total = false;
  const Walked out = walk(upstream, {true, 1, 10, 400});
  CHECK(out.pages == std::vector<std::uint32_t>{1, 2, 3, 4});
  CHECK(out.ids == sorted(upstream.ids));
}

TEST_CASE("an upstream that repeats its last page for ever does not hold the walk") {
  const Resource resource = paged(tens);
  Collected collected("/tmp");
  PageWalk pages(resource, "", collected);
  int asked = 0;
  while (pages.next() && asked < 100) {
    ++asked;
    Answer answer;
    answer.rows.push_back({"1", "1"});
    answer.total = 1000;
    pages.take(std::move(answer));
  }
  CHECK(asked == 2);
  CHECK(collected.rows() == 1);
  CHECK_FALSE(pages.full());
}

TEST_CASE("a list that ends before its total is not whole: an empty page, or the one before from a cache") {
  for (const bool cached : {false, true}) {
    CAPTURE(cached);
    const Upstream upstream(400);
    Collected collected("/tmp");
    const Resource resource = paged({true, 1, 100, 400});
    PageWalk pages(resource, "", collected);
    for (int asked = 0; pages.next(); ++asked) {
      REQUIRE(asked < 10);
      const std::uint32_t page = pages.next()->page;
      Answer answer = upstream.page(page == 4 && cached ? 2 : page - 1, 100);
      if (page == 4 && !cached) {
        answer.rows.clear();
        answer.items = 0;
      }
      CHECK(pages.take(std::move(answer)).empty());
    }
    CHECK(collected.rows() == 300);
    CHECK_FALSE(pages.full());
    CHECK(pages.missing().starts_with("the list ends before the total"));
  }
}

TEST_CASE("a list that has some ids twice is whole, and one without a total ends where it ends") {
  Upstream upstream(35);
  upstream.ids[7] = upstream.ids[3];
  upstream.ids[20] = upstream.ids[3];
  const Walked out = walk(upstream, tens);
  CHECK(out.ids.size() == 33);
  CHECK(out.full);
  Upstream silent(25);
  silent.says_total = false;
  CHECK(walk(silent, tens).full);
}

TEST_CASE("rows that cannot be read are part of the total") {
  const Resource resource = paged(tens);
  Collected collected("/tmp");
  PageWalk pages(resource, "", collected);
  Answer answer;
  answer.rows.push_back({"1", "1"});
  answer.items = 3;
  answer.total = 3;
  answer.counts.skipped = 2;
  CHECK(pages.take(std::move(answer)).empty());
  CHECK(pages.full());
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
  const auto ids = out.ids;
  CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
  const auto expected = sorted(before);
  CHECK(std::includes(ids.begin(), ids.end(), expected.begin(), expected.end()));
  CHECK(out.counts.repeated > 0);
}

TEST_CASE("rows that move from a page not read yet to the head are looked for there") {
  Upstream upstream(35);
  const Walked out = walk(upstream, tens, [&](std::size_t asked) {
    if (asked <= 3) {
      std::rotate(upstream.ids.rbegin(), upstream.ids.rbegin() + 2, upstream.ids.rend());
    }
  });
  CHECK(out.ids == sorted(upstream.ids));
  CHECK(out.full);
  CHECK(out.pages == std::vector<std::uint32_t>{0, 1, 2, 3, 0});
}

TEST_CASE("rows that vanish meanwhile pull others up: the page before is read once more") {
  Upstream upstream(35);
  const Walked out = walk(upstream, tens, [&](std::size_t asked) {
    if (asked == 2) {
      upstream.ids.erase(upstream.ids.begin(), upstream.ids.begin() + 3);
    }
  });
  CHECK(out.pages == std::vector<std::uint32_t>{0, 1, 2, 1, 3});
  const auto ids = out.ids;
  const auto expected = sorted(upstream.ids);
  CHECK(std::includes(ids.begin(), ids.end(), expected.begin(), expected.end()));
}

TEST_CASE("a walk that is cut short is not the whole") {
  Upstream upstream(100);
  const Walked out = walk(upstream, {true, 0, 10, 3});
  CHECK(out.pages.size() == 3);
  CHECK(out.ids.size() == 30);
  CHECK_FALSE(out.full);
  CHECK(out.missing == "there are more than max_pages = 3 pages");
  Upstream huge(205'000);
  const Walked much = walk(huge, {true, 0, 10'000, 400});
  CHECK(much.ids.size() == 200'000);
  CHECK_FALSE(much.full);
  CHECK(much.missing == "there are more than 200000 rows");
}

TEST_CASE("one answer holds everything when there are no pages") {
  Upstream upstream(7);
  const Walked out = walk(upstream, {false, 0, 50, 400});
  CHECK(out.pages.size() == 1);
  CHECK(out.ids.size() == 7);
}

// --- by cursor ---

Resource by_cursor(std::uint32_t max_pages = 400) {
  Resource resource;
  resource.paging = {false, 0, 50, max_pages};
  resource.answer.cursor = Pointer{"next"};
  resource.answer.has_more = Pointer{"more"};
  return resource;
}

Answer part(std::vector<Row> rows, const std::string& cursor, bool more) {
  Answer answer;
  answer.rows = std::move(rows);
  answer.items = answer.rows.size();
  answer.cursor = cursor;
  answer.has_more = more;
  answer.partial = true;
  return answer;
}

TEST_CASE("a cursor is followed until the upstream has no more; from the start that is all there is") {
  const Resource resource = by_cursor();
  Collected collected("/tmp");
  PageWalk pages(resource, "", collected);
  CHECK(pages.next()->cursor.empty());
  CHECK(pages.take(part({{"a", "a1"}, {"b", "b1"}}, "c2", true)).empty());
  CHECK(pages.next()->cursor == "c2");
  CHECK(pages.take(part({{"a", "a2"}}, "c3", true)).empty());
  CHECK(pages.next()->cursor == "c3");
  CHECK(pages.take(part({}, "c4", false)).empty());
  CHECK_FALSE(pages.next());
  CHECK(pages.full());
  CHECK(pages.cursor() == "c4");
  // What moved meanwhile came again: the newest counts.
  CHECK(lines_of(collected) == std::vector<std::string>{"b1", "a2"});
}

TEST_CASE("from a cursor on, an answer is only what moved") {
  const Resource resource = by_cursor();
  Collected collected("/tmp");
  PageWalk pages(resource, "c1", collected);
  CHECK(pages.next()->cursor == "c1");
  Answer answer = part({{"a", "a1"}}, "", false);
  answer.removed = {"b"};
  answer.outside = {"c"};
  CHECK(pages.take(std::move(answer)).empty());
  CHECK_FALSE(pages.next());
  CHECK_FALSE(pages.full());
  CHECK(pages.missing().empty());  // of what moved it is all
  CHECK(pages.cursor() == "c1");
  // What moved out of the area may be held as inside it.
  CHECK(collected.removals() == 2);
}

TEST_CASE("a cursor that does not move on, though there is more, is a fault and no loop") {
  const Resource resource = by_cursor();
  for (const std::string stuck : {"c1", ""}) {
    Collected collected("/tmp");
    PageWalk pages(resource, "c1", collected);
    CHECK_FALSE(pages.take(part({{"a", "a1"}}, stuck, true)).empty());
  }
}

TEST_CASE("a walk by cursor that is cut short goes on from there") {
  const Resource resource = by_cursor(2);
  Collected collected("/tmp");
  PageWalk pages(resource, "", collected);
  pages.take(part({{"a", "a"}}, "c2", true));
  pages.take(part({{"b", "b"}}, "c3", true));
  CHECK_FALSE(pages.next());
  CHECK_FALSE(pages.full());
  CHECK(pages.missing() == "there are more than max_pages = 2 pages");
  CHECK(pages.cursor() == "c3");
}

TEST_CASE("the cursor never passes a page for which there was no room") {
  const Resource resource = by_cursor(10);
  Collected collected("/tmp");
  PageWalk pages(resource, "c1", collected);
  const auto page = [](int from, int count) {
    std::vector<Row> rows;
    for (int i = from; i < from + count; ++i) {
      rows.push_back({std::to_string(i), "row"});
    }
    return rows;
  };
  CHECK(pages.take(part(page(0, 199'999), "c2", true)).empty());
  CHECK(pages.next()->cursor == "c2");
  CHECK(pages.take(part(page(199'999, 2), "c3", true)).empty());
  CHECK_FALSE(pages.next());
  CHECK(pages.missing() == "there are more than 200000 rows");
  CHECK(pages.cursor() == "c2");
  // Nor when it is the last one.
  Collected full("/tmp");
  PageWalk last(resource, "c1", full);
  CHECK(last.take(part(page(0, 200'000), "c2", true)).empty());
  CHECK(last.take(part(page(200'000, 1), "c3", false)).empty());
  CHECK(last.missing() == "there are more than 200000 rows");
  CHECK(last.cursor() == "c2");
}

}  // namespace
}  // namespace lobby::feed
