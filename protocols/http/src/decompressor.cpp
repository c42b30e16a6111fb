#include "decompressor.hpp"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "vajrapulse/http/head.hpp"

namespace vajrapulse::http {
namespace {

constexpr std::size_t kPiece = 16 * 1024;
using Buffer = std::array<char, kPiece>;

/// gzip (several members too) and deflate, which means zlib's format (RFC 9110 section 8.4.1.2).
class Zlib final : public Decompressor {
 public:
  Zlib() {
    constexpr int kGzipOrZlib = 15 + 32;
    ready_ = inflateInit2(&stream_, kGzipOrZlib) == Z_OK;
  }
  ~Zlib() override { inflateEnd(&stream_); }
  Zlib(const Zlib&) = delete;
  Zlib& operator=(const Zlib&) = delete;

  Step next(std::string_view& input, std::string_view& piece) override {
    if (!ready_) return Step::bad;
    while (!input.empty() || full_) {
      if (ended_ && !restart()) return Step::bad;
      const auto [result, made] = inflate_some(input);
      if (result == Z_STREAM_END)
        ended_ = true;
      else if (result != Z_OK && result != Z_BUF_ERROR)
        return Step::bad;
      full_ = made == kPiece && !ended_;
      if (made == 0 && result == Z_BUF_ERROR) break;
      if (made == 0) continue;
      piece = {buffer_.data(), made};
      return Step::piece;
    }
    return Step::more;
  }
  [[nodiscard]] bool complete() const override { return ended_ || !begun_; }

 private:
  struct Inflated {
    int result;
    std::size_t made;
  };
  Inflated inflate_some(std::string_view& input) {
    begun_ = true;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = static_cast<uInt>(input.size());
    stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
    stream_.avail_out = static_cast<uInt>(buffer_.size());
    const int result = inflate(&stream_, Z_NO_FLUSH);
    input.remove_prefix(input.size() - stream_.avail_in);
    return {result, buffer_.size() - stream_.avail_out};
  }
  bool restart() {
    ended_ = false;
    return inflateReset(&stream_) == Z_OK;
  }

  z_stream stream_{};
  bool ready_ = false;
  bool begun_ = false;
  bool ended_ = false;
  bool full_ = false;  // the last piece filled the buffer: there may be more without more input
  Buffer buffer_;
};

class Brotli final : public Decompressor {
 public:
  Brotli() : state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {}
  ~Brotli() override { BrotliDecoderDestroyInstance(state_); }
  Brotli(const Brotli&) = delete;
  Brotli& operator=(const Brotli&) = delete;

  Step next(std::string_view& input, std::string_view& piece) override {
    if (!state_) return Step::bad;
    if (ended_) return input.empty() ? Step::more : Step::bad;
    if (input.empty() && !BrotliDecoderHasMoreOutput(state_)) return Step::more;
    begun_ = true;
    std::size_t in_left = input.size();
    auto in = reinterpret_cast<const std::uint8_t*>(input.data());
    std::size_t out_left = buffer_.size();
    auto out = reinterpret_cast<std::uint8_t*>(buffer_.data());
    const auto result = BrotliDecoderDecompressStream(state_, &in_left, &in, &out_left, &out, nullptr);
    input.remove_prefix(input.size() - in_left);
    if (result == BROTLI_DECODER_RESULT_ERROR) return Step::bad;
    ended_ = result == BROTLI_DECODER_RESULT_SUCCESS;
    if (ended_ && !input.empty()) return Step::bad;
    piece = {buffer_.data(), buffer_.size() - out_left};
    return piece.empty() ? Step::more : Step::piece;
  }
  [[nodiscard]] bool complete() const override { return ended_ || !begun_; }

 private:
  BrotliDecoderState* state_;
  bool begun_ = false;
  bool ended_ = false;
  Buffer buffer_;
};

class Zstd final : public Decompressor {
 public:
  Zstd() : stream_(ZSTD_createDStream()) {}
  ~Zstd() override { ZSTD_freeDStream(stream_); }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;

  Step next(std::string_view& input, std::string_view& piece) override {
    if (!stream_) return Step::bad;
    while (!input.empty() || full_) {
      ZSTD_inBuffer in{input.data(), input.size(), 0};
      ZSTD_outBuffer out{buffer_.data(), buffer_.size(), 0};
      const std::size_t result = ZSTD_decompressStream(stream_, &out, &in);
      input.remove_prefix(in.pos);
      if (ZSTD_isError(result)) return Step::bad;
      left_ = result;  // 0: a frame has ended and all of it is flushed
      full_ = out.pos == out.size && result != 0;
      if (out.pos == 0) continue;
      piece = {buffer_.data(), out.pos};
      return Step::piece;
    }
    return Step::more;
  }
  [[nodiscard]] bool complete() const override { return left_ == 0; }

 private:
  ZSTD_DStream* stream_;
  std::size_t left_ = 0;
  bool full_ = false;
  Buffer buffer_;
};

}  // namespace

std::unique_ptr<Decompressor> Decompressor::make(std::string_view content_encoding) {
  if (same_text(content_encoding, "gzip") || same_text(content_encoding, "x-gzip") ||
      same_text(content_encoding, "deflate")) {
    return std::make_unique<Zlib>();
  }
  if (same_text(content_encoding, "br")) return std::make_unique<Brotli>();
  if (same_text(content_encoding, "zstd")) return std::make_unique<Zstd>();
  return nullptr;
}

}  // namespace vajrapulse::http
