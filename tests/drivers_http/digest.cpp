#include "drivers/http/digest.hpp"

#include <doctest/doctest.h>

using namespace lobby::http;

// RFC 2617, 3.5.
TEST_CASE("the example of RFC 2617") {
  const auto challenges = parse_challenges(
      "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", "
      "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"");
  REQUIRE(challenges.size() == 1);
  const auto& challenge = challenges[0];
  REQUIRE(challenge.is_usable_digest());
  const DigestUse use{"Mufasa", "Circle Of Life", "GET", "/dir/index.html", 1, "0a4f113b"};
  CHECK(digest_response(challenge, use) == "6629fae49393a05397450978507c4ef1");
  CHECK(digest_authorization(challenge, use) ==
        "Digest username=\"Mufasa\", realm=\"testrealm@host.com\", "
        "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", "
        "response=\"6629fae49393a05397450978507c4ef1\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\", "
        "qop=auth, nc=00000001, cnonce=\"0a4f113b\"");
}

// RFC 7616, 3.9.1: the same challenge in both algorithms, the better one first.
TEST_CASE("the examples of RFC 7616") {
  const std::string rest = " realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=";
  const std::string nonces =
      ", nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
      "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
  const auto challenges =
      parse_challenges("Digest" + rest + "SHA-256" + nonces + ", Digest" + rest + "MD5" + nonces);
  REQUIRE(challenges.size() == 2);
  const DigestUse use{"Mufasa", "Circle of Life",
                      "GET",    "/dir/index.html",
                      1,        "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"};
  REQUIRE(challenges[0].algorithm == Challenge::Algorithm::sha256);
  CHECK(digest_response(challenges[0], use) ==
        "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
  REQUIRE(challenges[1].algorithm == Challenge::Algorithm::md5);
  CHECK(digest_response(challenges[1], use) == "8ca523f5e9506fed4657c9700eebdbec");
  CHECK(digest_authorization(challenges[0], use).find(", algorithm=SHA-256, ") != std::string::npos);
}

// RFC 2069, 2.4, with the response that its erratum 749 gives.
TEST_CASE("a device that knows no protection") {
  const auto challenges = parse_challenges(
      "Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
      "opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"");
  REQUIRE(challenges.size() == 1);
  const DigestUse use{"Mufasa", "CircleOfLife", "GET", "/dir/index.html", 7, "unused"};
  CHECK(digest_response(challenges[0], use) == "1949323746fe6a43ef61f9606e7febea");
  const auto text = digest_authorization(challenges[0], use);
  CHECK(text.find("nc=") == std::string::npos);
  CHECK(text.find("qop") == std::string::npos);
  CHECK(text.find("unused") == std::string::npos);
}

// draft-smith-sipping-auth-examples-01, 3.3 and 3.4: Digest of SIP, whose sums are those of HTTP.
TEST_CASE("the session variant, against examples of SIP") {
  auto challenge = parse_challenges(
      "Digest realm=\"biloxi.com\", qop=\"auth\", algorithm=MD5, "
      "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"")[0];
  const DigestUse use{"bob", "zanzibar", "INVITE", "sip:bob@biloxi.com", 1, "0a4f113b"};
  CHECK(digest_response(challenge, use) == "89eb0059246c02b2f6ee02c7961d5ea3");
  challenge.algorithm = Challenge::Algorithm::md5_sess;
  CHECK(digest_response(challenge, use) == "e4e4ea61d186d07a92c9e1f6919902e9");
}

TEST_CASE("a field with several schemes and odd spelling") {
  const auto challenges = parse_challenges(
      " , Negotiate YWJj==, basic realm=\"a \\\"b\\\", c\" ,dIGEST  Nonce = "
      "n1,QOP=auth,STALE=TRUE,realm=\"\"");
  REQUIRE(challenges.size() == 3);
  CHECK(challenges[0].scheme == Challenge::Scheme::other);
  CHECK(challenges[1].scheme == Challenge::Scheme::basic);
  CHECK(challenges[1].realm == "a \"b\", c");
  CHECK(challenges[2].is_usable_digest());
  CHECK(challenges[2].stale);
  CHECK(challenges[2].nonce == "n1");
}

TEST_CASE("what cannot be used is not") {
  CHECK_FALSE(parse_challenges("Digest realm=\"x\"")[0].is_usable_digest());
  CHECK_FALSE(parse_challenges("Digest nonce=\"x\", qop=\"auth-int\"")[0].is_usable_digest());
  CHECK_FALSE(parse_challenges("Digest nonce=\"x\", algorithm=SHA-512-256")[0].is_usable_digest());
  CHECK_FALSE(parse_challenges("Digest nonce=\"x\ty\"")[0].is_usable_digest());
  CHECK(parse_challenges("Digest nonce=\"never closed").empty());
  CHECK(parse_challenges("").empty());
  CHECK(parse_challenges("=x").empty());
  std::string many;
  for (int i = 0; i < 100; ++i) {
    many += "Digest nonce=n" + std::to_string(i) + ", ";
  }
  CHECK(parse_challenges(many).size() == most_challenges);
}

// RFC 7617, 2.
TEST_CASE("Basic, and base64 of any bytes") {
  CHECK(basic_authorization("Aladdin", "open sesame") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  // RFC 4648, 10.
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foobar") == "Zm9vYmFy");
}

TEST_CASE("quotes in a name stay within the name") {
  const auto challenge = parse_challenges("Digest realm=\"r\", nonce=\"n\"")[0];
  CHECK(digest_authorization(challenge, {"a\"b\\", "p", "GET", "/", 1, ""})
            .starts_with("Digest username=\"a\\\"b\\\\\", realm"));
}
