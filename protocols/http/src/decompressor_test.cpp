#include "decompressor.hpp"

#include <brotli/encode.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <string>

namespace vajrapulse::http {
namespace {

// By the libraries' own compressors.
std::string gzip(const std::string& text, int window_bits = 15 + 16) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string result(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  return result;
}

std::string zstd(const std::string& text) {
  std::string result(ZSTD_compressBound(text.size()), '\0');
  result.resize(ZSTD_compress(result.data(), result.size(), text.data(), text.size(), 3));
  return result;
}

std::string brotli(const std::string& text) {
  std::size_t size = BrotliEncoderMaxCompressedSize(text.size()) + 64;
  std::string result(size, '\0');
  BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, text.size(),
                        reinterpret_cast<const std::uint8_t*>(text.data()), &size,
                        reinterpret_cast<std::uint8_t*>(result.data()));
  result.resize(size);
  return result;
}

std::string decoded(std::string_view coding, const std::string& bytes, std::size_t step) {
  auto decoder = Decompressor::make(coding);
  std::string result;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    std::string_view input = std::string_view(bytes).substr(at, step);
    std::string_view piece;
    while (true) {
      const auto got = decoder->next(input, piece);
      if (got == Decompressor::Step::bad) return "<bad>";
      if (got == Decompressor::Step::more) break;
      EXPECT_FALSE(piece.empty());
      result += piece;
    }
  }
  return decoder->complete() ? result : "<incomplete>";
}

TEST(Decompressor, GivesBackWhatWasCompressedHoweverItIsCut) {
  std::string text;
  for (int i = 0; i < 20000; ++i)
    text += std::to_string(i * 7919 % 1000);
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{1000}, std::size_t{1} << 20}) {
    EXPECT_EQ(decoded("gzip", gzip(text), step), text);
    EXPECT_EQ(decoded("GZIP", gzip("a") + gzip("b"), step), "ab");
    EXPECT_EQ(decoded("deflate", gzip(text, 15), step), text);
    EXPECT_EQ(decoded("zstd", zstd(text), step), text);
    EXPECT_EQ(decoded("br", brotli(text), step), text);
  }
}

TEST(Decompressor, ManyZeroesFromFewBytesComeInPiecesOfBoundedSize) {
  const std::string zeroes(20'000'000, '\0');
  for (const auto& [coding, bytes] :
       {std::pair("gzip", gzip(zeroes)), std::pair("zstd", zstd(zeroes)), std::pair("br", brotli(zeroes))}) {
    auto decoder = Decompressor::make(coding);
    std::string_view input = bytes;
    std::string_view piece;
    std::size_t total = 0;
    while (decoder->next(input, piece) == Decompressor::Step::piece) {
      ASSERT_LE(piece.size(), 64u * 1024);
      total += piece.size();
    }
    EXPECT_EQ(total, zeroes.size()) << coding;
    EXPECT_TRUE(decoder->complete());
  }
}

TEST(Decompressor, DamageAndMissingEndsShow) {
  std::string bytes = gzip("some text that is long enough to be damaged");
  EXPECT_EQ(decoded("gzip", bytes.substr(0, bytes.size() - 3), 100), "<incomplete>");
  bytes[bytes.size() - 6] ^= 0x55;  // of the checksum
  EXPECT_EQ(decoded("gzip", bytes, 100), "<bad>");
  EXPECT_EQ(decoded("gzip", "this is no gzip", 100), "<bad>");
  EXPECT_EQ(decoded("zstd", "this is no zstd", 100), "<bad>");
  EXPECT_EQ(decoded("br", std::string("\xff\xff\xff\xff\xff"), 100), "<bad>");
}

TEST(Decompressor, UnknownCodingsHaveNone) {
  EXPECT_EQ(Decompressor::make("identity"), nullptr);
  EXPECT_EQ(Decompressor::make("gzip, br"), nullptr);
  EXPECT_EQ(Decompressor::make(""), nullptr);
}

}  // namespace
}  // namespace vajrapulse::http
