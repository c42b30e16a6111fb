#pragma once

#include <memory>

#include "vajrapulse/extract/reader.hpp"
#include "vajrapulse/plan/answer.hpp"
#include "vajrapulse/plan/compiler.hpp"
#include "vajrapulse/plan/moment.hpp"

namespace vajrapulse::plan {

/// `capture`: what is taken from an answer into variables.
///
///   token: $.token                                 a text that begins with $ is a JSONPath
///   id: { regex: 'id=(\d+)' }                      group 1, or the whole match; group: 2
///   next: { header: location }
///   sid: { cookie: sid }
///   price: { xpath: //order/total }
///   link: { css: "a.next@href" }                   or attribute: href
///   code: { status: true }   whole: { body: true }   bytes: { size: true }   took: { time: true }
///   many: { jsonpath: $..id, all: true }           a list for foreach, as JSON
///   maybe: { jsonpath: $.coupon, default: none }   instead of a failure when it is not there
///
/// Without a default, what is not there is a failure of kind `capture`, and the variable has no value.
class Captures {
 public:
  Captures();
  ~Captures();
  Captures(Captures&&) noexcept;
  Captures& operator=(Captures&&) noexcept;

  /// Declares the names; the steps compiled after this one may use them.
  static Captures compile(const document::Node& capture, Compiler& compiler);

  [[nodiscard]] bool empty() const noexcept;
  [[nodiscard]] Keeps keeps() const noexcept;

  /// Sets the variables; the first that cannot be is the failure, the others are set all the same. When `keeps` is
  /// body, `reader` is reading the answer's body.
  [[nodiscard]] Result take(const Answer& answer, Moment& moment, extract::Reader& reader) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace vajrapulse::plan
