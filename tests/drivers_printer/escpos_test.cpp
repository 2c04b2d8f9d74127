#include "drivers/printer/escpos.hpp"

#include <doctest/doctest.h>

namespace escpos_tests {

namespace {

using namespace lobby::printer;
using namespace lobby::printer::escpos;

Profile wide() {
  Profile profile;
  profile.columns = 48;
  profile.cut = {0x1D, 0x56, 0x42, 0x00};
  profile.confirm = Profile::Confirm::process_id;
  return profile;
}

Profile narrow() {
  auto profile = wide();
  profile.columns = 32;
  profile.font = Profile::Font::gb2312;
  return profile;
}

const Bytes head{0x1B, 0x40, 0x1C, 0x26};
const Bytes cut{0x1D, 0x56, 0x42, 0x00};

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes out;
  for (const auto& part : parts) {
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

}  // namespace

TEST_CASE("a ticket as bytes") {
  Job job;
  job.items.push_back(TextLine{"什邡", TextLine::Align::centre, 1, true});
  job.items.push_back(TextLine{"A017", TextLine::Align::centre, 4, true});
  job.items.push_back(TextLine{"", TextLine::Align::left, 1, false});
  job.items.push_back(TextLine{"12", TextLine::Align::right, 2, false});
  const Bytes wanted = joined({
      head,
      {0x1B, 0x61, 1, 0x1B, 0x45, 1, 0xCA, 0xB2, 0xDA, 0xFA, 0x0A},  // centre, bold
      {0x1D, 0x21, 0x33, 'A', '0', '1', '7', 0x0A},                  // 4 × 4
      {0x1B, 0x4A, 0x0A},                                            // as far apart as plain text
      {0x1B, 0x61, 0, 0x1D, 0x21, 0x00, 0x1B, 0x45, 0, 0x0A},        // back to plain
      {0x1B, 0x61, 2, 0x1D, 0x21, 0x11, '1', '2', 0x0A},             // right, 2 × 2
      {0x1B, 0x4A, 0x0A},
      cut,
  });
  CHECK(encode(job, wide()).bytes == wanted);
}

TEST_CASE("an empty job still begins clean and cuts") {
  CHECK(encode({}, wide()).bytes == joined({head, cut}));
}

TEST_CASE("no line is wider than the paper, and none is split inside a character") {
  Job job;
  // 31 half-width places, then a character of two: it does not fit into the 32nd.
  job.items.push_back(TextLine{"1234567890123456789012345678901号9"});
  Bytes wanted = head;
  const std::string first = "1234567890123456789012345678901";
  wanted.insert(wanted.end(), first.begin(), first.end());
  wanted.insert(wanted.end(), {0x0A, 0xBA, 0xC5, '9', 0x0A});
  wanted.insert(wanted.end(), cut.begin(), cut.end());
  CHECK(encode(job, narrow()).bytes == wanted);

  job.items[0] = TextLine{"号号号号号", TextLine::Align::left, 4, false};  // 4 × 8 = 32 columns a line
  CHECK(encode(job, narrow()).bytes ==
        joined({head,
                {0x1D, 0x21, 0x33},
                {0xBA, 0xC5, 0xBA, 0xC5, 0xBA, 0xC5, 0xBA, 0xC5, 0x0A, 0xBA, 0xC5, 0x0A, 0x1B, 0x4A, 0x0A},
                cut}));
}

TEST_CASE("scales beyond the printer's are taken as its greatest") {
  Job job;
  job.items.push_back(TextLine{"1", TextLine::Align::left, 99, false});
  CHECK(encode(job, wide()).bytes == joined({head, {0x1D, 0x21, 0x77, '1', 0x0A, 0x1B, 0x4A, 0x0A}, cut}));
}

TEST_CASE("a text that carries a command prints without it") {
  Job job;
  job.items.push_back(TextLine{"A\x1B@\x1DV\x01\x10\x04\x01\nB"});
  CHECK(encode(job, wide()).bytes == joined({head, {'A', '@', 'V', 'B', 0x0A}, cut}));
}

TEST_CASE("an endless job is cut to a bound and still ends with the cut") {
  Job job;
  job.items.assign(100'000, TextLine{"号号号号号号号号号号"});
  const auto bytes = encode(job, wide()).bytes;
  CHECK(bytes.size() <= 64 * 1024);
  CHECK(Bytes(bytes.end() - 4, bytes.end()) == cut);
}

}  // namespace escpos_tests
