#include <doctest/doctest.h>

#include "tests/e2e/approvals_endure.hpp"

using lobby::tests::Trouble;

TEST_CASE("a superior system that does not answer, or without end, costs nothing but its news") {
  const auto by_retry_after = [](double seconds) { return 2 + seconds / 7; };
  // One quick retry, then nothing for five minutes.
  const auto at_most_twice = [](double) { return 3.0; };
  lobby::tests::endure({
      {"gone", "the upstream cannot be reached", ""},
      {"silent", "no whole answer within 5 s", ""},
      {"freeze", "no whole answer within 5 s", ""},
      {"freeze", "no whole answer within 5 s", R"(,"inside":true)", "epoint"},
      {"drip", "no whole answer within 5 s", R"(,"ms":60000)"},
      {"endless", "the answer is longer than", R"(,"mb":0)"},
      {"header_bomb", "the head of the answer is longer than any is", R"(,"mb":50)"},
      {"gzip_bomb", "the answer is longer than", R"(,"mb":200)"},
      {"redirect", "redirects are not followed", ""},
      {"too_many", "the upstream asks to wait: HTTP 429", R"(,"retry_after_s":7)", "native", by_retry_after},
      {"unauthorised", "the upstream refuses the token: HTTP 401", "", "native", at_most_twice, true},
      {"error_inside", "the upstream reports a failure", ""},
  });
}
