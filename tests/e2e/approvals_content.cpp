#include <doctest/doctest.h>

#include "tests/e2e/approvals_endure.hpp"

using lobby::tests::Trouble;

TEST_CASE("an answer that is none changes nothing of what is shown") {
  const auto by_interval = [](double seconds) { return 2 * (2 + seconds / 4); };
  lobby::tests::endure({
      {"login_page", "the answer is a login page, not JSON", ""},
      {"login_page", "the answer is a login page, not JSON", "", "epoint"},
      {"garbage", "the answer is a login page, not JSON", ""},
      {"corrupt", "it ends too early", ""},
      {"corrupt", "it ends too early", "", "epoint"},
      {"nan", "it is malformed", ""},
      {"nan", "it is malformed", "", "epoint"},
      {"deep", "it is nested too deeply", ""},
      {"deep", "it has a document type", R"(,"entities":true)", "asmx"},
      {"half_names", "a lone surrogate", ""},
      {"half_names", "a lone surrogate", "", "epoint"},
      {"wrong_charset", "the answer is not the JSON that is allowed", ""},
      {"wrong_charset", "the answer is not the JSON that is allowed", "", "epoint"},
      {"empty", "held back: cases shrank from", "", "epoint", by_interval},
  });
}
