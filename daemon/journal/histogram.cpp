#include "daemon/journal/histogram.hpp"

#include <algorithm>
#include <limits>

namespace lobby::journal {
namespace {

constexpr std::uint64_t most_in_bucket = std::numeric_limits<std::uint32_t>::max();

}  // namespace

void put_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>((value & 0x7f) | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

bool take_varint(std::string_view& in, std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto byte = static_cast<std::uint8_t>(in.front());
    in.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) {
      return shift < 63 || byte <= 1;
    }
  }
  return false;
}

void Histogram::add(std::uint32_t seconds, std::uint32_t times) {
  push({seconds, times});
}

void Histogram::add(const Histogram& other) {
  for (const auto& bucket : other.buckets_) {
    push(bucket);
  }
}

void Histogram::push(Bucket bucket) {
  buckets_.push_back(bucket);
  if (buckets_.size() >= next_join_) {
    join(buckets_);
    next_join_ = buckets_.size() * 2 + 64;
  }
}

void Histogram::join(std::vector<Bucket>& buckets) {
  std::sort(buckets.begin(), buckets.end(),
            [](const Bucket& a, const Bucket& b) { return a.seconds < b.seconds; });
  std::size_t kept = 0;
  for (const auto& bucket : buckets) {
    auto* last = kept == 0 ? nullptr : &buckets[kept - 1];
    if (last != nullptr && last->seconds == bucket.seconds && last->times <= most_in_bucket - bucket.times) {
      last->times += bucket.times;
    } else {
      buckets[kept++] = bucket;
    }
  }
  buckets.resize(kept);
}

std::vector<Histogram::Bucket> Histogram::joined() const {
  auto buckets = buckets_;
  join(buckets);
  return buckets;
}

hall::DurationFigures Histogram::figures() const {
  const auto buckets = joined();
  hall::DurationFigures figures;
  for (const auto& bucket : buckets) {
    figures.count += bucket.times;
    figures.sum += std::uint64_t{bucket.seconds} * bucket.times;
  }
  if (buckets.empty()) {
    return figures;
  }
  figures.max = buckets.back().seconds;
  const auto rank_of = [&](std::uint64_t percent) { return (figures.count * percent + 99) / 100; };
  std::uint64_t passed = 0;
  for (const auto& bucket : buckets) {
    const auto reached = passed + bucket.times;
    for (const auto& [percent, place] : {std::pair{50U, &figures.p50}, {90U, &figures.p90}}) {
      if (passed < rank_of(percent) && rank_of(percent) <= reached) {
        *place = bucket.seconds;
      }
    }
    passed = reached;
  }
  return figures;
}

void Histogram::write(std::string& out) const {
  const auto buckets = joined();
  put_varint(out, buckets.size());
  std::uint32_t before = 0;
  for (const auto& bucket : buckets) {
    put_varint(out, bucket.seconds - before);
    put_varint(out, bucket.times);
    before = bucket.seconds;
  }
}

bool Histogram::read(std::string_view& in) {
  std::uint64_t count = 0;
  if (!take_varint(in, count) || count > in.size() / 2) {
    return false;
  }
  std::uint64_t seconds = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint64_t step = 0;
    std::uint64_t times = 0;
    if (!take_varint(in, step) || !take_varint(in, times) || step > most_in_bucket ||
        times > most_in_bucket) {
      return false;
    }
    seconds += step;
    if (seconds > most_in_bucket) {
      return false;
    }
    push({static_cast<std::uint32_t>(seconds), static_cast<std::uint32_t>(times)});
  }
  return true;
}

}  // namespace lobby::journal
