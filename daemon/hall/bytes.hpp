#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "daemon/hall/ids.hpp"
#include "daemon/hall/time.hpp"
#include "daemon/hall/words.hpp"

/// Values as bytes, little-endian and one way only: equal values give equal bytes, and bytes that a writer
/// cannot have written do not read. Writer and Reader are used alike, so one walk() describes both
/// directions.
namespace lobby::hall {

/// Changes with every change of up to eight neighbouring bytes, and almost surely with any other.
std::uint64_t checksum(std::string_view bytes);

template <class T>
concept Number = std::integral<T> && !std::same_as<T, bool>;

template <Number T>
T swapped_unless_little(T value) {
  if constexpr (std::endian::native == std::endian::little) {
    return value;
  } else {
    auto bytes = std::bit_cast<std::array<char, sizeof(T)>>(value);
    std::reverse(bytes.begin(), bytes.end());
    return std::bit_cast<T>(bytes);
  }
}

template <Number T>
T load(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return swapped_unless_little(value);
}

template <Number T>
void store(T value, char* to) {
  value = swapped_unless_little(value);
  std::memcpy(to, &value, sizeof(T));
}

class Writer {
 public:
  /// `expected`: about how many bytes will be written.
  explicit Writer(std::size_t expected = 64) { out_.resize(expected); }
  template <Number T>
  void operator()(T value) {
    store(value, grow(sizeof(T)));
  }
  void operator()(bool value) { (*this)(static_cast<std::uint8_t>(value ? 1 : 0)); }
  template <Word E>
  void operator()(E value) {
    (*this)(static_cast<std::uint8_t>(value));
  }
  void operator()(const std::string& value) {
    (*this)(static_cast<std::uint32_t>(value.size()));
    std::copy(value.begin(), value.end(), grow(value.size()));
  }
  /// The length of a list that follows.
  std::size_t count(std::size_t size, std::size_t /*least_bytes*/) {
    (*this)(static_cast<std::uint32_t>(size));
    return size;
  }
  std::string take() {
    out_.resize(size_);
    return std::move(out_);
  }

 private:
  char* grow(std::size_t bytes) {
    if (out_.size() - size_ < bytes) {
      out_.resize((size_ + bytes) * 2);
    }
    size_ += bytes;
    return out_.data() + size_ - bytes;
  }

  std::string out_;  ///< longer than what is written so far
  std::size_t size_ = 0;
};

/// Everything read after the first fault is empty; look at done() at the end.
class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}
  template <Number T>
  void operator()(T& value) {
    value = {};
    if (!has(sizeof(T))) {
      return;
    }
    value = load<T>(in_.data());
    in_.remove_prefix(sizeof(T));
  }
  void operator()(bool& value) {
    std::uint8_t byte = 0;
    (*this)(byte);
    good_ = good_ && byte <= 1;
    value = good_ && byte == 1;
  }
  template <Word E>
  void operator()(E& value) {
    std::uint8_t byte = 0;
    (*this)(byte);
    good_ = good_ && byte < Words<E>::text.size();
    value = good_ ? static_cast<E>(byte) : E{};
  }
  void operator()(std::string& value) {
    std::uint32_t size = 0;
    (*this)(size);
    value.clear();
    if (has(size)) {
      value.assign(in_.substr(0, size));
      in_.remove_prefix(size);
    }
  }
  /// 0 when the bytes that are left cannot hold so many.
  std::size_t count(std::size_t /*size*/, std::size_t least_bytes) {
    std::uint32_t size = 0;
    (*this)(size);
    good_ = good_ && size <= in_.size() / least_bytes;
    return good_ ? size : 0;
  }
  void fail() { good_ = false; }
  bool done() const { return good_ && in_.empty(); }

 private:
  bool has(std::size_t size) {
    good_ = good_ && size <= in_.size();
    return good_;
  }

  std::string_view in_;
  bool good_ = true;
};

template <class Bytes, class Tag, class Rep>
void walk(Bytes& bytes, Id<Tag, Rep>& id) {
  bytes(id.value);
}

template <class Bytes>
void walk(Bytes& bytes, Date& date) {
  bytes(date.days);
}

template <class Bytes>
void walk(Bytes& bytes, Instant& at) {
  bytes(at.utc_ms);
  bytes(at.offset_min);
}

template <class Bytes>
void walk(Bytes& bytes, std::optional<Instant>& at) {
  bool present = at.has_value();
  bytes(present);
  if (present) {
    Instant value = at.value_or(Instant{});
    walk(bytes, value);
    at = value;
  } else {
    at.reset();
  }
}

/// `least_bytes`: what one item takes at least, so that a hostile count cannot ask for memory.
template <class Bytes, class List>
void walk_list(Bytes& bytes, List& list, std::size_t least_bytes) {
  const std::size_t size = bytes.count(list.size(), least_bytes);
  if (size != list.size()) {
    list.resize(size);
  }
  for (auto& item : list) {
    walk(bytes, item);
  }
}

}  // namespace lobby::hall
