#include "vajrapulse/metrics/hdr_encoding.hpp"

#include <zlib.h>

#include <bit>
#include <cstdint>

#include "base64.hpp"

/// The wire format is that of HdrHistogram's reference implementation (org.HdrHistogram, "V2"): a header of
/// 40 bytes, big-endian, then the counts array as ZigZag LEB128 numbers of at most nine bytes, where -n stands
/// for n zeros; all of it deflated behind a header of its own.
namespace vajrapulse::metrics {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t kCookie = 0x1c849313;  // V2, with the word size bits that V2 always sets
constexpr std::uint32_t kCompressedCookie = 0x1c849314;
constexpr std::uint32_t kCookieMask = ~std::uint32_t{0xf0};
constexpr std::size_t kHeaderBytes = 40;
constexpr std::size_t kMostInflatedBytes = std::size_t{1} << 20;  // the widest layout at this precision takes half
constexpr std::uint32_t kSignificantDigits = 3;

template <class T>
void put(Bytes& out, T value) {
  for (int shift = int(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8)
    out.push_back(std::uint8_t(value >> shift));
}

void put_zig_zag(Bytes& out, std::int64_t value) {
  auto rest = (std::uint64_t(value) << 1) ^ std::uint64_t(value >> 63);
  for (int i = 0; i < 8 && rest >= 0x80; ++i) {
    out.push_back(std::uint8_t(rest | 0x80));
    rest >>= 7;
  }
  out.push_back(std::uint8_t(rest));  // the ninth byte has all eight bits
}

Bytes counts_of(const Histogram& histogram) {
  Bytes out;
  std::uint32_t next = 0;
  histogram.each([&](std::int64_t low, std::int64_t, std::uint64_t count) {
    const std::uint32_t index = Histogram::index_of(low);
    if (index - next == 1) put_zig_zag(out, 0);
    if (index - next > 1) put_zig_zag(out, -std::int64_t(index - next));
    put_zig_zag(out, std::int64_t(count));
    next = index + 1;
  });
  return out;
}

Bytes deflated(const Bytes& plain) {
  uLongf length = compressBound(uLong(plain.size()));
  Bytes out(length);
  // Cannot fail: the bound is the library's own, and it takes its memory from the heap.
  compress2(out.data(), &length, plain.data(), uLong(plain.size()), Z_DEFAULT_COMPRESSION);
  out.resize(length);
  return out;
}

std::optional<Bytes> inflated(const std::uint8_t* data, std::size_t size) {
  Bytes out(kMostInflatedBytes);
  uLongf length = uLongf(out.size());
  if (uncompress(out.data(), &length, data, uLong(size)) != Z_OK) return std::nullopt;
  out.resize(length);
  return out;
}

/// Reads numbers off the front of bytes; `ok()` turns false at the first that is not there.
class Reader {
 public:
  Reader(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}

  template <class T>
  T take() {
    T value{};
    for (std::size_t i = 0; i < sizeof(T); ++i)
      value = T(value << 8) | T(byte());
    return value;
  }

  std::int64_t take_zig_zag() {
    std::uint64_t value = 0;
    for (int i = 0; i < 9; ++i) {
      const std::uint64_t next = byte();
      if (i == 8) {
        value |= next << 56;
        break;
      }
      value |= (next & 0x7f) << (7 * i);
      if (next < 0x80) break;
    }
    return std::int64_t(value >> 1) ^ -std::int64_t(value & 1);
  }

  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] std::size_t left() const noexcept { return left_; }
  [[nodiscard]] const std::uint8_t* position() const noexcept { return data_; }
  void limit(std::size_t bytes) {
    ok_ = ok_ && bytes <= left_;
    if (ok_) left_ = bytes;
  }

 private:
  std::uint8_t byte() {
    if (left_ == 0) {
      ok_ = false;
      return 0;
    }
    --left_;
    return *data_++;
  }

  const std::uint8_t* data_;
  std::size_t left_;
  bool ok_ = true;
};

/// Whether the header describes our layout: three digits from 1 on. How far it reaches does not matter.
bool take_header(Reader& in) {
  const auto cookie = in.take<std::uint32_t>();
  const auto payload_bytes = in.take<std::uint32_t>();
  const auto offset = in.take<std::uint32_t>();
  const auto digits = in.take<std::uint32_t>();
  const auto lowest = in.take<std::uint64_t>();
  (void)in.take<std::uint64_t>();  // highest
  (void)in.take<std::uint64_t>();  // conversion ratio: of floating-point histograms
  in.limit(payload_bytes);
  return in.ok() && (cookie & kCookieMask) == (kCookie & kCookieMask) && offset == 0 && digits == kSignificantDigits &&
         lowest == 1;
}

/// The highest position that any three-digit layout has: that of 2^63 - 1.
constexpr std::uint64_t kMostPositions = 54 * 1024;

std::optional<Histogram> take_counts(Reader& in) {
  Histogram histogram;
  std::uint64_t index = 0;
  std::int64_t total = 0;
  while (in.left() > 0) {
    const std::int64_t number = in.take_zig_zag();
    if (!in.ok()) return std::nullopt;
    if (number < 0) {
      index += std::uint64_t(-(number + 1)) + 1;
    } else {
      if (index >= kMostPositions || number > INT64_MAX - total) return std::nullopt;
      total += number;
      histogram.record_bucket(std::uint32_t(index), std::uint64_t(number));
      ++index;
    }
    if (index > kMostPositions) return std::nullopt;
  }
  return histogram;
}

}  // namespace

std::string encode_hdr(const Histogram& histogram) {
  const Bytes counts = counts_of(histogram);
  Bytes plain;
  plain.reserve(kHeaderBytes + counts.size());
  put(plain, kCookie);
  put(plain, std::uint32_t(counts.size()));
  put(plain, std::uint32_t{0});  // normalizing index offset
  put(plain, kSignificantDigits);
  put(plain, std::uint64_t{1});
  put(plain, std::uint64_t{Histogram::kHighest});
  put(plain, std::bit_cast<std::uint64_t>(1.0));
  plain.insert(plain.end(), counts.begin(), counts.end());

  const Bytes body = deflated(plain);
  Bytes out;
  out.reserve(8 + body.size());
  put(out, kCompressedCookie);
  put(out, std::uint32_t(body.size()));
  out.insert(out.end(), body.begin(), body.end());
  return to_base64(out);
}

std::optional<Histogram> decode_hdr(std::string_view payload) {
  const auto outer = from_base64(payload);
  if (!outer) return std::nullopt;
  Reader head(outer->data(), outer->size());
  const auto cookie = head.take<std::uint32_t>();
  head.limit(head.take<std::uint32_t>());
  if (!head.ok() || (cookie & kCookieMask) != (kCompressedCookie & kCookieMask)) return std::nullopt;
  const auto plain = inflated(head.position(), head.left());
  if (!plain) return std::nullopt;
  Reader in(plain->data(), plain->size());
  if (!take_header(in)) return std::nullopt;
  return take_counts(in);
}

}  // namespace vajrapulse::metrics
